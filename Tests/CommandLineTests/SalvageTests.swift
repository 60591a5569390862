import Foundation
import TestFolders
import Testing

/// `evidence salvage`: what it prints, and how it ends.
@Suite struct SalvageCommandTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  private func salvage(_ more: String...) throws -> Outcome {
    try desk.unlocked(
      ["salvage", desk["vault"], "--output", desk["new"], "--new-passphrase-file", desk["passphrase"]] + more)
  }

  @Test func whatOpensIsInTheNewVault() throws {
    for name in ["vault.note", "checkpoint", "tile"] { try TemporaryFolder.remove(desk["vault/\(name)"]) }
    let outcome = try salvage()
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("salvaged: 2 items in "))
    #expect(outcome.output.contains("not carried over: recipient of "))
    #expect(outcome.errors.contains("order and completeness are not proven any more"))
    let list = try desk.unlocked("list", "--vault", desk["new"], "--events")
    #expect(list.output.contains("First account"))
    #expect(list.output.contains("salvage"))
    #expect(try desk.run("verify", "--vault", desk["new"]).status == 0)
  }

  @Test func whatIsSealedToAnEarlierReadingKeyIsSavedToo() throws {
    let before = try desk.vault
    let objects = before.files.filter { $0.hasPrefix("objects/") }
    let rotated = try desk.unlocked("key", "rotate", "reading")
    #expect(rotated.status == 0, "\(rotated.errors)")
    // As an intake vault goes on sealing: what lies here opens with the earlier key alone.
    try TemporaryFolder.remove(desk["vault/objects"])
    for path in objects { try desk.folder.write(#require(before[path]), to: "vault/\(path)") }
    for name in ["vault.note", "checkpoint", "tile"] { try TemporaryFolder.remove(desk["vault/\(name)"]) }
    let outcome = try salvage()
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("salvaged: 2 items in "))
  }

  @Test func whereTheReadingKeyIsLostTooTheSharesAreNamed() throws {
    for name in ["vault.note", "checkpoint", "tile", "keys/reading.age"] {
      try TemporaryFolder.remove(desk["vault/\(name)"])
    }
    let refused = try salvage()
    expectOneSentence(refused)
    #expect(refused.status == 12 && refused.errors.contains("evidence key combine --output FILE"), "\(refused.errors)")
    #expect(!refused.errors.contains("key restore") && !refused.errors.contains("intake"), "\(refused.errors)")
  }

  @Test func aDamagedObjectIsNamedWithStatus3() throws {
    let path = try #require(desk.vault.files.first { $0.hasPrefix("objects/") })
    try Tree.replace(desk["vault/\(path)"], with: Array(#require(desk.vault[path]).dropLast(40)))
    let outcome = try salvage()
    #expect(outcome.status == 3)
    #expect(outcome.output.contains("NOT RECOVERED: \(path): "))
    #expect(outcome.output.contains("PARTLY salvaged: 1 item in "))
  }

  @Test func aSalvageThatIsKilledLeavesNothingUnderTheNameAndTheNextOneTidiesUp() throws {
    func parts() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).filter { $0.hasPrefix(".new.partial-") }
    }
    let words = [
      "salvage", desk["vault"], "--output", desk["new"], "--new-passphrase-file", desk["passphrase"],
      "--passphrase-file", desk["passphrase"],
    ]
    let program = try desk.start(words.map { Array($0.utf8) })
    let outcome = try program.wait {
      #expect(try Tree(of: desk["new"]).nodes.isEmpty)
      // Files come and go while they are counted, so only their names are looked at.
      let hasBegun = try parts().contains { part in
        let paths = try? FileManager.default.subpathsOfDirectory(atPath: desk[part])
        return paths?.contains("vault/checkpoint") ?? false
      }
      if hasBegun { program.kill() }
    }
    #expect(outcome.status == nil)
    #expect(try parts().count == 1)
    #expect(try salvage().status == 0)
    #expect(try parts().isEmpty)
    #expect(try desk.run("verify", "--vault", desk["new"]).status == 0)
  }

  @Test func wrongKeysAndATakenPlaceAreRefused() throws {
    try expectRefusal(12, at: desk) { try salvage("--identity", desk["desk.key"]) }
    try expectRefusal(12, at: desk) {
      try desk.run(
        "salvage", desk["vault"], "--output", desk["new"], "--new-passphrase-file", desk["passphrase"],
        "--passphrase-file", desk["wrong-passphrase"])
    }
    try expectRefusal(10, at: desk) {
      try desk.unlocked(
        "salvage", desk["missing"], "--output", desk["new"], "--new-passphrase-file", desk["passphrase"])
    }
    try desk.folder.write([1], to: "new/file")
    try expectRefusal(1, at: desk) { try salvage() }
  }
}
