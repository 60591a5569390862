@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// What a witness did not agree to does not leave.
@Suite struct ConsentTests {
  private func plan(
    _ fixture: VaultFixture, _ items: [UInt64] = [0], _ change: (inout DisclosureChoice) -> Void = { _ in }
  ) throws -> ExportPlan {
    try fixture.planForDesk(items, change)
  }

  private func fixture(_ consent: [(String, JSON)] = []) throws -> VaultFixture {
    let fixture = try VaultFixture()
    try fixture.addTestimony(more: consent)
    _ = try fixture.addRecipient("Desk")
    return fixture
  }

  private func refusals(_ body: () throws -> ExportPlan) throws -> [ConsentRefusal.Cause] {
    do {
      _ = try body()
      return []
    } catch VaultError.refusedByConsent(let refusals) {
      return refusals.map(\.cause)
    } catch VaultError.askAgain(let refusals) {
      return refusals.map(\.cause)
    }
  }

  @Test func anItemThatWasRefusedOrNotAskedAboutIsNotExported() throws {
    let refused = try fixture([("consent.lawyer", "refused")])
    #expect(try refusals { try plan(refused) } == [.item(.refused)])
    let silent = try fixture([("consent.lawyer", .null)])
    #expect(try refusals { try plan(silent) } == [.item(.noAnswer)])
  }

  @Test func consentThatEndedIsNone() throws {
    let ended = try fixture([("consent.until", "2023-05")])
    #expect(try refusals { try plan(ended) } == [.item(.expired(end: "2023-05-01"))])
    #expect(try plan(fixture([("consent.until", "2023-06")])).items.count == 1)
  }

  @Test(arguments: ["none", "code", "initials"])
  func aNameDoesNotGoWhereConsentIsForLess(level: String) throws {
    let fixture = try fixture([("consent.lawyer", .string(level))])
    let shown = try plan(fixture).items[0]
    #expect(shown.record.fields["witness.name"] == nil)
    #expect((shown.record.fields["witness.code"] == nil) == (level == "none"))
    let named = try refusals { try plan(fixture) { $0.disclosed = ["witness.name"] } }
    #expect(named == [.part("witness.name", .name)])
    let overridden = try plan(fixture) {
      $0.disclosed = ["witness.name"]
      $0.overrideReason = "A judge ordered it"
    }
    #expect(overridden.items[0].record.fields["witness.name"] == .string(VaultFixture.witnessName))
    #expect(overridden.items[0].overridden == ["witness.name"])
  }

  @Test func aNameGoesWhereConsentIsForTheFullNameAndItIsAskedFor() throws {
    let fixture = try fixture([("consent.lawyer", "full")])
    #expect(try plan(fixture).items[0].record.fields["witness.name"] == nil)
    let named = try plan(fixture) { $0.disclosed = ["witness.name"] }
    #expect(named.items[0].record.fields["witness.name"] == .string(VaultFixture.witnessName))
  }

  @Test func whoWantsToBeAskedAgainIsAsked() throws {
    let fixture = try fixture([("consent.ask_again_before", ["each_use"])])
    #expect(try refusals { try plan(fixture) } == [.item(.askAgain(.eachUse))])
    #expect(try plan(fixture) { $0.askedNote = "Maple, 3 May: yes" }.items.count == 1)
  }

  @Test func wordsThatMayNotBeQuotedStayAndSoDoFilesWithThem() throws {
    let shown = try plan(fixture([("consent.quotes", "none"), ("account", "what was said")])).items[0]
    #expect(shown.record.fields["account"] == nil)
    #expect(shown.record.files.isEmpty)
    #expect(shown.withheldFiles.map(\.reason) == [.consent(.verbatim)])
  }

  @Test func aDocumentFollowsTheConsentOfTheTestimonyThatItNames() throws {
    let fixture = try fixture([("consent.lawyer", "refused")])
    let fields: JSONObject = ["title": "Letter", "document.kind": "note", "consent.by": 0]
    _ = try fixture.open().add([], kind: "document", fields: fields, signer: fixture.signer)
    #expect(try refusals { try plan(fixture, [2]) } == [.item(.refused)])
    let other: JSONObject = ["title": "Letter", "document.kind": "note", "consent.by": 1]
    _ = try fixture.open().add([], kind: "document", fields: other, signer: fixture.signer)
    #expect(try refusals { try plan(fixture, [3]) } == [.item(.noTestimony(1))])
  }

