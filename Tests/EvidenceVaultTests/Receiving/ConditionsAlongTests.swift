import Age
@testable import EvidenceVault
import StrictJSON
import Tar
import TestFolders
import Testing

/// What a witness allows goes along with whatever the testimony speaks for, and binds the recipient's vault.
@Suite struct ConditionsAlongTests {
  private let fixture: ReceivingFixture
  private var sender: VaultFixture { fixture.sender }

  init() throws {
    fixture = try ReceivingFixture()
    try sender.addTestimony(more: [("consent.media", "refused"), ("consent.until", "2023-06")])
  }

  private func add(_ kind: String, _ fields: JSONObject) throws -> UInt64 {
    let path = try sender.folder.write("a letter".utf8, to: "input/letter.txt")
    return try sender.open().add(ItemSource.find([path]), kind: kind, fields: fields, signer: sender.signer).index
  }

  private func addLetter(_ more: JSONObject) throws -> UInt64 {
    var fields: JSONObject = ["title": "Letter", "document.kind": "note"]
    for member in more.members { fields[member.name] = member.value }
    return try add("document", fields)
  }

  private func here(_ received: ReceivedBundle, _ there: UInt64) throws -> UInt64 {
    try #require(received.items.first { $0.there == there }?.here)
  }

  private func later() throws -> VaultReader {
    var later = VaultFixture.environment(stateFolder: nil)
    later.now = { Timestamp(secondsSince1970: 1_700_000_000) }
    return try VaultReader(
      Vault(opening: fixture.recipient.open().path, environment: later), identities: [fixture.recipient.identity])
  }

  @Test func aLetterAloneBringsTheConditionsOfItsTestimonyAndNothingElseOfIt() throws {
    let letter = try addLetter(["consent.by": 1])
    let received = try fixture.receive(fixture.send([letter]))
    #expect(Set(received.items.map(\.there)) == [1, letter])
    let along = try #require(received.bundle.items.first { $0.index == 1 })
    #expect(along.kind == "testimony" && along.files.isEmpty && along.added == nil)
    let names = along.fields.names
    #expect(names.allSatisfy { $0.hasPrefix("consent.") || $0.hasPrefix("use.") } && names.contains("consent.until"))
    let here = try here(received, letter)
    #expect(try fixture.plan([here]).items.map(\.isAlong) == [false, true])
    #expect(try fixture.refusals { try fixture.plan([here], for: "media") } == [.item(.refused)])
    let reader = try later()
    let plan = { () throws -> ExportPlan in
      try reader.plan([here], for: .recipients([reader.recipient("lawyer")]), purpose: "", choice: DisclosureChoice())
    }
    #expect(try fixture.refusals(plan) == [.item(.expired(end: "2023-06-01"))])
  }

