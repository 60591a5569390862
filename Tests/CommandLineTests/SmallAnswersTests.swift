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

  @Test func anAmendmentThatChangesNothingSaysSo() throws {
    let outcome = try desk.unlocked("amend", "0", "--set", "title=Note", "--reason", "r")
    expectOneSentence(outcome)
    #expect(outcome.status == 64 && outcome.errors.contains("changes nothing of item 0"), "\(outcome.errors)")
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
