import Age
@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// A witness speaks for the own record as a person, and for the pictures of that person.
@Suite struct PersonConsentTests {
  private let fixture: ReceivingFixture
  private var sender: VaultFixture { fixture.sender }

  private static let person: UInt64 = 1
  private static let photo: UInt64 = 2
  private static let portrait: UInt64 = 3

  /// Item 1 is a person, whose picture is 3; 2 is a photo that shows them, and 6 one of another person, 5.
  init() throws {
    fixture = try ReceivingFixture()
    try add("person", ["code": "Blue Heron", "name.latin": "Firuz Sharifzoda"])
    try add("document", ["document.kind": "photo", "people_shown.persons": [1]], file: "photo.jpg")
    try add("document", ["document.kind": "photo"], file: "portrait.jpg")
    try amend(Self.person, ["picture": 3])
    try add("person", ["code": "Grey Crane"])
    try add("document", ["document.kind": "other", "people_shown.persons": [5]], file: "other.jpg")
    for name in ["media", "researcher"] {
      _ = try sender.reader().addRecipient(
        name, recipientClass: name, keys: [fixture.recipient.identity.recipient], verifierKey: nil, comparison: .call,
        signer: sender.signer)
    }
  }

  @discardableResult
  private func add(_ kind: String, _ more: JSONObject, file: String? = nil) throws -> UInt64 {
    let paths = try file.map { [try sender.folder.write($0.utf8, to: "input/\($0)")] } ?? []
    var fields: JSONObject = ["title": "Made"]
    for member in more.members { fields[member.name] = member.value }
    return try sender.open().add(ItemSource.find(paths), kind: kind, fields: fields, signer: sender.signer).index
  }

  private func amend(_ item: UInt64, _ changes: JSONObject, removing: Set<String> = []) throws {
    _ = try sender.reader().amend(
      item, setting: changes, removing: removing, reason: "asked", adding: [], signer: sender.signer)
  }

  /// The testimony of the person; its number.
  @discardableResult
  private func addTestimony(_ more: [(String, JSON)] = []) throws -> UInt64 {
    try sender.addTestimony(
      more: [("witness.person", 1), ("consent.media", "refused"), ("consent.voice_image", true)]
        + [("consent.place_detail", "exact")] + more)
  }

  private func plan(
    _ items: [UInt64], to name: String = "Desk", _ change: (inout DisclosureChoice) -> Void = { _ in }
  ) throws -> ExportPlan {
    var choice = DisclosureChoice()
    change(&choice)
    let reader = try sender.reader()
    return try reader.plan(items, for: .recipients([reader.recipient(name)]), purpose: "", choice: choice)
  }

  private func refusals(
    _ item: UInt64, to name: String, _ change: (inout DisclosureChoice) -> Void = { _ in }
  ) throws -> [ConsentRefusal.Cause] {
    try fixture.refusals { try plan([item], to: name, change) }
  }

