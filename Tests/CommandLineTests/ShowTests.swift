import Foundation
import TestFolders
import Testing

/// What `show` says of a record that is not all true any more.
@Suite struct ShowTests {
  private let desk: Desk

  init() throws {
    desk = try Desk.withVault()
    let amended = try desk.unlocked(
      "amend", "1", "--reason", "asked again", "--set", "consent.media=initials", "--set", "consent.media.quotes=none")
    try #require(amended.status == 0, "\(amended.errors)")
  }

  private func lines(_ words: String...) throws -> [Substring] {
    let shown = try desk.unlocked(["show"] + words)
    try #require(shown.status == 0, "\(shown.errors)")
    return shown.output.split(separator: "\n")
  }

  @Test func consentThatWasTakenBackIsNotReadAsValid() throws {
    #expect(try lines("1").contains("  consent.media: initials"))
    let json = try desk.unlocked("withdraw", "1", "--reason", "asked", "--class", "media", "--json").json
    let entry = try #require(json["entry"] as? Int)
    let today = Date().ISO8601Format().prefix(10)
    let remark = " — NOT VALID ANY MORE: taken back on \(today), by entry \(entry)"
    let shown = try lines("1")
    #expect(shown.contains("CONSENT TAKEN BACK for media on \(today), by entry \(entry)"))
    #expect(shown.contains("  consent.media: initials\(remark)"))
    #expect(shown.contains("  consent.media.quotes: none\(remark)"))
    #expect(shown.contains("  consent.lawyer: code") && shown.contains("  consent.quotes: verbatim"))
    let taken = try #require(try desk.unlocked("show", "1", "--json").json["consent_taken_back"] as? [[String: Any]])
    #expect(taken.map { $0["entry"] as? Int } == [entry] && taken.map { $0["classes"] as? [String] } == [["media"]])
    // The entry of an amendment is the same witness.
    let amendment = try #require(try desk.unlocked("show", "1", "--json").json["amended_by"] as? [Int]).first ?? 0
    #expect(try lines("\(amendment)").contains("  consent.media: initials\(remark)"))
  }

  @Test func whatSpeaksForADocumentCountsForIt() throws {
    let derived = ["--set", "derived_from=1"]
    let added = try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document + derived + ["--json"])
    let number = try #require(added.json["item"] as? Int)
    #expect(try !lines("\(number)").contains { $0.hasPrefix("CONSENT TAKEN BACK") })
    #expect(try lines("\(number)").contains("  who gets it, the witness of item 1 decides"))
    #expect(try desk.unlocked("show", "\(number)", "--json").json["consent_of"] as? [Int] == [1])
    #expect(try !lines("1").contains { $0.contains("decides") })
    try #require(desk.unlocked("withdraw", "1", "--reason", "asked").status == 0)
    let line = try #require(try lines("\(number)").first { $0.hasPrefix("CONSENT TAKEN BACK for ") })
    #expect(line.contains("lawyer") && line.contains("media") && line.contains("public"), "\(line)")
  }

  @Test func bothDatesOfAnAmendedItemAreTold() throws {
    let original = try desk.unlocked("show", "1", "--original", "--json").json
    let current = try desk.unlocked("show", "1", "--json").json
    let (added, amended) = (try #require(current["added"] as? String), try #require(current["amended"] as? String))
    #expect(try #require(original["added"] as? String) == added && original["amended"] == nil && added < amended)
    let shown = try lines("1")
    #expect(shown[0] == "item 1: testimony, added \(added)")
    #expect(shown[1].hasPrefix("as amended \(amended) by entry "))
    #expect(try lines("1", "--original").dropFirst().allSatisfy { !$0.hasPrefix("as amended") })
  }
}
