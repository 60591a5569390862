import Foundation
import TestFolders
import Testing

/// Refusals that a person meets seldom: each is one sentence with the documented status, and changes nothing.
@Suite struct RefusalTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  private func expect(_ words: [String], _ status: Int32, _ sentence: String, isUnlocking: Bool = true) throws {
    let refused = isUnlocking ? try desk.unlocked(words) : try desk.run(words)
    expectOneSentence(refused)
    #expect(refused.status == status, "\(words): \(refused.errors)")
    #expect(refused.errors.contains(sentence), "\(words): \(refused.errors)")
  }

  @Test func whatIsTooLongForWhatItIsToBeIsNotRead() throws {
    try desk.folder.write([UInt8](repeating: 0x61, count: 18 << 20), to: "long")
    let long = desk["long"]
    try expect(["list", "--identity", long], 64, "is too long for an identity file")
    try expect(["key", "combine", "--check", "--share", long], 64, "is too long for a share", isUnlocking: false)
    try expect(["list", "--passphrase-file", long], 64, "is too long for a passphrase file", isUnlocking: false)
    try expect(["key", "remove", "--copy", long, "--same-disk"], 64, "is too long for an identity file")
  }

  @Test func whatIsNotWhereItIsToBeIsNamed() throws {
    let nowhere = desk["nowhere"]
    for words in [
      ["receipt", "add", nowhere], ["timestamp", "add", nowhere, "--certificate", nowhere],
      ["witness", "add", nowhere, "--card", desk["my.card"]], ["witness", "sign", nowhere, "--card", desk["my.card"]],
      ["verify", "--policy", nowhere], ["import", nowhere, "--kind", "document"], ["unseal", nowhere],
      ["get", "0", "--output", desk["passphrase"] + "/out"], ["key", "combine", "--check", "--share", nowhere],
    ] {
      let refused = try desk.unlocked(words)
      expectOneSentence(refused)
      #expect(
        [1, 64].contains(refused.status) && !refused.errors.contains("unexpected"), "\(words): \(refused.errors)")
    }
  }

  @Test func whatCannotBeMeantSaysWhatCan() throws {
    try #require(desk.unlocked("amend", "0", "--reason", "r", "--set", "issuer=Office").status == 0)
    let entries = try #require(try desk.run("verify", "--json").json["entries"] as? Int)
    try #require(desk.run("head", "--output", desk["head"]).status == 0)
    try desk.folder.write("age1notakey\n".utf8, to: "misspelt")
    let before = try desk.vaultWithoutCaches
    try expect(["withdraw", "\(entries - 1)", "--reason", "r"], 64, "amends item 0")
    try expect(["history", "0", "--set", "reason=x"], 64, "--set is for what is entered")
    try expect(["history", "0", "--enter", "burnt"], 64, "expected one of collected, received")
    try expect(
      ["witness", "policy", desk["my.card"], "--threshold", "2"], 64, "at most the number of cards, which is 1",
      isUnlocking: false)
    try expect(["key", "next", "--only-make", "--public-half", "x"], 64, "--only-make needs a file")
    try expect(
      ["key", "split", "--threshold", "2", "--shares", "2", "--output", desk["x"]]
        + ["A", "B", "C"].flatMap { ["--custodian", $0] }, 64, "there are more custodians than shares")
    try expect(["intake", "revoke", "Nowhere", "--reason", "r"], 1, "no intake vault is called Nowhere")
    let seal = ["seal", desk["passphrase"], "--output", desk["x"]]
    try expect(seal + ["-R", desk["misspelt"]], 64, "line 1 of the recipients is misspelled", isUnlocking: false)
    try expect(seal + ["-r", "age1notakey"], 64, "age1notakey", isUnlocking: false)
    let own = try desk.unlocked("witness", "sign", desk["head"], "--card", desk["my.card"])
    #expect(own.status == 64 && own.errors.contains("this is a head of your own vault"), "\(own.errors)")
    #expect(try desk.vaultWithoutCaches == before)
    #expect(!FileManager.default.fileExists(atPath: desk["x"]))
  }

  /// Where no variable says anything, the vault has to be named, and what was seen is kept in the home.
  @Test func withoutVariablesTheVaultHasToBeNamedAndTheHomeKeepsWhatWasSeen() throws {
    func run(_ words: String...) throws -> Outcome {
      let without = ["-u", "EVIDENCE_VAULT", "-u", "XDG_STATE_HOME", Program.path]
      return try desk.start((without + words).map { Array($0.utf8) }, program: "/usr/bin/env").wait()
    }
    for words in [["list"], ["card"], ["key", "combine"], ["receipt", "show", "1"]] {
      let refused = try desk.start(
        (["-u", "EVIDENCE_VAULT", Program.path] + words).map { Array($0.utf8) }, program: "/usr/bin/env"
      ).wait()
      expectOneSentence(refused)
      #expect(refused.status == 64 && refused.errors.contains("no vault was named"), "\(words): \(refused.errors)")
    }
    for words in [["list", "--vault", ""], ["key", "combine", "--vault", ""]] {
      let refused = try desk.run(words)
      expectOneSentence(refused)
      #expect(refused.status == 64 && refused.errors.contains("is empty"), "\(words): \(refused.errors)")
    }
    #expect(try run("verify", "--vault", desk["vault"]).status == 0)
    let kept = try FileManager.default.contentsOfDirectory(atPath: desk["home/.local/state/evidence"])
    #expect(!kept.isEmpty)
  }
}
