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

  @Test func daysAreTakenAsPeopleWriteThemAndNothingElseIs() throws {
    let desk = try Desk.withVault()
    let items = try #require(desk.unlocked("list", "--json").json["items"] as? [[String: Any]])
    let day = try #require(items.first?["added"] as? String).prefix(10)
    let parts = day.split(separator: "-")
    let spellings = [String(day), "\(parts[2]).\(parts[1]).\(parts[0])", "\(parts[0])-\(parts[1])", "\(parts[0])"]
    for option in ["--since", "--until"] {
      for spelling in spellings + ["\(parts[1]).\(parts[0])"] {
        #expect(try desk.unlocked("list", option, spelling).output.contains("First account"), "\(option) \(spelling)")
      }
      for text in [
        "2026-13-45", "31.02.2026", "soon", "", "2026?", "2026-01/2026-02", "05/06/2026", "202X", "26.05.26",
      ] {
        try expectRefusal(64, at: desk) {
          let refused = try desk.unlocked("list", option, text)
          #expect(refused.errors.contains("the value of \(option) does not fit: expected a date such as 2023-05-26"))
          return refused
        }
      }
    }
    #expect(try desk.unlocked("list", "--until", "31.12.2001").errors.contains("no entry fits"))
    #expect(try desk.unlocked("list", "--consent-ends-before", "26.05.2023").status == 0)
  }

  @Test func casesAreCountedAndShown() throws {
    let desk = try Desk.withVault()
    for number in 0..<7 {
      let fields = ["case=c\(number)", "organisation.pseudonym=P\(number)", "region=\(number < 6 ? "gbao" : "sughd")"]
      let words = ["add", "--kind", "dissolution_case", "--title", "Case \(number)", "--set", "mode=court_ordered"]
      let added = try desk.unlocked(words + fields.flatMap { ["--set", $0] } + ["--set", "date_decision=2023-05"])
      #expect(added.status == 0, "\(added.errors)")
    }
    let table = try desk.unlocked("stats", "--by", "region").output
    #expect(table.hasPrefix("region   cases\ngbao    hidden\nsughd   hidden\nall     hidden\n"), "\(table)")
    let csv = try desk.unlocked("stats", "--by", "region,month", "--minimum", "1", "--format", "csv").output
    #expect(csv == "region,month,count\ngbao,2023-05,6\nsughd,2023-05,1\nall,all,7\n")
    let json = try desk.unlocked("stats", "--where", "region=gbao", "--json").json
    #expect(json["cases"] as? Int == 6)
    #expect(try desk.unlocked("stats", "--format", "svg").output.hasPrefix("<?xml"))
    try desk.folder.write("region,count,source\ngbao,9,Ministry\n".utf8, to: "published.csv")
    let beside = try desk.unlocked(
      "stats", "--minimum", "1", "--format", "csv", "--reconcile", desk["published.csv"]
    ).output
    #expect(beside == "region,ours,published,difference,source\ngbao,6,9,+3,Ministry\nsughd,1,,,\n", "\(beside)")
    #expect(try desk.unlocked("case").output.split(separator: "\n").count == 8)
    let shown = try desk.unlocked("case", "c3").output
    #expect(shown.hasPrefix("case c3: 1 item\n"), "\(shown)")
    #expect(shown.contains("2023-05"))
    #expect(try desk.unlocked("case", "c3", "--json").json["timeline"].map { ($0 as? [Any])?.count } == 1)
    #expect(try desk.unlocked("phrases", "--json").json["phrases"].map { ($0 as? [Any])?.count } == 0)
    #expect(try desk.unlocked("verify", "--deep").status == 0)
    for words in [
      ["stats", "--by", "regon"], ["stats", "--minimum", "2"], ["case", "nowhere"], ["phrases", "--kind", "x"],
    ] {
      try expectRefusal(64, at: desk) { try desk.unlocked(words) }
    }
  }
}
