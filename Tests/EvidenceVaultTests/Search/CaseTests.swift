@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

@Suite struct CaseTests {
  private let fixture: VaultFixture

  init() throws {
    fixture = try VaultFixture()
    try fixture.addCase("juniper", ["date_decision": "2023-05-12", "date_pressure_began": "2022-09"])
    try fixture.addTestimony(more: [
      ("case", "juniper"), ("consent.lawyer", "code"), ("consent.media", "refused"), ("consent.until", "2026"),
      ("interview.recording", 0),
    ])
    try fixture.addCase("willow", ["region": "sughd"])
    _ = try fixture.open().addEvent(
      "export", ["recipients": ["Desk"], "items": [0, 2], "purpose": "First submission", "bundle": "00"],
      signer: fixture.signer)
  }

  @Test func casesAreListedWithWhatTheyHave() throws {
    let cases = try fixture.reader().cases()
    #expect(cases.map(\.code) == ["juniper", "willow"])
    #expect(cases.map(\.title) == ["Closure of juniper", "Closure of willow"])
    #expect(cases.map(\.region) == ["gbao", "sughd"])
    #expect(cases.map(\.testimonyCount) == [1, 0])
  }

  @Test func aCaseHasItsItemsAndNothingOfOthers() throws {
    let file = try fixture.reader().caseFile("juniper")
    #expect(file.items.map(\.index) == [0, 1])
    #expect(file.records.map(\.index) == [0])
    #expect(file.exports.map(\.index) == [3])
    #expect(file.people.map(\.code) == ["Blue Heron"])
    #expect(file.links == [CaseFile.Link(item: 1, field: "interview.recording", target: 0)])
    #expect(try fixture.reader().caseFile("juni").items.isEmpty)
  }

  @Test func theTimelineIsInTheOrderOfFirstDays() throws {
    let moments = try fixture.reader().caseFile("juniper").timeline
    #expect(moments.map(\.field) == ["date_pressure_began", "interview.date", "date_decision", "added"])
    #expect(moments.map(\.date) == ["2022-09", "2023-05", "2023-05-12", "2023-05-26"])
    #expect(moments.last?.title == "First submission")
  }

  @Test func aCaseSaysWhatIsMissingAndWhatWasAgreedTo() throws {
    let file = try fixture.reader().caseFile("juniper")
    let gap = try #require(file.gaps.first { $0.item == 0 && $0.template == "ohchr-communication" })
    #expect(gap.fields.contains("link_to_rights_work"))
    #expect(!gap.fields.contains("date_decision"))
    let consent = try #require(file.consent.first)
    #expect(consent.given == ["lawyer"])
    #expect(consent.refused == ["media"])
    #expect(consent.unanswered.contains("un_special_procedures"))
    #expect(consent.until == "2026" && consent.ends.isEmpty)
  }

  @Test func aCaseSaysForWhichClassesConsentEndsOnADateOfTheirOwn() throws {
    let item = try fixture.addTestimony(
      more: [
        ("case", "willow"), ("consent.media", "code"), ("consent.media.until", "2026-06-01"),
        ("consent.researcher", "code"), ("consent.researcher.until", "2027"),
      ])
    var withdrawing = Withdrawing(reason: "asked")
    withdrawing.classes = ["researcher"]
    _ = try fixture.reader().withdraw(item, withdrawing, signer: fixture.signer)
    let consent = try #require(fixture.reader().caseFile("willow").consent.first)
    #expect(consent.takenBack == ["researcher"] && consent.until == nil)
    #expect(consent.ends.map(\.recipientClass) == ["media"] && consent.ends.map(\.until) == ["2026-06-01"])
  }
}

@Suite struct PhraseTests {
  private func document(_ fixture: VaultFixture, _ code: String, _ texts: [String: [UInt8]], kind: String = "minutes")
    throws
  {
    for (name, text) in texts { try fixture.folder.write(text, to: "input/\(code)/\(name)") }
    let sources = try ItemSource.find(texts.keys.sorted().map { fixture.folder["input/\(code)/\($0)"] })
    let fields: JSONObject = ["title": .string(code), "case": .string(code), "document.kind": .string(kind)]
    _ = try fixture.open().add(sources, kind: "document", fields: fields, signer: fixture.signer)
  }

  @Test func wordingOfTwoOrganisationsIsFoundInTheirTexts() throws {
    let fixture = try VaultFixture()
    let shared = "решили добровольно прекратить деятельность в связи с отсутствием средств"
    try document(fixture, "juniper", ["a.txt": Array("Мы \(shared), 12 мая.".utf8)])
    let utf16 = Array("Собрание: \(shared.uppercased())".utf16).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    try document(fixture, "willow", ["b.txt": [0xFF, 0xFE] + utf16, "c.txt": [0x80, 0x81]])
    try document(fixture, "poplar", ["d.txt": Array("Мы \(shared), 12 мая.".utf8)], kind: "note")
    let report = try fixture.reader().phrases(documentKinds: ["minutes"], minimumWords: 6)
    #expect(report.phrases.map(\.text) == [shared])
    #expect(report.phrases.first?.wordCount == 9)
    #expect(report.phrases.first?.cases == ["juniper", "willow"])
    #expect(report.phrases.first?.places.map(\.item) == [0, 1])
    #expect(report.phrases.first?.places.map(\.word) == [2, 2])
    #expect(report.textCount == 2)
    #expect(report.leftOut.count == 1)
    #expect(try fixture.reader().phrases(documentKinds: [], minimumWords: 10).phrases.map(\.wordCount) == [12])
  }
}
