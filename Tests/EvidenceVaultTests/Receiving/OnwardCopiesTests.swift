@testable import EvidenceVault
import SelectiveDisclosure
import StrictJSON
import Tar
import TestFolders
import Testing

/// What was withheld because of what it was made from is withheld by whoever received it, too, though what it was made
/// from did not come along.
@Suite struct OnwardCopiesTests {
  private let fixture: ReceivingFixture
  private var sender: VaultFixture { fixture.sender }

  /// Item 1 is a tape, and 2 the testimony of it: to lawyers all may go, to media neither words nor voice, and no name.
  init() throws {
    fixture = try ReceivingFixture()
    _ = try add("tape.mp3", ["document.kind": "audio"])
    try sender.addTestimony(more: [
      ("interview.recording", 1), ("consent.lawyer", "full"), ("consent.media", "code"), ("consent.voice_image", true),
      ("consent.media.voice_image", false), ("consent.quotes", "none"), ("consent.lawyer.quotes", "verbatim"),
      ("consent.place_detail", "exact"),
    ])
  }

  private func add(_ file: String, _ more: JSONObject) throws -> UInt64 {
    let path = try sender.folder.write("%PDF of \(file)".utf8, to: "input/\(file)")
    var fields: JSONObject = ["title": "Made", "document.kind": "other"]
    for member in more.members { fields[member.name] = member.value }
    return try sender.open().add(ItemSource.find([path]), kind: "document", fields: fields, signer: sender.signer).index
  }

  /// Sends an item, and tells which of its files, but for the proofs, would go on to media.
  private func goesOn(_ item: UInt64) throws -> [String] {
    let received = try fixture.receive(fixture.send([item]))
    let here = try #require(received.items.first { $0.there == item }?.here)
    let shown = try fixture.plan([here], for: "media").items[0].record.files.compactMap(\.path?.text)
    let all = try fixture.recipient.reader().record(at: here).files.compactMap(\.path?.text)
    #expect(all.contains { !$0.hasPrefix("received-proofs") }, "it came with its file")
    return shown.filter { !$0.hasPrefix("received-proofs") }
  }

  @Test(
    arguments: [
      ("clip.mp3", ["derived_from": 1, "derived.purpose": "working", "shows_people": false]),
      ("typed.pdf", ["derived_from": 1]), ("typed.txt", ["derived_from": 1]), ("words.pdf", ["derived_from": 2]),
      ("words.txt", ["translation_of": 2]),
    ] as [(String, JSONObject)])
  func copiesOfWordsAndVoiceStay(file: String, more: JSONObject) throws {
    var fields = more
    #expect(try goesOn(add(file, fields)) == [])
    fields["consent.by"] = 2
    #expect(try goesOn(add("again-\(file)", fields)) == [])
  }

  @Test(arguments: [nil, 2] as [Int64?]) func copiesOfSignedPapersStay(speaker: Int64?) throws {
    let form = try add("form.pdf", ["document.kind": "consent_form", "consent.by": 2])
    var fields: JSONObject = ["derived_from": .integer(Int64(form))]
    if let speaker { fields["consent.by"] = .integer(speaker) }
    #expect(try goesOn(add("scan.pdf", fields)) == [])
    fields["derived.purpose"] = "redacted"
    #expect(try goesOn(add("blackened.pdf", fields)) == ["blackened.pdf"])
  }

  /// A letter that a witness gave is no paper with words of theirs, here and there.
  @Test func whatIsHarmlessGoesOn() throws {
    let letter = try add("letter.pdf", ["document.kind": "official_letter", "consent.by": 2])
    #expect(try goesOn(letter) == ["letter.pdf"])
    let copy = try add("copy.pdf", ["derived_from": .integer(Int64(letter)), "consent.by": 2])
    #expect(try goesOn(copy) == ["copy.pdf"])
  }

  /// What the witness of something else allows whom is nobody's business.
  @Test func nobodyGoesAlongWhoDoesNotSpeak() throws {
    let other = try sender.addTestimony("Second")
    let letter = try add("letter.pdf", ["document.kind": "official_letter", "consent.by": .integer(Int64(other))])
    let ofOther = try add("copy.pdf", ["derived_from": .integer(Int64(letter)), "consent.by": 2])
    let ofWords = try add("words.pdf", ["derived_from": .integer(Int64(other)), "consent.by": 2])
    #expect(Set(try sender.planForDesk([ofOther]).items.map(\.record.index)) == [2, letter, ofOther])
    #expect(Set(try sender.planForDesk([ofWords]).items.map(\.record.index)) == [2, ofWords])
    #expect(try goesOn(ofWords) == [], "what did not come along may have been a testimony")
  }

