import StrictJSON
import TestFolders
import Testing

@testable import EvidenceVault

/// What a witness said in the field decides in the archive.
@Suite struct CollectedConsentTests {
  private let fixture: IntakeFixture
  private var main: VaultFixture { fixture.main }

  init() throws { fixture = try IntakeFixture() }

  @Test func theAnswersOfAWitnessDecideAsInTheArchive() throws {
    let account = try fixture.addTestimony([("consent.media", "refused")])
    try fixture.add("Paper", files: ["a.txt": "a"], [("consent.by", .integer(Int64(account)))])
    try fixture.add("Poster", files: ["b.txt": "b"])
    let here = try fixture.collect().items.map(\.here)
    #expect(try fixture.refusals([here[0]]).isEmpty && fixture.refusals([here[1]]).isEmpty)
    #expect(try fixture.refusals([here[0]], for: "media") == [.item(.refused)])
    #expect(try fixture.refusals([here[1]], for: "media") == [.item(.refused)])
    // Nobody speaks for it, as for an item that was added here: no reason is asked for.
    #expect(try fixture.refusals([here[2]], for: "media").isEmpty)
  }

  @Test func whatWasWithdrawnThereNeverComes() throws {
    let account = try fixture.addTestimony()
    let paper = try fixture.add("Paper", files: ["a.txt": "a"], [("consent.by", .integer(Int64(account)))])
    _ = try fixture.fieldReader().withdraw(account, Withdrawing(reason: "called"), signer: fixture.signer)
    let collected = try fixture.collect()
    #expect(collected.items.map(\.there) == [paper] && collected.items[0].lostLinks == ["consent.by"])
    #expect(collected.left.map(\.reason) == [.withdrawnThere, .aboutNothing])
    #expect(try main.reader().record(at: collected.items[0].here).fields["consent.by"] == .integer(.max))
    #expect(try fixture.refusals([collected.items[0].here]) == [.item(.noTestimony(UInt64(Int64.max)))])
  }

  /// The recording came in first, and its testimony is gone: it follows all the same.
  @Test func whatATestimonyNamedThatWasWithdrawnThereIsNotExported() throws {
    let tape = try fixture.add("Tape", files: ["a.txt": "a"])
    let account = try fixture.addTestimony([("attachments", [.integer(Int64(tape))])])
    _ = try fixture.fieldReader().withdraw(account, Withdrawing(reason: "called"), signer: fixture.signer)
    let collected = try fixture.collect()
    let here = try #require(collected.items.first { $0.there == tape }).here
    #expect(collected.withdrawn == [.init(item: here, classes: [])])
    #expect(collected.left.map(\.reason) == [.withdrawnThere])
    let entry = try #require(try main.reader().custody().withdrawals(of: here).first).entry
    #expect(try fixture.refusals([here]) == [.item(.withdrawn(by: entry))])
    // What its own records name is not taken from there.
    #expect(try main.reader().record(at: entry).fields["covers"] == nil)
  }

  @Test func whatALaterRecordNamesThatIsGoneFollowsTheTestimonyThatCame() throws {
    let tape = try fixture.add("Tape", files: ["a.txt": "a"])
    let account = try fixture.addTestimony()
    let first = try fixture.collect().items
    _ = try fixture.fieldReader().amend(
      account, setting: ["attachments": [.integer(Int64(tape))]], removing: [], reason: "r", adding: [],
      signer: fixture.signer)
    _ = try fixture.fieldReader().withdraw(account, Withdrawing(reason: "called"), signer: fixture.signer)
    #expect(Set(try fixture.collect().withdrawn.map(\.item)) == Set(first.map(\.here)))
    for item in first { #expect(try !fixture.refusals([item.here]).isEmpty) }
  }

  @Test func whatATestimonyNamesThatStaysThereIsNotExportedBeforeSomebodyLooked() throws {
    let tape = try fixture.add("Tape", files: ["a.txt": "a"])
    let other = try fixture.add("Other", files: ["b.txt": "b"])
    try fixture.forge(
      "testimony",
      [
        "title": "Odd", "witness.code": "Blue Heron", "interview.date": "2023-05", "interview.language": "tg",
        "consent.lawyer": "refused", "consent.lawyer.until": "2028", "attachments": [.integer(Int64(tape))],
      ])
    let collected = try fixture.collect()
    let (tapeHere, otherHere) = (collected.items[0], collected.items[1])
    #expect(tapeHere.there == tape && tapeHere.lostLinks == ["consent.by"] && otherHere.there == other)
    #expect(try fixture.refusals([tapeHere.here]) == [.item(.noTestimony(UInt64(Int64.max)))])
    #expect(try fixture.refusals([otherHere.here]).isEmpty)
    _ = try fixture.fieldReader().amend(
      tape, setting: ["title": "Newer"], removing: [], reason: "r", adding: [], signer: fixture.signer)
    _ = try fixture.collect()
    #expect(try !fixture.refusals([tapeHere.here]).isEmpty)
  }

  /// A machine in the field can be in anybody's hands: what it says stops exports at once and destroys nothing.
  @Test func consentTakenBackThereHoldsHereAndDestroysNothing() throws {
    let account = try fixture.addTestimony([("consent.media", "none")])
    let here = try fixture.collect().items[0].here
    #expect(try fixture.refusals([here]).isEmpty)
    _ = try fixture.fieldReader().withdraw(account, Withdrawing(reason: "called"), signer: fixture.signer)
    let collected = try fixture.collect()
    #expect(collected.withdrawn == [.init(item: here, classes: [])] && collected.items.isEmpty)
    let entry = try main.reader().count - 2
    // One without classes would say that what there was is gone.
    let classes = try main.reader().custody().withdrawals(of: here).map(\.classes)
    #expect(classes == [Schema.recipientClasses])
    for recipientClass in ["lawyer", "media"] {
      #expect(try fixture.refusals([here], for: recipientClass) == [.item(.withdrawn(by: entry))])
    }
    #expect(try main.reader().currentItem(here).current.title == "First account")
    #expect(try main.open().verify(deepWith: [main.identity]).withdrawnItems.isEmpty)
    let receipt = try main.reader().withdraw(here, Withdrawing(reason: "called"), signer: main.signer)
    #expect(receipt.objectCount == 1)
    #expect(try fixture.collect().items.isEmpty)
  }

  @Test func forOneClassItIsTakenBackForThatClass() throws {
    let account = try fixture.addTestimony([("consent.media", "none")])
    let here = try fixture.collect().items[0].here
    var withdrawing = Withdrawing(reason: "called")
    withdrawing.classes = ["media"]
    _ = try fixture.fieldReader().withdraw(account, withdrawing, signer: fixture.signer)
    #expect(try fixture.collect().withdrawn == [.init(item: here, classes: ["media"])])
    #expect(try fixture.refusals([here]).isEmpty && !fixture.refusals([here], for: "media").isEmpty)
  }

  @Test func whatWasWithdrawnHereIsNotAmendedFromThere() throws {
    let account = try fixture.addTestimony()
    let here = try fixture.collect().items[0].here
    _ = try main.reader().withdraw(here, Withdrawing(reason: "called"), signer: main.signer)
    _ = try fixture.fieldReader().amend(
      account, setting: ["account": "more words"], removing: [], reason: "r", adding: [], signer: fixture.signer)
    _ = try fixture.fieldReader().enterCustody(
      of: account, ["event": "viewed", "at": "2026"], signer: fixture.signer)
    let collected = try fixture.collect()
    #expect(collected.items.isEmpty && collected.left.map(\.reason) == [.withdrawnHere(here), .withdrawnHere(here)])
  }
}
