import Foundation
import TestFolders
import Testing

/// What defenders, witnesses and recipients do, on the program as it was built.
@Suite struct ScenarioTests {
  private static let consent = [
    "consent.un_special_procedures=code", "consent.name_to_government=no", "consent.name_in_public_report=initials",
    "consent.media=refused", "consent.quotes=verbatim", "consent.place_detail=region",
  ]

  /// A vault with a testimony, a recipient at the UN and one of the media.
  private func desk() throws -> Desk {
    let desk = try Desk.withVault()
    let settings = Self.consent.flatMap { ["--set", $0] }
    let words = ["amend", "1", "--reason", "consent, as the witness gave it"] + settings
    try #require(desk.unlocked(words).status == 0)
    for (name, recipientClass) in [("un", "un_special_procedures"), ("press", "media")] {
      let key = try desk.run("key", "generate", "--output", desk["\(name).key"]).output
        .trimmingCharacters(in: .newlines)
      let added = try desk.unlocked(
        "recipient", "add", name, key, "--class", recipientClass, "--words", desk.words(of: key))
      try #require(added.status == 0, "\(added.errors)")
    }
    return desk
  }

  private func opened(_ bundle: String, by name: String, at desk: Desk, to folder: String) throws -> Tree {
    let words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    let outcome = try desk.run(
      "open", desk[bundle], "--identity", desk["\(name).key"], "--sender", words, "--output", desk[folder])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try Tree(of: desk[folder])
  }

  @Test func theUnitedNationsGetTheCodeNameAndTheMediaNothing() throws {
    let desk = try desk()
    let made = try desk.unlocked("export", "1", "--to", "un", "--output", desk["un.age"])
    #expect(made.status == 0, "\(made.errors)")
    let tree = try opened("un.age", by: "un", at: desk, to: "un")
    #expect(tree.holds("Blue Heron"))
    for name in [Desk.witnessName] + Desk.witnessName.split(separator: " ").map(String.init) {
      #expect(!tree.holds(name), "\(name)")
    }
    try expectRefusal(30, at: desk) {
      try desk.unlocked("export", "1", "--to", "press", "--output", desk["output/press.age"])
    }
    try expectRefusal(30, at: desk) {
      try desk.unlocked(
        "export", "1", "--to", "un", "--disclose", "witness.name", "--output", desk["output/named.age"])
    }
    // The search finds the name where it does leave.
    let named = try desk.unlocked(
      "export", "1", "--to", "un", "--disclose", "witness.name", "--override-consent", "an order of the court",
      "--output", desk["named.age"])
    #expect(named.status == 0, "\(named.errors)")
    #expect(try opened("named.age", by: "un", at: desk, to: "named").holds(Desk.witnessName))
    let history = try desk.unlocked("history", "1").output
    #expect(history.contains("override.reason: an order of the court"))
  }

