import Foundation
import TestFolders
import Testing

/// `--key-file`: a second secret beside the passphrase.
@Suite struct KeyFileTests {
  private func desk() throws -> Desk {
    let desk = try Desk.withVault()
    try desk.folder.write("other plain words for the time after\n".utf8, to: "new-passphrase")
    let made = try desk.run("key", "file", desk["stick"])
    #expect(made.status == 0 && made.errors.contains("keep that elsewhere"), "\(made.errors)")
    return desk
  }

  private func change(_ desk: Desk, _ old: String, _ new: String, _ more: [String]) throws -> Outcome {
    try desk.run(
      ["key", "passphrase", "--passphrase-file", desk[old], "--new-passphrase-file", desk[new]] + more)
  }

  @Test func theVaultOpensWithBothTogetherAndTheFileCanBeTakenOutAgain() throws {
    let desk = try desk()
    let stick = ["--key-file", desk["stick"]]
    let done = try change(desk, "passphrase", "passphrase", stick)
    #expect(done.status == 0 && done.errors.contains("only recovery shares help"), "\(done.errors)")
    #expect(done.output.contains("keys/reading.age has the new passphrase"))
    let alone = try desk.unlocked("list")
    #expect(alone.status == 12 && alone.errors.contains("--key-file"), "\(alone.errors)")
    #expect(try desk.unlocked(["list"] + stick).output.contains("First account"))
    #expect(try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document + stick).status == 0)
    let together = try desk.vault
    // Another passphrase with the same file, another file, and none.
    #expect(try change(desk, "passphrase", "new-passphrase", stick).status == 0)
    #expect(try desk.run("key", "file", desk["other"]).status == 0)
    let swapped = try change(
      desk, "new-passphrase", "new-passphrase", stick + ["--new-key-file", desk["other"]])
    #expect(swapped.status == 0, "\(swapped.errors)")
    let taken = try change(desk, "new-passphrase", "passphrase", ["--key-file", desk["other"], "--no-key-file"])
    #expect(taken.status == 0 && !taken.errors.contains("only recovery shares"), "\(taken.errors)")
    #expect(try desk.unlocked("list").status == 0)
    // The vault does not tell: the same files, and of the same size.
    let after = try desk.vault
    for name in ["keys/reading.age", "keys/signing.age"] { #expect(after[name]?.count == together[name]?.count) }
    #expect(after.files.filter { $0.hasPrefix("keys/") } == together.files.filter { $0.hasPrefix("keys/") })
  }

  @Test func sharesBringTheKeyBackWhenTheStickIsLost() throws {
    let desk = try desk()
    let stick = ["--key-file", desk["stick"]]
    #expect(try change(desk, "passphrase", "passphrase", stick).status == 0)
    let split = try desk.unlocked(
      ["key", "split", "--threshold", "2", "--shares", "2", "--output", desk["sheets"]] + stick)
    #expect(split.status == 0, "\(split.errors)")
    try TemporaryFolder.remove(desk["stick"])
    let back = try desk.run(
      "key", "combine", "--replace", "--new-passphrase-file", desk["new-passphrase"], "--share",
      desk["sheets/share-1.txt"], "--share", desk["sheets/share-2.txt"])
    #expect(back.status == 0, "\(back.errors)")
    let key = ["--passphrase-file", desk["new-passphrase"]]
    #expect(try desk.run(["list"] + key).output.contains("First account"))
    #expect(try desk.run(["add", desk["material/minutes.txt"]] + Desk.document + key).status == 0)
  }

  @Test func aNewVaultCanNeedOneFromTheStart() throws {
    let desk = try desk()
    let made = try desk.run(
      "init", desk["new.vault"], "--passphrase-file", desk["passphrase"], "--key-file", desk["stick"])
    #expect(made.status == 0 && made.errors.contains("only recovery shares help"), "\(made.errors)")
    let list = ["list", "--vault", desk["new.vault"], "--passphrase-file", desk["passphrase"]]
    #expect(try desk.run(list).status == 12)
    #expect(try desk.run(list + ["--key-file", desk["stick"]]).status == 0)
    let unsealed = try desk.run(
      "unseal", "--passphrase-file", desk["passphrase"], "--key-file", desk["stick"],
      desk["new.vault/keys/signing.age"])
    #expect(unsealed.status == 0 && unsealed.output.count == 64)
  }

  @Test func whatIsNoKeyFileIsRefusedBeforeAnythingIsAsked() throws {
    let desk = try desk()
    try desk.folder.write([UInt8](repeating: 1, count: 31), to: "short")
    let before = try desk.vault
    let short = try desk.unlocked("list", "--key-file", desk["short"])
    expectOneSentence(short)
    #expect(short.status == 64 && short.errors.contains("at least 32 bytes"))
    #expect(try desk.unlocked("list", "--key-file", desk["nowhere"]).status == 1)
    #expect(try desk.unlocked("list", "--key-file", "/dev/zero").status == 64)
    #expect(try desk.unlocked("list", "--key-file", desk["material"]).status == 1)
    let again = try desk.run("key", "file", desk["stick"])
    #expect(again.status == 1 && again.errors.contains("exists already"))
    let both = try change(
      desk, "passphrase", "new-passphrase", ["--no-key-file", "--new-key-file", desk["stick"]])
    #expect(both.status == 64)
    #expect(try desk.vault == before)
  }

  @Test(arguments: [["list"], ["add", "material/minutes.txt"], ["verify", "--deep"]])
  func aLinkInThePlaceOfTheFolderOfKeysIsDamage(command: [String]) throws {
    let desk = try Desk.withVault()
    try FileManager.default.moveItem(atPath: desk["vault/keys"], toPath: desk["elsewhere"])
    try FileManager.default.createSymbolicLink(atPath: desk["vault/keys"], withDestinationPath: desk["elsewhere"])
    let before = try desk.vault
    let words = command.map { $0.hasPrefix("material/") ? desk[$0] : $0 }
    let done = try desk.unlocked(words + (command[0] == "add" ? Desk.document : []))
    #expect(done.status == 20 && done.errors.contains("hint: "), "\(done.errors)")
    #expect(try desk.vault == before)
  }
}
