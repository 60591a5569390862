@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// The witness is called Мисола Намунаева; her name is withheld.
@Suite struct NameCheckTests {
  private func place(_ field: String, _ value: JSON, withheld: Set<String> = []) throws -> String? {
    let fixture = try VaultFixture()
    try fixture.addTestimony(more: [(field, value)])
    var choice = DisclosureChoice()
    choice.withheld = withheld
    do {
      _ = try fixture.reader().plan([0], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: choice)
      return nil
    } catch VaultError.identityWouldLeak(0, field: _, let place) {
      return place.english
    }
  }

  @Test(arguments: [
    "Мисола Намунаева", "мисола намунаева", "as МИСОЛА НАМУНАЕВА said", "Намунаева said", "(Мисола)", "намунаева said",
    "file_НАМУНАЕВА2", "Намунаевалар", "Мисолаи Намунаевой",
  ]) func aNameInAnotherFieldIsFound(text: String) throws {
    #expect(try place("account", .string(text)) == "item 0, account")
  }

  @Test(arguments: ["Мис", "Мисли", "somebody else"])
  func wordsThatAreNotTheNameAreNotFound(text: String) throws { #expect(try place("account", .string(text)) == nil) }

  @Test func aNameInAListIsFound() throws {
    #expect(try place("interview.others_present", ["a brother", "Намунаева"]) == "item 0, interview.others_present")
  }

  @Test func aFieldThatIsWithheldTooGivesNothingAway() throws {
    #expect(try place("account", "Намунаева", withheld: ["account"]) == nil)
  }

  @Test func aContactThatStandsElsewhereIsFound() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony(more: [("witness.contact", "+992 00 000 0000"), ("account", "call +992 00 000 0000")])
    #expect {
      try fixture.reader().plan(
        [0], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: DisclosureChoice())
    } throws: {
      if case VaultError.identityWouldLeak(0, field: "witness.contact", let place) = $0 {
        place.english == "item 0, account"
      } else {
        false
      }
    }
  }

  @Test func aNameInAFileNameIsFound() throws {
    let fixture = try VaultFixture()
    let path = try fixture.folder.write([], to: "\(VaultFixture.witnessName).txt")
    let fields: JSONObject = [
      "title": "t", "witness.code": "Blue Heron", "witness.name": .string(VaultFixture.witnessName),
      "interview.date": "2023", "interview.language": "tg", "consent.lawyer": "code", "consent.quotes": "verbatim",
    ]
    _ = try fixture.open().add(ItemSource.find([path]), kind: "testimony", fields: fields, signer: fixture.signer)
    #expect {
      try fixture.reader().plan(
        [0], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: DisclosureChoice())
    } throws: {
      guard case VaultError.identityWouldLeak(0, field: "witness.name", let place) = $0 else { return false }
      return place.english.hasPrefix("item 0, the name of file ")
    }
  }
}
