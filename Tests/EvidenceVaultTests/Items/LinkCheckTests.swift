@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// A number of an entry of the wrong kind is refused where it is written down, and not found when it is too late.
@Suite struct LinkCheckTests {
  private let fixture: VaultFixture

  /// Entry 0 is a recipient, 1 a document, 2 a testimony, 3 a person.
  init() throws {
    fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
    try fixture.addDocument("Minutes")
    try fixture.addTestimony()
    _ = try fixture.open().add(
      [], kind: "person", fields: ["title": "P", "code": "Blue Heron"], signer: fixture.signer)
  }

  private func isRefused(_ fields: JSONObject, of kind: String) throws -> String? {
    do {
      try fixture.reader().requireLinks(fields, of: Schema.named(kind))
      return nil
    } catch VaultError.invalidValue(let field, _) { return field }
  }

  @Test(
    arguments: [
      ("testimony", "interview.recording", 2, 1), ("testimony", "witness.person", 1, 3),
      ("testimony", "interview.recording", 0, 1), ("document", "derived_from", 0, 2), ("person", "picture", 3, 1),
      ("document", "translation_of", 3, 2), ("document", "consent.by", 1, 2), ("translation", "of", 0, 1),
      ("document", "derived_from", 9000, 1), ("document", "obtained_from.person", 2, 3),
    ] as [(String, String, Int64, Int64)])
  func aLinkLeadsToWhatItsFieldIsFor(kind: String, field: String, wrong: Int64, right: Int64) throws {
    #expect(try isRefused([field: .integer(wrong)], of: kind) == field)
    #expect(try isRefused([field: .integer(right)], of: kind) == nil)
  }

  @Test func everyNumberOfAListIsLookedAt() throws {
    #expect(try isRefused(["attachments": [1, 0]], of: "testimony") == "attachments")
    #expect(try isRefused(["attachments": [1, 1]], of: "testimony") == nil)
    #expect(try isRefused(["people_shown.persons": [3, 2]], of: "document") == "people_shown.persons")
  }

  @Test func anAmendmentIsCheckedAndWhatWasWithdrawnPasses() throws {
    func amend(_ changes: JSONObject) throws {
      _ = try fixture.reader().amend(
        1, setting: changes, removing: [], reason: "r", adding: [], signer: fixture.signer)
    }
    #expect { try amend(["derived_from": 0]) } throws: {
      if case VaultError.invalidValue("derived_from", _) = $0 { true } else { false }
    }
    _ = try fixture.reader().withdraw(2, Withdrawing(reason: "asked"), signer: fixture.signer)
    try amend(["derived_from": 2])
  }
}
