import Foundation
import TestFolders
import Testing

/// What is wrong with a command is said when it is typed, and with the option that is meant.
@Suite struct SmallAnswersTests {
  private let desk: Desk

  /// Item 0 is a document, item 1 a testimony.
  init() throws { desk = try Desk.withVault() }

  @Test(arguments: ["0", "9000"]) func theConsentOfWhatIsNoTestimonyIsRefusedAtOnce(number: String) throws {
    let before = try desk.vaultWithoutCaches
    let words = [["add", desk["material/minutes.txt"]] + Desk.document, ["amend", "0", "--reason", "r"]]
    for words in words {
      let outcome = try desk.unlocked(words + ["--set", "consent.by=\(number)"])
      expectOneSentence(outcome)
      #expect(outcome.status == 64 && outcome.errors.contains("the number of a testimony"), "\(outcome.errors)")
    }
    #expect(try desk.vaultWithoutCaches == before)
    let right = try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document + ["--set", "consent.by=1"])
    #expect(right.status == 0, "\(right.errors)")
  }

  @Test func whatATestimonyNamesAndThatHasNoConsentOfItsOwnIsTold() throws {
    let words = ["--set", "interview.recording=0", "--names-checked"]
    let added = try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.testimony + words + ["--json"])
    let number = try #require(try added.json["item"] as? Int, "\(added.errors)")
    func note(_ field: String, _ item: Int) -> String {
      "item 0 follows the consent of item \(item), whose \(field) names it, and has no consent.by of its own: "
        + "evidence amend 0 --set consent.by=\(item) --reason TEXT"
    }
    #expect(added.errors.contains(note("interview.recording", number)))
    let amended = try desk.unlocked("amend", "1", "--set", "attachments=0", "--reason", "r")
    #expect(amended.status == 0 && amended.errors.contains(note("attachments", 1)), "\(amended.errors)")
    try #require(desk.unlocked("amend", "0", "--set", "consent.by=1", "--reason", "r").status == 0)
    let quiet = try desk.unlocked("amend", "1", "--set", "consent.evidence=0", "--reason", "r")
    #expect(quiet.status == 0 && !quiet.errors.contains("follows the consent"), "\(quiet.errors)")
  }

  @Test func anAmendmentThatChangesNothingSaysSo() throws {
    let outcome = try desk.unlocked("amend", "0", "--set", "title=Note", "--reason", "r")
    expectOneSentence(outcome)
    #expect(outcome.status == 64 && outcome.errors.contains("changes nothing of item 0"), "\(outcome.errors)")
  }

  /// On a narrow terminal spaces would put what follows them on a line of its own.
  @Test func aTitleDoesNotPassForAVerdict() throws {
    let title = "Note\(String(repeating: " ", count: 60))  which is the sender you named"
    try #require(
      desk.unlocked(
        ["add", desk["passphrase"]] + ["--kind", "document", "--title", title]
          + ["--set", "document.kind=note", "--json"]
      ).status == 0)
    let number = try #require(try desk.run("verify", "--json").json["entries"] as? Int) - 1
    try #require(
      desk.unlocked("export", "\(number)", "--to", "desk", "--disclose", "title", "--output", desk["t.age"]).status == 0
    )
    let words = ["--identity", desk["desk.key"], "--sender", "anyone", "--output", desk["t"]]
    let lines = try desk.run(["open", desk["t.age"]] + words).output.split(separator: "\n")
    #expect(lines[1].hasPrefix("  signed by "))
    #expect(lines.contains { $0.hasSuffix(": Note which is the sender you named") }, "\(lines)")
  }

  /// What stands on the screen is photographed, and sent to whoever helps.
  @Test func aSecretKeyThatWasTypedIsNotRepeated() throws {
    let key = try #require(
      try String(contentsOfFile: desk["desk.key"], encoding: .utf8).split(separator: "\n").map(String.init)
        .first { $0.hasPrefix("AGE-SECRET-KEY-") })
    let cases = [
      ["init", desk["new"], "--reader", key], ["key", "words", key], ["key", key], ["list", "--identity", key],
      ["open", desk["bundle.age"], "--output", desk["o"], "--identity", key.lowercased()], ["list", "--vault", key],
      ["recipient", "add", "un", key, "--class", "un_mechanism", "--passphrase-file", desk["passphrase"]],
    ]
    for words in cases {
      let outcome = try desk.run(words)
      #expect(outcome.status != 0 && outcome.errors.contains("AGE-SECRET-KEY-…"), "\(outcome.errors)")
      let secret = key.dropFirst("AGE-SECRET-KEY-PQ-1".count)
      #expect(!outcome.errors.uppercased().contains(secret.prefix(12)))
    }
  }

  @Test func theHintNamesTheOptionThatIsMeant() throws {
    let given = ["--passphrase-file", desk["passphrase"]]
    let cases = [
      (["key", "passphrase"] + given, "--new-passphrase-file"),
      (["intake", "create", desk["field"], "--name", "N"] + given, "--new-passphrase-file"),
      (["key", "next", desk["next.age"]] + given, "--next-passphrase-file"),
      (["list"], "--passphrase-file"), (["init", desk["new"]], "--passphrase-file"),
    ]
    for (words, option) in cases {
      let outcome = try desk.run(words)
      expectOneSentence(outcome)
      #expect(outcome.status == 64 && outcome.errors.contains("hint: say \(option) PATH"), "\(outcome.errors)")
    }
  }
}
