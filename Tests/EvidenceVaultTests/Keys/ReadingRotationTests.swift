import Age
@testable import EvidenceVault
import Primitives
import StrictJSON
import TestFolders
import Testing

/// Another reading key: all that is in the vault opens with it and, once sealed anew, with no key before it; what
/// others sealed to the old one still opens.
struct ReadingRotationTests {
  private let fixture: VaultFixture

  init() throws {
    fixture = try VaultFixture()
    try fixture.addDocument("One", files: ["one.txt": "1"])
  }

  private func rotate(_ signer: VaultSigner? = nil) throws -> ReadingRotation {
    try fixture.open().rotateReadingKey(
      VaultFixture.passphrase(), workFactorLog2: 1, signer: signer ?? fixture.signer)
  }

  private func present() throws -> Identity { try fixture.open().readingIdentity(VaultFixture.passphrase()) }

  private func reseal() throws -> ResealReceipt {
    let vault = try fixture.open()
    return try VaultReader(vault, identities: vault.includingEarlier([present()])).reseal(signer: fixture.signer)
  }

  @Test func theNewKeyReadsAllAndTheOldOneNothingOnceItIsSealedAnew() throws {
    let rotation = try rotate()
    #expect(rotation.index == 1 && rotation.identity.recipient != fixture.identity.recipient)
    #expect(try present().recipient == rotation.identity.recipient)
    let vault = try fixture.open()
    #expect(vault.note.readers == [rotation.identity.recipient])
    let both = vault.includingEarlier([rotation.identity])
    #expect(both.map(\.recipient) == [rotation.identity.recipient, fixture.identity.recipient])
    #expect(try VaultReader(vault, identities: both).record(at: 0).title == "One")
    #expect(try reseal().troubles.isEmpty)
    let now = try Tree(of: fixture.path)
    for path in now.files where path.hasPrefix("objects/") || path.hasPrefix("records/") {
      let file = try SealedFile(now[path] ?? [])
      #expect(throws: AgeError.noMatch) { try file.open(with: [fixture.identity]) as [UInt8] }
      _ = try file.open(with: [rotation.identity]) as [UInt8]
    }
    #expect(try fixture.open().verify(deepWith: [rotation.identity]).findings.isEmpty)
    let reader = try VaultReader(fixture.open(), identities: [rotation.identity])
    #expect(try reader.record(at: 1).fields["event"] == "replaced")
    #expect(try reader.readers().map(\.addedBy) == [1])
  }

  @Test func eachRotationKeepsAllKeysBeforeIt() throws {
    let first = try rotate()
    _ = try reseal()
    let second = try rotate()
    _ = try reseal()
    let vault = try fixture.open()
    let keys = vault.includingEarlier([second.identity]).map(\.recipient)
    #expect(keys == [second.identity.recipient, first.identity.recipient, fixture.identity.recipient])
    let files = try Tree(of: fixture.path).files
    #expect(files.filter { $0.hasPrefix("keys/earlier-") }.count == 1)
    #expect(vault.verifyEarlierKeys(of: second.identity).isEmpty)
    #expect(try vault.verify(deepWith: [second.identity]).findings.isEmpty)
  }

  @Test func anInterruptedOneIsCompletedOrForgotten() throws {
    let before = try Tree(of: fixture.path)
    let rotation = try rotate()
    let old = try #require(before["keys/reading.age"])
    let new = try #require(try Tree(of: fixture.path)["keys/reading.age"])
    // The readers were changed, and the key is not in its place.
    try Tree.replace("\(fixture.path)/keys/reading.age", with: old)
    try fixture.folder.write(new, to: "vault/keys/reading-next.age")
    #expect(try present().recipient == rotation.identity.recipient)
    let completed = try rotate()
    #expect(completed.index == nil && completed.identity.recipient == rotation.identity.recipient)
    #expect(try Tree(of: fixture.path)["keys/reading.age"] == new)
    // The readers were not changed.
    try fixture.folder.write(old, to: "vault/keys/reading-next.age")
    let next = try rotate()
    let files = try Tree(of: fixture.path).files
    #expect(next.index == 2 && !files.contains("keys/reading-next.age"))
  }

  @Test func noKeyIsLeftBehindByWhatTakesKeysAwayOrChangesTheirPassphrase() throws {
    let old = try #require(try Tree(of: fixture.path)["keys/reading.age"])
    let rotation = try rotate()
    let new = try #require(try Tree(of: fixture.path)["keys/reading.age"])
    try Tree.replace("\(fixture.path)/keys/reading.age", with: old)
    try fixture.folder.write(new, to: "vault/keys/reading-next.age")
    let other = try TriedPassphrase(VaultFixture.passphrase("another"))
    _ = try fixture.open().changePassphrase(
      to: other, from: [TriedPassphrase(VaultFixture.passphrase())], workFactorLog2: 1)
    #expect(!(try Tree(of: fixture.path)).files.contains("keys/reading-next.age"))
    let vault = try fixture.open()
    #expect(try vault.readingIdentity(other.passphrase).recipient == rotation.identity.recipient)
    try fixture.folder.write(new, to: "vault/keys/reading-next.age")
    _ = try vault.removeReadingIdentity(VaultFixture.passphrase("another"), on: .nothing, signer: fixture.signer)
    let files = try Tree(of: fixture.path).files
    #expect(!files.contains("keys/reading-next.age") && !files.contains("keys/reading.age"))
  }

  @Test func sharesMadeBeforeBringNothingBackAndSigningComesWithNewOnes() throws {
    try fixture.open().keepSigningRecovery(for: fixture.identity, signer: fixture.signer)
    let rotation = try rotate()
    let vault = try fixture.open()
    #expect(try vault.signerOfRecovery(rotation.identity) != nil)
    #expect { try vault.signerOfRecovery(fixture.identity) } throws: {
      if case VaultError.damagedKey = $0 { true } else { false }
    }
  }

  @Test func anotherPassphraseOrAnIntakeVaultChangesNothing() throws {
    let before = try Tree(of: fixture.path)
    #expect {
      try fixture.open().rotateReadingKey(VaultFixture.passphrase("wrong"), workFactorLog2: 1, signer: fixture.signer)
    } throws: { if case VaultError.wrongPassphrase = $0 { true } else { false } }
    #expect(try Tree(of: fixture.path) == before)
  }
}