  /// Whoever got the picture would know of the first witness alone, and pass it on as that one allows.
  @Test func aPictureWithAWitnessWhomNothingMayTieToItGoesByNameAlone() throws {
    let other = try sender.addTestimony(more: [("consent.voice_image", true), ("consent.place_detail", "exact")])
    try amend(Self.photo, ["consent.by": .integer(Int64(other))])
    let testimony = try addTestimony()
    #expect(try plan([Self.photo]).items[0].withheldFiles.map(\.reason) == [.identity])
    #expect(try plan([Self.photo]) { $0.disclosed = ["file:photo.jpg"] }.items[0].record.files.count == 1)
    // A face that was cut out of it is the same face.
    let part = try add("document", ["document.kind": "photo", "derived_from": 2], file: "part.jpg")
    #expect(try plan([part]).items[0].withheldFiles.map(\.reason) == [.identity])
    let redacted: JSONObject = [
      "document.kind": "photo", "derived_from": 2, "derived.purpose": "redacted", "shows_people": false,
      "shows_place": false,
    ]
    #expect(try plan([add("document", redacted, file: "redacted.jpg")]).items[0].record.files.count == 1)
    try amend(Self.photo, ["consent.by": .integer(Int64(testimony))])
    for item in [Self.photo, part] { #expect(try plan([item]).items[0].record.files.count == 1) }
  }

  @Test(arguments: ["other.jpg", "passport.pdf", "passport.odt"])
  func whatShowsAPersonForWhomNobodySpeaksGoesByNameAloneWhateverTheFile(file: String) throws {
    let shown = try add("document", ["document.kind": "other", "people_shown.persons": [5]], file: file)
    #expect(try plan([shown]).items[0].withheldFiles.map(\.reason) == [.identity])
    #expect(try plan([shown]) { $0.disclosed = ["file:\(file)"] }.items[0].record.files.count == 1)
  }

  @Test func thePersonAndThePicturesGoToNobodyToWhomTheWitnessSaidNo() throws {
    let copy = try add("document", ["document.kind": "photo", "derived_from": 2], file: "copy.jpg")
    let testimony = try addTestimony()
    for item in [Self.person, Self.photo, Self.portrait, copy] {
      #expect(try refusals(item, to: "media") == [.item(.refused)], "item \(item)")
      #expect(try refusals(item, to: "researcher") == [.item(.noAnswer)], "item \(item)")
    }
    for item in [Self.photo, Self.portrait, copy] {
      #expect(try plan([item]).items[0].record.files.count == 1, "item \(item)")
    }
    try amend(testimony, ["consent.voice_image": false])
    for item in [Self.photo, Self.portrait, copy] {
      #expect(try plan([item]).items[0].withheldFiles.map(\.reason) != [], "item \(item)")
    }
  }

  /// Also where its own field names another witness.
  @Test func whoIsOnAPictureSpeaksBesidesWhomItNames() throws {
    let other = try sender.addTestimony("Second", more: [("consent.media", "full"), ("consent.voice_image", true)])
    try amend(Self.photo, ["consent.by": .integer(Int64(other))])
    try addTestimony()
    #expect(try refusals(Self.photo, to: "media") == [.item(.refused)])
  }

  @Test func namesOfAPersonNeedTheConsentOfTheWitness() throws {
    let testimony = try addTestimony()
    #expect(try refusals(Self.person, to: "Desk") == [.item(.notByName)])
    #expect(try refusals(Self.person, to: "Desk") { $0.disclosed = ["name.latin"] }.contains(.item(.notByName)))
    try amend(testimony, ["consent.lawyer": "full"])
    let sent = try plan([Self.person]) { $0.disclosed = ["name.latin"] }
    #expect(sent.items.contains { $0.record.fields["name.latin"] == "Firuz Sharifzoda" })
  }

  /// By name, a person for whom nobody speaks goes as ever.
  @Test func aPictureOfSomebodyForWhomNobodySpeaksGoesOnlyByName() throws {
    for (item, file) in [(Self.photo, "photo.jpg"), (Self.portrait, "portrait.jpg"), (6, "other.jpg")] {
      let plan = try self.plan([item])
      #expect(plan.items[0].withheldFiles.map(\.reason) == [.identity] && plan.items.count == 1, "item \(item)")
      #expect(try self.plan([item]) { $0.disclosed = ["file:\(file)"] }.items[0].record.files.count == 1)
    }
    #expect(try plan([Self.person]) { $0.disclosed = ["name.latin"] }.items.count == 2)
    try addTestimony()
    #expect(try plan([6]).items[0].record.files.isEmpty)
    try amend(6, ["people_shown.persons": [1, 5]])
    #expect(try plan([6]).items[0].withheldFiles.map(\.reason) == [.identity], "one of two")
    #expect(try refusals(6, to: "media") == [.item(.refused)])
  }

  // MARK: - Withdrawals

  @Test(arguments: [["lawyer"], []]) func aWithdrawalReachesThePersonAndThePictures(classes: [String]) throws {
    let testimony = try addTestimony([("consent.lawyer", "full")])
    var withdrawing = Withdrawing(reason: "asked")
    withdrawing.classes = classes
    let reader = try sender.reader()
    #expect(try reader.previewWithdrawal(of: testimony, for: classes).covered == [1, 2, 3])
    let receipt = try reader.withdraw(testimony, withdrawing, signer: sender.signer)
    #expect(receipt.covered == [1, 2, 3])
    for item in receipt.covered {
      #expect(
        try refusals(item, to: "Desk") { $0.overrideReason = "never" } == [.item(.withdrawn(by: receipt.index))],
        "item \(item)")
    }
    #expect(try sender.reader().record(at: receipt.index).fields["covers"] == (classes.isEmpty ? [1] : nil))
  }

