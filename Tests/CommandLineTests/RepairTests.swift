import Foundation
import TestFolders
import Testing

/// `evidence repair`: what it prints, and how it ends.
@Suite struct RepairCommandTests {
  private let desk: Desk

  init() throws {
    desk = try Desk.withVault()
    try desk.vault.write(to: desk["copy"])
  }

  private func first(_ prefix: String) throws -> String {
    try #require(desk.vault.files.first { $0.hasPrefix(prefix) })
  }

  @Test func aDamagedObjectIsRestoredFromACopyAndTheVaultIsSound() throws {
    let path = try first("objects/")
    try Tree.replace(desk["vault/\(path)"], with: [1])
    let outcome = try desk.run("repair", "--from", desk["copy"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("restored: \(path)\n"))
    #expect(outcome.output.contains("moved: \(path) to aside/"))
    #expect(outcome.output.contains("sound: 1 restored, 0 regenerated, 1 moved aside\n"))
    #expect(try desk.vault[path] == Tree(of: desk["copy"])[path])
    #expect(try desk.run("verify").status == 0)
  }

  @Test func withoutACopyTheRemainingDamageIsNamedWithARemedy() throws {
    let path = try first("objects/")
    try Tree.replace(desk["vault/\(path)"], with: [1])
    try TemporaryFolder.remove(desk["vault/\(first("tile/0/"))"])
    let outcome = try desk.run("repair")
    #expect(outcome.status == 20)
    #expect(outcome.output.contains("evidence repair --from COPY"))
    #expect(outcome.output.contains("NOT SOUND, 1 finding: 0 restored, 1 regenerated, 0 moved aside\n"))
    let json = try desk.run("repair", "--json").json
    #expect(json["sound"] as? Bool == false)
    #expect((json["findings"] as? [[String: Any]])?.first?["path"] as? String == path)
  }

  @Test func theCatalogIsMadeAgainWhenThereIsAKey() throws {
    #expect(try desk.run("repair").status == 0)
    #expect(try desk.vault["catalog.age"] == nil)
    #expect(try desk.unlocked("repair").status == 0)
    #expect(try desk.vault["catalog.age"] != nil)
  }

  @Test func theReadingKeyOfTheCopyIsNamedAndLeftThere() throws {
    try TemporaryFolder.remove(desk["vault/keys/reading.age"])
    try TemporaryFolder.remove(desk["vault/keys/signing.age"])
    let outcome = try desk.run("repair", "--from", desk["copy"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("copy/keys/reading.age, and it was not copied"))
    #expect(outcome.output.contains("restored: keys/signing.age (not verified before it is unlocked the next time)\n"))
    #expect(try desk.vault["keys/reading.age"] == nil)
  }

  @Test func whatIsNoSigningKeyFileIsNamedWithARemedyThatWorks() throws {
    for bytes in [[], Array("no key\n".utf8)] {
      try Tree.replace(desk["vault/keys/signing.age"], with: bytes)
      let found = try desk.run("verify")
      #expect(found.status == 20)
      #expect(found.output.contains("keys/signing.age: this is no key file, or its beginning is damaged"))
      #expect(found.output.contains("evidence repair --from COPY restores the signing key"), "\(found.output)")
      let outcome = try desk.run("repair", "--from", desk["copy"])
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(outcome.output.contains("moved: keys/signing.age to aside/"))
      #expect(try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document).status == 0)
    }
    try FileManager.default.createDirectory(atPath: desk["vault/next.note"], withIntermediateDirectories: false)
    let rotated = try desk.unlocked("key", "rotate", "reading")
    expectOneSentence(rotated)
    #expect(rotated.status == 20)
    #expect(rotated.errors.contains("next.note: a folder, link, pipe or device stands in the place of a file"))
    #expect(try desk.run("verify").status == 20)
    #expect(try desk.run("repair").status == 0)
    #expect(try desk.unlocked("key", "rotate", "reading").status == 0)
  }

  /// Only with the passphrase can anybody tell the vault's signing key from another.
  @Test func aFormerSigningKeyGivesWayToTheOneInACopy() throws {
    let former = try #require(desk.vault["keys/signing.age"])
    #expect(try desk.unlocked("key", "rotate").status == 0)
    try TemporaryFolder.remove(desk["copy"])
    try desk.vault.write(to: desk["copy"])
    let present = try desk.vault["keys/signing.age"]
    try Tree.replace(desk["vault/keys/signing.age"], with: former)
    #expect(try desk.run("repair", "--from", desk["copy"]).status == 0)
    #expect(try desk.vault["keys/signing.age"] == former)
    let outcome = try desk.unlocked("repair", "--from", desk["copy"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("restored: keys/signing.age"))
    #expect(try desk.vault["keys/signing.age"] == present)
  }

  @Test func anotherVaultNoVaultAndAnOlderCopyAreRefused() throws {
    #expect(try desk.unlocked("init", desk["other"]).status == 0)
    try expectRefusal(22, at: desk) { try desk.run("repair", "--from", desk["other"]) }
    try expectRefusal(10, at: desk) { try desk.run("repair", "--from", desk["missing"]) }
    try expectRefusal(10, at: desk) { try desk.run("repair", "--vault", desk["material"]) }
    #expect(try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document).status == 0)
    try TemporaryFolder.remove(desk["vault/checkpoint"])
    try expectRefusal(21, at: desk) { try desk.run("repair", "--from", desk["copy"]) }
  }
}
