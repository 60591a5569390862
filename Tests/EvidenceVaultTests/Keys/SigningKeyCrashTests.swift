import Age
@testable import EvidenceVault
import Primitives
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// A replacement of the signing key that was cut short: before its one step nothing is changed, and after it the next
/// command does the rest.
@Suite struct SigningKeyCrashTests {
  private let fixture: VaultFixture
  private let next: NextSigningKey
  private let before: Tree
  private let after: Tree
  private let pending: String

  init() throws {
    fixture = try VaultFixture()
    next = NextSigningKey(generating: fixture.environment)
    try fixture.addDocument("One", files: ["one.txt": "1"])
    let plan = try SplitPlan(threshold: 2, count: 2, holders: [], isWithSigning: true)
    _ = try fixture.open().split(fixture.identity, plan, signer: fixture.signer, to: fixture.folder["sheets"])
    _ = try fixture.open().promise(next.publicHalf, signer: fixture.signer)
    before = try Tree(of: fixture.path)
    _ = try fixture.open().replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, identities: [fixture.identity],
      signer: fixture.signer)
    after = try Tree(of: fixture.path)
    pending = next.promise.hex
  }

  /// The vault as it was before, with some files of afterwards.
  private func put(_ files: [(String, [UInt8]?)]) throws {
    try before.write(to: fixture.path)
    for (path, bytes) in files { try fixture.folder.write(#require(bytes), to: "vault/\(path)") }
  }

  private var seed: (String, [UInt8]?) { ("keys/signing-\(pending).age", after["keys/signing.age"]) }
  private var recovery: (String, [UInt8]?) {
    ("keys/signing-recovery-\(pending).age", after["keys/signing-recovery.age"])
  }
  private var note: (String, [UInt8]?) { ("vault.note", after["vault.note"]) }

  private func expectFinished() throws {
    let vault = try fixture.open()
    #expect(vault.note.fingerprint == next.fingerprint)
    let signer = try vault.signer(VaultFixture.passphrase())
    #expect(try vault.readHead().tree.size == 3)
    // What reads needs no writer.
    #expect(try fixture.reader().record(at: 0).title == "One")
    #expect(try vault.verify(deepWith: [fixture.identity]).isSound)
    _ = try vault.add([], kind: "document", fields: ["title": "Two", "document.kind": "note"], signer: signer)
    let reader = try fixture.reader()
    #expect(try reader.record(at: 3).fields["event"]?.stringValue == "replaced")
    #expect(try reader.record(at: 4).title == "Two")
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    let isNext = try fixture.open().signer(VaultFixture.passphrase()).encoded().isEqual(to: next.signer.encoded())
    #expect(isNext)
    #expect(try fixture.open().signerOfRecovery(fixture.identity) != nil)
    #expect(try Tree(of: fixture.path).files.filter { $0.hasPrefix("keys/signing") }.count == 2)
  }

  @Test func beforeTheNoteNothingIsChanged() throws {
    try put([seed, recovery])
    #expect(try fixture.open().note.note.bytes == before["vault.note"])
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).isSound)
    try fixture.addDocument("Two")
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    #expect(try Tree(of: fixture.path).files.filter { $0.hasPrefix("keys/signing") }.count == 2)
  }

  @Test func afterTheNoteTheNextWriterFinishes() throws {
    try put([seed, recovery, note])
    #expect(try fixture.open().isReplacementUnfinished())
    try expectFinished()
  }

  @Test func betweenTheFilesTheNextWriterFinishes() throws {
    try put([recovery, note, ("keys/signing.age", after["keys/signing.age"])])
    try expectFinished()
  }

  @Test func withoutTheEntryTheNextWriterFinishes() throws {
    try put([
      note, ("keys/signing.age", after["keys/signing.age"]),
      ("keys/signing-recovery.age", after["keys/signing-recovery.age"]),
    ])
    try expectFinished()
  }

  @Test func aReplacementThatIsRunAgainFinishes() throws {
    try put([seed, recovery, note])
    let vault = try fixture.open()
    let receipt = try vault.finishReplacement(signer: vault.signer(VaultFixture.passphrase()))
    #expect(receipt.index == 3 && receipt.head.tree.size == 4)
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    #expect(try !fixture.open().isReplacementUnfinished())
  }

  @Test func theReasonOutlivesWhoeverGaveIt() throws {
    try before.write(to: fixture.path)
    try fixture.open().keepReason("seized at the border", for: next.signer)
    let kept = "keys/\(SealedKeyFile.reason(of: next.signer.key(for: .vault).verifyingKey))"
    let sealed = try Tree(of: fixture.path)[kept]
    try put([seed, recovery, note, (kept, sealed)])
    #expect(try fixture.open().verify().isSound)
    try expectFinished()
    #expect(try fixture.reader().record(at: 3).fields["reason"]?.stringValue == "seized at the border")
    #expect(try Tree(of: fixture.path)[kept] == nil)
    // Left behind once the entry is made, or of a key that never came to count, it goes with the next writer.
    for name in [kept, kept.replacing(next.promise.hex, with: String(repeating: "0", count: 64))] {
      try fixture.folder.write(#require(sealed), to: "vault/\(name)")
      let vault = try fixture.open()
      let signer = try vault.signer(VaultFixture.passphrase())
      _ = try vault.add([], kind: "document", fields: ["title": "N", "document.kind": "note"], signer: signer)
      #expect(try Tree(of: fixture.path)[name] == nil)
    }
  }

  @Test func aReasonThatIsNoneIsRefusedBeforeAnythingIsChanged() throws {
    try before.write(to: fixture.path)
    #expect(throws: VaultError.self) {
      try fixture.open().replaceSigningKey(
        with: next, reason: String(repeating: "x", count: 2_001), passphrase: VaultFixture.passphrase(),
        workFactorLog2: 1, identities: [fixture.identity], signer: fixture.signer)
    }
    #expect(try Tree(of: fixture.path)["vault.note"] == before["vault.note"])
  }

  @Test func acceptingIsWhatFinishesItToo() throws {
    try put([seed, recovery, note])
    let vault = try fixture.open()
    let plan = try vault.plannedRestoration()
    #expect(plan.isUnfinished)
    _ = try vault.accept(plan, signer: vault.signer(VaultFixture.passphrase()))
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
  }

  @Test func anotherPassphraseIsForTheKeyThatCounts() throws {
    try put([seed, recovery, note])
    let new = TriedPassphrase(try VaultFixture.passphrase("other words that were chosen"))
    let present = TriedPassphrase(try VaultFixture.passphrase())
    _ = try fixture.open().changePassphrase(to: new, from: [present], workFactorLog2: 1)
    let signer = try fixture.open().signer(VaultFixture.passphrase("other words that were chosen"))
    let isNext = signer.encoded().isEqual(to: next.signer.encoded())
    #expect(isNext)
    #expect(throws: VaultError.self) { try fixture.open().signer(VaultFixture.passphrase()) }
  }

  @Test func aRepairKeepsWhatIsPending() throws {
    try put([seed, recovery, note])
    _ = try Vault.repair(fixture.path, environment: fixture.environment)
    try expectFinished()
  }
}
