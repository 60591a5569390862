import Age
@testable import EvidenceReport
@testable import EvidenceVault
import Primitives
import StrictJSON
import TestFolders
import Testing

/// What a seized key says that happened to an item is no part of its history for anybody else.
@Suite struct SigningKeyHistoryTests {
  private let desks: ReceivingFixture
  private var fixture: VaultFixture { desks.sender }

  /// Entry 0 is the recipient, 1 a document, 2 what happened to it; 3 and 4 a thief signs: a transfer, and an export.
  init() throws {
    desks = try ReceivingFixture()
    try fixture.addDocument("True", files: ["true.txt": "true"])
    try enter("copied")
    let trusted = try #require(try ExpectedHead.typed(fixture.open().head().words))
    try enter("transferred")
    _ = try desks.send([1])
    let next = NextSigningKey(generating: fixture.environment)
    _ = try fixture.open().replaceSigningKey(
      with: next, trusting: trusted, reason: "seized", passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      signer: fixture.signer)
    fixture.signer = next.signer
  }

  private func enter(_ event: String) throws {
    _ = try fixture.reader().enterCustody(
      of: 1, ["event": .string(event), "at": "2023-06-02", "from": "Officer Maple"], signer: fixture.signer)
  }

  private func plan() throws -> ExportPlan {
    let reader = try fixture.reader()
    return try reader.plan(
      [1], for: .recipients([reader.recipient("Desk")]), purpose: "", choice: DisclosureChoice())
  }

  @Test func itGoesIntoNoBundle() throws {
    #expect(try fixture.reader().history(of: 1).map(\.event) == ["sealed", "copied", "transferred", "exported"])
    #expect(try plan().custody(of: 1).map(\.event) == ["sealed", "copied"])
    let received = try desks.receive(desks.send(plan()), from: .card(fixture.open().note))
    #expect(received.bundle.untrusted.isEmpty && received.bundle.events.map(\.index) == [2])
    // What is entered again under the new key goes.
    try enter("transferred")
    #expect(try plan().custody(of: 1).map(\.event) == ["sealed", "copied", "exported", "transferred"])
  }

  @Test func reportsTellWhichKeySignedWhat() throws {
    let plan = try plan()
    let former = try #require(plan.sender.formerKeys.first)
    #expect(former.start == 0 && former.trusted == 3 && former.end == 5)
    #expect(former.fingerprint != plan.sender.fingerprint)
    let said =
      "Entries 0 to 4 were signed by an earlier key (\(former.fingerprint)), revoked at entry 5: from entry 3 on, what "
      + "it signed is not trusted."
    #expect(TextReport(plan: plan).text.contains("Keys:         \(said)\n"))
    #expect(String(decoding: ReportPage(plan).bytes, as: UTF8.self).contains(said))
  }

  /// A program that overlooks it would mark it all the same.
  @Test func reportsMarkIt() throws {
    let plan = try plan()
    #expect(!TextReport(plan: plan).text.contains("NOT TRUSTED"))
    let whole = try fixture.reader().record(at: 3)
    let item = ExportPlan.Item(
      record: whole, amends: nil, overridden: [], bagPaths: [], entry: try fixture.reader().entry(at: 3), whole: whole)
    let forced = ExportPlan(
      items: plan.items, events: plan.events + [item], eventNumbers: [1: [2, 3]], refused: [],
      audience: plan.audience, purpose: "", identifier: plan.identifier, created: plan.created, sender: plan.sender,
      head: plan.head, choice: plan.choice, changes: [], stamps: plan.stamps)
    let lines = TextReport(plan: forced).text.split(separator: "\n").filter { $0.contains("NOT TRUSTED") }
    #expect(lines.count == 1 && lines[0].contains("transferred (entry 3)"), "\(lines)")
    let page = String(decoding: ReportPage(forced).bytes, as: UTF8.self)
    #expect(page.split(separator: "NOT TRUSTED").count == 2)
    #expect(!String(decoding: ReportPage(plan).bytes, as: UTF8.self).contains("NOT TRUSTED"))
  }
}
