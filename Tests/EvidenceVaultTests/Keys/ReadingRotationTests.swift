import Age
import DurableStore
@testable import EvidenceVault
import Foundation
import Primitives
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// Another reading key: all that is in the vault opens with it and, once sealed anew, with no key before it; what
/// others sealed to the old one still opens.
struct ReadingRotationTests {
  private let fixture: VaultFixture

  init() throws {
    fixture = try VaultFixture()
    try fixture.addDocument("One", files: ["one.txt": "1"])
  }

  private func rotate() throws -> ReadingRotation {
    try fixture.open().rotateReadingKey(VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
  }

  private func present() throws -> Identity { try fixture.open().readingIdentity(VaultFixture.passphrase()) }

  private func reseal() throws -> ResealReceipt {
    let vault = try fixture.open()
    return try VaultReader(vault, identities: vault.includingEarlier([present()])).reseal(signer: fixture.signer)
  }

  /// What a splitting does for those who have shares.
  private func keepSigningRecovery() throws {
    let vault = try fixture.open()
    try vault.placeSigningRecovery(
      vault.preparedSigningRecovery(for: fixture.identity, signer: fixture.signer))
  }

  private func file(_ name: String) throws -> [UInt8]? { try Tree(of: fixture.path)["keys/\(name)"] }

  /// The key files beside `reading.age` and `signing.age`.
  private func others() throws -> [String] {
    let names = try Tree(of: fixture.path).files.filter { $0.hasPrefix("keys/") }.map { String($0.dropFirst(5)) }
    return names.filter { !["reading.age", "signing.age", "signing-recovery.age"].contains($0) }
  }

  /// As a writer leaves it who dies when the readers are changed and the new key has no final name: the rotation, the
  /// new key file and the name that it has.
  private func interrupted() throws -> (rotation: ReadingRotation, new: [UInt8], name: String) {
    let old = try #require(try file("reading.age"))
    let rotation = try rotate()
    let new = try #require(try file("reading.age"))
    let name = SealedKeyFile.reading(of: rotation.identity.recipient)
    try Tree.replace("\(fixture.path)/keys/reading.age", with: old)
    try fixture.folder.write(new, to: "vault/keys/\(name)")
    return (rotation, new, name)
  }

  @Test func aKeyThatWaitsForItsNameGetsItAlsoWhereTheOldOneIsMissing() throws {
    let (rotation, new, name) = try interrupted()
    try FileManager.default.removeItem(atPath: "\(fixture.path)/keys/reading.age")
    try fixture.addDocument("Two")
    #expect(try file("reading.age") == new && file(name) == nil)
    #expect(try present().recipient == rotation.identity.recipient)
  }

  /// Anybody who has the disk can put these there, and the names are no secret.
  @Test(arguments: [Array("no key at all".utf8), Array("age-encryption.org/v1\n".utf8), []] as [[UInt8]])
  func whatIsNoKeyFileTakesThePlaceOfNoKey(planted: [UInt8]) throws {
    let key = try fixture.open().note.vaultKey.key
    let keys = try [file("reading.age"), file("signing.age")]
    let names = [SealedKeyFile.reading(of: fixture.identity.recipient), SealedKeyFile.signing(of: key)]
    for name in names { try fixture.folder.write(planted, to: "vault/keys/\(name)") }
    _ = try fixture.open().signer(VaultFixture.passphrase())
    try fixture.addDocument("Two")
    #expect(try [file("reading.age"), file("signing.age")] == keys)
    #expect(try present().recipient == fixture.identity.recipient)
  }

  @Test func aFolderInThePlaceOfAKeyFileStopsNoCommand() throws {
    let key = try fixture.open().note.vaultKey.key
    let digits = String(repeating: "a", count: 64)
    for name in [
      "earlier-\(digits).age", "reading-\(digits).age", "signing-\(digits).age", SealedKeyFile.signing(of: key),
      SealedKeyFile.recovery(of: key), SealedKeyFile.reason(of: key),
      SealedKeyFile.reading(of: fixture.identity.recipient),
    ] {
      let path = "\(fixture.path)/keys/\(name)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }
    try fixture.addDocument("Two")
    #expect(try present().recipient == fixture.identity.recipient)
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
    #expect(try others() == [SealedKeyFile.earlier(before: second.identity.recipient)])
    #expect(vault.verifyEarlierKeys(of: second.identity).isEmpty)
    #expect(try vault.verify(deepWith: [second.identity]).findings.isEmpty)
  }

  @Test func whatWasInterruptedIsCompletedByTheNextWriter() throws {
    let (rotation, new, name) = try interrupted()
    #expect(try present().recipient == rotation.identity.recipient)
    #expect(try fixture.open().verify().findings.map(\.subject) == [.pendingKey])
    try fixture.addDocument("Two")
    #expect(try file("reading.age") == new && file(name) == nil)
    #expect(try present().recipient == rotation.identity.recipient)
  }

  @Test func whatNeverCameToCountIsRemovedByTheNextWriter() throws {
    let old = try #require(try file("reading.age"))
    let stranger = Identity(generating: .x25519).recipient
    for name in [SealedKeyFile.reading(of: stranger), SealedKeyFile.earlier(before: stranger)] {
      try fixture.folder.write(old, to: "vault/keys/\(name)")
    }
    #expect(try fixture.open().verify().findings.map(\.subject) == [.leftover, .leftover])
    try fixture.addDocument("Two")
    #expect(try others() == [] && file("reading.age") == old)
  }

  @Test func noKeyIsLeftBehindByWhatTakesKeysAwayOrChangesTheirPassphrase() throws {
    let (rotation, new, name) = try interrupted()
    let other = try TriedPassphrase(VaultFixture.passphrase("another"))
    _ = try fixture.open().changePassphrase(
      to: other, from: [TriedPassphrase(VaultFixture.passphrase())], workFactorLog2: 1)
    #expect(try file(name) == nil)
    let vault = try fixture.open()
    #expect(try vault.readingIdentity(other.passphrase).recipient == rotation.identity.recipient)
    try fixture.folder.write(new, to: "vault/keys/\(name)")
    _ = try vault.removeReadingIdentity(VaultFixture.passphrase(), on: .nothing, signer: fixture.signer)
    #expect(try file(name) == nil && file("reading.age") == nil)
  }

  @Test func earlierKeysThatTheIndexNamesHaveToBeThereAndOthersDoNotCount() throws {
    let rotation = try rotate()
    _ = try reseal()
    let name = SealedKeyFile.earlier(before: rotation.identity.recipient)
    let planted = Identity(generating: .x25519)
    let vault = try fixture.open()
    let kept = try #require(try file(name))
    try Directory(opening: "\(fixture.path)/keys").remove(name)
    #expect(vault.verifyEarlierKeys(of: rotation.identity).map(\.subject) == [.key])
    #expect { try rotate() } throws: { if case VaultError.damagedKey = $0 { true } else { false } }
    try vault.keepEarlier([fixture.identity, planted], for: rotation.identity.recipient)
    #expect(try vault.requiredEarlierIdentities(of: rotation.identity).map(\.recipient) == [fixture.identity.recipient])
    #expect(kept != (try file(name)))
    _ = try rotate()
    #expect(try fixture.open().includingEarlier([present()]).count == 3)
  }

  /// Who has the public key can put a key of their own there, and with it a bundle that was signed for somebody else.
  @Test func earlierKeysThatTheIndexDoesNotNameOpenNoBundle() throws {
    let planted = Identity(generating: .x25519)
    try fixture.open().keepEarlier([planted], for: fixture.identity.recipient)
    let before = try fixture.open().includingEarlierNamed([fixture.identity])
    #expect(before.own.map(\.recipient) == [fixture.identity.recipient] && before.passedOverCount == 1)
    let rotation = try rotate()
    let name = SealedKeyFile.earlier(before: rotation.identity.recipient)
    try Directory(opening: "\(fixture.path)/keys").remove(name)
    let vault = try fixture.open()
    try vault.keepEarlier([planted, fixture.identity], for: rotation.identity.recipient)
    let after = vault.includingEarlierNamed([rotation.identity])
    #expect(after.own.map(\.recipient) == [rotation.identity.recipient, fixture.identity.recipient])
    #expect(after.passedOverCount == 1)
  }

  @Test func whatAnIntakeVaultSealedToTheOldKeyIsStillCollected() throws {
    let intake = try IntakeFixture()
    try intake.add("Taken in")
    let main = intake.main
    let rotation = try main.open().rotateReadingKey(
      VaultFixture.passphrase(), workFactorLog2: 1, signer: main.signer)
    let reader = try VaultReader(main.open(), identities: rotation.vault.includingEarlier([rotation.identity]))
    #expect(try reader.earlierReaders(onlyTrusted: false) == [main.identity.recipient.description])
    #expect(try reader.collect(intake.path, signer: main.signer).items.count == 1)
  }

  @Test func signingForWhoHasSharesGoesToTheNewKeyAlone() throws {
    try keepSigningRecovery()
    let rotation = try rotate()
    let vault = try fixture.open()
    #expect(try vault.signerOfRecovery(rotation.identity) != nil)
    #expect { try vault.signerOfRecovery(fixture.identity) } throws: {
      if case VaultError.damagedKey = $0 { true } else { false }
    }
  }

  /// As a rotation leaves it that dies at its end.
  @Test func signingThatStaysOpenToTheOldKeyTooIsClosedToItBySealingAnew() throws {
    try keepSigningRecovery()
    let rotation = try rotate()
    let vault = try fixture.open()
    let both = [fixture.identity.recipient, rotation.identity.recipient]
    try vault.resealSigningRecovery(for: both, signer: fixture.signer)
    #expect(try vault.signerOfRecovery(fixture.identity) != nil)
    _ = try reseal()
    #expect(try vault.signerOfRecovery(rotation.identity) != nil)
    #expect { try vault.signerOfRecovery(fixture.identity) } throws: {
      if case VaultError.damagedKey = $0 { true } else { false }
    }
    let closed = try file("signing-recovery.age")
    _ = try reseal()
    #expect(try file("signing-recovery.age") == closed, "nothing is left to do")
  }

  @Test func sharesOfAKeyThatIsReplacedMeanwhileAreNotMade() throws {
    let vault = try fixture.open()
    let plan = try SplitPlan(threshold: 2, count: 3, holders: [], isWithSigning: true)
    _ = try rotate()
    #expect(throws: VaultError.self) {
      try vault.split(fixture.identity, plan, signer: fixture.signer, to: "\(fixture.folder.path)/sheets")
    }
    #expect(try file("signing-recovery.age") == nil)
  }

  @Test func anotherPassphraseChangesNothing() throws {
    let before = try Tree(of: fixture.path)
    #expect {
      try fixture.open().rotateReadingKey(
        VaultFixture.passphrase("wrong"), workFactorLog2: 1, signer: fixture.signer)
    } throws: { if case VaultError.wrongPassphrase = $0 { true } else { false } }
    #expect(try Tree(of: fixture.path) == before)
  }
}
