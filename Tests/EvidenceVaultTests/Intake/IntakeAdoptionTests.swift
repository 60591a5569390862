import Age
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

@testable import EvidenceVault

/// The archive goes on from a backup that is older than an intake vault which it made.
@Suite struct IntakeAdoptionTests {
  private let fixture: IntakeFixture
  private let backup: Tree
  private let south: String
  private var main: VaultFixture { fixture.main }

  init() throws {
    fixture = try IntakeFixture()
    backup = try Tree(of: fixture.main.path)
    south = fixture.main.folder["south"]
    let made = try fixture.main.reader().createIntake(
      at: south, name: "South", passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.main.signer)
    let signer = try made.vault.signer(VaultFixture.passphrase())
    _ = try made.vault.add(
      [], kind: "document", fields: ["title": "Taken in", "document.kind": "note"], signer: signer)
    try goBack()
  }

  private func field() throws -> Vault { try Vault(opening: south, environment: main.environment) }

  /// The archive goes on from the backup.
  private func goBack() throws {
    let head = try main.open().head()
    try TemporaryFolder.remove(main.path)
    try backup.write(to: main.path)
    let vault = try main.open()
    _ = try vault.accept(vault.plannedRestoration(expecting: .note(head.note)), signer: main.signer)
  }

  private func adopt(_ path: String? = nil, as name: String = "South") throws -> AdoptedIntake {
    try main.reader().adoptIntake(path ?? south, name: name, reason: "restored", signer: main.signer)
  }

  private func fault(_ path: String? = nil, as name: String = "South") throws -> IntakeFault? {
    let before = try fixture.archive
    do {
      _ = try adopt(path, as: name)
      return nil
    } catch VaultError.intake(let fault) {
      #expect(try fixture.archive == before)
      return fault
    }
  }

  @Test func whatThisVaultCertifiedIsKnownAgain() throws {
    let words = try field().note.fingerprint
    #expect(try fixture.fault(south) == .forgotten(fingerprint: words))
    let entry = try adopt().entry
    let known = try main.reader().intake("South")
    #expect(known.index == entry && known.fingerprint.words == words && known.collectedCount == 0)
    #expect(try fixture.collect(south).items.map(\.title) == ["Taken in"])
    #expect(try fixture.collect(south).items.isEmpty)
    #expect(try main.reader().custody().events.contains { $0.eventFields["reason"]?.stringValue == "restored" })
    let revoked = try main.reader().revokeIntake("South", reason: "seized", trustedHead: nil, signer: main.signer)
    #expect(try fixture.fault(south) == .revoked(name: "South", by: revoked))
  }

  @Test func whatWasRevokedDoesNotComeBack() throws {
    _ = try adopt()
    #expect(try fault(as: "Another") == .known(name: "South"))
    _ = try main.reader().revokeIntake("South", reason: "seized", trustedHead: nil, signer: main.signer)
    #expect(try fault(as: "Another") == .known(name: "South"))
  }

  /// Nothing is left of the entry that made it known, and the revocation is.
  @Test func aRevocationHoldsWithoutTheEntryThatMadeItKnown() throws {
    let key = try field().note.vaultKey.description
    let index = try main.open().addEvent(
      IntakeEvent.revoked, ["name": "South", "verifying_key": .string(key), "reason": "seized"], signer: main.signer
    ).index
    #expect(try fault() == .revokedBefore(by: index))
  }

  @Test func aNameInUseIsNotGivenTwice() throws {
    #expect(try fault(as: IntakeFixture.name) == .exists(name: IntakeFixture.name))
  }

  @Test func whatThisVaultDidNotCertifyIsRefused() throws {
    let stranger = try Vault.create(
      at: main.folder["stranger"], readers: [main.identity.recipient], passphrase: VaultFixture.passphrase(),
      workFactorLog2: 1, environment: main.environment)
    #expect(try fault(stranger.path) == .unknownVault(fingerprint: stranger.note.fingerprint))
    // Its own note is signed by its key, too.
    #expect(try fault(main.path) == .unknownVault(fingerprint: main.open().note.fingerprint))
  }

  /// Whoever seized the key of the archive could certify a vault of their own.
  @Test(arguments: [false, true]) func aCertificateOfAKeyThatWasRevokedCountsForNothing(isRevoked: Bool) throws {
    let next = NextSigningKey(generating: main.environment)
    let vault = try main.open()
    _ = try vault.replaceSigningKey(
      with: next, trusting: isRevoked ? .note(vault.head().note) : nil, passphrase: VaultFixture.passphrase(),
      workFactorLog2: 1, signer: main.signer)
    main.signer = next.signer
    let words = try field().note.fingerprint
    #expect(
      try fixture.fault(south) == (isRevoked ? .unknownVault(fingerprint: words) : .forgotten(fingerprint: words)))
    #expect(try fault() == (isRevoked ? .unknownVault(fingerprint: words) : nil))
  }

  /// The certificate says nothing of a key that followed: that is for whoever compares its words.
  @Test func aKeyThatFollowedIsNotTakenOnTrust() throws {
    let next = NextSigningKey(generating: main.environment)
    let certified = try field().note.fingerprint
    _ = try field().replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      signer: field().signer(VaultFixture.passphrase()))
    #expect(try adopt().fingerprint.words == certified)
    #expect(try fixture.fault(south) == .keyNotPromised(name: "South", fingerprint: next.fingerprint))
  }
}
