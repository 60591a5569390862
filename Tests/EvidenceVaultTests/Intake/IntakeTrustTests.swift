import StrictJSON
import TestFolders
import Testing
import TransparencyLog

@testable import EvidenceVault

/// Which intake vaults an archive knows, and how far it trusts them.
@Suite struct IntakeTrustTests {
  private let fixture: IntakeFixture
  private var main: VaultFixture { fixture.main }

  init() throws { fixture = try IntakeFixture() }

  @Test func itReadsWithTheKeysOfTheArchiveAloneAndHasItsOwnSigningKey() throws {
    let field = try fixture.field()
    #expect(try field.note.readers == main.open().note.readers && !field.hasReadingIdentity)
    #expect(try Tree(of: fixture.path).files.filter { $0.hasPrefix("keys/") } == ["keys/signing.age"])
    let keys = Set(field.note.keys.values.map(\.key))
    #expect(try keys.isDisjoint(with: main.open().note.keys.values.map(\.key)))
    #expect(throws: VaultError.self) { try main.open().signer(VaultFixture.passphrase("other words")) }
    let intake = try main.reader().intake(IntakeFixture.name)
    #expect(intake.verifierKey == field.note.vaultKey && intake.collectedCount == 0)
  }

  @Test func aNameIsOneVaultAndAPathIsFree() throws {
    let (before, field) = (try fixture.archive, try Tree(of: fixture.path))
    for (path, name) in [("other", IntakeFixture.name), ("field", "South")] {
      #expect(throws: VaultError.self) {
        try main.reader().createIntake(
          at: main.folder[path], name: name, passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
          signer: main.signer)
      }
    }
    #expect(try fixture.archive == before && Tree(of: fixture.path) == field)
    #expect(try !Tree(of: main.folder.path).files.contains { $0.hasPrefix("other") || $0.contains("partial") })
    #expect { try main.reader().intake("Nort") } throws: {
      if case VaultError.intake(.unknownName("Nort", nearest: "North")) = $0 { true } else { false }
    }
  }

  @Test func nothingOfARevokedVaultIsCollectedUnlessAPersonSaysWhy() throws {
    try fixture.add("First")
    let entry = try main.reader().revokeIntake("North", reason: "seized", trustedHead: nil, signer: main.signer)
    #expect(try fixture.fault() == .revoked(name: "North", by: entry))
    #expect(try fixture.collect { $0.revocation = "returned sealed" }.items.count == 1)
    let event = try #require(try main.reader().custody().events.last { $0.kind == IntakeEvent.collection })
    #expect(event.eventFields["override.reason"] == "returned sealed")
    #expect { try main.reader().revokeIntake("North", reason: "r", trustedHead: nil, signer: main.signer) } throws: {
      if case VaultError.intake(.alreadyRevoked) = $0 { true } else { false }
    }
    // Another one of that name can take its place.
    _ = try main.reader().createIntake(
      at: main.folder["next"], name: "North", passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      signer: main.signer)
    #expect(try main.reader().intakes().count == 2 && main.reader().intake("North").revocation == nil)
  }

  @Test func upToAHeadThatTheOfficerKnewItIsTrusted() throws {
    try fixture.add("First")
    try fixture.add("Second")
    let head = try fixture.field().head().words
    let whole = try fixture.copy("whole")
    try fixture.add("Put in later")
    _ = try main.reader().revokeIntake("North", reason: "seized", trustedHead: head, signer: main.signer)
    #expect(try fixture.collect().items.map(\.title) == ["First", "Second"])
    #expect(try fixture.collect().items.isEmpty)
    // What was signed behind that head does not count against a copy from before.
    #expect(try fixture.collect(whole).items.isEmpty)
  }

  @Test func anIndexThatHasNotTheTrustedHeadIsRefused() throws {
    try fixture.add("First")
    let head = try fixture.field().head().words
    let words = head.split(separator: " ")
    let other = ([words[0]] + words.dropFirst().reversed()).joined(separator: " ")
    #expect { try main.reader().revokeIntake("North", reason: "r", trustedHead: "14", signer: main.signer) } throws: {
      if case VaultError.intake(.noHead("14")) = $0 { true } else { false }
    }
    let entry = try main.reader().revokeIntake("North", reason: "seized", trustedHead: other, signer: main.signer)
    #expect(try fixture.fault() == .notTheTrustedHead(name: "North", head: other, by: entry))
  }

  @Test func aRestoredIntakeGoesOnAndIsStillKnown() throws {
    try fixture.add("First")
    let seen = try fixture.field().head()
    let backup = try fixture.copy("backup")
    try fixture.add("Lost")
    let later = try fixture.field().head()
    let copy = try Vault(opening: backup, environment: main.environment)
    let restoration = try copy.plannedRestoration(expecting: .note(later.note))
    let (accepted, head) = try copy.accept(restoration, signer: fixture.signer)
    #expect(head.tree == seen.tree && accepted.note.origin != copy.note.origin)
    let collected = try fixture.collect(backup)
    #expect(collected.items.map(\.title) == ["First"] && collected.isCertified)
    let origin = try main.reader().record(at: collected.items[0].here).fields[CollectedField.origin]
    #expect(origin == .string(copy.note.origin.description))
  }

  /// Replaces the signing key of the archive, and trusts nothing that it signed, or all.
  private func replaceKey(isSeized: Bool) throws -> VaultReader {
    let nothing = ExpectedHead.words(size: 0, fingerprint: WordList.fingerprint(of: TreeHead.empty.root))
    _ = try main.open().replaceSigningKey(
      with: NextSigningKey(generating: main.environment), trusting: isSeized ? nothing : nil, reason: "tried",
      passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: main.signer)
    return try main.reader()
  }

  @Test func whatASeizedKeyMadeIsNotKnown() throws {
    let archive = try replaceKey(isSeized: true)
    #expect(try archive.intakes().isEmpty)
    #expect(try !fixture.field().note.isCertified(by: archive.vault.note))
  }

  @Test func whatAReplacedKeyMadeIsKnown() throws {
    let archive = try replaceKey(isSeized: false)
    #expect(try archive.intakes().map(\.name) == [IntakeFixture.name])
    #expect(try fixture.field().note.isCertified(by: archive.vault.note))
  }

  @Test func theArchiveCertifiesAlsoUnderTheNameThatItHadBefore() throws {
    let older = try main.open()
    let backup = main.folder["archive"]
    try Tree(of: main.path).write(to: backup)
    try main.addDocument("Lost")
    let copy = try Vault(opening: backup, environment: main.environment)
    let (accepted, _) = try copy.accept(
      copy.plannedRestoration(expecting: .note(main.open().head().note)), signer: main.signer)
    #expect(accepted.note.origin != older.note.origin)
    #expect(try fixture.field().note.isCertified(by: accepted.note))
  }
}
