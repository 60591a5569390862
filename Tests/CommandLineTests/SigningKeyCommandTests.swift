@testable import evidence
import Foundation
import StrictJSON
import TestFolders
import Testing

/// A signing key as people promise it, replace it, and revoke it after a seizure.
@Suite struct SigningKeyCommandTests {
  private let desk: Desk

  /// Entries 0 and 1 are items; the last one is the export of both to the recipient "desk".
  init() throws { desk = try Desk.withVault() }

  private var nextPassphrase: [String] { ["--next-passphrase-file", desk["passphrase"]] }

  private func promise(_ file: String = "next.age") throws -> Outcome {
    try desk.unlocked(["key", "next", desk[file]] + nextPassphrase)
  }

  private func rotate(_ file: String = "next.age", _ more: [String] = []) throws -> Outcome {
    try desk.unlocked(["key", "rotate", "--next", desk[file]] + nextPassphrase + more)
  }

  private var words: String { get throws { try desk.words(of: desk["now.card"]) } }

  private func saveCard(_ name: String = "now.card") throws {
    let card = try desk.run("card")
    try desk.folder.write(card.output.utf8, to: name)
  }

  private func export(_ name: String, _ item: String = "0") throws -> Outcome {
    try desk.unlocked("export", item, "--to", "desk", "--output", desk[name])
  }

  private func open(_ name: String, from sender: String, _ more: String...) throws -> Outcome {
    let output = desk["\(name).\(UUID().uuidString)"]
    return try desk.run(
      ["open", desk[name], "--output", output, "--identity", desk["desk.key"], "--sender", sender] + more)
  }

  @Test func promisedReplacedAndEverythingStaysValid() throws {
    let promised = try promise()
    #expect(promised.status == 0 && promised.errors.contains("second copy"), "\(promised.errors)")
    try saveCard("promise.card")
    let replaced = try rotate()
    #expect(replaced.status == 0 && replaced.output.contains("the new words: "), "\(replaced.errors)")
    #expect(replaced.errors.contains("evidence card"))
    try saveCard()
    #expect(try export("after.age").status == 0)
    let verified = try desk.unlocked("verify", "--deep")
    #expect(verified.status == 0 && verified.output.contains("signing key replaced at"), "\(verified.output)")
    // Of before, with the old words and with the new card; of after, with the new words.
    let old = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    #expect(try open("bundle.age", from: old).status == 0)
    #expect(try open("bundle.age", from: desk["now.card"]).status == 0)
    #expect(try open("after.age", from: words).status == 0)
    // Whoever knows the old words learns that the key was replaced, and compares the new ones.
    let toOldWords = try open("after.age", from: old)
    expectOneSentence(toOldWords)
    let new = try words
    #expect(toOldWords.status == 22 && toOldWords.errors.contains(new), "\(toOldWords.errors)")
    let toPromise = try open("after.age", from: desk["promise.card"])
    #expect(toPromise.status == 22 && toPromise.errors.contains("had promised it"), "\(toPromise.errors)")
  }

