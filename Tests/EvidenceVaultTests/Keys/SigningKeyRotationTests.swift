import Age
import DurableStore
@testable import EvidenceVault
import Primitives
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// A signing key that is replaced: what it signed stays valid, and nobody who seized it can put another in its place.
@Suite struct SigningKeyRotationTests {
  let fixture: VaultFixture
  let old: VaultSigner
  let next: NextSigningKey
  let state: String

  init() throws {
    fixture = try VaultFixture()
    old = fixture.signer
    next = NextSigningKey(generating: fixture.environment)
    state = fixture.folder["state"]
    try fixture.addDocument("One", files: ["one.txt": "1"], to: open())
  }

  func open() throws -> Vault { try fixture.open(stateFolder: state) }

  @discardableResult
  func promise(_ key: NextSigningKey? = nil) throws -> SigningKeyReceipt {
    try open().promise((key ?? next).publicHalf, signer: fixture.signer)
  }

  @discardableResult
  func rotate(
    to key: NextSigningKey? = nil, then promised: NextSigningKey? = nil, trusting trusted: ExpectedHead? = nil
  ) throws -> SigningKeyReceipt {
    let receipt = try open().replaceSigningKey(
      with: key ?? next, promising: promised, trusting: trusted, passphrase: VaultFixture.passphrase(),
      workFactorLog2: 1, identities: [fixture.identity], signer: fixture.signer)
    fixture.signer = (key ?? next).signer
    return receipt
  }

  func expect(_ fault: SigningKeyFault, _ body: () throws -> some Any) {
    #expect { try body() } throws: { if case VaultError.signingKey(fault) = $0 { true } else { false } }
  }

  func findings() throws -> [Finding] { try open().verify(deepWith: [fixture.identity]).findings }

