@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// Who may not be known even by a code name is not known by it in a title either.
@Suite struct CodeNameTests {
  private func findings(
    _ fixture: VaultFixture, _ items: [UInt64] = [0], _ change: (inout DisclosureChoice) -> Void = { _ in }
  ) throws -> [NameFinding] {
    var choice = DisclosureChoice()
    change(&choice)
    do {
      _ = try fixture.reader().plan(items, for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: choice)
      return []
    } catch VaultError.identityWouldLeak(let found) {
      return found
    }
  }

  private func fixture(_ title: String, _ more: [(String, JSON)] = []) throws -> VaultFixture {
    let fixture = try VaultFixture()
    try fixture.addTestimony(title, more: [("consent.lawyer", "none")] + more)
    return fixture
  }

  @Test func aCodeThatWasRefusedStaysInNoTitle() throws {
    let found = try findings(fixture("Statement of Witness Blue Heron"))
    #expect(found.map(\.place.english) == ["item 0, title"] && found.map(\.word) == ["Blue Heron"])
    #expect(found.map(\.field) == ["witness.code"] && found.allSatisfy(\.isCode))
    #expect(try findings(fixture("Statement of a witness")).isEmpty)
  }

  @Test(arguments: ["code", "initials", "full"])
  func whereTheCodeMayBeKnownItMayStandAnywhere(level: String) throws {
    let fixture = try fixture("Statement of Witness Blue Heron", [("consent.lawyer", .string(level))])
    #expect(try findings(fixture).isEmpty)
  }

  @Test func theSenderCanWithholdTheTitleOrHaveLooked() throws {
    let fixture = try fixture("Statement of Witness Blue Heron")
    #expect(try findings(fixture) { $0.withheld = ["title"] }.isEmpty)
    #expect(try findings(fixture) { $0.checkedNames = [0] }.isEmpty)
    let overridden = try findings(fixture) {
      $0.disclosed = ["witness.code"]
      $0.overrideReason = "A judge ordered it"
    }
    #expect(overridden.isEmpty)
    _ = try fixture.reader().amend(
      0, setting: ["title": "Statement of a witness"], removing: [], reason: "no code", adding: [],
      signer: fixture.signer)
    #expect(try findings(fixture).isEmpty)
  }

  @Test func whatTheSenderWithholdsIsSearchedToo() throws {
    let fixture = try fixture("About Blue Heron", [("consent.lawyer", "code")])
    #expect(try findings(fixture) { $0.withheld = ["witness.code"] }.map(\.field) == ["witness.code"])
  }

  /// The code of whoever speaks for a document, in its title, in its own fields, and in its files.
  @Test func theCodeOfAWitnessIsSearchedInWhatThatTestimonyCovers() throws {
    let fixture = try fixture("Account")
    let path = try fixture.folder.write("Taken by: blue\nHeron".utf8, to: "input/note.txt")
    let fields: JSONObject = [
      "title": "Letter", "document.kind": "note", "consent.by": 0, "description": "From Blue-Heron",
    ]
    _ = try fixture.open().add(ItemSource.find([path]), kind: "document", fields: fields, signer: fixture.signer)
    #expect(
      Set(try findings(fixture, [1]).map(\.place.english)) == [
        "item 1, description", "item 1, the content of file note.txt, line 1",
      ])
    // Nobody's consent speaks for this one, and its code is one of its own.
    let other: JSONObject = ["title": "Heard of Grey Owl", "document.kind": "note", "people_shown": ["Grey Owl"]]
    _ = try fixture.open().add([], kind: "document", fields: other, signer: fixture.signer)
    #expect(try findings(fixture, [2]).isEmpty)
  }

  @Test func aCodeIsNotHiddenByAnotherItemThatShowsIt() throws {
    let fixture = try fixture("Account")
    let fields: JSONObject = ["title": "Letter", "document.kind": "note", "obtained_from.code": "Blue Heron"]
    _ = try fixture.open().add([], kind: "document", fields: fields, signer: fixture.signer)
    #expect(try findings(fixture, [0, 1]).map(\.place.english) == ["item 1, obtained_from.code"])
    #expect(try findings(fixture, [0, 1]) { $0.disclosed = ["obtained_from.code"] }.isEmpty)
  }

  @Test(arguments: [
    ("Синяя Цапля", "Рассказ Синей Цапли о вызове"), ("Цапля", "слова Цапли"), ("W-12", "witness W 12"),
    ("Blue Heron", "blue herons"), ("Кабуди Калон", "аз Кабуди Калонро"),
  ]) func endingsHideNoCode(code: String, text: String) {
    #expect(CodeMatch(code).place(in: NameSearchText(text)) != nil)
  }

  @Test(arguments: [
    ("Синяя Цапля", "цапля, синяя от холода"), ("Blue Heron", "a blue sky and a heron"), ("W-12", "W-121, W 1 2"),
    ("A", "a witness"), ("Heron", "heroine"),
  ]) func aCodeIsAllOfItsWordsInTheirOrder(code: String, text: String) {
    #expect(CodeMatch(code).place(in: NameSearchText(text)) == nil)
  }
}
