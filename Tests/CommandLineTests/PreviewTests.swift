import Foundation
import TestFolders
import Testing

/// What is said before anything leaves: a summary, names that would leave, and what would help.
@Suite struct PreviewTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  @Test func aPreviewBeginsWithItsSummary() throws {
    let shown = try desk.unlocked("export", "0", "1", "--to", "desk", "--purpose", "For advice", "--preview").output
    let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.prefix(10) == [
        "SUMMARY", "  to: desk (lawyer), keys compared", "  purpose: For advice",
        "  items that go: 2, of these in part: 2; refused: 0", "  fields that lead to a person: withheld 1, sent 0",
        "  files that go: 4, 42 bytes; withheld: 0",
        "  FILES OF ITEMS FOR WHICH NOBODY'S CONSENT SPEAKS: 3 (item 0)", "  against consent: nothing",
        "  files not searched for names: 0", "",
      ], "\(lines.prefix(10))")
    let json = try desk.unlocked("export", "0", "1", "--to", "desk", "--preview", "--json").json
    let unspoken = try #require(json["files_without_consent"] as? [[String: Int]])
    #expect(unspoken == [["item": 0, "files": 3]])
    let spoken = try desk.unlocked("export", "1", "--to", "desk", "--preview")
    #expect(!spoken.output.contains("NOBODY'S CONSENT"))
    #expect(lines.contains("REPORT ON DISCLOSED EVIDENCE"))
  }

  @Test func aWitnessWhoseNameNobodyWroteDownIsNoted() throws {
    let added = try desk.unlocked(
      "add", desk["material/minutes.txt"], "--kind", "testimony", "--title", "Told", "--set", "witness.code=Grey Owl",
      "--set", "interview.date=2023", "--set", "interview.language=tg", "--set", "consent.lawyer=code", "--json")
    let number = try #require(try added.json["item"] as? Int, "\(added.errors)")
    func names(_ item: Int) throws -> [Int]? {
      try desk.unlocked("export", "\(item)", "--to", "desk", "--preview", "--json").json["names_not_known"] as? [Int]
    }
    #expect(try names(number) == [number])
    #expect(try names(1) == [])
  }

  @Test func aSummaryTellsWhatIsRefusedAndWhatGoesAgainstConsent() throws {
    let key = try desk.run("key", "generate", "--output", desk["press.key"]).output.trimmingCharacters(in: .newlines)
    try #require(desk.unlocked("recipient", "add", "press", key, "--class", "media").status == 0)
    let words = ["export", "0", "1", "--to", "press", "--preview", "--unchecked-keys"]
    let refused = try desk.unlocked(words + ["--leave-out-refused"])
    #expect(refused.status == 3)
    #expect(refused.output.contains("  to: press (media), KEYS NOT COMPARED\n"))
    #expect(refused.output.contains("  items that go: 1, of these in part: 1; refused: 1\n"), "\(refused.output)")
    let forced = try desk.unlocked(words + ["--override-consent", "an order", "--disclose", "witness.name"])
    #expect(forced.output.contains("  AGAINST CONSENT: item 1\n"), "\(forced.errors)")
    #expect(forced.output.contains("  fields that lead to a person: withheld 0, sent 1\n"))
    let another = try desk.unlocked(
      words + ["--override-consent", "an order", "--override-consent-for", "0", "--leave-out-refused"])
    #expect(another.output.contains("; refused: 1\n"), "\(another.output)")
    let groundless = try desk.unlocked(words + ["--override-consent-for", "1"])
    #expect(groundless.status == 64)
    #expect(groundless.errors.contains("--override-consent-for needs a reason with --override-consent"))
  }

  /// A person whose name is made of everyday words, from whomever the record came, does not stop what has nothing to do
  /// with them.
  @Test func oneNameOfEverydayWordsIsLeftOutOfTheSearchAndNoOther() throws {
    let person = ["--kind", "person", "--title", "p", "--set", "code=Grey Wolf", "--set", "name.latin=The Office"]
    let number = try #require(desk.unlocked(["add"] + person + ["--json"]).json["item"] as? Int)
    // Its number is that of the item, whatever entry has the name now.
    let amended = try desk.unlocked("amend", "\(number)", "--set", "gender=other", "--reason", "asked")
    try #require(amended.status == 0, "\(amended.errors)")
    func export(_ purpose: String, _ more: String...) throws -> Outcome {
      try desk.unlocked(
        ["export", "0", "--to", "desk", "--purpose", purpose, "--output", desk["output/\(more.count).age"]] + more)
    }
    try expectRefusal(1, at: desk) {
      let refused = try export("For your office")
      #expect(refused.errors.contains("item \(number): of the withheld name.latin, office also stands in the purpose"))
      #expect(refused.errors.contains(": --names-checked-for \(number)\n"), "\(refused.errors)")
      return refused
    }
    try expectRefusal(1, at: desk) {
      try export("For your office, from \(Desk.witnessName)", "--names-checked-for", "\(number)")
    }
    let made = try export("For your office", "--names-checked-for", "\(number)")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try desk.unlocked("history", "0").output.contains("names_checked_for: [\(number)]"))
  }

  /// A title as people write it, for a class by which the witness is not to be known even by a code name.
  @Test func aRefusedCodeInATitleIsToldWithWhatToDo() throws {
    let amended = try desk.unlocked(
      "amend", "1", "--set", "title=Statement of Witness Blue Heron", "--set", "consent.lawyer=none", "--reason",
      "asked")
    try #require(amended.status == 0, "\(amended.errors)")
    let words = ["export", "1", "--to", "desk", "--output", desk["output/a.age"]]
    try expectRefusal(1, at: desk) {
      let refused = try desk.unlocked(words)
      let sentence = /item 1: of the withheld witness.code, Blue Heron also stands in item \d+, title/
      #expect(refused.errors.contains(sentence), "\(refused.errors)")
      #expect(refused.errors.contains("evidence amend NUMBER --set title=TEXT --reason TEXT"))
      #expect(refused.errors.contains("(--withhold title, --withhold file:PATH)"))
      return refused
    }
    let made = try desk.unlocked(words + ["--withhold", "title"])
    #expect(made.status == 0, "\(made.errors)")
  }

  @Test func hintsNameOptionsThatTheCommandHas() throws {
    try #require(desk.unlocked("export", "1", "--to", "desk", "--output", desk["a.age"]).status == 0)
    let words = ["disclose", "1", "witness.name", "--to", "desk", "--output", desk["output/more.age"]]
    try expectRefusal(30, at: desk) {
      let refused = try desk.unlocked(words)
      #expect(refused.errors.contains("only the witness can change this") && !refused.errors.contains("--leave-out"))
      return refused
    }
    try expectRefusal(1, at: desk) {
      let refused = try desk.unlocked(
        "disclose", "1", "consent.quotes", "--to", "desk", "--purpose", Desk.witnessName, "--output",
        desk["output/more.age"])
      #expect(refused.errors.contains("--names-checked-for 1") && !refused.errors.contains("--withhold"))
      return refused
    }
    try expectRefusal(64, at: desk) {
      let refused = try desk.unlocked(
        "export", "1", "--passphrase", "--class", "lawyer", "--output", desk["output/b.age"])
      #expect(refused.errors.contains("hint: say --bundle-passphrase-file PATH"), "\(refused.errors)")
      return refused
    }
  }
}
