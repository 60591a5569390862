import Foundation
import TestFolders
import Testing

/// Searching and counting, as people type it.
@Suite struct FindTests {
  @Test func aListShowsWhereTheTextStands() throws {
    let desk = try Desk.withVault()
    let hit = try desk.unlocked("list", "--text", "BLUE heron").output.split(separator: "\n")
    #expect(hit.count == 2)
    #expect(hit.first?.hasPrefix("    1  ") == true)
    #expect(hit.last == "       witness.code: Blue Heron")
    let json = try desk.unlocked("list", "--where", "interview.date<2024", "--json").json
    let items = try #require(json["items"] as? [[String: Any]])
    #expect(items.map { $0["item"] as? Int } == [1])
    #expect((items.first?["fields"] as? [String: Any])?["witness.code"] as? String == "Blue Heron")
    #expect(try desk.unlocked("list", "--text", "nowhere", "--json").json["items"].map { ($0 as? [Any])?.count } == 0)
  }

  @Test func aListIsSaidToBeOfNothingRatherThanOfAMisspeltField() throws {
    let desk = try Desk.withVault()
    try expectRefusal(64, at: desk) {
      let misspelt = try desk.run("list", "--where", "interview.dat=2023")
      #expect(misspelt.errors.contains("did you mean interview.date?"))
      return misspelt
    }
    try expectRefusal(64, at: desk) { try desk.run("list", "--where", "interview.language=xx") }
    try expectRefusal(64, at: desk) { try desk.run("list", "--without-consent", "everybody") }
    try expectRefusal(64, at: desk) { try desk.run("list", "--consent-ends-before", "soon") }
    #expect(try desk.unlocked("list", "--without-consent", "media").output.contains("First account"))
  }
}
