@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// A sender can sign entries that contradict one another: whoever reads them must not have to choose.
@Suite struct BundleEntryLinksTests {
  private let fixture: VaultFixture
  private let reader: VaultReader

  /// Items 0 and 1; 2 and 3 amend item 0, 4 amends item 1; 5 is an event of item 0, 6 takes back consent to item 1.
  init() throws {
    fixture = try VaultFixture()
    for title in ["One", "Two"] { try fixture.addDocument(title, files: ["\(title).txt": title]) }
    for (item, title) in [(0, "Uno"), (0, "Ein"), (1, "Due")] as [(UInt64, JSON)] {
      _ = try fixture.reader().amend(
        item, setting: ["title": title], removing: [], reason: "a slip", adding: [], signer: fixture.signer)
    }
    let vault = try fixture.open()
    let viewed: JSONObject = ["item": 0, "event": "viewed", "at": "2023-05-26"]
    let event = try ComposedRecord(
      kind: "custody", added: fixture.environment.now(), fields: Schema.named("custody").validated(viewed), files: [],
      randomness: fixture.environment.randomness)
    _ = try vault.commit(
      [PreparedEntry(record: event, object: nil)], expecting: vault.head().tree, signer: fixture.signer)
    var withdrawing = Withdrawing(reason: "asked")
    withdrawing.classes = ["media"]
    _ = try fixture.reader().withdraw(1, withdrawing, signer: fixture.signer)
    reader = try fixture.reader()
  }

  private func entry(_ number: UInt64, as other: UInt64? = nil) throws -> Record {
    try Record(index: other ?? number, presentation: reader.record(at: number).presentation)
  }

  private func links(_ items: [UInt64], _ events: [UInt64] = []) throws -> BundleEntryLinks {
    try BundleEntryLinks(items: items.map { try entry($0) }, events: events.map { try entry($0) })
  }

  private func expectRefused(_ number: UInt64, _ body: () throws -> Void) {
    #expect {
      try body()
    } throws: {
      if case VaultError.bundle(.itemDoesNotFit(number, _)) = $0 { true } else { false }
    }
  }

  @Test func whatAVaultSendsIsSound() throws {
    let whole = try links([0, 1, 3, 4], [2, 5])
    try whole.require([0, 2, 3, 5], inHistoryOf: 0)
    try whole.require([1, 4], inHistoryOf: 1)
  }

  @Test func anAmendmentThatWouldCountIsNoEvent() throws {
    expectRefused(3) { _ = try links([0, 2], [3]) }
    expectRefused(2) { _ = try links([0], [2]) }
  }

  @Test func anEntryAmendsAnEarlierOneThatAmendsNone() throws {
    expectRefused(0) { _ = try BundleEntryLinks(items: [entry(2, as: 0)], events: []) }
    expectRefused(0) { _ = try BundleEntryLinks(items: [entry(4, as: 0)], events: []) }
    expectRefused(4) { _ = try BundleEntryLinks(items: [entry(0), entry(2, as: 1), entry(4)], events: []) }
    expectRefused(4) { _ = try BundleEntryLinks(items: [entry(0), entry(2, as: 1)], events: [entry(4)]) }
  }

  @Test func anEventIsNoItemAndNoItemAnEventToo() throws {
    expectRefused(5) { _ = try links([0, 5]) }
    expectRefused(0) { _ = try links([0], [0]) }
  }

  @Test func whatWasTakenBackIsSentToNobody() throws {
    expectRefused(6) { _ = try links([1], [6]) }
  }

  @Test func aHistoryNamesWhatHappenedToItsItem() throws {
    let all = try links([0, 1, 3, 4], [5])
    expectRefused(0) { try all.require([0, 1], inHistoryOf: 0) }
    expectRefused(0) { try all.require([0, 4], inHistoryOf: 0) }
    expectRefused(1) { try all.require([1, 5], inHistoryOf: 1) }
  }
}
