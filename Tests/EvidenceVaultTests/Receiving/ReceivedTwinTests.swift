@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// What came of one item in several bundles, in whatever order these arrive.
@Suite struct ReceivedTwinTests {
  private let fixture: ReceivingFixture
  private var sender: VaultFixture { fixture.sender }
  private var recipient: VaultFixture { fixture.recipient }

  init() throws { fixture = try ReceivingFixture() }

  /// Two bundles with a testimony: media may have it by the older one, and not by the newer.
  private func bundles() throws -> (older: String, newer: String) {
    try sender.addTestimony(more: [("consent.media", "code")])
    let older = try fixture.send([1])
    _ = try sender.reader().amend(
      1, setting: ["consent.media": "refused"], removing: [], reason: "asked", adding: [], signer: sender.signer)
    return (older, try fixture.send([1]))
  }

  private func withdraw(_ item: UInt64, classes: [String] = []) throws -> WithdrawalReceipt {
    var withdrawing = Withdrawing(reason: "asked")
    withdrawing.classes = classes
    return try recipient.reader().withdraw(item, withdrawing, signer: recipient.signer)
  }

  @Test(arguments: [["media"], []]) func anOlderBundleBringsNothingBack(classes: [String]) throws {
    let bundles = try bundles()
    let newer = try fixture.receive(bundles.newer).items[0].here
    let entry = try withdraw(newer, classes: classes).index
    let older = try fixture.receive(bundles.older).items[0].here
    let refusals = try fixture.refusals {
      try fixture.plan([older], for: "media") { $0.overrideReason = "no reason goes before a withdrawal" }
    }
    #expect(refusals == [.item(.withdrawn(by: entry))])
    #expect(try fixture.refusals { try fixture.plan([older]) }.isEmpty == !classes.isEmpty)
  }

  @Test func whatIsThereTwiceIsWithdrawnAtOnce() throws {
    let bundles = try bundles()
    let older = try fixture.receive(bundles.older).items[0].here
    let newer = try fixture.receive(bundles.newer).items[0].here
    let receipt = try withdraw(newer)
    #expect(receipt.covered == [older])
    #expect(try fixture.refusals { try fixture.plan([older]) } == [.item(.withdrawn(by: receipt.index))])
  }

  @Test(arguments: [true, false]) func theStricterConsentDecides(isNewerFirst: Bool) throws {
    let bundles = try bundles()
    let paths = isNewerFirst ? [bundles.newer, bundles.older] : [bundles.older, bundles.newer]
    let here = try paths.flatMap { try fixture.receive($0).items.map(\.here) }
    for item in here {
      #expect(try fixture.refusals { try fixture.plan([item], for: "media") } == [.item(.refused)], "item \(item)")
      #expect(try fixture.plan([item]).items.filter { !$0.isAlong }.count == 1)
    }
    _ = try recipient.reader().amend(
      here[isNewerFirst ? 0 : 1], setting: ["consent.media": "code"], removing: [], reason: "asked again", adding: [],
      signer: recipient.signer)
    #expect(try fixture.plan([here[0]], for: "media").items.count > 0)
  }

  /// Of two bundles with a letter, only one has its testimony.
  @Test(arguments: [true, false]) func theConsentThatCameWithOneOfThemSpeaksForBoth(isWithout first: Bool) throws {
    try sender.addTestimony(more: [("consent.media", "refused")])
    let letter = try sender.open().add(
      [], kind: "document", fields: ["title": "Letter", "document.kind": "note"], signer: sender.signer
    ).index
    let without = try fixture.send([letter])
    _ = try sender.reader().amend(
      letter, setting: ["consent.by": 1], removing: [], reason: "asked", adding: [], signer: sender.signer)
    let with = try fixture.send([letter])
    let here = try (first ? [without, with] : [with, without]).map { path in
      try #require(fixture.receive(path).items.first { $0.there == letter }?.here)
    }
    for item in here {
      #expect(try fixture.refusals { try fixture.plan([item]) }.isEmpty, "item \(item)")
      #expect(try fixture.refusals { try fixture.plan([item], for: "media") } == [.item(.refused)], "item \(item)")
    }
  }

  @Test func whatWasMadeFromAReceivedItemGoesOnlyWithAReasonToo() throws {
    try sender.addDocument("Minutes", files: ["minutes.txt": "Present: three"])
    let here = try fixture.receive(fixture.send([1])).items[0].here
    let copy: JSONObject = ["title": "Copy", "document.kind": "note", "derived_from": .integer(Int64(here))]
    let first = try recipient.open().add([], kind: "document", fields: copy, signer: recipient.signer).index
    let translation: JSONObject = ["title": "In English", "language": "en", "of": .integer(Int64(first))]
    let second = try recipient.open().add([], kind: "translation", fields: translation, signer: recipient.signer).index
    for item in [first, second] {
      #expect(try fixture.refusals { try fixture.plan([item]) } == [.item(.receivedWithoutConsent)], "item \(item)")
      #expect(try fixture.plan([item]) { $0.overrideReason = "the sender asked us to" }.items.count == 1)
    }
  }

  /// One thing that came by two roads, and another that came along: the proofs of both have files in common.
  @Test func whatCameByAnotherRoadIsToldWhenItIsWithdrawn() throws {
    let letters = try ["one", "two"].map { try sender.addDocument($0, files: ["letter.txt": "letter \($0)"]) }
    let here = try fixture.receive(fixture.send(letters)).items.map(\.here)
    let direct = try recipient.addDocument("Direct", files: ["letter.txt": "letter one"])
    #expect(try withdraw(here[0]).sameContent == [direct])
  }

  /// Each of three says to be one with the one before: a vault further on may get the first and the last alone.
  @Test func ofAChainEachNamesTheFirst() throws {
    for text in ["one", "two", "three"] { try sender.addDocument(text) }
    try fixture.amend(2, sameAs: 1)
    try fixture.amend(3, sameAs: 2)
    let here = try [1, 2, 3].map { try fixture.receive(fixture.send([$0])).items[0].here }
    let named = try here.map { try recipient.reader().record(at: $0).fields.entryNumbers(ConsentLineage.sameAs) }
    #expect(named == [[], [here[0]], [here[0]]])
  }

  /// Five bundles with one case would be five cases, enough to be shown.
  @Test func aCaseThatCameInSeveralBundlesIsCountedOnce() throws {
    func count(_ region: String? = nil) throws -> Int? {
      let conditions = try region.map { [try FieldCondition("region=\($0)", kind: CountTable.kind)] } ?? []
      return try recipient.reader().counts(by: [Dimension("region")], where: conditions, minimum: 1).total
    }
    let fields: JSONObject = [
      "title": "Case", "organisation.pseudonym": "Org 1", "region": "gbao", "mode": "suspended",
    ]
    let item = try sender.open().add([], kind: CountTable.kind, fields: fields, signer: sender.signer).index
    _ = try fixture.receive(fixture.send([item]))
    _ = try sender.reader().amend(
      item, setting: ["region": "sughd"], removing: [], reason: "mistyped", adding: [], signer: sender.signer)
    let newer = try fixture.receive(fixture.send([item])).items[0].here
    #expect(try count() == 1)
    #expect(try (count("gbao"), count("sughd")) == (0, 1), "the last one counts")
    _ = try withdraw(newer)
    #expect(try count() == 0, "withdrawn with all that came of it")
  }
}
