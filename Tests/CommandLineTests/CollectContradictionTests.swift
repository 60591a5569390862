import Age
import DurableStore
@testable import EvidenceVault
import Foundation
import Primitives
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// An intake vault with an entry that no command would make.
@Suite struct CollectContradictionTests {
  @Test func theRestIsCollectedAndTheStatusSaysThatOneStayed() throws {
    let desk = try Desk.withVault()
    try #require(
      desk.unlocked(
        "intake", "create", desk["field.vault"], "--name", "North", "--new-passphrase-file", desk["passphrase"]
      ).status == 0)
    try forge(
      "testimony",
      [
        "title": "t", "witness.code": "c", "interview.date": "2023", "interview.language": "tg",
        "consent.media": "refused", "consent.media.quotes": "verbatim",
      ], in: desk["field.vault"])
    let field = ["--vault", desk["field.vault"]]
    try #require(desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document + field).status == 0)
    let collected = try desk.unlocked("collect", desk["field.vault"])
    #expect(collected.status == 3, "\(collected.errors)")
    #expect(collected.output.contains("item 1 of North is item "))
    let sentence = "entry 0 of North STAYS THERE: its consent contradicts itself: nothing goes to media, and yet it is"
    #expect(collected.output.contains(sentence), "\(collected.output)")
    #expect(collected.output.contains("  ask the witness which is meant, and have it added there once more\n"))
    #expect(try desk.unlocked("verify", "--deep").status == 0)
    #expect(try desk.unlocked("collect", desk["field.vault"]).status == 0)
  }

  /// Seals and signs a record as the program does, without what it refuses.
  private func forge(_ kind: String, _ fields: JSONObject, in path: String) throws {
    let environment = VaultEnvironment()
    let vault = try Vault(opening: path, environment: environment)
    var words = SecretBytes(count: Desk.passphrase.utf8.count)
    for (index, byte) in Desk.passphrase.utf8.enumerated() { words[index] = byte }
    guard let passphrase = Passphrase(words) else { throw VaultError.invalidKey(what: "passphrase") }
    let signer = try vault.signer(passphrase)
    let sealer = ObjectSealer(
      kind: kind, fields: fields, sources: [], origin: vault.note.origin.description, environment: environment)
    let (object, record) = try sealer.seal(to: vault.note.readers, in: vault.root.directory(Vault.incomingFolder))
    _ = try vault.commit([PreparedEntry(record: record, object: object)], signer: signer)
  }
}