  @Test func anotherKeyThanThePromisedOneIsRefusedAndChangesNothing() throws {
    #expect(try promise().status == 0)
    let before = try desk.vaultWithoutCaches
    let other = try Desk.withVault()
    #expect(
      try other.unlocked("key", "next", desk["other.age"], "--next-passphrase-file", desk["passphrase"]).status == 0)
    let cases: [(Outcome, Int32)] = [
      (try rotate("other.age"), 22), (try desk.unlocked("key", "rotate"), 64), (try promise("third.age"), 1),
      (try rotate("missing.age"), 1), (try rotate("my.card"), 64),
      (
        try desk.unlocked(
          "key", "rotate", "--next", desk["next.age"], "--next-passphrase-file", desk["wrong-passphrase"]), 12
      ),
    ]
    for (outcome, status) in cases {
      expectOneSentence(outcome)
      #expect(outcome.status == status, "\(outcome.errors)")
    }
    #expect(try desk.vaultWithoutCaches == before)
  }

  /// Whoever holds the next key made it elsewhere: here is its public half, and no other key can follow.
  @Test func aKeyThatWasMadeElsewhereIsPromisedByItsPublicHalf() throws {
    let abroad = try Desk()
    func made() throws -> [String: Any] {
      let made = try abroad.run(
        "key", "next", abroad["next.age"], "--only-make", "--next-passphrase-file", abroad["passphrase"], "--json")
      #expect(made.status == 0, "\(made.errors)")
      return try made.json
    }
    let half = try #require(made()["public_half"] as? String)
    let words = try #require(made()["fingerprint"] as? String)
    let before = try desk.vaultWithoutCaches
    let mistyped = String(half.dropLast(4)) + "AAA="
    let cases: [(Outcome, Int32)] = [
      (try desk.unlocked("key", "next", "--public-half", half), 22),
      (try desk.unlocked("key", "next", "--public-half", half, "--words", desk.words(of: desk["my.card"])), 22),
      (try desk.unlocked("key", "next", "--public-half", mistyped, "--words", words), 64),
      (try desk.unlocked("key", "next", desk["x.age"], "--public-half", half, "--words", words), 64),
      (try desk.unlocked("key", "next"), 64),
    ]
    for (outcome, status) in cases {
      expectOneSentence(outcome)
      #expect(outcome.status == status, "\(outcome.errors)")
    }
    #expect(try desk.vaultWithoutCaches == before)
    let promised = try desk.unlocked("key", "next", "--public-half", half, "--words", words)
    #expect(promised.status == 0 && promised.output.contains(words), "\(promised.errors)")
    // A key of their own is what whoever seized vault and passphrase has.
    let own = try desk.run("key", "next", desk["own.age"], "--only-make", "--next-passphrase-file", desk["passphrase"])
    #expect(own.status == 0)
    #expect(try rotate("own.age").status == 22)
    #expect(try desk.unlocked("key", "rotate").status == 64)
    let file = try #require(try Tree(of: abroad.folder.path)["next.age"])
    try desk.folder.write(file, to: "next.age")
    let replaced = try rotate()
    #expect(replaced.status == 0 && replaced.output.contains("the new words: \(words)"), "\(replaced.errors)")
    #expect(try desk.unlocked("verify", "--deep").status == 0)
  }

  @Test func aReplacedKeyThatIsPutBackIsRefused() throws {
    let old = try desk.vault
    #expect(try desk.unlocked("key", "rotate").status == 0)
    let new = try desk.vault
    try FileManager.default.removeItem(atPath: desk["vault"])
    try old.write(to: desk["vault"])
    let replayed = try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document)
    expectOneSentence(replayed)
    #expect(replayed.status == 21, "\(replayed.errors)")
    let accepted = try desk.unlocked("accept-restored")
    expectOneSentence(accepted)
    #expect(accepted.status == 21 && accepted.errors.contains("if it is lost, evidence salvage"), "\(accepted.errors)")
    #expect(try desk.vault == old)
    // The way that is left, where the newer copy is lost.
    let salvaged = try desk.unlocked(
      "salvage", desk["vault"], "--output", desk["new"], "--new-passphrase-file", desk["passphrase"])
    #expect(salvaged.status == 0, "\(salvaged.errors)")
    #expect(try desk.run("verify", "--vault", desk["new"]).status == 0)
    // Its key file in the place of the new one is none of this vault.
    try FileManager.default.removeItem(atPath: desk["vault"])
    try new.write(to: desk["vault"])
    try Tree.replace(desk["vault/keys/signing.age"], with: #require(old["keys/signing.age"]))
    #expect(try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document).status == 20)
  }

  @Test func whatASeizedKeySignedIsToldAndSentToNobody() throws {
    let head = try desk.run("head").output.trimmingCharacters(in: .whitespacesAndNewlines)
    let count = try #require(Int(head.prefix { $0 != " " }))
    #expect(try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document).status == 0)
    let transferred = ["history", "0", "--enter", "transferred", "--set", "to=Officer Maple"]
    #expect(try desk.unlocked(transferred).status == 0)
    let before = try desk.vaultWithoutCaches
    let wrong = try desk.unlocked(
      "key", "revoke", "--up-to", "1 \(head.drop { $0 != " " }.dropFirst())", "--reason", "r")
    expectOneSentence(wrong)
    #expect(wrong.status == 20, "\(wrong.errors)")
    #expect(try desk.vaultWithoutCaches == before)
    let revoked = try desk.unlocked("key", "revoke", "--up-to", head, "--reason", "seized", "--json")
    #expect(revoked.status == 0, "\(revoked.errors)")
    #expect(try revoked.json["not_trusted"] as? [[Int]] == [[count, count + 1]])
    let verified = try desk.unlocked("verify", "--deep", "--json")
    #expect(verified.status == 0, "\(verified.output)")
    let findings = try #require(verified.json["findings"] as? [[String: Any]])
    #expect(findings.map { $0["subject"] as? String } == ["untrusted"])
    #expect(try desk.unlocked("show", "\(count)").output.contains("NOT TRUSTED"))
    #expect(try desk.unlocked("list").errors.contains("not trusted"))
    let history = try desk.unlocked("history", "0").output.split(separator: "\n")
    let doubt = "NOT TRUSTED: entry \(count + 1) was signed by a key that was revoked"
    #expect(history.filter { $0.contains("NOT TRUSTED") }.map(String.init) == [doubt], "\(history)")
    #expect(try desk.unlocked("history", "0", "--json").json["not_trusted"] as? [[Int]] == [[count + 1, count + 1]])
    let sent = try export("untrusted.age", "\(count)")
    expectOneSentence(sent)
    #expect(sent.status == 20, "\(sent.errors)")
    #expect(try export("trusted.age").status == 0)
    // Whoever has the new card takes nothing from the old key any more.
    try saveCard()
    let bundle = try open("bundle.age", from: desk["now.card"])
    expectOneSentence(bundle)
    #expect(bundle.status == 22, "\(bundle.errors)")
    let trusted = try open("trusted.age", from: desk["now.card"], "--json")
    #expect(trusted.status == 0, "\(trusted.errors)")
    // A key that was revoked is told from one that was only replaced: more was kept than is trusted.
    let ended = try #require((try trusted.json["sender_history"] as? [[String: Any]])?.first)
    #expect(ended["key_replaced"] as? Bool == true && ended["trusted"] as? Int == count, "\(ended)")
    #expect(try #require(ended["kept"] as? Int) > count)
    let told = try open("trusted.age", from: desk["now.card"]).output
    #expect(told.contains("the sender's card says: signing key replaced at "), "\(told)")
  }

  @Test func entriesThatFollowOneAnotherAreToldAsOneStretch() {
    let told = SigningKeyText.untrusted([1, 2, 3, 7, 9, 10] as [UInt64])
    #expect(told == SigningKeyText.untrusted([1..<4, 7..<8, 9..<11]))
  }

  @Test func aKeyPromisedInTheSameStepFollowsAndNoneComesBack() throws {
    #expect(try promise().status == 0)
    #expect(
      try rotate("next.age", ["--then", desk["third.age"], "--then-passphrase-file", desk["passphrase"]]).status == 0)
    #expect(try rotate("third.age").status == 0)
    #expect(try desk.unlocked("verify", "--deep").status == 0)
    let again = try rotate("third.age")
    expectOneSentence(again)
    #expect(again.status == 22, "\(again.errors)")
  }

  /// What was promised when it began stays promised, whatever is given when it ends.
  @Test func aReplacementThatWasCutShortIsNotFinishedWithAnotherPromise() throws {
    func then(_ file: String) -> [String] { ["--then", desk[file], "--then-passphrase-file", desk["passphrase"]] }
    #expect(try promise().status == 0)
    let before = try desk.vault
    #expect(try rotate("next.age", then("third.age")).status == 0)
    let after = try desk.vault
    try TemporaryFolder.remove(desk["vault"])
    try TemporaryFolder.remove(desk["state"])
    try before.write(to: desk["vault"])
    for name in ["vault.note", "keys/signing.age"] {
      try Tree.replace(desk["vault/\(name)"], with: #require(after[name]))
    }
    let made = try desk.run(
      "key", "next", desk["other.age"], "--only-make", "--next-passphrase-file", desk["passphrase"])
    #expect(made.status == 0, "\(made.errors)")
    try expectRefusal(22, at: desk) {
      let outcome = try rotate("next.age", then("other.age"))
      #expect(outcome.errors.contains("promised another key than the one in the --then file"))
      return outcome
    }
    try expectRefusal(22, at: desk) {
      try desk.unlocked(["key", "revoke", "--up-to", desk.run("head").output, "--reason", "r"] + then("other.age"))
    }
    try expectRefusal(1, at: desk) { try rotate("next.age", then("missing.age")) }
    #expect(try !Tree(of: desk.folder.path).files.contains("missing.age"))
    let finished = try rotate("next.age", then("third.age"))
    #expect(finished.status == 0 && finished.errors.contains("that was not finished: it is now"), "\(finished.errors)")
    #expect(try rotate("third.age").status == 0)
    #expect(try desk.unlocked("verify", "--deep").status == 0)
  }
}
