import Age
import DurableStore
@testable import EvidenceVault
import Foundation
import TestFolders
import Testing

/// The reading keys that a salvage finds: not only the present one opens what lies in a vault.
@Suite struct LostKeysTests {
  private let fixture: VaultFixture

  /// A vault whose reading key was replaced twice, and nothing sealed anew: each of three items opens with another key.
  init() throws {
    fixture = try VaultFixture()
    try fixture.addDocument("One", files: ["one.txt": "1"])
    _ = try rotate()
    try fixture.addDocument("Two", files: ["two.txt": "2"])
    _ = try rotate()
    try fixture.addDocument("Three", files: ["three.txt": "3"])
  }

  private func rotate() throws -> ReadingRotation {
    try fixture.open().rotateReadingKey(VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
  }

  private func present() throws -> Identity { try fixture.open().readingIdentity(VaultFixture.passphrase()) }

  private func lost() throws -> [Identity] {
    for name in ["vault.note", "checkpoint", "tile"] { try TemporaryFolder.remove("\(fixture.path)/\(name)") }
    return try Vault.lostReadingIdentities(in: fixture.path, VaultFixture.passphrase())
  }

  private func salvage(_ identities: [Identity]) throws -> SalvageReport {
    try Vault.salvage(
      fixture.path, identities: identities, to: fixture.folder["new"], passphrase: VaultFixture.passphrase(),
      workFactorLog2: 1, environment: fixture.environment)
  }

  private func titles(_ report: SalvageReport) -> [String] { report.items.map(\.title).sorted() }

  @Test func whatWasSealedToEarlierReadingKeysComesBack() throws {
    let report = try salvage(lost())
    #expect(titles(report) == ["One", "Three", "Two"], "\(report.troubles)")
    #expect(report.isComplete, "\(report.troubles) \(report.looseRecords)")
    let identity = try report.vault.readingIdentity(VaultFixture.passphrase())
    #expect(try report.vault.verify(deepWith: [identity]).findings.isEmpty)
  }

  @Test func anIdentityFromElsewhereGivesAccessToEarlierOnesToo() throws {
    let identity = try present()
    _ = try lost()
    #expect(try titles(salvage([identity])) == ["One", "Three", "Two"])
  }

  /// As a writer leaves it who dies when the readers are changed, and the new key has no final name yet.
  @Test(arguments: [false, true]) func aKeyThatWaitsForItsPlaceIsTaken(isOldOneMissing: Bool) throws {
    let before = try present()
    let keys = "\(fixture.path)/keys"
    let old = try #require(Tree(of: keys)["reading.age"])
    let next = try rotate().identity
    try fixture.addDocument("Four", files: ["four.txt": "4"])
    let new = try #require(Tree(of: keys)["reading.age"])
    try fixture.folder.write(new, to: "vault/keys/\(SealedKeyFile.reading(of: next.recipient))")
    if isOldOneMissing {
      try TemporaryFolder.remove("\(keys)/reading.age")
    } else {
      try Tree.replace("\(keys)/reading.age", with: old)
    }
    let found = try lost()
    #expect(found.map(\.recipient) == (isOldOneMissing ? [] : [before.recipient]) + [next.recipient])
    #expect(try titles(salvage(found)) == ["Four", "One", "Three", "Two"])
  }

  @Test func earlierKeysThatDoNotOpenAreNamedAndWhatOpensIsRecovered() throws {
    let name = SealedKeyFile.earlier(before: try present().recipient)
    try Tree.replace("\(fixture.path)/keys/\(name)", with: Array("age-encryption.org/v1\n".utf8))
    let report = try salvage(lost())
    #expect(titles(report) == ["Three"])
    #expect(report.troubles.contains { $0.path == "keys/\(name)" && !$0.isRecovered }, "\(report.troubles)")
    #expect(!report.isComplete)
  }

  @Test func whatOpensNoKeySaysWhy() throws {
    _ = try lost()
    func refusal(_ passphrase: String = VaultFixture.passphraseText) throws -> VaultError? {
      do {
        _ = try Vault.lostReadingIdentities(in: fixture.path, VaultFixture.passphrase(passphrase))
        return nil
      } catch { return error as? VaultError }
    }
    guard case .wrongPassphrase("keys/reading.age") = try refusal("other words") else { throw Missing() }
    try Tree.replace("\(fixture.path)/keys/reading.age", with: [])
    guard case .damagedKey("keys/reading.age") = try refusal() else { throw Missing() }
    try TemporaryFolder.remove("\(fixture.path)/keys/reading.age")
    guard case .needsReadingKey = try refusal() else { throw Missing() }
    try TemporaryFolder.remove("\(fixture.path)/keys")
    guard case .needsReadingKey = try refusal() else { throw Missing() }
  }

  private struct Missing: Error {}
}