  @Test func refusedItemsAreLeftOutOnlyOnRequest() throws {
    let fixture = try fixture([("consent.lawyer", "refused")])
    try fixture.addDocument("Minutes")
    #expect(try refusals { try plan(fixture, [0, 2]) } == [.item(.refused)])
    let rest = try plan(fixture, [0, 2]) { $0.isLeavingOutRefused = true }
    #expect(rest.items.map(\.record.index) == [2])
    #expect(rest.refused.map(\.item) == [0])
    #expect(try refusals { try plan(fixture, [0]) { $0.isLeavingOutRefused = true } } == [.item(.refused)])
  }

  /// Whoever has a reason for one item has often not seen what else it would open.
  @Test func aReasonToOverrideIsForTheItemsThatItNames() throws {
    let fixture = try fixture([("consent.lawyer", "refused")])
    let more: [(String, JSON)] = [("witness.code", "Grey Owl"), ("consent.ask_again_before", ["each_use"])]
    let other = try fixture.addTestimony(more: more)
    func plan(for items: Set<UInt64>, leavingOut: Bool = false) throws -> [UInt64] {
      try fixture.planForDesk([0, other]) {
        $0.overrideReason = "A judge ordered it"
        $0.overriddenItems = items
        $0.isLeavingOutRefused = leavingOut
      }.items.map(\.record.index)
    }
    #expect {
      _ = try plan(for: [])
    } throws: {
      guard case VaultError.overrideOfSeveral([0, other]) = $0 else { return false }
      return true
    }
    #expect(throws: VaultError.self) { try plan(for: [0]) }
    #expect(throws: VaultError.self) { try plan(for: [other]) }
    #expect(try plan(for: [0, other]) == [0, other])
  }

  @Test func aReasonToOverrideOpensAFieldOfNoOtherItem() throws {
    let fixture = try fixture([("consent.lawyer", "code")])
    let other = try fixture.addTestimony(more: [("consent.lawyer", "initials")])
    func refused(_ overridden: Set<UInt64>) throws -> [UInt64] {
      do {
        _ = try fixture.planForDesk([0, other]) {
          $0.disclosed = ["witness.name"]
          $0.overrideReason = "A judge ordered it"
          $0.overriddenItems = overridden
        }
        return []
      } catch VaultError.refusedByConsent(let refusals) { return refusals.map(\.item) }
    }
    #expect(try refused([0]) == [other])
    #expect(try refused([other]) == [0])
    #expect(try refused([0, other]).isEmpty)
  }

  @Test func aNameInTheTextOfAFileStopsAnExport() throws {
    let fixture = try VaultFixture()
    let path = try fixture.folder.write("Signed: \(VaultFixture.witnessName)".utf16LittleEndian, to: "input/letter.txt")
    try fixture.addTestimony()
    let fields: JSONObject = ["title": "Letter", "document.kind": "note"]
    _ = try fixture.open().add(ItemSource.find([path]), kind: "document", fields: fields, signer: fixture.signer)
    _ = try fixture.addRecipient("Desk")
    #expect { try plan(fixture, [0, 1]) } throws: { error in
      guard case VaultError.identityWouldLeak(let found) = error, let first = found.first else { return false }
      return first.field == "witness.name" && first.place.english == "item 1, the content of file letter.txt, line 1"
    }
  }

  @Test(arguments: [
    "Зарина Каримова".utf16LittleEndian,
    Array("{\"who\": \"\\u041a\\u0430\\u0440\\u0438\\u043c\\u043e\\u0432\\u0430\"}".utf8),
    [0xca, 0xe0, 0xf0, 0xe8, 0xec, 0xee, 0xe2, 0xee, 0xe9],
    Array("&#1050;&#1072;&#1088;&#x438;&#1084;&#1086;&#1074;&#1072;".utf8),
    Array("слова Каримовой".utf8),
  ]) func aNameIsFoundInWhateverSpellingOfAFile(bytes: [UInt8]) throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony(more: [("witness.name", "Зарина Каримова")])
    let path = try fixture.folder.write(bytes, to: "input/letter.txt")
    let fields: JSONObject = ["title": "Letter", "document.kind": "note", "consent.by": 0]
    _ = try fixture.open().add(ItemSource.find([path]), kind: "document", fields: fields, signer: fixture.signer)
    _ = try fixture.addRecipient("Desk")
    #expect { try plan(fixture, [1]) } throws: {
      if case VaultError.identityWouldLeak(let found) = $0 {
        found.allSatisfy { $0.field == "witness.name" }
      } else {
        false
      }
    }
  }

  @Test(
    arguments: [
      ([("consent.media.quotes", "none")], ["consent.media", "consent.media.quotes"]),
      ([("consent.media", "refused"), ("consent.media.until", "2028")], ["consent.media", "consent.media.until"]),
      ([("consent.date", "2023-05"), ("consent.until", "2023-04")], ["consent.date", "consent.until"]),
      ([("use.not_before", "2030"), ("consent.until", "2029-12-31")], ["use.not_before", "consent.until"]),
      ([("consent.date", "2023-05-26"), ("consent.until", "2023")], []),
      ([("consent.media", "code"), ("consent.media.quotes", "none")], []),
    ] as [([(String, JSON)], [String])])
  func consentThatContradictsItselfIsRefusedWithItsFields(answers: [(String, JSON)], expected: [String]) throws {
    let fixture = try VaultFixture()
    do {
      try fixture.addTestimony(more: answers)
      #expect(expected.isEmpty)
    } catch VaultError.contradictoryConsent(let fields, _) {
      #expect(fields == expected)
      #expect(try fixture.reader().count == 0)
    }
  }

  @Test func aPictureThatAnAmendmentSaysShowsPeopleStays() throws {
    let fixture = try fixture()
    let path = try fixture.folder.write([1, 2, 3], to: "input/face.png")
    let fields: JSONObject = ["title": "Picture", "document.kind": "official_letter", "consent.by": 0]
    _ = try fixture.open().add(ItemSource.find([path]), kind: "document", fields: fields, signer: fixture.signer)
    #expect(try plan(fixture, [2]).items.flatMap(\.record.files).count == 1)
    _ = try fixture.reader().amend(
      2, setting: ["shows_people": true], removing: [], reason: "looked", adding: [], signer: fixture.signer)
    #expect(try plan(fixture, [2]).items.flatMap(\.record.files).isEmpty)
  }

  @Test func aTranslationFollowsTheConsentToWhatWasTranslated() throws {
    let fixture = try fixture([("consent.quotes", "none")])
    let path = try fixture.folder.write("what was said, in English".utf8, to: "input/english.txt")
    let fields: JSONObject = ["title": "In English", "of": 0, "language": "en"]
    _ = try fixture.open().add(ItemSource.find([path]), kind: "translation", fields: fields, signer: fixture.signer)
    #expect(try plan(fixture, [2]).items.flatMap(\.record.files).isEmpty)
  }

  @Test func theNameOfAPersonWhoseRecordIsInTheVaultLeavesWithNothing() throws {
    let fixture = try VaultFixture()
    let person: JSONObject = [
      "title": "Code card", "code": "Blue Heron", "name.tajik": .string(VaultFixture.witnessName),
    ]
    _ = try fixture.open().add([], kind: "person", fields: person, signer: fixture.signer)
    try fixture.addDocument("About \(VaultFixture.witnessName)")
    _ = try fixture.addRecipient("Desk")
    #expect { try plan(fixture, [1]) { $0.disclosed = ["title"] } } throws: {
      guard case VaultError.identityWouldLeak(let found) = $0 else { return false }
      return found.map(\.place.english) == ["item 1, title"]
    }
  }
}

extension String {
  /// The text as UTF-16 with its byte order mark.
  fileprivate var utf16LittleEndian: [UInt8] {
    [0xff, 0xfe] + utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }
}