  @Test func aPassphraseThatWasChangedMeanwhileDoesNotComeBack() throws {
    let before = try Tree(of: fixture.path)
    #expect {
      try open().replaceSigningKey(
        with: next, passphrase: VaultFixture.passphrase("another one"), workFactorLog2: 1, signer: fixture.signer)
    } throws: {
      if case VaultError.wrongPassphrase(let file) = $0 { file == "keys/signing.age" } else { false }
    }
    #expect(try Tree(of: fixture.path) == before)
  }

  // MARK: - What a note can tell

  @Test func theOriginsAreUsedUpWithASentenceAndNoDamage() throws {
    for _ in 0..<Continuation.maximumCount {
      try rotate(to: NextSigningKey(generating: fixture.environment))
    }
    #expect(try findings().isEmpty)
    let before = try Tree(of: fixture.path)
    #expect { try rotate() } throws: { if case VaultError.originsUsedUp(64) = $0 { true } else { false } }
    #expect(try Tree(of: fixture.path) == before)
  }

  @Test func aHeadThatWasKeptHoldsThePromise() throws {
    try promise()
    let vault = try open()
    func kept(_ promised: NextSigningKey) throws -> ExpectedHead {
      var lines = HeadLines()
      lines.promised = promised.promise
      let head = try vault.readHead().tree
      return .note(try Vault.checkpoint(head, lines: lines, note: vault.note, signer: old))
    }
    let (right, wrong) = (try kept(next), try kept(NextSigningKey(generating: fixture.environment)))
    func found(_ expected: ExpectedHead) throws -> [Finding.Subject] {
      let report = try open().verify(expecting: expected)
      #expect(report.comparison?.isAsExpected == true)
      return report.findings.filter { $0.severity == .damage }.map(\.subject)
    }
    #expect(try found(right).isEmpty)
    #expect(try found(wrong) == [.note])
    try rotate()
    #expect(try found(right).isEmpty)
    #expect(try found(wrong) == [.note])
  }

  // MARK: - What stays valid

  @Test func whatTheOldKeySignedStaysValidAndTheNewOneGoesOn() throws {
    try promise()
    let before = try open().note
    let receipt = try rotate()
    #expect(receipt.index == 2 && receipt.untrusted == nil)
    let note = try open().note
    #expect(note.fingerprint == next.fingerprint && note.fingerprint != before.fingerprint)
    #expect(note.origin != before.origin && note.readers == before.readers && !note.hasPromise)
    #expect(try open().signer(VaultFixture.passphrase()).verifierKeys(origin: note.origin) == note.keys)
    try fixture.addDocument("Two", files: ["two.txt": "2"], to: open())
    #expect(try findings().isEmpty)
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    let reader = try fixture.reader()
    #expect(try reader.record(at: 0).title == "One" && reader.record(at: 3).title == "Two")
    #expect(try reader.record(at: 2).fields["event"]?.stringValue == "replaced")
    #expect(
      try Tree(of: fixture.path).files.filter { $0.hasPrefix("keys/") } == ["keys/reading.age", "keys/signing.age"])
  }

  @Test func eachOfManyKeysCountsForWhatItSigned() throws {
    let third = NextSigningKey(generating: fixture.environment)
    try rotate(then: third)
    try fixture.addDocument("Two", to: open())
    #expect(try open().note.promised == third.promise)
    try rotate(to: third)
    try fixture.addDocument("Three", to: open())
    #expect(try open().note.vaultKeys.count == 3)
    #expect(try findings().isEmpty)
    // A clock that was set back changes nothing: the order is that of the index.
    var environment = fixture.environment
    environment.now = { Timestamp(secondsSince1970: 1_000_000) }
    let vault = try Vault(opening: fixture.path, environment: environment)
    _ = try vault.replaceSigningKey(
      with: NextSigningKey(generating: environment), passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      signer: fixture.signer)
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
  }

  @Test func anEntryUnderTheKeyOfAnotherPeriodIsFound() throws {
    let receipt = try rotate()
    // The same words under the new origin, signed by the old key.
    let fields: JSONObject = ["title": "Forged", "document.kind": "note"]
    let head = try receipt.vault.add([], kind: "document", fields: fields, signer: old).head
    let signed = try Vault.checkpoint(head.tree, note: receipt.vault.note, signer: next.signer)
    try Tree.replace("\(fixture.path)/checkpoint", with: signed.bytes)
    let found = try fixture.open().verify(deepWith: [fixture.identity]).findings
    #expect(found.map(\.subject) == [.entry] && found.map(\.item) == [2])
  }

  @Test func anAcceptedCopyKeepsKeysAndPromise() throws {
    let third = NextSigningKey(generating: fixture.environment)
    try rotate(then: third)
    let copy = try Tree(of: fixture.path)
    try fixture.addDocument("Lost", to: open())
    try copy.write(to: fixture.path)
    let accepted = try open().accept(open().plannedRestoration(), signer: fixture.signer)
    #expect(accepted.vault.note.promised == third.promise)
    try fixture.addDocument("After", to: open())
    #expect(try findings().isEmpty)
    expect(.usedBefore) { try rotate() }
    expect(.notPromised) { try rotate(to: NextSigningKey(generating: fixture.environment)) }
    try rotate(to: third)
    #expect(try findings().isEmpty)
  }

  @Test func sharesBringTheNewKeyBack() throws {
    let plan = try SplitPlan(threshold: 2, count: 2, holders: [], isWithSigning: true)
    _ = try open().split(fixture.identity, plan, signer: old, to: fixture.folder["sheets"])
    #expect(try rotate().recoveryCopy == .sealedAnew)
    #expect(try open().signerOfRecovery(fixture.identity)?.verifierKeys(origin: open().note.origin) == open().note.keys)
    // Without what reads, nobody knows to whom it was sealed.
    let receipt = try open().replaceSigningKey(
      with: NextSigningKey(generating: fixture.environment), passphrase: VaultFixture.passphrase(),
      workFactorLog2: 1, signer: fixture.signer)
    #expect(receipt.recoveryCopy == .removed)
    #expect(try Tree(of: fixture.path)["keys/signing-recovery.age"] == nil)
  }

  // MARK: - Promises

  @Test func aPromiseStandsInNoteHeadAndIndexAndCannotBeChanged() throws {
    let receipt = try promise()
    let vault = try open()
    #expect(vault.note.promised == next.promise && vault.note.fingerprint == receipt.vault.note.fingerprint)
    #expect(try vault.head().lines.promised == next.promise)
    #expect(try fixture.reader().entry(at: 1).promised == next.promise)
    try fixture.addDocument("Two", to: open())
    #expect(try open().head().lines.promised == next.promise)
    #expect(try findings().isEmpty)
    let before = try Tree(of: fixture.path)
    expect(.promisedBefore) { try promise(NextSigningKey(generating: fixture.environment)) }
    expect(.usedBefore) { try promise() }
    expect(.notPromised) { try rotate(to: NextSigningKey(generating: fixture.environment)) }
    #expect(try Tree(of: fixture.path) == before)
  }

  @Test func aNoteFromWhichThePromiseWasTakenIsFound() throws {
    let before = try Tree(of: fixture.path)
    try promise()
    try Tree.replace("\(fixture.path)/vault.note", with: #require(before["vault.note"]))
    #expect { try fixture.open().head() } throws: {
      if case VaultError.damaged(let finding) = $0 { finding.subject == .note } else { false }
    }
    #expect(try !fixture.open().verify().isSound)
  }

  @Test func aHeadThatSaysNothingOfThePromiseIsFound() throws {
    let vault = try promise().vault
    let head = try vault.head()
    let forged = try Vault.checkpoint(head.tree, note: vault.note, signer: old)
    try Tree.replace("\(fixture.path)/checkpoint", with: forged.bytes)
    #expect(try fixture.open().verify().findings.contains { $0.subject == .checkpoint })
  }

  @Test func aKeyThatWasReplacedNeverComesBack() throws {
    try rotate()
    let before = try Tree(of: fixture.path)
    expect(.usedBefore) { try rotate() }
    let first = NextSigningKey(signer: old)
    expect(.usedBefore) { try rotate(to: first) }
    expect(.usedBefore) { try promise(first) }
    expect(.usedBefore) { try rotate(to: NextSigningKey(generating: fixture.environment), then: first) }
    #expect(try Tree(of: fixture.path) == before)
  }

  @Test func aSeizedKeyCannotInstallAnother() throws {
    try promise()
    let thief = NextSigningKey(generating: fixture.environment)
    let forged = try note(replacing: open().note, with: thief.signer, signedBy: old)
    try Tree.replace("\(fixture.path)/vault.note", with: forged.note.bytes)
    // This machine has seen the promise.
    expect(.notPromised) { try open().head() }
    // Elsewhere, the index holds it, also once the thief goes on from there.
    let vault = try fixture.open()
    _ = try vault.finishReplacement(signer: thief.signer)
    let report = try fixture.open().verify()
    #expect(!report.isSound && report.findings.contains { $0.subject == .note })
    expect(.notPromised) { try open().head() }
  }

  @Test func aReplacementThatTheOldKeyDidNotSignIsNoNote() throws {
    let thief = NextSigningKey(generating: fixture.environment)
    #expect { try note(replacing: open().note, with: thief.signer, signedBy: thief.signer) } throws: {
      if case VaultError.damaged = $0 { true } else { false }
    }
  }

  /// A note that has `key` in the place of the present one.
  private func note(
    replacing present: VaultNote, with key: VaultSigner, signedBy signer: VaultSigner
  ) throws -> VaultNote {
    let origin = try NoteLine("evidence-vault.invalid/\(String(repeating: "0", count: 32))")
    let head = try fixture.open().readHead().tree
    var continuation = try Continuation(origin: present.origin, kept: head, lastSeen: head)
    let name = VerifierKey(name: try VaultNote.name(.vault, origin: origin), key: key.key(for: .vault).verifyingKey)
    var replacement = KeyReplacement(of: signer, by: name, ending: continuation, trustedSize: head.size)
    if signer.encoded().isEqual(to: key.encoded()) {
      // Its own signature under the keys of the vault.
      let keys = KeyPurpose.allCases.map { Base64.padded.encode(present.key($0).key.bytes) }
      let line = ["\(head.size)"] + keys + [Base64.padded.encode(replacement.signature)]
      replacement = try KeyReplacement(line.joined(separator: " "))
    }
    continuation.replacement = replacement
    return try VaultNote(
      origin: origin, continuations: present.continuations + [continuation], readers: present.readers, signer: key)
  }

  // MARK: - Older copies

  @Test func aCopyFromBeforeIsRefusedAndNotAccepted() throws {
    let copy = try Tree(of: fixture.path)
    try rotate()
    try copy.write(to: fixture.path)
    expect(.replacedSince) { try open().head() }
    expect(.replacedSince) { try open().plannedRestoration() }
    expect(.replacedSince) {
      try open().add([], kind: "document", fields: ["title": "t", "document.kind": "note"], signer: old)
    }
    #expect(try Tree(of: fixture.path) == copy)
  }

  @Test func whoOpenedTheVaultBeforeCannotSignWithTheOldKey() throws {
    let vault = try open()
    try rotate()
    let after = try Tree(of: fixture.path)
    #expect {
      try vault.add([], kind: "document", fields: ["title": "t", "document.kind": "note"], signer: old)
    } throws: {
      if case VaultError.file(.changed) = $0 { true } else { false }
    }
    #expect(try Tree(of: fixture.path) == after)
  }

  @Test func whatAnotherMachineRemembersGoesOver() throws {
    let other = fixture.folder["other state"]
    func elsewhere() throws -> Vault { try fixture.open(stateFolder: other) }
    try promise()
    func remember() throws {
      let vault = try elsewhere()
      vault.pin(try vault.head())
    }
    try remember()
    let copy = try Tree(of: fixture.path)
    try rotate()
    try remember()
    try copy.write(to: fixture.path)
    expect(.replacedSince) { try elsewhere().head() }
  }

  @Test func whoGoesOnFromLessThanWasSeenIsNotFollowed() throws {
    let copy = try Tree(of: fixture.path)
    try fixture.addDocument("Two", to: open())
    try copy.write(to: fixture.path)
    // Whoever restored the copy has no memory of the second document.
    _ = try fixture.open().replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: old)
    #expect { try open().head() } throws: { if case VaultError.rolledBack = $0 { true } else { false } }
  }
}
