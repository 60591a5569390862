@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// What a testimony names as its own follows the consent of its witness, though it was there before.
@Suite struct TestimonyLinksTests {
  private let fixture: VaultFixture

  init() throws {
    fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
  }

  private func plan(_ items: [UInt64], _ change: (inout DisclosureChoice) -> Void = { _ in }) throws -> ExportPlan {
    try fixture.planForDesk(items, change)
  }

  private func refusals(_ item: UInt64) throws -> [ConsentRefusal.Cause] {
    do {
      _ = try plan([item]) { $0.overrideReason = "nothing goes before a withdrawal" }
      _ = try plan([item])
      return []
    } catch VaultError.refusedByConsent(let refusals) {
      return refusals.map(\.cause)
    }
  }

  private func withdraw(_ item: UInt64, classes: [String] = []) throws -> WithdrawalReceipt {
    var withdrawing = Withdrawing(reason: "asked")
    withdrawing.classes = classes
    return try fixture.reader().withdraw(item, withdrawing, signer: fixture.signer)
  }

  /// A sound recording, before the testimony that it is of.
  private func addRecording(_ more: [(String, JSON)] = []) throws -> UInt64 {
    let path = try fixture.folder.write([1, 2, 3], to: "input/rec.wav")
    var fields: JSONObject = ["title": "Tape", "document.kind": "audio"]
    for (name, value) in more { fields[name] = value }
    return try fixture.open().add(ItemSource.find([path]), kind: "document", fields: fields, signer: fixture.signer)
      .index
  }

  private static func value(_ field: String, _ number: UInt64) -> JSON {
    field == "attachments" ? .array([.integer(Int64(number))]) : .integer(Int64(number))
  }

