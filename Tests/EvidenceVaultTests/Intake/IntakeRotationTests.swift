import Foundation
import Primitives
import StrictJSON
import TestFolders
import Testing

@testable import EvidenceVault

/// An intake vault whose signing key was replaced is known still, if the key was promised when it was collected last.
@Suite struct IntakeRotationTests {
  private let fixture: IntakeFixture
  private let next: NextSigningKey
  private var main: VaultFixture { fixture.main }

  init() throws {
    fixture = try IntakeFixture()
    next = NextSigningKey(generating: fixture.main.environment)
  }

  private func promise(_ key: NextSigningKey) throws {
    _ = try fixture.field().promise(key.publicHalf, signer: fixture.signer)
  }

  private func rotate(
    to key: NextSigningKey, at path: String? = nil, trusting trusted: ExpectedHead? = nil
  ) throws {
    let vault = try Vault(opening: path ?? fixture.path, environment: main.environment)
    _ = try vault.replaceSigningKey(
      with: key, trusting: trusted, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
    fixture.signer = key.signer
  }

  private func fault(_ path: String? = nil) throws -> SigningKeyFault? {
    do {
      try fixture.collect(path)
      return nil
    } catch VaultError.signingKey(let fault) {
      return fault
    }
  }

  @Test func aKeyThatWasPromisedBeforeIsFollowedAndAllGoesOn() throws {
    try fixture.add("First")
    try promise(next)
    let first = try #require(try fixture.collect().items.first?.here)
    let older = try fixture.copy("older")
    let old = fixture.signer
    try rotate(to: next)
    _ = try fixture.fieldReader().amend(
      0, setting: ["title": "First, corrected"], removing: [], reason: "r", adding: [], signer: fixture.signer)
    try fixture.add("Second")
    let collected = try fixture.collect()
    #expect(collected.followedKey?.words == next.fingerprint && collected.isCertified)
    #expect(collected.items.map(\.title) == ["First, corrected", "Second"])
    #expect(collected.items[0].amends == first)
    try fixture.add("Third")
    let again = try fixture.collect()
    #expect(again.items.map(\.title) == ["Third"] && again.followedKey == nil)
    // What the old key signs now is none of it.
    let copy = try Vault(opening: older, environment: main.environment)
    _ = try copy.add([], kind: "document", fields: ["title": "Forged", "document.kind": "note"], signer: old)
    #expect(try fault(older) == .replacedSince)
    #expect(try main.open().verify(deepWith: [main.identity]).findings.isEmpty)
    let entry = try main.reader().revokeIntake("North", reason: "seized", trustedHead: nil, signer: main.signer)
    try fixture.add("Fourth")
    #expect(try fixture.fault() == .revoked(name: "North", by: entry))
  }

  @Test func twoThatFollowEachOtherAreFollowedIfEachPromisedTheNext() throws {
    try promise(next)
    try fixture.collect()
    try rotate(to: next)
    let third = NextSigningKey(generating: main.environment)
    try promise(third)
    try rotate(to: third)
    try fixture.add("First")
    #expect(try fixture.collect().followedKey?.words == third.fingerprint)
  }

  @Test func aPromiseThatNobodyHadCollectedIsNone() throws {
    try fixture.add("First")
    try fixture.collect()
    let before = try fixture.archive
    // Whoever seized the key can promise one of theirs, and put it in its place.
    try promise(next)
    try rotate(to: next)
    let words = try fixture.words
    #expect(try fixture.fault() == .keyNotPromised(name: "North", fingerprint: words))
    #expect(try fixture.archive == before)
    try fixture.add("Second")
    let collected = try fixture.collect { $0.key = "compared by telephone" }
    #expect(collected.items.map(\.title) == ["Second"] && collected.followedKey?.words == words)
    #expect(!collected.isCertified)
    #expect(try fixture.collect().followedKey == nil)
  }

  @Test func aKeyThatWasNeverPromisedIsRefused() throws {
    try fixture.add("First")
    try fixture.collect()
    try rotate(to: next)
    #expect(try fixture.fault() == .keyNotPromised(name: "North", fingerprint: fixture.words))
  }

  /// A copy from before the promise lets whoever has it put any key in its place.
  @Test func anotherKeyThanThePromisedOneIsRefused() throws {
    try fixture.add("First")
    let before = try fixture.copy("before")
    try promise(next)
    try fixture.collect()
    try rotate(to: NextSigningKey(generating: main.environment), at: before)
    #expect(try fault(before) == .notPromised)
  }

  @Test func whatASeizedKeySignedStaysThere() throws {
    try promise(next)
    try fixture.collect()
    try fixture.add("True")
    let head = try fixture.field().head()
    try fixture.add("Put in")
    let trusted = try #require(try ExpectedHead.typed(head.words))
    try rotate(to: next, trusting: trusted)
    let collected = try fixture.collect()
    #expect(collected.items.map(\.title) == ["True"])
    #expect(collected.left.first?.reason == .untrusted)
  }

  /// It came before anybody knew; here nothing tells it from what is true but the field's new card.
  @Test func whatCameBeforeItsKeyWasRevokedIsToldUntilAPersonHasSeenToIt() throws {
    try promise(next)
    try fixture.add("True")
    try fixture.collect()
    let trusted = try #require(try ExpectedHead.typed(fixture.field().head().words))
    let forged = try [fixture.add("Put in"), fixture.add("Put in, too"), fixture.add("True after all")]
    let before = try fixture.collect()
    #expect(before.doubtful.isEmpty && !before.needsAttention)
    let here = before.items.map(\.here)
    try rotate(to: next, trusting: trusted)
    let all = zip(forged, here).map { CollectedVault.Known(there: $0, here: $1) }
    for _ in 0..<2 {  // with something new, and with nothing
      let collected = try fixture.collect()
      #expect(collected.doubtful == all && collected.needsAttention)
    }
    _ = try main.reader().withdraw(here[0], Withdrawing(reason: "false"), signer: main.signer)
    _ = try main.reader().amend(
      here[2], setting: ["title": "True, asked"], removing: [], reason: "asked", adding: [], signer: main.signer)
    #expect(try fixture.collect().doubtful == [all[1]])
    var some = Withdrawing(reason: "false")
    some.classes = ["media"]
    _ = try main.reader().withdraw(here[1], some, signer: main.signer)
    #expect(try fixture.collect().needsAttention)
    _ = try main.reader().withdraw(here[1], Withdrawing(reason: "false"), signer: main.signer)
    #expect(try !fixture.collect().needsAttention)
  }

  /// What takes consent back counts whoever signed it, as everywhere: it only takes away.
  @Test func aWithdrawalBehindTheTrustedHeadStopsExportsHere() throws {
    try promise(next)
    try fixture.add("True")
    let item = try #require(try fixture.collect().items.first)
    let head = try fixture.field().head()
    try fixture.add("Put in")
    _ = try fixture.fieldReader().withdraw(item.there, Withdrawing(reason: "asked for"), signer: fixture.signer)
    let trusted = try #require(try ExpectedHead.typed(head.words))
    try rotate(to: next, trusting: trusted)
    let collected = try fixture.collect()
    #expect(collected.withdrawn.map(\.item) == [item.here] && collected.needsAttention)
    #expect(collected.items.isEmpty && collected.left.contains { $0.reason == .untrusted })
  }

  /// Readers, origins and keys change; who made the vault does not.
  @Test func theCertificateOutlivesTheNote() throws {
    try promise(next)
    #expect(try fixture.field().certification(by: main.open().note) == .present)
    try rotate(to: next)
    #expect(try !fixture.field().note.isCertified(by: main.open().note))
    // Whoever has seized a key can replace it, and promise before what they like.
    #expect(try fixture.field().certification(by: main.open().note) == .formerKey)
    #expect(try fixture.field().verify().findings.isEmpty)
    // Of another vault it certifies nothing.
    let kept = try #require(try Tree(of: fixture.path)[Vault.certificateName])
    let path = main.folder["stranger"]
    let stranger = try Vault.create(
      at: path, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, environment: main.environment)
    try main.folder.write(kept, to: "stranger/\(Vault.certificateName)")
    #expect(try stranger.certification(by: main.open().note) == .none)
  }

  @Test func aRepairTakesTheCertificateFromACopy() throws {
    try promise(next)
    try rotate(to: next)
    let kept = try #require(try Tree(of: fixture.path)[Vault.certificateName])
    let copy = try fixture.copy("copy")
    let certificate = "\(fixture.path)/\(Vault.certificateName)"
    for damage in [nil, Array(kept.dropLast()), Array("nothing that is signed\n".utf8)] {
      try FileManager.default.removeItem(atPath: certificate)
      if let damage { try Data(damage).write(to: URL(filePath: certificate)) }
      #expect(try fixture.field().certification(by: main.open().note) == .none)
      let report = try Vault.repair(fixture.path, from: copy, environment: main.environment)
      #expect(report.steps.filter { $0.action == .restored }.map(\.path) == [Vault.certificateName])
      #expect(try fixture.field().certification(by: main.open().note) == .formerKey)
    }
    // What lies in its place in a copy that somebody else had is not taken.
    try FileManager.default.removeItem(atPath: certificate)
    let other = try #require(try Tree(of: main.open().path)[VaultNote.fileName])
    try FileManager.default.removeItem(atPath: "\(copy)/\(Vault.certificateName)")
    try Data(other).write(to: URL(filePath: "\(copy)/\(Vault.certificateName)"))
    let report = try Vault.repair(fixture.path, from: copy, environment: main.environment)
    #expect(report.steps.allSatisfy { $0.action != .restored })
  }
}
