import Age
import DurableStore
@testable import EvidenceVault
import Primitives
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// What a seized key signed after the last head that is trusted: it stays, is told, and goes nowhere.
@Suite struct SigningKeyRevocationTests {
  private let desks: ReceivingFixture
  private let next: NextSigningKey
  private let stolen: Identity
  private let trusted: ExpectedHead
  private var fixture: VaultFixture { desks.sender }

  /// Entry 0 is the recipient, 1 a testimony, 2 an item; the rest is what a thief signed: an item, a recipient and an
  /// amendment.
  init() throws {
    desks = try ReceivingFixture()
    next = NextSigningKey(generating: desks.sender.environment)
    try desks.sender.addTestimony()
    try desks.sender.addDocument("True", files: ["true.txt": "true"])
    trusted = try #require(try ExpectedHead.typed(desks.sender.open().head().words))
    try desks.sender.addDocument("False", files: ["false.txt": "false"])
    stolen = try desks.sender.addRecipient("Thief")
    _ = try desks.sender.reader().amend(
      2, setting: ["title": "Turned"], removing: [], reason: "", adding: [], signer: desks.sender.signer)
  }

  @discardableResult
  private func revoke(_ head: ExpectedHead? = nil) throws -> SigningKeyReceipt {
    let receipt = try fixture.open().replaceSigningKey(
      with: next, trusting: head ?? trusted, reason: "seized", passphrase: VaultFixture.passphrase(),
      workFactorLog2: 1, signer: fixture.signer)
    fixture.signer = next.signer
    return receipt
  }

  private func plan(_ item: UInt64) throws -> ExportPlan {
    let reader = try fixture.reader()
    return try reader.plan(
      [item], for: .recipients([reader.recipient("Desk")]), purpose: "", choice: DisclosureChoice())
  }

  private func expect(_ fault: SigningKeyFault, _ body: () throws -> some Any) {
    #expect { try body() } throws: { if case VaultError.signingKey(fault) = $0 { true } else { false } }
  }

