@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// Consent follows what was made from an item, and so does its withdrawal.
@Suite struct ConsentLineageTests {
  private let fixture: VaultFixture

  init() throws {
    fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
  }

  private func refusals(_ item: UInt64) throws -> [ConsentRefusal.Cause] {
    let reader = try fixture.reader()
    let desk = try reader.recipient("Desk")
    do {
      _ = try reader.plan([item], for: .recipients([desk]), purpose: "", choice: DisclosureChoice())
      return []
    } catch {
      guard case .refusedByConsent(let refusals) = error else { throw error }
      return refusals.map(\.cause)
    }
  }

  private func withdraw(_ item: UInt64, classes: [String] = []) throws -> WithdrawalReceipt {
    var withdrawing = Withdrawing(reason: "the witness called")
    withdrawing.classes = classes
    return try fixture.reader().withdraw(item, withdrawing, signer: fixture.signer)
  }

  private func add(_ more: JSONObject, kind: String = "document") throws -> UInt64 {
    var fields: JSONObject = ["title": "Made"]
    if kind == "document" { fields["document.kind"] = "note" } else { fields["language"] = "en" }
    for member in more.members { fields[member.name] = member.value }
    return try fixture.open().add([], kind: kind, fields: fields, signer: fixture.signer).index
  }

  @Test func aChainIsFollowedAndOneThatIsTooLongIsRefused() throws {
    var last = try Int64(fixture.addTestimony(more: [("consent.lawyer", "refused")]))
    for length in 1...65 {
      last = try Int64(add(["derived_from": .integer(last)]))
      if length == 12 { #expect(try refusals(UInt64(last)) == [.item(.refused)]) }
    }
    guard case .item(.noTestimony) = try #require(refusals(UInt64(last)).first) else {
      Issue.record("what cannot be followed to its end was not refused")
      return
    }
  }

  @Test func whatIsMadeFromItselfIsNoTrap() throws {
    let first = try fixture.addDocument("First")
    let second = try add(["derived_from": .integer(Int64(first)), "translation_of": .integer(Int64(first))])
    _ = try fixture.reader().amend(
      first, setting: ["derived_from": .integer(Int64(second))], removing: [], reason: "odd", adding: [],
      signer: fixture.signer)
    #expect(try refusals(second).isEmpty)
  }

  @Test(arguments: [["lawyer"], []])
  func aWithdrawalReachesWhatWasMadeFromTheItemAndWhatNamesIt(classes: [String]) throws {
    let document = try Int64(fixture.addDocument("Minutes"))
    let testimony = try Int64(fixture.addTestimony())
    let made = try [
      add(["of": .integer(document)], kind: "translation"),
      add(["derived_from": .integer(document)]),
      add(["derived_from": .integer(document), "consent.by": .integer(testimony)]),
    ]
    let again = try add(["translation_of": .integer(Int64(made[1]))])
    for item in made + [again] { #expect(try refusals(item).isEmpty) }
    let receipt = try withdraw(UInt64(document), classes: classes)
    #expect(receipt.covered == made + [again])
    for item in made + [again] {
      #expect(try refusals(item) == [.item(.withdrawn(by: receipt.index))], "item \(item)")
    }
    #expect(try refusals(UInt64(testimony)).isEmpty)
  }

  /// Copies of translations and of what an amended testimony spoke for are copies of what was said.
  @Test func whoHoldsWhatGoesBackToAnItemIsListedWithAllItsEntries() throws {
    let testimony = try fixture.addTestimony()
    _ = try fixture.reader().amend(
      testimony, setting: ["account": "more"], removing: [], reason: "more", adding: [], signer: fixture.signer)
    let translation = try add(["of": .integer(Int64(testimony))], kind: "translation")
    let derived = try add(["derived_from": .integer(Int64(translation))])
    let named = try add(["consent.by": .integer(Int64(testimony) + 1)])
    _ = try fixture.reader().amend(
      named, setting: ["title": "Newer"], removing: [], reason: "more", adding: [], signer: fixture.signer)
    let items: [JSON] = [translation, named].map { .integer(Int64($0)) }
    _ = try fixture.open().addEvent(
      "export",
      ["recipients": ["Desk"], "classes": ["lawyer"], "items": .array(items), "purpose": "", "bundle": "00"],
      signer: fixture.signer)
    let receipt = try withdraw(testimony, classes: ["lawyer"])
    #expect(receipt.covered == [translation, derived, named])
    #expect(receipt.copies.map(\.item) == [translation, named])
    #expect(receipt.copies.map(\.entries) == [[translation], [named, named + 1]])
    #expect(try withdraw(testimony, classes: ["media"]).copies.isEmpty)
    #expect(try withdraw(testimony).copies.map(\.item) == [translation, named])
  }

  @Test func aListAndACaseSayThatConsentForAClassWasTakenBack() throws {
    let item = try fixture.addTestimony(more: [("case", "juniper"), ("consent.media", "code")])
    var query = ItemQuery()
    query.withoutConsentTo = "lawyer"
    #expect(try fixture.reader().entries(query).isEmpty)
    _ = try withdraw(item, classes: ["lawyer"])
    #expect(try fixture.reader().entries(query).map(\.index) == [item])
    let consent = try #require(try fixture.reader().caseFile("juniper").consent.first)
    #expect(consent.given == ["media"] && consent.takenBack == ["lawyer"])
  }
}
