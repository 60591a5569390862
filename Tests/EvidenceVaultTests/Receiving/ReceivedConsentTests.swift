import Age
@testable import EvidenceVault
import Primitives
import StrictJSON
import Tar
import TestFolders
import Testing

/// What a witness allowed the sender binds the recipient's vault, too.
@Suite struct ReceivedConsentTests {
  private let fixture: ReceivingFixture
  private var sender: VaultFixture { fixture.sender }
  private var recipient: VaultFixture { fixture.recipient }

  init() throws { fixture = try ReceivingFixture() }

  private func received(
    _ items: [UInt64], _ change: (inout DisclosureChoice) -> Void = { _ in }
  ) throws -> [UInt64] {
    try fixture.receive(fixture.send(items, change)).items.map(\.here)
  }

  @Test func theAnswersOfAWitnessDecideHereAsThere() throws {
    try sender.addTestimony(more: [("consent.media", "refused"), ("consent.place_detail", "region")])
    let here = try received([1])
    #expect(try fixture.refusals { try fixture.plan(here, for: "media") } == [.item(.refused)])
    #expect(try fixture.plan(here).items[0].record.fields["witness.code"] == "Blue Heron")
    let record = try recipient.reader().record(at: here[0])
    let there = try sender.reader().record(at: 1)
    for name in there.fields.names where name.hasPrefix("consent.") {
      #expect(record.fields[name] == there.fields[name], "\(name)")
    }
  }

  @Test func whatWasNotSaidOfAClassIsRefused() throws {
    try sender.addTestimony()
    let here = try received([1])
    #expect(try fixture.refusals { try fixture.plan(here, for: "media") } == [.item(.noAnswer)])
    let withheld = try received([1]) { $0.withheld = ["consent.lawyer"] }
    #expect(try fixture.refusals { try fixture.plan(withheld) } == [.item(.noAnswer)])
  }

  /// A bundle that is made later does not say what holds no more, be the testimony asked for or only gone along with.
  @Test func anAnswerThatWasTakenBackDoesNotTravel() throws {
    try sender.addTestimony(more: [("consent.media", "code"), ("consent.media.voice_image", true)])
    _ = try sender.open().add(
      [], kind: "translation", fields: ["title": "In English", "of": 1, "language": "en"], signer: sender.signer)
    var withdrawing = Withdrawing(reason: "asked")
    withdrawing.classes = ["media"]
    _ = try sender.reader().withdraw(1, withdrawing, signer: sender.signer)
    for item in [UInt64(1), 2] {
      let here = try received([item])
      let testimony = try #require(here.first)
      let fields = try recipient.reader().record(at: testimony).fields
      #expect(fields["consent.lawyer"] == "code")
      #expect(fields.names.filter { $0.hasPrefix("consent.media") }.isEmpty)
      for number in here {
        #expect(try fixture.refusals { try fixture.plan([number], for: "media") } == [.item(.noAnswer)])
      }
    }
  }

  @Test func theEndOfConsentTravels() throws {
    try sender.addTestimony(more: [("consent.until", "2023-06")])
    let here = try received([1])
    let vault = try recipient.open()
    #expect(try fixture.plan(here).items.count == 1)
    var later = VaultFixture.environment(stateFolder: nil)
    later.now = { Timestamp(secondsSince1970: 1_700_000_000) }
    let reader = try VaultReader(Vault(opening: vault.path, environment: later), identities: [recipient.identity])
    let plan = { () throws -> ExportPlan in
      try reader.plan(here, for: .recipients([reader.recipient("lawyer")]), purpose: "", choice: DisclosureChoice())
    }
    #expect(try fixture.refusals(plan) == [.item(.expired(end: "2023-06-01"))])
  }

