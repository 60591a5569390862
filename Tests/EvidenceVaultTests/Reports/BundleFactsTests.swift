import Age
@testable import EvidenceReport
@testable import EvidenceVault
import Primitives
import StrictJSON
import TestFolders
import Testing
import Wording

/// What both reports say of a bundle: which entries are one item, whose clocks, which dates cannot all be right.
@Suite struct BundleFactsTests {
  private static let moment: Int64 = 1_685_093_400

  private func time(_ seconds: Int64, within accuracy: Int64 = 0, entryCount: UInt64 = 2) -> TrustedTime {
    TrustedTime(
      earliest: Timestamp(secondsSince1970: Self.moment + seconds - accuracy),
      latest: Timestamp(secondsSince1970: Self.moment + seconds + accuracy), authority: "CN=A\\, B",
      authorityDigest: SHA256Hasher.digest(of: []), entryCount: entryCount, path: "")
  }

  /// A plan with an entry for each of these moments, relative to that at which the bundle is made.
  private func plan(dated moments: [Int64]) throws -> ExportPlan {
    let fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
    for (place, seconds) in moments.enumerated() {
      var environment = fixture.environment
      environment.now = { Timestamp(secondsSince1970: Self.moment + seconds) }
      try fixture.addDocument("Note \(place)", to: Vault(opening: fixture.path, environment: environment))
    }
    return try fixture.planForDesk(moments.indices.map { UInt64($0 + 1) })
  }

  private func doubts(_ moments: [Int64], _ stamps: [TrustedTime] = []) throws -> [String] {
    try DateDoubts(in: plan(dated: moments).stamped(stamps)).phrases.map { $0.text(in: .en) }
  }

  @Test func datesThatAgreeAreNotTold() throws {
    #expect(try doubts([-7_000, -5_000, 0], [time(0)]).isEmpty)
    // Clocks that nobody set wrongly are some minutes apart.
    #expect(try doubts([0, -600, 600], [time(600), time(-300)]).isEmpty)
  }

  @Test func anEntryDatedBeforeAnEarlierOneIsToldOncePerRow() throws {
    let told = try doubts([-2_000, -9_000, -8_000, -1_000])
    #expect(
      told == [
        "entry 2 is dated 2023-05-26T07:00:00Z, and entry 1, made before it, 2023-05-26T08:56:40Z"
      ])
    #expect(try doubts([-1_000, -5_000, -1_000, -5_000]).count == 2)
  }

  @Test func anEntryDatedAfterItsBundleIsTold() throws {
    #expect(
      try doubts([0, 3_600]) == [
        "entry 2 is dated 2023-05-26T10:30:00Z, and the bundle that has it 2023-05-26T09:30:00Z"
      ])
    let many = try doubts(Array(repeating: 7_200, count: 13))
    #expect(many.count == 11 && many.last == "and 3 more of this kind")
  }

  @Test func whatAStampRefutesIsTold() throws {
    #expect(
      try doubts([0], [time(3_600)]) == [
        "the bundle is dated 2023-05-26T09:30:00Z, and the time-stamp in it 2023-05-26T10:30:00Z"
      ])
    // The stamp is on a head of two entries, and says nothing of the third.
    #expect(
      try doubts([0, 0], [time(-3_600)]) == [
        "entry 1 is dated 2023-05-26T09:30:00Z, and a time-stamp says that it existed on 2023-05-26T08:30:00Z"
      ])
  }

  /// A clock that may be a year off contradicts nothing within that year, on either side.
  @Test func aStampSaysNoMoreThanItsAccuracy() throws {
    let year: Int64 = 31_536_000
    #expect(try doubts([0], [time(3_600, within: year), time(-3_600, within: year)]).isEmpty)
    #expect(
      try doubts([0], [time(7_200, within: 3_600)]) == [
        "the bundle is dated 2023-05-26T09:30:00Z, and the time-stamp in it 2023-05-26T10:30:00Z"
      ])
    #expect(try doubts([0], [time(-7_200, within: 3_600)]).count == 1)
  }

  @Test func bothReportsTellDatesClocksAndStamps() throws {
    let plan = try plan(dated: [0, 3_600])
    let text = TextReport(plan: plan.stamped([time(0)])).text
    let page = String(decoding: ReportPage(plan.stamped([time(0)])).bytes, as: UTF8.self)
    let digest = SHA256Hasher.digest(of: []).hex
    for said in [
      "entry 2 is dated 2023-05-26T10:30:00Z", "the sender&#39;s disk says when each file was last changed",
      "By then the sender&#39;s index existed up to entry 1, says the authority &quot;CN=A\\, B&quot;, whose "
        + "certificate has the SHA-256 \(digest)",
    ] {
      #expect(page.contains(said), "\(said)")
      let plain = said.replacing("&#39;", with: "'").replacing("&quot;", with: "\"")
      #expect(text.contains(plain), "\(plain)")
    }
    #expect(text.contains("Time-stamp:   2023-05-26T09:30:00Z. By then"))
    #expect(!TextReport(plan: try self.plan(dated: [0])).text.contains("do not agree"))
  }

  @Test func anAmendedItemIsOneItem() throws {
    let report = try ReportFixture()
    let text = TextReport(plan: try report.plan()).text
    #expect(text.contains("Items:        7\n"))
    #expect(text.contains("ITEM 1: document, superseded by entry 8\n"))
    #expect(text.contains("ENTRY 8: document, amends item 1\n"))
  }

  @Test func amendmentsAreKnownByTheirRecords() throws {
    let fixture = try VaultFixture()
    try fixture.addDocument("First")
    try fixture.addDocument("Second")
    for title in ["Third", "Fourth"] {
      _ = try fixture.reader().amend(
        0, setting: ["title": .string(title)], removing: [], reason: "a correction", adding: [], signer: fixture.signer)
    }
    let records = try [0, 1, 2, 3].map { try fixture.reader().record(at: $0) }
    let amendments = Amendments(among: records)
    let remarks = [0, 1, 2, 3].map { amendments.remark(on: $0)?.text(in: .en) }
    #expect(
      remarks == ["superseded by entry 3", nil, "amends item 0, superseded by entry 3", "amends item 0"])
    #expect(amendments.itemCount == 2)
  }

  @Test func theTextSaysWhatTheWitnessAllowsAndWhatHappened() throws {
    let report = try ReportFixture()
    let text = TextReport(plan: try report.plan()).text
    #expect(text.contains("\nWhat the witness allows you:\n  You may know and use the name."))
    #expect(text.contains("transferred (entry 9)\n      When: 2023-06-02\n"))
    // Here most questions have no answer.
    let brief = TextReport(plan: try VaultFixture.filled().planForDesk([1])).text
    #expect(brief.contains("\nWhat the witness allows you:\n  Use the code name of the witness only"))
    #expect(brief.contains(": no answer in this bundle, which counts as no\n"))
  }

  @Test func theReadMeHasCommandsForWhatIsInTheBundle() throws {
    let plan = try plan(dated: [0])
    #expect(!ReadMe(plan, hasSheet: false).text.contains("openssl"))
    let stamped = ReadMe(plan.stamped([time(0)]), hasSheet: false).text
    let digest = SHA256Hasher.digest(of: []).hex
    #expect(stamped.contains("    t=proofs/timestamps/\(digest)\n    sed '1,/^$/d' proofs/item-1."))
    #expect(stamped.contains("\nage 1.1 or newer and tar open the sealed bundle again"))
  }
}