  @Test(arguments: TestimonyLinks.fields) func whatATestimonyNamesGoesOnlyWhereItsWitnessAgreed(field: String) throws {
    let tape = try addRecording()
    #expect(try plan([tape]).items.flatMap(\.record.files).count == 1)
    let testimony = try fixture.addTestimony(more: [(field, Self.value(field, tape)), ("consent.media", "refused")])
    let alone = try plan([tape])
    #expect(alone.items.map(\.isAlong) == [false, true] && alone.items[1].record.index == testimony)
    #expect(alone.items[0].record.files.isEmpty && alone.items[0].hasSpeaker)
    _ = try fixture.reader().amend(
      testimony, setting: ["consent.lawyer": "refused"], removing: [], reason: "called", adding: [],
      signer: fixture.signer)
    #expect {
      _ = try plan([tape])
    } throws: {
      if case VaultError.refusedByConsent(let found) = $0 { found.map(\.cause) == [.item(.refused)] } else { false }
    }
  }

  @Test func theRecordingOfAnInterviewIsAVoiceWhateverElseIsSaidOfIt() throws {
    let tape = try addRecording([("shows_people", false), ("document.kind", "other")])
    #expect(try plan([tape]).items.flatMap(\.record.files).count == 1)
    let testimony = try fixture.addTestimony(more: [("interview.recording", .integer(Int64(tape)))])
    #expect(try plan([tape]).items[0].withheldFiles.map(\.reason) == [.consent(.voiceImage)])
    _ = try fixture.reader().amend(
      testimony, setting: ["consent.voice_image": true], removing: [], reason: "agreed", adding: [],
      signer: fixture.signer)
    #expect(try plan([tape]).items[0].record.files.count == 1)
  }

  @Test(arguments: TestimonyLinks.fields) func aWithdrawalReachesWhatTheTestimonyNamedAndIsNeverForgotten(
    field: String
  ) throws {
    let tape = try addRecording()
    let translation = try fixture.open().add(
      [], kind: "translation", fields: ["title": "In English", "of": .integer(Int64(tape)), "language": "en"],
      signer: fixture.signer
    ).index
    _ = try fixture.open().addEvent(
      "export",
      [
        "recipients": ["Desk"], "classes": ["lawyer"], "items": [.integer(Int64(tape))], "purpose": "", "bundle": "00",
      ], signer: fixture.signer)
    let testimony = try fixture.addTestimony(more: [(field, Self.value(field, tape))])
    let preview = try fixture.reader().previewWithdrawal(of: testimony)
    #expect(preview.covered == [tape, translation] && preview.copies.map(\.item) == [tape])
    let receipt = try withdraw(testimony)
    #expect(receipt.covered == [tape, translation] && receipt.copies.map(\.recipient) == ["Desk"])
    for item in [tape, translation] { #expect(try refusals(item) == [.item(.withdrawn(by: receipt.index))]) }
    #expect(try fixture.reader().record(at: receipt.index).fields["covers"] == [.integer(Int64(tape))])
    #expect(try fixture.reader().consentTakenBack(of: tape).map(\.entry) == [receipt.index])
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).isSound)
  }

  @Test func forOneClassItIsTakenBackForThatClass() throws {
    let tape = try addRecording()
    let testimony = try fixture.addTestimony(more: [("attachments", Self.value("attachments", tape))])
    #expect(try withdraw(testimony, classes: ["media"]).covered == [tape])
    #expect(try refusals(tape).isEmpty)
    let receipt = try withdraw(testimony, classes: ["lawyer"])
    #expect(try refusals(tape) == [.item(.withdrawn(by: receipt.index))])
  }

  @Test func whatATestimonyNamesNoMoreIsFreeUntilItsConsentIsTakenBack() throws {
    let tape = try addRecording()
    let testimony = try fixture.addTestimony(
      more: [("attachments", Self.value("attachments", tape)), ("consent.lawyer", "refused")])
    _ = try fixture.reader().amend(
      testimony, setting: [:], removing: ["attachments"], reason: "not of this witness", adding: [],
      signer: fixture.signer)
    #expect(try refusals(tape).isEmpty)
    let receipt = try withdraw(testimony)
    #expect(receipt.covered == [tape])
    #expect(try refusals(tape) == [.item(.withdrawn(by: receipt.index))])
  }

  /// A number that was mistyped once: whoever withdraws can say so, and only of such a one.
  @Test(arguments: [["lawyer"], []]) func whatWasNamedByMistakeOnceIsNotConcernedIfThatIsSaid(
    classes: [String]
  ) throws {
    let (tape, other) = (try addRecording(), try addRecording())
    let testimony = try fixture.addTestimony(more: [("attachments", Self.value("attachments", tape))])
    let copy = try addRecording([("derived_from", .integer(Int64(testimony)))])
    for (item, changes, removed) in [
      (testimony, ["attachments": Self.value("attachments", other)], []), (copy, [:], ["derived_from"]),
    ] as [(UInt64, JSONObject, Set<String>)] {
      _ = try fixture.reader().amend(
        item, setting: changes, removing: removed, reason: "mistyped", adding: [], signer: fixture.signer)
    }
    let reader = try fixture.reader()
    let preview = try reader.previewWithdrawal(of: testimony, for: classes)
    #expect(preview.covered == [tape, other, copy] && preview.tiedByReplaced == [tape, copy])
    var withdrawing = Withdrawing(reason: "asked")
    withdrawing.classes = classes
    withdrawing.notCovering = [tape, other]
    #expect { try reader.withdraw(testimony, withdrawing, signer: fixture.signer) } throws: {
      if case VaultError.notTiedByReplaced(other, to: testimony) = $0 { true } else { false }
    }
    withdrawing.notCovering = [tape, copy]
    let receipt = try reader.withdraw(testimony, withdrawing, signer: fixture.signer)
    #expect(receipt.covered == [other] && receipt.tiedByReplaced.isEmpty)
    let fields = try fixture.reader().record(at: receipt.index).fields
    #expect(fields["not_covered"] == .array([tape, copy].map { .integer(Int64($0)) }))
    #expect(fields["covers"] == (classes.isEmpty ? Self.value("attachments", other) : nil))
    for item in [tape, copy] { #expect(try refusals(item).isEmpty, "item \(item)") }
    #expect(try refusals(other) == [.item(.withdrawn(by: receipt.index))])
    if !classes.isEmpty { #expect(try fixture.reader().previewWithdrawal(of: testimony).covered == [other]) }
    // What is tied again is concerned.
    _ = try fixture.reader().amend(
      copy, setting: ["derived_from": .integer(Int64(testimony))], removing: [], reason: "it was", adding: [],
      signer: fixture.signer)
    #expect(try refusals(copy) == [.item(.withdrawn(by: receipt.index))])
  }

  /// Two people on one tape: its own field can name only one of them.
  @Test func allWhomARecordingIsOfHaveToAllowIt() throws {
    let first = try fixture.addTestimony(more: [("consent.voice_image", true)])
    let tape = try addRecording([("consent.by", .integer(Int64(first)))])
    #expect(try plan([tape]).items[0].record.files.count == 1)
    try fixture.addTestimony("Second", more: [("interview.recording", .integer(Int64(tape)))])
    let plan = try plan([tape])
    #expect(plan.items[0].withheldFiles.map(\.reason) == [.consent(.voiceImage)])
    #expect(plan.items.filter(\.isAlong).count == 2)
  }

  @Test func aRefusalSaysWhoseItIs() throws {
    let tape = try addRecording()
    let testimony = try fixture.addTestimony(
      more: [("attachments", Self.value("attachments", tape)), ("consent.voice_image", false)])
    func speakers(_ item: UInt64, _ name: String? = nil) throws -> [UInt64?] {
      do {
        _ = try plan([item]) { if let name { $0.disclosed = [name] } }
        return []
      } catch VaultError.refusedByConsent(let refusals) { return refusals.map(\.speaker) }
    }
    #expect(try speakers(tape, "file:rec.wav") == [testimony])
    #expect(try speakers(testimony, "witness.name") == [nil])
    let refusing: [JSONObject] = [
      ["consent.lawyer": "refused"], ["consent.lawyer": "code", "consent.until": "2001"],
    ]
    for answers in refusing {
      _ = try fixture.reader().amend(
        testimony, setting: answers, removing: [], reason: "asked", adding: [], signer: fixture.signer)
      #expect(try speakers(tape) == [testimony])
      #expect(try speakers(testimony) == [nil])
    }
    #expect(try fixture.reader().consentSpeakers(of: tape) == [testimony])
    #expect(try fixture.reader().consentSpeakers(of: testimony).isEmpty)
  }

  @Test func aTestimonySpeaksForItselfWhoeverNamesIt() throws {
    let first = try fixture.addTestimony()
    let second = try fixture.addTestimony(
      "Second", more: [("attachments", Self.value("attachments", first)), ("consent.lawyer", "refused")])
    // No person could write this down.
    let reader = try fixture.reader()
    var fields = try reader.currentItem(first).current.fields
    for (name, number) in [("attachments", second), ("amends", first)] { fields[name] = Self.value(name, number) }
    _ = try fixture.open().add([], kind: "testimony", fields: fields, after: reader.head.tree, signer: fixture.signer)
    #expect(try refusals(first).isEmpty)
    #expect(try withdraw(second).covered.isEmpty)
    #expect(try refusals(first).isEmpty)
  }

  /// Names are those of the witness, whose testimony nobody asked for.
  @Test func theNameOfTheWitnessLeavesWithNothingThatTheTestimonyNames() throws {
    let tape = try addRecording([("title", .string("Tape of \(VaultFixture.witnessName)"))])
    try fixture.addTestimony(more: [("attachments", Self.value("attachments", tape))])
    #expect { try plan([tape]) } throws: { if case VaultError.identityWouldLeak = $0 { true } else { false } }
  }

  /// Whoever took a signing key must not tie items to a testimony of their own for good.
  @Test func anUntrustedRecordThatWasReplacedTiesNothing() throws {
    let book = CustodyBook.amended([5: 9])
    func line(_ entry: UInt64, _ named: [UInt64]) -> TestimonyLinks.Line {
      TestimonyLinks.Line(entry: entry, owner: 5, named: named)
    }
    let lines = [line(5, [1]), line(9, [2])]
    let trusted = TestimonyLinks(lines, book) { _ in true }
    #expect(trusted.items(of: 5) == [1, 2] && trusted.speakers(of: 1).isEmpty && trusted.speakers(of: 2) == [5])
    let seized = TestimonyLinks(lines, book) { $0 == 9 }
    #expect(seized.items(of: 5) == [2] && seized.owners(naming: 1).isEmpty)
    let present = TestimonyLinks(lines, book) { _ in false }
    #expect(present.items(of: 5).isEmpty, "a withdrawal of it covers nothing")
    #expect(present.speakers(of: 2) == [5] && present.owners(naming: 2) == [5], "it is refused until then")
  }

  @Test func whatHasNoConsentOfItsOwnIsNamed() throws {
    let tape = try addRecording()
    let testimony = try fixture.addTestimony(
      more: [("interview.recording", .integer(Int64(tape))), ("attachments", Self.value("attachments", tape))])
    let fields = try fixture.reader().record(at: testimony).fields
    func named() throws -> [String] {
      try fixture.reader().namedWithoutConsentBy(in: fields, kind: "testimony").map { "\($0.item) \($0.field)" }
    }
    #expect(try named() == ["\(tape) interview.recording"])
    _ = try fixture.reader().amend(
      tape, setting: ["consent.by": .integer(Int64(testimony))], removing: [], reason: "r", adding: [],
      signer: fixture.signer)
    #expect(try named().isEmpty)
  }
}

extension CustodyBook {
  /// A book in which items were amended by an entry each.
  fileprivate static func amended(_ amendments: [UInt64: UInt64]) -> CustodyBook {
    var book = CustodyBook()
    for (item, entry) in amendments {
      book.note(
        Summary(
          index: entry, amends: item, kind: "testimony", title: "t", added: "", caseCode: nil, fileCount: 0,
          byteCount: 0, eventFields: [:]))
    }
    return book
  }
}