  @Test func aPreviewNamesWhatIsNewSinceTheLastBundle() throws {
    let desk = try desk()
    let first = try desk.unlocked("export", "1", "--to", "un", "--preview").output
    #expect(first.contains("un has got nothing from this vault before"))
    #expect(first.contains("custody, as the sender entered it:"))
    try #require(
      desk.unlocked("export", "1", "--to", "un", "--withhold", "files", "--output", desk["a.age"]).status == 0)
    let second = try desk.unlocked("export", "0", "1", "--to", "un", "--preview").output
    #expect(second.contains("new: 1:file:#1"))
    #expect(second.contains("new: 0:document.kind"))
    #expect(!second.contains("new: 1:witness.code"))
  }

  @Test func aWitnessTakesConsentBack() throws {
    let desk = try desk()
    try #require(desk.unlocked("export", "0", "1", "--to", "un", "--output", desk["un.age"]).status == 0)
    let withdrawn = try desk.unlocked(
      "withdraw", "1", "--reason", "the witness called", "--notices", desk["notices"])
    #expect(withdrawn.status == 0, "\(withdrawn.errors)")
    #expect(withdrawn.output.contains("holds a copy of item 1: un,"))
    #expect(withdrawn.output.contains("holds a copy of item 1: desk,"))
    #expect(withdrawn.errors.contains("copies elsewhere stay"))
    #expect(try Tree(of: desk["notices"]).files == ["recall-1.txt", "recall-2.txt"])
    #expect(try !Tree(of: desk["notices"]).holds(Desk.witnessName))
    let verified = try desk.run("verify")
    #expect(verified.status == 0, "\(verified.output)")
    #expect(verified.output.contains("withdrawn: item 1"))
    try expectRefusal(30, at: desk) { try desk.unlocked("show", "1") }
    try expectRefusal(30, at: desk) {
      try desk.unlocked("export", "0", "1", "--to", "un", "--output", desk["output/next.age"])
    }
    let rest = try desk.unlocked(
      "export", "0", "1", "--to", "un", "--leave-out-refused", "--output", desk["next.age"])
    #expect(rest.status == 3, "\(rest.errors)")
    #expect(rest.output.contains("left out: item 1: consent was taken back"))
    let tree = try opened("next.age", by: "un", at: desk, to: "next")
    #expect(tree.files.allSatisfy { !$0.contains("item-1/") })
  }

  @Test func aWithdrawalSaysWhatElseItIsAboutAndWhatStaysReadable() throws {
    let desk = try desk()
    let derived = ["--set", "derived_from=1"]
    let added = try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document + derived + ["--json"])
    let number = try #require(added.json["item"] as? Int)
    let forOne = try desk.unlocked("withdraw", "1", "--reason", "the witness called", "--class", "media")
    #expect(forOne.output.contains("not exported to media any more: item \(number)"), "\(forOne.output)")
    #expect(forOne.output.contains("nobody of media was sent a copy"))
    let forAll = try desk.unlocked("withdraw", "1", "--reason", "the witness called")
    #expect(forAll.output.contains("not exported any more: item \(number)"), "\(forAll.output)")
    #expect(forAll.output.contains("stays readable here until each is withdrawn itself: evidence withdraw NUMBER"))
    let refused = try desk.unlocked("export", "\(number)", "--to", "un", "--output", desk["output/next.age"])
    #expect(refused.status == 30 && refused.errors.contains("what was taken back stays refused"), "\(refused.errors)")
    #expect(!refused.errors.contains("only the witness can change this"))
  }

  @Test func aFieldIsRevealedLaterAndPutTogetherWithWhatIsThere() throws {
    let desk = try desk()
    try #require(desk.unlocked("export", "0", "--to", "un", "--output", desk["un.age"]).status == 0)
    let record = try #require(opened("un.age", by: "un", at: desk, to: "un")["data/item-0/record.json"])
    #expect(!String(decoding: record, as: UTF8.self).contains("\"title\""))
    let more = try desk.unlocked("disclose", "0", "title", "--to", "un", "--output", desk["more.age"])
    #expect(more.status == 0, "\(more.errors)")
    let words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    let merged = try desk.run(
      "open", desk["more.age"], "--identity", desk["un.key"], "--sender", words, "--output", desk["more"], "--merge",
      desk["un"])
    #expect(merged.status == 0, "\(merged.errors)")
    let said = "\n  entry 0: what it is, is not in this bundle; revealed of it: title\n"
    #expect(merged.output.contains(said), "\(merged.output)")
    let readMe = String(decoding: try #require(Tree(of: desk["more"])["READ-ME-FIRST.txt"]), as: UTF8.self)
    let command =
      "evidence open FILE --output NEW --merge FOLDER-OF-THE-FIRST --sender \"EIGHT WORDS\" --identity KEY\n"
    #expect(readMe.contains(command), "\(readMe)")
    let whole = try #require(Tree(of: desk["more-merged"])["item-0.json"])
    #expect(String(decoding: whole, as: UTF8.self).contains("\"title\": \"Note\""))
    try expectRefusal(30, at: desk) {
      try desk.unlocked("disclose", "1", "witness.name", "--to", "desk", "--output", desk["output/name.age"])
    }
  }

  @Test func nothingIsDestroyedWhenTheNoticesHaveNoPlace() throws {
    let desk = try desk()
    for folder in ["output/present", "output/none/notices"] {
      try expectRefusal(1, at: desk) {
        try desk.unlocked("withdraw", "0", "--reason", "x", "--notices", desk[folder])
      }
    }
    #expect(try desk.unlocked("show", "0").output.contains("Note"))
  }

  @Test func theCommandLineSaysWhatIsMissing() throws {
    let desk = try Desk.withVault()
    try expectRefusal(64, at: desk) { try desk.unlocked("export", "0", "--passphrase", "--output", desk["output/a"]) }
    try expectRefusal(64, at: desk) {
      try desk.unlocked("export", "0", "--to", "desk", "--override-consent", " ", "--output", desk["output/a"])
    }
    try expectRefusal(64, at: desk) { try desk.unlocked("amend", "0", "--reason", "none", "--set", "title=Note") }
    try expectRefusal(64, at: desk) { try desk.unlocked("amend", "0", "--reason", "x", "--set", "amends=3") }
    try expectRefusal(64, at: desk) { try desk.unlocked("withdraw", "0", "--reason", "x", "--class", "medai") }
    try expectRefusal(64, at: desk) { try desk.unlocked("history", "0", "--enter", "stolen") }
    try expectRefusal(1, at: desk) { try desk.unlocked("withdraw", "99", "--reason", "x") }
  }
}
