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
    } catch VaultError.identityWouldLeak(let found) {
      return found.first?.place.english
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
      guard case VaultError.identityWouldLeak(let found) = $0 else { return false }
      return found.map(\.field) == ["witness.contact"] && found.map(\.place.english) == ["item 0, account"]
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
      guard case VaultError.identityWouldLeak(let found) = $0, let first = found.first else { return false }
      return first.field == "witness.name" && first.place.english.hasPrefix("item 0, the name of file ")
    }
  }

  private func addPerson(_ fixture: VaultFixture, _ more: [(String, JSON)]) throws {
    var fields: JSONObject = ["title": "Somebody", "code": "Grey Wolf"]
    for (name, value) in more { fields[name] = value }
    _ = try fixture.open().add([], kind: "person", fields: fields, signer: fixture.signer)
  }

  private func found(_ fixture: VaultFixture, _ item: UInt64, disclosed: Set<String> = []) throws -> [NameFinding] {
    var choice = DisclosureChoice()
    choice.disclosed = disclosed
    do {
      _ = try fixture.reader().plan([item], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: choice)
      return []
    } catch VaultError.identityWouldLeak(let found) {
      return found
    }
  }

  /// The record of the person has the name of the witness in both alphabets, and another name besides.
  @Test func aNameThatGoesMayStandInTheOtherAlphabetElsewhere() throws {
    let fixture = try VaultFixture()
    try addPerson(
      fixture,
      [
        ("name.russian", "Мисола Намунаева"), ("name.latin", "Misola Namunayeva"), ("name.other", ["Грета Вымышлева"]),
      ])
    let consent: [(String, JSON)] = [("consent.lawyer", "full"), ("witness.person", 0)]
    try fixture.addTestimony(more: consent + [("account", "Misola Namunayeva said")])
    try fixture.addTestimony(more: consent + [("account", "Грета said")])
    #expect(try found(fixture, 1, disclosed: ["witness.name"]).isEmpty)
    #expect(try !found(fixture, 1).isEmpty)
    #expect(try found(fixture, 2, disclosed: ["witness.name"]).map(\.field) == ["name.other"])
  }

  /// Of whom an item is about, a word of every day counts as it stands in the record.
  @Test func thePersonOfAnItemIsLookedForMoreCloselyThanOthers() throws {
    let fixture = try VaultFixture()
    try addPerson(fixture, [("name.tajik", "Умед Намунаев")])
    try fixture.addTestimony(more: [("account", "мо умед дорем")])
    try fixture.addTestimony(more: [("account", "мо умед дорем"), ("witness.person", 0)])
    #expect(try found(fixture, 1).isEmpty)
    #expect(try found(fixture, 2).map(\.field) == ["name.tajik"])
  }
}
