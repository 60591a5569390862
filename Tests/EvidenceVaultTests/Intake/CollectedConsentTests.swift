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
