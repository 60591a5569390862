@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// What files need, where nobody was asked about them and where nobody's consent speaks.
@Suite struct FileConsentTests {
  private let fixture: VaultFixture

  /// Item 1 is a testimony whose witness allows neither words nor voice nor place.
  init() throws {
    fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
    try fixture.addTestimony(more: [("consent.quotes", "none")])
  }

  private func plan(_ item: UInt64, _ change: (inout DisclosureChoice) -> Void = { _ in }) throws -> ExportPlan {
    try fixture.planForDesk([item], change)
  }

  private func add(_ file: String, _ kind: String, _ more: JSONObject) throws -> UInt64 {
    let path = try fixture.folder.write([1, 2, 3], to: "input/\(file)")
    var fields: JSONObject = ["title": "Made"]
    for member in more.members { fields[member.name] = member.value }
    return try fixture.open().add(ItemSource.find([path]), kind: kind, fields: fields, signer: fixture.signer).index
  }

  private static let voice = WithheldReason.consent(.voiceImage)
  private static let words = WithheldReason.consent(.verbatim)
  private static let unasked = WithheldReason.unanswered(.voiceImage, question: "shows_people")

  @Test(
    arguments: [
      ("rec.wav", "audio", [:], unasked), ("rec.wav", "other", [:], unasked), ("rec.mp4", "note", [:], unasked),
      ("rec.dat2", "audio", [:], unasked), ("rec.unknown", "other", [:], nil),
      ("rec.wav", "audio", ["people_shown": ["Blue Heron"]], voice),
      ("rec.wav", "audio", ["shows_people": true], voice), ("rec.wav", "audio", ["shows_people": false], nil),
      ("rec.wav", "audio", ["shows_people": false, "people_shown": ["Blue Heron"]], voice),
      ("scan.png", "official_letter", [:], nil), ("face.png", "photo", [:], unasked),
      ("face.png", "official_letter", ["people_shown": ["Blue Heron"]], voice),
      ("face.png", "photo", ["shows_people": false], .unanswered(.place, question: "shows_place")),
      ("face.png", "photo", ["shows_people": false, "shows_place": false], nil),
      ("house.png", "official_letter", ["place_shown": "The house"], .consent(.place)),
      ("words.txt", "audio", [:], nil), ("words.txt", "statement", [:], words),
      ("words.dat2", "translation", [:], words),
      ("scan.png", "statement", [:], .unsearchable), ("scan.pdf", "other", [:], nil),
      ("face.pdf", "photo", [:], unasked),
      ("face.pdf", "other", ["shows_people": true], voice),
      ("house.pdf", "other", ["place_shown": "The house"], .consent(.place)),
    ] as [(String, String, JSONObject, WithheldReason?)])
  func aRecordingIsAVoiceUnlessSomebodyLooked(
    file: String, kind: String, more: JSONObject, reason: WithheldReason?
  ) throws {
    var fields = more
    fields["document.kind"] = .string(kind)
    let free = try add(file, "document", fields)
    #expect(try plan(free).items[0].record.files.count == 1, "nobody speaks for it")
    fields["consent.by"] = 1
    let item = try add(file, "document", fields)
    #expect(try plan(item).items[0].withheldFiles.map(\.reason) == (reason.map { [$0] } ?? []))
  }

  /// A record of these kinds has no field in which anybody could say that nobody is heard.
  @Test(
    arguments: [
      ("pressure_event", "rec.wav", voice), ("pressure_event", "rec.mp4", voice), ("pressure_event", "note.txt", nil),
      ("pressure_event", "scan.png", nil), ("dissolution_case", "rec.wav", voice), ("translation", "rec.wav", words),
    ] as [(String, String, WithheldReason?)])
  func aRecordingIsAVoiceInEveryKind(kind: String, file: String, reason: WithheldReason?) throws {
    var fields: JSONObject = kind == "translation" ? ["language": "en", "of": 1] : ["consent.by": 1]
    let required: [String: JSONObject] = [
      "pressure_event": ["date": "2023-05", "pressure.kind": "summons"],
      "dissolution_case": ["organisation.pseudonym": "Juniper", "region": "sughd", "mode": "unknown"],
    ]
    for member in required[kind]?.members ?? [] { fields[member.name] = member.value }
    let item = try add(file, kind, fields)
    let withheld = try plan(item).items[0].withheldFiles.map(\.reason)
    #expect(kind == "translation" ? !withheld.isEmpty : withheld == (reason.map { [$0] } ?? []))
  }