  /// A paper of which nothing is said may be a form.
  @Test func aPaperWhoseKindDidNotComeAlongStays() throws {
    let letter = try add("letter.pdf", ["document.kind": "official_letter", "consent.by": 2])
    let received = try fixture.receive(fixture.send([letter]) { $0.withheld = ["document.kind"] })
    let here = try #require(received.items.first { $0.there == letter }?.here)
    let withheld = try fixture.plan([here], for: "media").items[0].withheldFiles
    #expect(withheld.contains(WithheldField(name: "letter.pdf", reason: .unsearchable)))
  }

  /// Where nobody speaks for it, it goes on by a written reason as ever, but for its files.
  @Test func aLinkThatLeadsNowhereRefusesNothingByItself() throws {
    let source = try add("letter.pdf", [:])
    let copy = try add("copy.pdf", ["derived_from": .integer(Int64(source))])
    let received = try fixture.receive(fixture.send([copy]))
    let here = received.items[0].here
    #expect(try fixture.recipient.reader().record(at: here).fields["derived_from"] == .integer(.max))
    #expect(try fixture.refusals { try fixture.plan([here], for: "media") } == [.item(.receivedWithoutConsent)])
    let plan = try fixture.plan([here], for: "media") { $0.overrideReason = "urgent" }
    #expect(plan.items[0].record.files.compactMap(\.path?.text) == ["copy.pdf"])
  }

  /// Whatever entry of a testimony a link names, it is that testimony here.
  @Test func aLinkToAnAmendmentLeadsToItsItem() throws {
    let amended = try sender.reader().amend(
      2, setting: ["title": "Retold"], removing: [], reason: "told again", adding: [], signer: sender.signer)
    let letter = try add(
      "letter.pdf", ["document.kind": "official_letter", "consent.by": .integer(Int64(amended.index))])
    let received = try fixture.receive(fixture.send([letter])).items
    let testimony = try #require(received.first { $0.there == 2 }?.here)
    let here = try #require(received.first { $0.there == letter }?.here)
    let record = try fixture.recipient.reader().record(at: here)
    #expect(record.fields["consent.by"] == .integer(Int64(testimony)))
  }

  @Test func whatDoesNotSayItsKindIsNotFiled() throws {
    let path = try fixture.send([add("letter.pdf", [:])])
    let vault = try fixture.recipient.open()
    let bundle = try OpenedBundle(
      [path], with: [fixture.recipient.identity], from: fixture.expected, environment: vault.environment)
    let whole = bundle.checked.items[0]
    let silent = try Record(
      index: whole.index,
      presentation: whole.presentation.keeping { claim in
        if case .name("kind")? = claim.path.first { false } else { true }
      })
    #expect {
      _ = try ReceivedItem(first: silent, amendments: [], events: []).composed(from: bundle, numbers: [:], sameAs: nil)
    } throws: {
      if case VaultError.kindWithheld(whole.index) = $0 { true } else { false }
    }
  }

  /// Neither in a title nor in the name of a folder.
  @Test func numbersOfTheSenderStandInNothingThatGoesOn() throws {
    let minutes = try add("minutes.txt", [:])
    let path = try sender.folder.write("more".utf8, to: "input/minutes.txt")
    _ = try sender.reader().amend(
      minutes, setting: [:], removing: [], reason: "found", adding: ItemSource.find([path]), signer: sender.signer)
    for withheld in [["title"], ["title", "names"]] as [Set<String>] {
      let received = try fixture.receive(fixture.send([minutes]) { $0.withheld = withheld })
      let record = try fixture.recipient.reader().record(at: received.items[0].here)
      #expect(record.fields["title"] == "Received without its title")
      let places = record.files.compactMap(\.path?.text).filter { !$0.hasPrefix("received-proofs") }
      #expect(
        places
          == (withheld.contains("names")
            ? ["unnamed/1-1", "unnamed/2-1"] : ["minutes.txt", "amendment-1/1/minutes.txt"]))
    }
  }

  @Test func thatTheNameOfAWitnessIsNotKnownIsTold() throws {
    let letter = try add("letter.pdf", ["document.kind": "official_letter", "consent.by": 2])
    #expect(try sender.planForDesk([letter]).namelessTestimonies.isEmpty)
    let received = try fixture.receive(fixture.send([letter]))
    let testimony = try #require(received.items.first { $0.there == 2 }?.here)
    let here = try #require(received.items.first { $0.there == letter }?.here)
    let plan = try fixture.plan([here], for: "media")
    #expect(plan.namelessTestimonies == [testimony])
    #expect(plan.unsearchedFiles.map(\.path).contains("letter.pdf"))
  }
}
