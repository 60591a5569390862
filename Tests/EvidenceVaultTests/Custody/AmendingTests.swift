@testable import EvidenceVault
import StrictJSON
import Testing

/// A record is amended by a newer one; the old one stays.
@Suite struct AmendingTests {
  private func amend(
    _ fixture: VaultFixture, _ item: UInt64, _ changes: JSONObject, removing: Set<String> = []
  ) throws -> UInt64 {
    try fixture.reader().amend(
      item, setting: changes, removing: removing, reason: "a correction", adding: [], signer: fixture.signer
    ).index
  }

  private func shown(_ fixture: VaultFixture, _ item: UInt64) throws -> [ExportPlan.Item] {
    let reader = try fixture.reader()
    return try reader.plan(
      [item], for: .recipients([reader.recipient("Desk")]), purpose: "", choice: DisclosureChoice()
    ).items
  }

  @Test func theNewestRecordCountsAndTheItemKeepsItsNumberAndFiles() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    #expect(try amend(fixture, 0, ["consent.media": "code"]) == 1)
    #expect(try amend(fixture, 0, ["consent.media": "refused"], removing: ["consent.quotes"]) == 2)
    let item = try fixture.reader().currentItem(0)
    #expect(item.records.map(\.index) == [0, 1, 2])
    #expect(item.current.fields["consent.media"] == "refused")
    #expect(item.current.fields["consent.quotes"] == nil)
    #expect(item.current.fields["amends"] == 0)
    #expect(item.records[0].files.count == 1)
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
  }

  @Test func anAmendmentIsAmendedUnderTheNumberOfItsItem() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    _ = try amend(fixture, 0, ["consent.media": "code"])
    #expect { try amend(fixture, 1, ["consent.media": "none"]) } throws: {
      if case VaultError.isAmendment(1, of: 0) = $0 { true } else { false }
    }
  }

  @Test func whatChangesNothingOrBreaksTheSchemaIsNotAdded() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    #expect { try amend(fixture, 0, ["consent.lawyer": "code"]) } throws: {
      if case VaultError.nothingChanges = $0 { true } else { false }
    }
    #expect { try amend(fixture, 0, ["amends": 7, "consent.media": "code"]) } throws: {
      if case VaultError.programField = $0 { true } else { false }
    }
    #expect(throws: VaultError.self) { try amend(fixture, 0, [:], removing: ["witness.code"]) }
    #expect(throws: VaultError.self) { try amend(fixture, 0, [:], removing: ["consent.public"]) }
    #expect(try fixture.reader().count == 1)
  }

  @Test func whatAnAmendmentReplacedIsNotShownAnyMore() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony("The account, too much in the title")
    _ = try fixture.addRecipient("Desk")
    _ = try amend(fixture, 0, ["title": "The account"])
    let items = try shown(fixture, 0)
    #expect(items.map(\.record.index) == [0, 2])
    #expect(items[0].record.fields["title"] == nil)
    #expect(items[0].record.fields["witness.code"] == "Blue Heron")
    #expect(items[1].record.fields["title"] == "The account")
  }

  /// Without it, an amendment would be an item of its own.
  @Test func whatAnAmendmentAmendsIsNotWithheld() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    _ = try fixture.addRecipient("Desk")
    _ = try amend(fixture, 0, ["title": "The account"])
    #expect { try fixture.planForDesk([0]) { $0.withheld = ["amends"] } } throws: {
      if case VaultError.conditionTravels("amends") = $0 { true } else { false }
    }
  }

  @Test func consentOfTheNewestRecordDecides() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    _ = try fixture.addRecipient("Desk")
    _ = try amend(fixture, 0, ["consent.lawyer": "refused"])
    #expect { try shown(fixture, 0) } throws: {
      if case VaultError.refusedByConsent = $0 { true } else { false }
    }
  }

  @Test func whoeverReadBeforeOthersAddedReadsAgain() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    let early = try fixture.reader()
    _ = try amend(fixture, 0, ["consent.media": "code"])
    #expect {
      try early.amend(
        0, setting: ["consent.public": "code"], removing: [], reason: "late", adding: [], signer: fixture.signer)
    } throws: {
      if case VaultError.grownMeanwhile = $0 { true } else { false }
    }
  }
}
