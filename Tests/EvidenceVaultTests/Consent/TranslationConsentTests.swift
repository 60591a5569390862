@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// What becomes of the translation of a field that is withheld.
@Suite struct TranslationConsentTests {
  private let fixture: VaultFixture

  /// Item 1 is a testimony whose words may go, and nothing else.
  init() throws {
    fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
    try fixture.addTestimony(more: [
      ("account", "The meeting"), ("account.family", "The son"), ("interview.address", "The street"),
      ("protection.risks", "The brother"),
    ])
  }

  private func translate(_ field: String?) throws -> UInt64 {
    let path = try fixture.folder.write("in English".utf8, to: "input/english.txt")
    var fields: JSONObject = ["title": "In English", "of": 1, "language": "en", "text": "in English"]
    if let field { fields["field"] = .string(field) }
    return try fixture.open().add(
      ItemSource.find([path]), kind: DisclosureRule.translation, fields: fields, signer: fixture.signer
    ).index
  }

  private func item(_ number: UInt64, naming names: [String] = []) throws -> ExportPlan.Item {
    let plan = try fixture.planForDesk([number]) { $0.disclosed = Set(names) }
    return try #require(plan.items.first { $0.record.index == number })
  }

  @Test(
    arguments: [
      (nil, nil), ("account", nil), ("account.family", .consent(.family)), ("interview.address", .consent(.place)),
      ("protection.risks", .consent(.name)), ("nothing.of.this", .consent(.name)),
    ] as [(String?, WithheldReason?)])
  func itGoesWhereTheFieldGoes(field: String?, reason: WithheldReason?) throws {
    let item = try item(translate(field))
    #expect(item.record.fields["text"] == (reason == nil ? "in English" : nil))
    #expect(item.withheldFields.first { $0.name == "text" }?.reason == reason)
    #expect(item.withheldFiles.map(\.reason) == (reason.map { [$0] } ?? []))
  }

  /// What a file is called can tell what is in it, and that there is one.
  @Test func theNameOfAFileGoesWhereTheFileGoes() throws {
    let paths = try ["agreement.pdf", "minutes.txt"].map {
      try fixture.folder.write("bytes".utf8, to: "input/\($0)")
    }
    let source = try fixture.open().add(
      ItemSource.find(paths), kind: "document",
      fields: ["title": "Form", "document.kind": "consent_form", "consent.by": 1], signer: fixture.signer
    ).index
    func file(_ name: String, naming names: [String] = []) throws -> JSON? {
      let number = try fixture.open().add(
        [], kind: DisclosureRule.translation,
        fields: ["title": "T", "of": .integer(Int64(source)), "language": "en", "file": .string(name)],
        signer: fixture.signer
      ).index
      return try item(number, naming: names).record.fields["file"]
    }
    #expect(try file("agreement.pdf") == nil)
    #expect(try file("no such file") == nil)
    #expect(try file("agreement.pdf", naming: ["file"]) == "agreement.pdf")
    #expect(try file("minutes.txt") == "minutes.txt")
  }

  @Test func whatWasStruckOutOfAnAccountIsNotSentInTranslation() throws {
    let translation = try translate("account")
    _ = try fixture.reader().amend(
      1, setting: ["account": "Less"], removing: [], reason: "asked", adding: [], signer: fixture.signer)
    let item = try item(translation)
    #expect(item.record.fields["text"] == nil && item.record.files.isEmpty)
    #expect(item.withheldFields.contains { $0.name == "text" && $0.reason == .superseded })
    let newer = try self.item(translate("account"))
    #expect(newer.record.fields["text"] == "in English")
    #expect(try self.item(translation, naming: ["text"]).record.fields["text"] == "in English")
  }
}
