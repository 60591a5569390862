import Foundation
import TestFolders
import Testing

/// Folders that are no vault, or not a whole one.
@Suite struct BadVaultTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  @Test func whereThereIsNoVaultThatIsSaid() throws {
    try FileManager.default.createDirectory(atPath: desk["empty"], withIntermediateDirectories: true)
    for place in ["empty", "missing", "missing/deeper", "passphrase", "material"] {
      for command in [["card"], ["verify"], ["list"], ["show", "0"], ["add", desk["passphrase"]] + Desk.document] {
        try expectRefusal(10, at: desk) { try desk.run(command + ["--vault", desk[place]]) }
      }
    }
  }

  @Test(arguments: ["vault.note", "checkpoint", "tile", "records", "objects", "keys", "incoming"])
  func aMissingPartIsNamed(part: String) throws {
    try TemporaryFolder.remove(desk["vault/\(part)"])
    for command in [["card"], ["verify"], ["list"], ["add", desk["passphrase"]] + Desk.document] {
      try expectRefusal(20, at: desk) {
        let outcome = try desk.run(command)
        #expect(outcome.errors.contains("the vault is incomplete: \(part) is missing"))
        return outcome
      }
    }
  }

  /// The hint for files that people add, to copy what a link points to, would have the owner install what somebody
  /// else put there.
  @Test(arguments: ["vault.note", "checkpoint"], [true, false])
  func somethingElseInThePlaceOfAFileIsDamage(name: String, isLink: Bool) throws {
    let whole = try desk.vault
    try whole.write(to: desk["copy"])
    try TemporaryFolder.remove(desk["vault/\(name)"])
    if isLink {
      try FileManager.default.createSymbolicLink(
        atPath: desk["vault/\(name)"], withDestinationPath: desk["copy/\(name)"])
    } else {
      try FileManager.default.createDirectory(atPath: desk["vault/\(name)"], withIntermediateDirectories: false)
    }
    for command in [["card"], ["verify"], ["list"], ["add", desk["passphrase"]] + Desk.document] {
      // A card needs no checkpoint.
      if name == "checkpoint", command == ["card"] { continue }
      try expectRefusal(20, at: desk) {
        let outcome = try desk.unlocked(command)
        #expect(outcome.errors.contains("\(name): a folder, link, pipe or device stands in the place of a file"))
        #expect(outcome.errors.contains("evidence repair --from COPY"), "\(outcome.errors)")
        return outcome
      }
    }
    let repaired = try desk.run("repair", "--from", desk["copy"])
    #expect(repaired.status == 0, "\(repaired.output)\(repaired.errors)")
    #expect(try desk.vault[name] == whole[name])
  }

  @Test func aMissingSigningKeyStopsAddingAndNotReading() throws {
    try TemporaryFolder.remove(desk["vault/keys/signing.age"])
    try expectRefusal(20, at: desk) { try desk.unlocked(["add", desk["passphrase"]] + Desk.document) }
    #expect(try desk.unlocked("show", "0").status == 0)
    let deep = try desk.unlocked("verify", "--deep")
    #expect(deep.status == 20)
    #expect(deep.output.contains("keys/signing.age"))
  }

  @Test func aMissingReadingKeyStopsReadingAndNotAdding() throws {
    try TemporaryFolder.remove(desk["vault/keys/reading.age"])
    try expectRefusal(12, at: desk) {
      let refused = try desk.unlocked("show", "0")
      #expect(refused.errors.contains("the reading key is not in this vault"), "\(refused.errors)")
      #expect(!refused.errors.contains("intake"), "\(refused.errors)")
      return refused
    }
    #expect(try desk.unlocked(["add", desk["passphrase"]] + Desk.document).status == 0)
  }

  /// It may have been taken away on purpose: nothing is damaged.
  @Test func aMissingReadingKeyIsNotedAndNoDamage() throws {
    #expect(try !desk.run("verify").output.contains("notice: "))
    try TemporaryFolder.remove(desk["vault/keys/reading.age"])
    for words in [["verify"], ["repair"]] {
      let checked = try desk.run(words)
      #expect(checked.status == 0, "\(checked.output)")
      #expect(checked.output.contains("notice: keys/reading.age: not in this vault"), "\(checked.output)")
      #expect(checked.output.contains("if you took the key away on purpose"), "\(checked.output)")
    }
    let findings = try #require(desk.run("verify", "--json").json["findings"] as? [[String: Any]])
    #expect(findings.map { $0["subject"] as? String } == ["reading_key"])
    #expect(findings.map { $0["severity"] as? String } == ["notice"])
  }

  @Test func aVaultOfANewerFormatIsNamedAsThat() throws {
    let note = try String(contentsOfFile: desk["vault/vault.note"], encoding: .utf8)
    try Tree.replace(
      desk["vault/vault.note"], with: Array(note.replacing("evidence-vault/v1\n", with: "evidence-vault/v2\n").utf8))
    for command in [["card"], ["verify"], ["list"], ["add", desk["passphrase"]] + Desk.document] {
      try expectRefusal(1, at: desk) {
        let outcome = try desk.run(command)
        #expect(outcome.errors.contains("written by a later version: evidence-vault/v2"))
        return outcome
      }
    }
  }

  @Test func aVaultIsNotMadeOverAnything() throws {
    for place in ["output/present", "passphrase", "vault"] {
      try expectRefusal(1, at: desk) { try desk.unlocked("init", desk[place]) }
    }
    try expectRefusal(1, at: desk) { try desk.unlocked("init", desk["missing/deeper"]) }
  }

  @Test func anItemThatIsNotThereIsRefused() throws {
    try expectRefusal(1, at: desk) { try desk.unlocked("show", "7") }
    try expectRefusal(1, at: desk) { try desk.unlocked("get", "18446744073709551615", "--output", desk["output/g"]) }
    try expectRefusal(1, at: desk) { try desk.unlocked("export", "0-9", "--to", "desk", "--output", desk["output/b"]) }
    try expectRefusal(1, at: desk) { try desk.unlocked("get", "2", "--output", desk["output/g"]) }
    try expectRefusal(1, at: desk) { try desk.unlocked("export", "2", "--to", "desk", "--output", desk["output/b"]) }
    try expectRefusal(1, at: desk) {
      try desk.unlocked("get", "0", "--file", "not-there.txt", "--output", desk["output/g"])
    }
  }

  @Test(arguments: ["x", "-1", "3-1", "1-", "1-2-3", "18446744073709551616", "", "0-100000"])
  func whatIsNoNumberOfAnItemIsAMistake(text: String) throws {
    try expectRefusal(64, at: desk) {
      try desk.unlocked(["export", "--to", "desk", "--output", desk["output/b"], "--", text])
    }
  }

  @Test func existingOutputIsNeverOverwritten() throws {
    let key = desk["desk.key"]
    for place in ["output/present", "output/present/file.txt"] {
      try expectRefusal(1, at: desk) { try desk.unlocked("get", "0", "--output", desk[place]) }
      try expectRefusal(1, at: desk) { try desk.unlocked("export", "0", "--to", "desk", "--output", desk[place]) }
      try expectRefusal(1, at: desk) {
        try desk.run("open", desk["bundle.age"], "--output", desk[place], "--identity", key, "--sender", "anyone")
      }
      try expectRefusal(1, at: desk) { try desk.run("key", "generate", "--output", desk[place]) }
      try expectRefusal(1, at: desk) {
        try desk.run("unseal", "--identity", key, "--output", desk[place], desk["bundle.age"])
      }
    }
  }
}