  /// Left out, they would allow more.
  @Test(arguments: ["consent.until", "consent.ask_again_before", "use.not_before", "consent.lawyer.quotes"])
  func conditionsAreNotWithheldFromWhoeverTheyBind(field: String) throws {
    try sender.addTestimony()
    #expect {
      _ = try fixture.send([1]) { $0.withheld = [field] }
    } throws: { error in
      if case VaultError.conditionTravels(field) = error { true } else { false }
    }
  }

  @Test func whatCameWithoutConsentGoesOnlyWithAReason() throws {
    try sender.addDocument("Minutes", files: ["minutes.txt": "Present: three"])
    let here = try received([1])
    #expect(try fixture.refusals { try fixture.plan(here) } == [.item(.receivedWithoutConsent)])
    #expect(try fixture.plan(here) { $0.overrideReason = "the sender asked us to" }.items.count == 1)
  }

  @Test func aTestimonyThatCameAlongSpeaksForItsDocumentAndAMissingOneForbidsIt() throws {
    try sender.addTestimony()
    let path = try sender.folder.write("a letter".utf8, to: "input/letter.txt")
    let fields: JSONObject = ["title": "Letter", "document.kind": "note", "consent.by": 1]
    _ = try sender.open().add(ItemSource.find([path]), kind: "document", fields: fields, signer: sender.signer)
    let both = try received([2, 1])
    let letter = try recipient.reader().record(at: both[1])
    #expect(letter.fields["consent.by"] == .integer(Int64(both[0])) && both[0] != 1)
    #expect(try fixture.plan([both[1]]).items.map(\.isAlong) == [false, true])
    #expect(try fixture.refusals { try fixture.plan([both[1]], for: "media") } == [.item(.noAnswer)])
    // As programs from before made it.
    let reader = try sender.reader()
    var plan = try reader.plan(
      [2], for: .recipients([reader.recipient("Desk")]), purpose: "a test", choice: DisclosureChoice())
    plan.items.removeAll(where: \.isAlong)
    let alone = try fixture.receive(fixture.send(plan)).items.map(\.here)
    let missing = ConsentRefusal.Cause.item(.noTestimony(UInt64(Int64.max)))
    #expect(try fixture.refusals { try fixture.plan(alone) } == [missing])
    #expect(try fixture.refusals { try fixture.plan(alone) { $0.overrideReason = "urgent" } } == [missing])
  }

  /// The vault may know a name that it must not pass on, and the proofs have it in them.
  @Test func theProofsStayHereUnlessTheyAreNamedAndTheNameMayGo() throws {
    try sender.addTestimony(more: [("consent.lawyer", "full"), ("consent.media", "code")])
    let here = try received([1]) { $0.disclosed = ["witness.name"] }
    #expect(
      try recipient.reader().record(at: here[0]).fields["witness.name"] == .string(VaultFixture.witnessName))
    for recipientClass in ["lawyer", "media"] {
      let item = try fixture.plan(here, for: recipientClass).items[0]
      #expect(!item.record.files.contains { $0.path.map(ReceivedProofs.isOne) == true })
      #expect(item.withheldFiles.contains { $0.name == "received-proofs/proofs/item-1.sd-jwt" })
      #expect(item.withheldFiles.allSatisfy { $0.reason == .identity })
    }
    let name = "file:received-proofs/proofs/item-1.sd-jwt"
    let refusals = try fixture.refusals { try fixture.plan(here, for: "media") { $0.disclosed = [name] } }
    #expect(refusals == [.part(name, .name)])
    let named = try fixture.plan(here) { $0.disclosed = [name] }
    #expect(named.items[0].record.files.contains { $0.path?.text == "received-proofs/proofs/item-1.sd-jwt" })
  }

  /// A file of an amendment whose path is taken stands deeper here than the sender had it.
  @Test(arguments: ["received-proofs/entry-1.sd-jwt", "received-proofs-2/a/b", "salvaged-record.json"])
  func whatAnAmendmentMovedIsKeptBackAsWell(path: String) throws {
    let place = try ArchivePath(path)
    func source(_ text: String) -> ItemSource {
      ItemSource(
        origin: .memory(Array(text.utf8)), path: place, displayPath: path, byteCount: UInt64(text.utf8.count))
    }
    let number = try sender.open().add(
      [source("first")], kind: "document", fields: ["title": "Scan", "document.kind": "note"], signer: sender.signer
    ).index
    _ = try sender.reader().amend(
      number, setting: [:], removing: [], reason: "found", adding: [source("second")], signer: sender.signer)
    let here = try received([number]) { $0.disclosed = [DisclosureChoice.file(place)] }
    let item = try fixture.plan(here) { $0.overrideReason = "urgent" }.items[0]
    let withheld = item.withheldFiles.map(\.name)
    #expect(withheld.contains(path) && withheld.contains("amendment-1/1/\(path)"), "\(withheld)")
    #expect(item.record.files.allSatisfy { $0.path == nil })
  }

  /// That somebody is seen on it is told by a field that may not go.
  @Test func aPictureOfWhichNothingCameAlongNeedsWhatItMayShow() throws {
    try sender.addTestimony(more: [
      ("consent.lawyer", "none"), ("consent.media", "none"), ("consent.voice_image", true),
      ("consent.media.voice_image", false), ("consent.place_detail", "exact"),
    ])
    let path = try sender.folder.write("no picture".utf8, to: "input/face.png")
    let picture = try sender.open().add(
      ItemSource.find([path]), kind: "document",
      fields: ["title": "T", "document.kind": "other", "consent.by": 1, "people_shown": ["Blue Heron"]],
      signer: sender.signer
    ).index
    let here = try #require(try received([picture]).last)
    #expect(try fixture.plan([here]).items[0].record.files.contains { $0.path?.text == "face.png" })
    let withheld = try fixture.plan([here], for: "media").items[0].withheldFiles
    #expect(
      withheld.contains(
        WithheldField(name: "face.png", reason: .unanswered(.voiceImage, question: "shows_people"))))
  }

  /// A picture without its name is a picture all the same.
  @Test func whatKindOfFileItIsIsKeptWhereItsNameIsWithheld() throws {
    let path = try sender.folder.write("no picture".utf8, to: "input/face.png")
    _ = try sender.open().add(
      ItemSource.find([path]), kind: "testimony",
      fields: [
        "title": "T", "witness.code": "Blue Heron", "interview.date": "2023-05", "interview.language": "tg",
        "consent.lawyer": "code", "consent.media": "code", "consent.voice_image": false,
        "consent.lawyer.voice_image": true,
      ], signer: sender.signer)
    let here = try received([1]) { $0.withheld = ["names"] }
    let file = try #require(try recipient.reader().record(at: here[0]).files.first)
    #expect(file.mediaType == "image/png" && file.path?.text == "unnamed/1-1")
    let item = try fixture.plan(here, for: "media").items[0]
    #expect(item.withheldFiles.contains(WithheldField(name: "unnamed/1-1", reason: .consent(.voiceImage))))
  }

  /// Where the index is lost, what was received stays bound, and its proofs stay inside.
  @Test func salvageKeepsThatAnItemWasReceived() throws {
    try sender.addDocument("Minutes", files: ["minutes.txt": "Present: three"])
    _ = try received([1])
    try TemporaryFolder.remove("\(recipient.path)/checkpoint")
    let report = try Vault.salvage(
      recipient.path, identities: [recipient.identity], to: recipient.folder["new"],
      passphrase: VaultFixture.passphrase(), workFactorLog2: 1, environment: recipient.environment)
    let reader = try VaultReader(report.vault, identities: [report.vault.readingIdentity(VaultFixture.passphrase())])
    let records = try report.items.map { try reader.record(at: $0.index) }
    let salvaged = try #require(records.first { $0.fields[ReceivedField.bundle] != nil })
    let signer = try report.vault.signer(VaultFixture.passphrase())
    _ = try reader.addRecipient(
      "Desk", recipientClass: "lawyer", keys: [sender.identity.recipient], verifierKey: nil, comparison: .call,
      signer: signer)
    let plan = { () throws -> ExportPlan in
      let now = try VaultReader(report.vault, identities: reader.identities)
      return try now.plan(
        [salvaged.index], for: .recipients([now.recipient("Desk")]), purpose: "", choice: DisclosureChoice())
    }
    #expect(try fixture.refusals(plan) == [.item(.noTestimony(UInt64.missingEntry))])
    _ = try VaultReader(report.vault, identities: reader.identities).amend(
      salvaged.index, setting: [:], removing: ["consent.by"], reason: "looked", adding: [], signer: signer)
    #expect(try fixture.refusals(plan) == [.item(.receivedWithoutConsent)])
  }
}