  /// The later record says as much as the first: an answer there is one.
  @Test func anAnswerInALaterRecordCounts() throws {
    let item = try add("rec.wav", "document", ["document.kind": "audio", "consent.by": 1])
    _ = try fixture.reader().amend(
      item, setting: ["shows_people": false], removing: [], reason: "heard it: birds", adding: [],
      signer: fixture.signer)
    #expect(try plan(item).items[0].record.files.count == 1)
    _ = try fixture.reader().amend(
      item, setting: [:], removing: ["shows_people"], reason: "not sure", adding: [], signer: fixture.signer)
    #expect(try plan(item).items[0].withheldFiles.map(\.reason) == [Self.unasked], "taken back, it is none")
  }

  @Test func filesOfAPersonGoOnlyByName() throws {
    let person = try add("passport.jpg", "person", ["code": "Blue Heron"])
    let alone = try plan(person)
    #expect(alone.items[0].record.files.isEmpty && alone.items[0].withheldFiles.map(\.reason) == [.identity])
    #expect(alone.items[0].record.fields["code"] == "Blue Heron", "the face must not go beside it")
    let named = try plan(person) { $0.disclosed = ["file:passport.jpg"] }
    #expect(named.items[0].record.files.count == 1 && !named.items[0].hasSpeaker)
  }

  @Test func withConsentTheyNeedToBeAgreedToAsWell() throws {
    func refusals(_ person: UInt64) throws -> [ConsentRefusal.Cause] {
      do {
        _ = try plan(person) { $0.disclosed = ["file:passport.jpg"] }
        return []
      } catch VaultError.refusedByConsent(let refusals) { return refusals.map(\.cause) }
    }
    let person = try add("passport.jpg", "person", ["code": "Blue Heron", "consent.by": 1])
    #expect(try plan(person).items[0].withheldFiles.map(\.reason) == [.consent(.name)])
    #expect(try refusals(person) == [.part("file:passport.jpg", .name)])
    for (answer, need) in [("consent.lawyer", Schema.ConsentNeed.voiceImage), ("consent.voice_image", nil)] {
      let value: JSON = need == nil ? true : "full"
      _ = try fixture.reader().amend(
        1, setting: [answer: value], removing: [], reason: "asked", adding: [], signer: fixture.signer)
      #expect(try refusals(person) == (need.map { [.part("file:passport.jpg", $0)] } ?? []))
    }
    #expect(try plan(person).items[0].withheldFiles.map(\.reason) == [.identity])
  }

  /// Who gave the letter is known to its own record alone.
  @Test func theNamesOfWhatATranslationIsOfDoNotLeaveWithIt() throws {
    let source = "Фирӯз Шарифзода"
    let letter = try add(
      "letter.txt", "document",
      ["document.kind": "official_letter", "obtained_from.name": .string(source), "consent.by": 1])
    let translation = try fixture.open().add(
      [], kind: "translation",
      fields: ["title": .string("Letter, given by \(source)"), "of": .integer(Int64(letter)), "language": "en"],
      signer: fixture.signer
    ).index
    #expect { try plan(translation) } throws: {
      guard case VaultError.identityWouldLeak(let found) = $0 else { return false }
      return found.map(\.item) == [letter] && found.map(\.field) == ["obtained_from.name"]
    }
  }
}