  /// With the record of the person goes what tells which picture is theirs.
  @Test func theWithdrawalOfAPersonReachesTheirPictures() throws {
    let receipt = try sender.reader().withdraw(
      Self.person, Withdrawing(reason: "asked"), signer: sender.signer)
    #expect(receipt.covered == [2, 3])
    for item in receipt.covered {
      #expect(try refusals(item, to: "media") == [.item(.withdrawn(by: receipt.index))], "item \(item)")
    }
  }

  // MARK: - At the recipient's

  private func receive(_ items: [UInt64]) throws -> [UInt64: UInt64] {
    let received = try fixture.receive(fixture.send(items))
    return Dictionary(uniqueKeysWithValues: received.items.map { ($0.there, $0.here) })
  }

  @Test(arguments: [photo, portrait, person]) func whereTheNameMayGoAllIsTied(item: UInt64) throws {
    let testimony = try addTestimony([("consent.lawyer", "full")])
    let here = try receive([item])
    #expect(Set(here.keys) == Set([item, Self.person, testimony]))
    let (there, witness) = (try #require(here[item]), try #require(here[testimony]))
    #expect(try fixture.refusals { try fixture.plan([there], for: "media") } == [.item(.refused)])
    let person = try fixture.recipient.reader().record(at: #require(here[Self.person]))
    #expect(item == Self.person || person.fields["code"] == nil, "only what ties it goes along")
    let receipt = try fixture.recipient.reader().withdraw(
      witness, Withdrawing(reason: "told"), signer: fixture.recipient.signer)
    #expect(receipt.covered.contains(there))
    #expect(try fixture.refusals { try fixture.plan([there]) }.contains(.item(.withdrawn(by: receipt.index))))
    for field in ["witness.person", "people_shown.persons"] where item == Self.photo || field == "witness.person" {
      #expect {
        try plan([item]) { $0.withheld = [field] }
      } throws: { if case VaultError.conditionTravels(field) = $0 { true } else { false } }
    }
  }

  /// Who has the name from elsewhere must not learn from a number whose words these are.
  @Test(arguments: [photo, portrait]) func whereTheNameMayNotGoNothingTellsWhichPersonTheWitnessIs(
    item: UInt64
  ) throws {
    let testimony = try addTestimony()
    let plan = try plan([item])
    #expect(Set(plan.items.map { $0.amends ?? $0.record.index }) == [item, testimony])
    for shown in plan.items {
      for field in TestimonyLinks.personFields { #expect(shown.record.fields[field] == nil) }
    }
    let here = try receive([item])
    let there = try #require(here[item])
    #expect(try fixture.refusals { try fixture.plan([there]) } == [.item(.receivedWithoutConsent)])
    // Even against the witness's word, a name goes without the tie.
    let named = try self.plan([Self.person, testimony]) {
      $0.disclosed = ["name.latin"]
      $0.overrideReason = "a court order"
    }
    #expect(named.items.allSatisfy { $0.record.fields["witness.person"] == nil })
    let alone = try self.plan([Self.person]) {
      $0.disclosed = ["name.latin"]
      $0.overrideReason = "a court order"
    }
    #expect(alone.items.allSatisfy { $0.whole.kind == "person" })
  }

  /// Whom a received item shows says nothing of where that came from.
  @Test func aReceivedPersonOnAPictureIsNoReceivedPicture() throws {
    let here = try #require(receive([5])[5])
    let path = try fixture.recipient.folder.write("own".utf8, to: "input/own.jpg")
    let own = try fixture.recipient.open().add(
      ItemSource.find([path]), kind: "document",
      fields: ["title": "T", "document.kind": "photo", "people_shown.persons": [.integer(Int64(here))]],
      signer: fixture.recipient.signer
    ).index
    #expect(try fixture.plan([own]).items[0].withheldFiles.map(\.reason) == [.identity])
  }
}
