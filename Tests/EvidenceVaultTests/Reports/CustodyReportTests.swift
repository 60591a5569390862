import EvidenceReport
import EvidenceVault
import StrictJSON
import Testing

/// What both reports say of the history of an item: what is not disclosed of an event is counted, and a check whose
/// result is withheld does not read as one that found nothing.
@Suite struct CustodyReportTests {
  private let fixture: VaultFixture

  init() throws {
    fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
    try fixture.addDocument("Summons")
  }

  private func reports(entering fields: JSONObject) throws -> [String] {
    _ = try fixture.reader().enterCustody(of: 1, fields, signer: fixture.signer)
    let plan = try fixture.planForDesk([1])
    let pages = try Pages.all(for: plan, with: nil, from: fixture.reader())
    return pages.filter { $0.path.hasPrefix("REPORT") }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  @Test func aCheckWhoseResultIsWithheldSaysSo() throws {
    let reports = try reports(entering: [
      "event": "verified", "at": "2024-05-05", "by": "Grey Wren", "result": "the stamp is forged", "reason": "asked",
    ])
    #expect(reports.count == 2)
    for report in reports {
      #expect(report.contains("what the check found is not in this bundle") && !report.contains("forged"))
      #expect(report.contains("as the sender entered it"))
    }
    // The number of the item is withheld as well.
    #expect(reports.contains { $0.contains("4 fields are withheld") })
    #expect(reports.contains { $0.contains("      withheld: 4 field(s)\n") })
  }

  @Test func ofWhatIsNoCheckNothingWasFound() throws {
    for report in try reports(entering: ["event": "viewed", "at": "2024-05-05"]) {
      #expect(!report.contains("what the check found"))
    }
  }
}
