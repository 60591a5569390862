import Foundation
import TestFolders
import Testing

/// Passphrases, identities and cards that open nothing.
@Suite struct BadKeyTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  private func withWrongPassphrase(_ words: String...) throws -> Outcome {
    try desk.run(words + ["--passphrase-file", desk["wrong-passphrase"]])
  }

  @Test func aWrongPassphraseIsRefusedByEveryCommand() throws {
    let material = desk["material/minutes.txt"]
    try expectRefusal(12, at: desk) { try withWrongPassphrase("list") }
    try expectRefusal(12, at: desk) { try withWrongPassphrase("show", "0") }
    try expectRefusal(12, at: desk) { try withWrongPassphrase("get", "0", "--output", desk["output/got"]) }
    try expectRefusal(12, at: desk) { try withWrongPassphrase("verify", "--deep") }
    try expectRefusal(12, at: desk) {
      try desk.run(["add", material, "--passphrase-file", desk["wrong-passphrase"]] + Desk.document)
    }
    try expectRefusal(12, at: desk) {
      try withWrongPassphrase("export", "0", "--to", "desk", "--output", desk["output/bundle"])
    }
    try expectRefusal(12, at: desk) { try withWrongPassphrase("recipient", "revoke", "desk", "--reason", "r") }
  }

  @Test func aMissingOrEmptyPassphraseFileIsRefused() throws {
    try desk.folder.write("\nsecond line\n".utf8, to: "empty-line")
    try expectRefusal(1, at: desk) { try desk.run("list", "--passphrase-file", desk["missing"]) }
    try expectRefusal(64, at: desk) { try desk.run("list", "--passphrase-file", desk["empty-line"]) }
    try expectRefusal(64, at: desk) { try desk.run("list", "--passphrase-file", "/dev/null") }
    try expectRefusal(1, at: desk) { try desk.run("list", "--passphrase-file", desk["material"]) }
  }

  @Test func withoutATerminalAPassphraseIsNotWaitedFor() throws {
    try expectRefusal(64, at: desk) { try desk.run("list") }
    try expectRefusal(64, at: desk) { try desk.run(["add", desk["material/minutes.txt"]] + Desk.document) }
    try expectRefusal(64, at: desk) { try desk.run("init", desk["output/new"]) }
  }

  @Test func aPassphraseComesFromADescriptorToo() throws {
    let script = "exec 3<\"$2\"; exec \"$1\" list --passphrase-file /dev/fd/3"
    let words = ["-c", script, "sh", Program.path, desk["passphrase"]]
    let outcome = try desk.start(words.map { Array($0.utf8) }, program: "/bin/sh").wait()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("First account"))
  }

  @Test func aWrongIdentityIsRefused() throws {
    try expectRefusal(12, at: desk) { try desk.run("show", "0", "--identity", desk["lawyer.key"]) }
    try expectRefusal(1, at: desk) { try desk.run("show", "0", "--identity", desk["missing.key"]) }
    try expectRefusal(64, at: desk) { try desk.run("show", "0", "--identity", desk["material/minutes.txt"]) }
    try expectRefusal(1, at: desk) { try desk.run("show", "0", "--identity", desk["material"]) }
  }

  @Test func garbageIsNoCardAndNoKey() throws {
    try desk.folder.write((0...255).map { UInt8($0) }, to: "garbage.card")
    var card = try #require(Tree(of: desk.folder.path)["my.card"])
    card[card.count / 2] ^= 1
    try desk.folder.write(card, to: "changed.card")
    for path in ["garbage.card", "changed.card", "material/letters/second.txt"] {
      try expectRefusal(64, at: desk) {
        try desk.unlocked("recipient", "add", "new", desk[path], "--class", "lawyer")
      }
      try expectRefusal(64, at: desk) {
        try desk.run("open", desk["bundle.age"], "--output", desk["output/o"], "--sender", desk[path])
      }
    }
    try expectRefusal(64, at: desk) { try desk.unlocked("recipient", "add", "new", "age1qqq", "--class", "lawyer") }
    try expectRefusal(1, at: desk) {
      try desk.unlocked("recipient", "add", "new", desk["missing"], "--class", "lawyer")
    }
    try expectRefusal(64, at: desk) { try desk.unlocked("init", desk["output/v"], "--reader", "age1qqq") }
  }

  @Test func postQuantumAndClassicKeysAreNotMixed() throws {
    let keys = try ["desk.key", "lawyer.key"].map { name in
      let text = try String(contentsOfFile: desk[name], encoding: .utf8)
      return String(try #require(text.firstMatch(of: /public key: (age1\S+)/)).output.1)
    }
    try expectRefusal(64, at: desk) {
      try desk.unlocked("recipient", "add", "both", keys[0], keys[1], "--class", "lawyer")
    }
    try expectRefusal(64, at: desk) {
      try desk.unlocked("init", desk["output/v"], "--reader", keys[0], "--reader", keys[1])
    }
    try expectRefusal(64, at: desk) {
      try desk.unlocked("export", "0", "--to", "desk", "--to", "lawyer", "--output", desk["output/b"])
    }
  }

  @Test func recipientsMustBeKnownValidAndNew() throws {
    let output = ["--output", desk["output/b"]]
    try expectRefusal(1, at: desk) { try desk.unlocked(["export", "0", "--to", "gone"] + output) }
    try expectRefusal(1, at: desk) { try desk.unlocked(["export", "0", "--to", "dessk"] + output) }
    #expect(try desk.unlocked(["export", "0", "--to", "dessk"] + output).errors.contains("did you mean desk?"))
    try expectRefusal(1, at: desk) { try desk.unlocked("recipient", "revoke", "gone", "--reason", "r") }
    try expectRefusal(1, at: desk) { try desk.unlocked("recipient", "revoke", "nobody", "--reason", "r") }
    try expectRefusal(22, at: desk) {
      try desk.unlocked("recipient", "add", "desk", desk["my.card"], "--class", "lawyer")
    }
    try expectRefusal(64, at: desk) {
      try desk.unlocked("recipient", "add", "new", desk["my.card"], "--class", "lawyr")
    }
  }
}