  /// One testimony that came with each of several letters.
  @Test func whatCameSeveralTimesAndSaysTheSameGoesAlongOnce() throws {
    var letters: [UInt64] = []
    var testimonies: [UInt64] = []
    for _ in 1...3 {
      let letter = try addLetter(["consent.by": 1])
      let received = try fixture.receive(fixture.send([letter]))
      letters.append(try here(received, letter))
      testimonies.append(try here(received, 1))
    }
    func along(_ items: [UInt64]) throws -> [UInt64] {
      try fixture.plan(items).items.filter(\.isAlong).map(\.record.index)
    }
    for (letter, testimony) in zip(letters, testimonies) { #expect(try along([letter]) == [testimony]) }
    #expect(try along(letters) == testimonies, "each letter names its own")
    #expect(try along([testimonies[1]]).isEmpty)
    // Whatever says something else goes, too, and binds.
    _ = try sender.reader().amend(
      1, setting: ["consent.until": "2023-08"], removing: [], reason: "asked", adding: [], signer: sender.signer)
    let newer = try here(fixture.receive(fixture.send([addLetter(["consent.by": 1])])), 1)
    #expect(try Set(along([letters[0]])) == [testimonies[0], newer])
    #expect(try Set(along([newer])) == [testimonies[0]])
  }

  /// A testimony that came before it named the letter, and with the letter.
  @Test func whatTiesATestimonyToSomethingIsNotARepetition() throws {
    let letter = try addLetter([:])
    try fixture.receive(fixture.send([1]))
    _ = try sender.reader().amend(
      1, setting: ["attachments": [.integer(Int64(letter))]], removing: [], reason: "hers", adding: [],
      signer: sender.signer)
    let received = try fixture.receive(fixture.send([letter]))
    let along = try fixture.plan([here(received, letter)]).items.filter(\.isAlong)
    let named = try #require(along.last { $0.record.fields["attachments"] != nil })
    #expect(try (named.amends ?? named.record.index) == here(received, 1))
    #expect(try named.record.fields.entryNumbers("attachments") == [here(received, letter)])
  }

  /// Whoever is named to speak takes the place of those who speak for what a thing was made from: both go along.
  @Test func whatLeadsToAnotherWitnessIsNotARepetition() throws {
    let other = try sender.addTestimony(more: [("consent.media", "code")])
    let original = try addLetter(["consent.by": 1])
    let letter = try addLetter(["derived_from": .integer(Int64(original))])
    let first = try here(fixture.receive(fixture.send([letter])), letter)
    _ = try sender.reader().amend(
      letter, setting: ["consent.by": .integer(Int64(other))], removing: [], reason: "hers", adding: [],
      signer: sender.signer)
    let second = try here(fixture.receive(fixture.send([letter])), letter)
    #expect(try fixture.refusals { try fixture.plan([second], for: "media") } == [.item(.refused)])
    let along = try fixture.plan([second]).items.filter(\.isAlong)
    #expect(along.contains { ($0.amends ?? $0.record.index) == first })
  }

  /// Of three in a chain, the one in the middle says nothing more, and joins the others.
  @Test func whatJoinsOthersIsNotARepetition() throws {
    let letters = try (1...3).map { _ in try addLetter(["consent.by": 1]) }
    for (item, first) in zip(letters.dropFirst(), letters) {
      try fixture.amend(item, sameAs: first, more: ["consent.by": 1])
    }
    let came = try letters.map { try here(fixture.receive(fixture.send([$0])), $0) }
    let along = try fixture.plan([came[2]]).items.filter(\.isAlong).map { $0.amends ?? $0.record.index }
    #expect(Set(along).isSuperset(of: came.dropLast()))
  }

  /// A copy of a copy: each step is there with where it leads.
  @Test func conditionsReachWhatWasMadeFromSomethingElse() throws {
    let letter = try addLetter(["consent.by": 1])
    let copy = try addLetter(["derived_from": .integer(Int64(letter))])
    let received = try fixture.receive(fixture.send([copy]))
    #expect(Set(received.items.map(\.there)) == [1, letter, copy])
    let between = try #require(received.bundle.items.first { $0.index == letter })
    #expect(Set(between.fields.names) == ["consent.by", "document.kind"] && between.files.isEmpty)
    let here = try here(received, copy)
    #expect(try fixture.plan([here]).items.count == 3)
    #expect(try fixture.refusals { try fixture.plan([here], for: "media") } == [.item(.refused)])
  }

  /// The tape was there first: what ties it to the testimony stands in that alone.
  @Test(arguments: ["interview.recording", "attachments", "consent.evidence"])
  func whatATestimonyNamesBringsItsConditionsAndTheTie(field: String) throws {
    let tape = try addLetter([:])
    let other = try addLetter([:])
    let numbers = [tape, other].map { JSON.integer(Int64($0)) }
    _ = try sender.reader().amend(
      1, setting: [field: field == "attachments" ? .array(numbers) : numbers[0]], removing: [], reason: "r",
      adding: [], signer: sender.signer)
    let received = try fixture.receive(fixture.send([tape]))
    #expect(Set(received.items.map(\.there)) == [1, tape])
    let (here, testimony) = (try here(received, tape), try here(received, 1))
    let fields = try fixture.recipient.reader().record(at: testimony).fields
    #expect(fields[field] == (field == "attachments" ? [.integer(Int64(here))] : .integer(Int64(here))))
    #expect(fields["account"] == nil)
    #expect(try fixture.plan([here]).items.map(\.isAlong) == [false, true])
    #expect(try fixture.refusals { try fixture.plan([here], for: "media") } == [.item(.refused)])
    let receipt = try fixture.recipient.reader().withdraw(
      testimony, Withdrawing(reason: "told"), signer: fixture.recipient.signer)
    #expect(receipt.covered == [here])
    #expect(try fixture.refusals { try fixture.plan([here]) }.contains(.item(.withdrawn(by: receipt.index))))
  }

  /// Asked for or not, a testimony shows what it names of what goes with it, and nothing beyond what it may.
  @Test func aTieGoesAlsoWhereItsFieldWouldNotAndCannotBeWithheld() throws {
    let tape = try addLetter([:])
    _ = try sender.reader().amend(
      1, setting: ["interview.recording": .integer(Int64(tape))], removing: [], reason: "r", adding: [],
      signer: sender.signer)
    func named(_ items: [UInt64]) throws -> Bool {
      let received = try fixture.receive(fixture.send(items))
      return received.bundle.items.contains { $0.fields["interview.recording"] != nil }
    }
    #expect(try !named([1]), "no consent to the voice")
    #expect(try named([1, tape]) && named([tape]))
    for items in [[1, tape], [tape]] {
      #expect {
        _ = try fixture.send(items) { $0.withheld = ["interview.recording"] }
      } throws: { if case VaultError.conditionTravels("interview.recording") = $0 { true } else { false } }
    }
    _ = try fixture.send([1]) { $0.withheld = ["interview.recording"] }
  }