  @Test func entriesBehindTheHeadStayAndAreTold() throws {
    let count = try fixture.open().head().tree.size
    let receipt = try revoke()
    #expect(receipt.untrusted == 3..<count && !receipt.areReadersUntrusted)
    let report = try fixture.open().verify(deepWith: [fixture.identity])
    #expect(report.isSound && report.findings.map(\.subject) == [.untrusted] && report.findings.map(\.item) == [3])
    let reader = try fixture.reader()
    #expect(try reader.record(at: 3).title == "False")
    #expect(try reader.record(at: count).fields["event"]?.stringValue == "revoked")
    let trustedHead = try reader.record(at: count).fields["trusted_head"]?.stringValue
    #expect(
      try trustedHead == "3 " + WordList.fingerprint(of: reader.vault.tree(reader.head.tree).head(ofSize: 3).root))
    #expect(fixture.isTrusted(2) && !fixture.isTrusted(3) && !fixture.isTrusted(count - 1) && fixture.isTrusted(count))
  }

  /// An old record of the testimony has the document as an attachment. The thief says that this was a mistake.
  @Test func noneOfThemFreesWhatAWithdrawalReaches() throws {
    for (changes, removed) in [(["attachments": [2]], []), ([:], ["attachments"])] as [(JSONObject, Set<String>)] {
      _ = try fixture.reader().amend(
        1, setting: changes, removing: removed, reason: "looked", adding: [], signer: fixture.signer)
    }
    let head = try #require(try ExpectedHead.typed(fixture.open().head().words))
    var withdrawing = Withdrawing(reason: "a mistake")
    withdrawing.classes = ["media"]
    withdrawing.notCovering = [2]
    _ = try fixture.reader().withdraw(1, withdrawing, signer: fixture.signer)
    try revoke(head)
    let receipt = try fixture.reader().withdraw(1, Withdrawing(reason: "asked"), signer: next.signer)
    #expect(receipt.covered == [2])
    #expect { try plan(2) } throws: {
      guard case VaultError.refusedByConsent(let refusals) = $0 else { return false }
      return refusals.map(\.cause) == [.item(.withdrawn(by: receipt.index))]
    }
  }

  @Test func theyAreSentToNobody() throws {
    try revoke()
    expect(.untrustedItem(3)) { try plan(3) }
    // An amendment by the thief, until somebody amends it again.
    expect(.untrustedItem(5)) { try plan(2) }
    _ = try fixture.reader().amend(
      2, setting: ["title": "True again"], removing: [], reason: "", adding: [], signer: next.signer)
    #expect(try plan(2).items.last?.whole.title == "True again")
    #expect { try fixture.reader().recipient("Thief") } throws: {
      if case VaultError.noSuchRecipient = $0 { true } else { false }
    }
    _ = try fixture.addRecipient("Thief")
    #expect(try fixture.reader().recipient("Thief").index > 5)
  }

  @Test func readersWhomTheThiefAddedAreTold() throws {
    _ = try fixture.open().addReader(
      "Thief", keys: [stolen.recipient], comparison: .call, signer: fixture.signer)
    #expect(try revoke().areReadersUntrusted)
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).isSound)
  }

  @Test func aHeadThatTheVaultNeverHadIsRefused() throws {
    let before = try Tree(of: fixture.path)
    for head in [ExpectedHead.words(size: 3, fingerprint: "one two"), .words(size: 99, fingerprint: "one two")] {
      expect(.noSuchHead) {
        try fixture.open().replaceSigningKey(
          with: next, trusting: head, passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
          signer: fixture.signer)
      }
    }
    #expect(try Tree(of: fixture.path) == before)
  }

  /// Whoever rotates in haste and revokes later is told that it is too late, and not that all was done.
  @Test func aKeyThatWasReplacedBeforeIsRevokedNoMore() throws {
    _ = try fixture.open().replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
    fixture.signer = next.signer
    let before = try Tree(of: fixture.path)
    expect(.replacedBefore(3..<6)) {
      try fixture.open().replaceSigningKey(
        with: NextSigningKey(generating: fixture.environment), trusting: trusted,
        passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
    }
    expect(.replacedBefore(3..<6)) { try fixture.open().finishReplacement(trusting: trusted, signer: fixture.signer) }
    #expect(try Tree(of: fixture.path) == before)
  }

  /// Whoever revokes from the last head of all would otherwise only have rotated.
  @Test func aKeyIsRevokedThoughNothingStandsBehindTheHead() throws {
    let bundle = try desks.send([2])
    let head = try fixture.open().head()
    let size = head.tree.size
    #expect(try revoke(ExpectedHead.typed(head.words)).untrusted == size..<size + 1)
    #expect(fixture.isTrusted(size - 1) && !fixture.isTrusted(size) && fixture.isTrusted(size + 1))
    let reader = try fixture.reader()
    for entry in [size, size + 1] {
      #expect(try reader.record(at: entry).fields["event"]?.stringValue == "revoked")
      #expect(try reader.record(at: entry).fields["trusted_head"]?.stringValue == head.words)
    }
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).isSound)
    #expect(try plan(2).items.last?.whole.title == "Turned")
    let new = try fixture.open().note
    expect(.senderRevoked) { try desks.receive(bundle, from: .card(new)) }
  }

  /// An amendment that is true is confirmed as it is.
  @Test func whatAnUntrustedAmendmentSaysIsSaidAgain() throws {
    try revoke()
    func confirm() throws {
      _ = try fixture.reader().amend(2, setting: [:], removing: [], reason: "true", adding: [], signer: next.signer)
    }
    try confirm()
    #expect(try plan(2).items.last?.whole.title == "Turned")
    #expect { try confirm() } throws: { if case VaultError.nothingChanges = $0 { true } else { false } }
  }

  /// The thief has the witness agree to everything; the owner corrects a title.
  @Test func aChangeBeginsWithWhatIsTrusted() throws {
    _ = try fixture.reader().amend(
      1, setting: ["consent.lawyer": "full", "consent.media": "full"], removing: ["consent.quotes"], reason: "",
      adding: [], signer: fixture.signer)
    try revoke()
    let before = try fixture.reader().currentItem(1)
    #expect(
      try fixture.reader().untrustedFields(of: before) == ["consent.lawyer", "consent.media", "consent.quotes"])
    _ = try fixture.reader().amend(
      1, setting: ["title": "Statement"], removing: [], reason: "", adding: [], signer: next.signer)
    let item = try fixture.reader().currentItem(1)
    #expect(item.current.title == "Statement")
    #expect(item.current.fields["consent.lawyer"] == "code" && item.current.fields["consent.media"] == nil)
    #expect(item.current.fields["consent.quotes"] == "verbatim")
    #expect(try fixture.reader().untrustedFields(of: item).isEmpty)
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).isSound)
  }

  @Test func whatNobodySignedWhoIsTrustedIsNotChanged() throws {
    try revoke()
    expect(.untrustedItem(3)) {
      try fixture.reader().amend(
        3, setting: ["title": "Mine"], removing: [], reason: "", adding: [], signer: next.signer)
    }
  }

  @Test func nothingAtAllMayBeTrusted() throws {
    let empty = ExpectedHead.words(size: 0, fingerprint: WordList.fingerprint(of: TreeHead.empty.root))
    #expect(try revoke(empty).untrusted?.lowerBound == 0)
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).isSound)
  }

  // MARK: - Bundles

  @Test func aBundleTellsWhatIsNotTrusted() throws {
    let plan = try plan(3)
    try revoke()
    // Whoever overlooked it: the plan of before, made under the new key.
    let reader = try fixture.reader()
    let forced = ExportPlan(
      items: plan.items, events: [], eventNumbers: [:], refused: [], audience: plan.audience, purpose: "",
      identifier: plan.identifier, created: plan.created, sender: reader.vault.note, head: reader.head,
      choice: plan.choice, changes: [], stamps: plan.stamps)
    let received = try desks.receive(desks.send(forced), from: .card(reader.vault.note))
    #expect(received.bundle.untrusted == [3])
  }

  @Test func bundlesOfBeforeAndAfterOpen() throws {
    let old = try fixture.open().note
    let before = try desks.send([2])
    _ = try fixture.open().replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
    fixture.signer = next.signer
    let new = try fixture.open().note
    let after = try desks.send([2])
    // The old card opens what was signed before; the new one both.
    let first = try desks.receive(before, from: .card(old))
    #expect(try desks.receive(before, from: .card(new)).wasThere)
    let second = try desks.receive(after, from: .card(new))
    #expect(second.bundle.untrusted.isEmpty)
    // It is the same item of the same sender.
    #expect(second.items.first?.earlier == first.items.map(\.here))
    expect(.senderReplaced(words: new.fingerprint, promise: .unknown)) {
      try desks.receive(after, from: .fingerprint(old.fingerprint))
    }
    expect(.senderReplaced(words: new.fingerprint, promise: .unknown)) { try desks.receive(after, from: .card(old)) }
  }

  /// The card has the head that the replaced key ended with.
  @Test func anotherIndexOfTheSizeAtWhichAKeyWasReplacedIsRefused() throws {
    let before = try Tree(of: fixture.path)
    try fixture.addDocument("Other", files: ["other.txt": "other"])
    let other = try desks.send([2])
    try TemporaryFolder.remove(fixture.path)
    try before.write(to: fixture.path)
    try fixture.addDocument("Own", files: ["own.txt": "own"])
    _ = try fixture.open().replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
    expect(.senderRevoked) { try desks.receive(other, from: .card(fixture.open().note)) }
  }

  @Test func whoHoldsThePromiseLearnsWhetherItWasKept() throws {
    let promised = try fixture.open().promise(next.publicHalf, signer: fixture.signer).vault.note
    let other = try fixture.open().note.promising(SHA256Hasher.digest(of: [1]), signer: fixture.signer)
    try revoke()
    let words = try fixture.open().note.fingerprint
    let after = try desks.send([1])
    expect(.senderReplaced(words: words, promise: .kept)) { try desks.receive(after, from: .card(promised)) }
    expect(.notPromised) { try desks.receive(after, from: .card(other)) }
  }

  @Test func whatTheRevokedKeySignsIsNotTakenFromWhoKnowsTheNewCard() throws {
    let bundle = try desks.send([2])
    try revoke()
    let new = try fixture.open().note
    expect(.senderRevoked) { try desks.receive(bundle, from: .card(new)) }
    #expect { try desks.receive(bundle, from: .fingerprint(new.fingerprint)) } throws: {
      if case VaultError.unknownSigner = $0 { true } else { false }
    }
  }
}

extension VaultFixture {
  func isTrusted(_ entry: UInt64) -> Bool { (try? open().note.isTrusted(entry)) ?? false }
}
