@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// The words and the voice of a witness do not leave as a document that was made from a testimony, or is a copy.
@Suite struct CopiesConsentTests {
  private let fixture: VaultFixture

  /// Item 1 is a tape, and 2 the testimony of it, whose witness allows neither words nor voice.
  init() throws {
    fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
    _ = try add("tape.wav", "tape", ["document.kind": "audio"])
    try fixture.addTestimony(more: [("consent.quotes", "none"), ("interview.recording", .integer(1))])
  }

  private var tape: UInt64 { 1 }
  private var testimony: Int64 { 2 }

  @discardableResult
  private func add(_ file: String, _ content: String, _ more: JSONObject, kind: String = "document") throws -> UInt64 {
    let path = try fixture.folder.write(content.utf8, to: "input/\(file)")
    var fields: JSONObject = ["title": "Made"]
    if kind == "document" { fields["document.kind"] = "other" }
    for member in more.members { fields[member.name] = member.value }
    return try fixture.open().add(ItemSource.find([path]), kind: kind, fields: fields, signer: fixture.signer).index
  }

  private func plan(_ item: UInt64, _ change: (inout DisclosureChoice) -> Void = { _ in }) throws -> ExportPlan {
    try fixture.planForDesk([item], change)
  }

  private func reasons(_ item: UInt64) throws -> [WithheldReason] {
    try plan(item).items[0].withheldFiles.map(\.reason)
  }

  @Test(arguments: ["translation_of", "derived_from"])
  func wordsThatWereMadeFromATestimonyNeedItsConsentToWords(field: String) throws {
    let words = try add("other.txt", "he came", [field: .integer(testimony)])
    let again = try add("again.txt", "he came again", ["derived_from": .integer(Int64(words))])
    for item in [words, again] { #expect(try reasons(item) == [.consent(.verbatim)]) }
    _ = try fixture.reader().amend(
      UInt64(testimony), setting: ["consent.quotes": "verbatim"], removing: [], reason: "agreed", adding: [],
      signer: fixture.signer)
    for item in [words, again] { #expect(try reasons(item).isEmpty) }
  }

  @Test(arguments: [nil, "transcript", "redacted"] as [String?])
  func whatWasSaidOnTheTapeIsWords(purpose: String?) throws {
    var fields: JSONObject = ["derived_from": .integer(Int64(tape))]
    if let purpose { fields["derived.purpose"] = .string(purpose) }
    #expect(try reasons(add("said.txt", "he came", fields)) == [.consent(.verbatim)])
    fields["derived_from"] = .integer(Int64(try add("letter.txt", "a letter", ["consent.by": .integer(testimony)])))
    #expect(try reasons(add("said.txt", "he came", fields)).isEmpty, "a letter is no recording")
  }

  @Test(
    arguments: [
      ("metadata_free", [:], WithheldReason.consent(.voiceImage)), ("working", [:], .consent(.voiceImage)),
      ("still", [:], .consent(.voiceImage)), (nil, [:], .consent(.voiceImage)),
      ("redacted", ["shows_people": false], nil), ("redacted", ["shows_people": true], .consent(.voiceImage)),
      ("redacted", [:], .unanswered(.voiceImage, question: "shows_people")),
    ] as [(String?, JSONObject, WithheldReason?)])
  func aCopyOfTheTapeIsAVoiceUnlessItWasRedacted(
    purpose: String?, more: JSONObject, reason: WithheldReason?
  ) throws {
    var fields = more
    if purpose != "redacted" { fields["shows_people"] = false }
    if let purpose { fields["derived.purpose"] = .string(purpose) }
    for (file, source) in [("copy.wav", Int64(tape)), ("still.jpg", Int64(tape)), ("of.wav", testimony)] {
      fields["derived_from"] = .integer(source)
      #expect(try reasons(add(file, "copy \(file)", fields)) == (reason.map { [$0] } ?? []), "\(file)")
    }
    #expect(try reasons(add("copy.unknown", "who knows", fields)) != [], "it may be words, too")
    // What was made from a redacted copy follows its own answers, too.
    fields["derived_from"] = .integer(Int64(try add("copy.wav", "copy", fields)))
    #expect(try reasons(add("copy2.wav", "another", fields)) == (reason.map { [$0] } ?? []))
  }

  /// Not the first reason decides, but the one that cannot be named away.
  @Test func aCopyOfSeveralIsRefusedAsTheStrictestOfThem() throws {
    try fixture.addTestimony(more: [("consent.voice_image", false)])
    let paper = try add("same.pdf", "same", ["document.kind": "statement", "consent.by": 3])
    let shown = try add("same.pdf", "same", ["derived_from": .integer(Int64(paper)), "shows_people": true])
    let copy = try add("same.pdf", "same", ["derived_from": .integer(Int64(shown)), "shows_people": false])
    for item in [shown, copy] {
      #expect {
        try plan(item) { $0.disclosed = ["file:same.pdf"] }
      } throws: {
        guard case VaultError.refusedByConsent(let found) = $0 else { return false }
        return found.map(\.cause) == [.part("file:same.pdf", .voiceImage)]
      }
    }
  }

  /// The same bytes under another record are the same words.
  @Test func aFileThatIsWithheldOfWhatAnItemGoesBackToIsWithheldOfIt() throws {
    let copy = try add("words.txt", "what was said", ["consent.by": .integer(testimony)])
    #expect(try reasons(copy) == [.consent(.verbatim)])
    #expect(try reasons(add("new.txt", "a letter", ["consent.by": .integer(testimony)])).isEmpty)
    #expect { try plan(copy) { $0.disclosed = ["file:words.txt"] } } throws: {
      guard case VaultError.refusedByConsent(let found) = $0 else { return false }
      return found.map(\.cause) == [.part("file:words.txt", .verbatim)]
    }
    let sent = try plan(copy) {
      $0.disclosed = ["file:words.txt"]
      $0.overrideReason = "asked"
    }
    #expect(sent.items[0].record.files.count == 1 && sent.items[0].overridden == ["file:words.txt"])
    let empty = try fixture.folder.write([], to: "input/nothing.txt")
    _ = try fixture.reader().amend(
      UInt64(testimony), setting: [:], removing: [], reason: "more", adding: ItemSource.find([empty]),
      signer: fixture.signer)
    #expect(try reasons(add("empty.txt", "", ["consent.by": .integer(testimony)])).isEmpty)
  }

  /// A passport that is withheld of a person goes by name alone as a document, too.
  @Test func aFileOfAPersonIsOneInAPictureOfThemToo() throws {
    let person = try add("passport.pdf", "a passport", ["code": "Blue Heron"], kind: "person")
    let paper = try add("paper.pdf", "a passport", ["people_shown.persons": [.integer(Int64(person))]])
    #expect(try reasons(paper) == [.identity])
    #expect(try plan(paper) { $0.disclosed = ["file:paper.pdf"] }.items[0].record.files.count == 1)
  }
}