  @Test func anAmendedTestimonyBringsWhatCountsNow() throws {
    let letter = try addLetter(["consent.by": 1])
    _ = try sender.reader().amend(
      1, setting: ["consent.quotes": "none"], removing: [], reason: "asked again", adding: [], signer: sender.signer)
    let received = try fixture.receive(fixture.send([letter]))
    let parts = received.bundle.items.filter { $0.index == 1 || $0.amends == 1 }
    #expect(parts.count == 2 && parts[0].fields.names.isEmpty && parts[1].fields["consent.quotes"] == "none")
    let testimony = try fixture.recipient.reader().record(at: here(received, 1))
    #expect(testimony.fields["consent.quotes"] == "none")
  }

  @Test func whatNobodySpeaksForBringsNothing() throws {
    let letter = try addLetter([:])
    let received = try fixture.receive(fixture.send([letter]))
    #expect(received.items.map(\.there) == [letter])
  }

  /// What is written freely among the conditions leaves, too, and is searched for names.
  @Test func aNameAmongTheConditionsIsFound() throws {
    _ = try sender.reader().amend(
      1, setting: ["consent.conditions": .string("Ask \(VaultFixture.witnessName) first")], removing: [],
      reason: "asked again", adding: [], signer: sender.signer)
    let letter = try addLetter(["consent.by": 1])
    #expect {
      _ = try fixture.send([letter])
    } throws: { error in
      if case VaultError.identityWouldLeak = error { true } else { false }
    }
  }

  /// The entry of the export says what was shown of it; it was not asked for, and is not among the items.
  @Test func theEntryOfTheExportTellsIt() throws {
    let letter = try addLetter(["consent.by": 1])
    _ = try fixture.send([letter])
    let reader = try sender.reader()
    let export = try #require(try reader.custody().events.last { $0.kind == "export" })
    #expect(export.eventFields["items"] == .array([.integer(Int64(letter))]))
    let disclosed = (export.eventFields["disclosed"]?.arrayValue ?? []).compactMap(\.stringValue)
    #expect(disclosed.contains("1:consent.until") && !disclosed.contains("1:title"))
  }
}
