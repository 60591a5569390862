@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// The history of an item travels with it, without what concerns others.
@Suite struct CustodyInBundlesTests {
  @Test func whatHappenedToAnItemIsProvenAndWithoutOtherRecipients() throws {
    let first = try BundleFixture()
    let fixture = first.fixture
    _ = try fixture.reader().enterCustody(
      of: 1, ["event": "transferred", "from": "Officer Maple", "at": "2023-06-02"], signer: fixture.signer)
    let second = try BundleFixture(of: fixture, items: [0, 1], identity: first.identity, name: "second.age")
    let opened = try second.open(second.sealed)
    #expect(opened.events.map(\.kind) == ["export", "custody"])
    #expect(opened.events[0].fields["recipients"] == nil)
    #expect(opened.events[0].fields["classes"] == nil)
    #expect(opened.events[1].fields["from"] == nil)
    let tree = try Tree(of: fixture.folder["opened"])
    let custody = try JSON.parse(#require(tree["data/item-1/custody.json"]))
    let lines = custody["custody"]?.arrayValue ?? []
    #expect(lines.compactMap { $0["event"]?.stringValue } == ["sealed", "exported", "transferred"])
    let other = try JSON.parse(#require(tree["data/item-0/custody.json"]))
    #expect(other["custody"]?.arrayValue?.compactMap { $0["event"]?.stringValue } == ["sealed", "exported"])
  }

  /// What an amendment said that was amended again stays here; that there was one does not.
  @Test func everyAmendmentIsTold() throws {
    let first = try BundleFixture()
    let fixture = first.fixture
    for title in ["Looks forged", "Genuine"] {
      _ = try fixture.reader().amend(
        1, setting: ["title": .string(title)], removing: [], reason: "looked", adding: [], signer: fixture.signer)
    }
    let second = try BundleFixture(of: fixture, items: [1], identity: first.identity, name: "second.age")
    let opened = try second.open(second.sealed)
    let event = try #require(opened.events.first { $0.fields["amends"] != nil })
    #expect(event.fields.names == ["amends"] && event.added != nil && event.files.isEmpty)
    let custody = try JSON.parse(#require(Tree(of: fixture.folder["opened"])["data/item-1/custody.json"]))
    let lines = custody["custody"]?.arrayValue ?? []
    #expect(lines.compactMap { $0["event"]?.stringValue } == ["sealed", "exported", "amended", "amended"])
  }

  /// Without its classes, which are not for the recipient, it would read as if it were for all.
  @Test func thatConsentWasTakenBackForOthersDoesNotTravel() throws {
    let first = try BundleFixture()
    let fixture = first.fixture
    var withdrawing = Withdrawing(reason: "the witness called")
    withdrawing.classes = ["media"]
    _ = try fixture.reader().withdraw(0, withdrawing, signer: fixture.signer)
    let second = try BundleFixture(of: fixture, items: [0, 1], identity: first.identity, name: "second.age")
    #expect(try second.open(second.sealed).events.map(\.kind) == ["export"])
    #expect(try fixture.reader().history(of: 0).map(\.event).contains("consent_withdrawn"))
  }

  @Test func anItemWithoutHistoryHasOneAllTheSame() throws {
    let bundle = try BundleFixture()
    _ = try bundle.open(bundle.sealed)
    let tree = try Tree(of: bundle.fixture.folder["opened"])
    let custody = try JSON.parse(#require(tree["data/item-0/custody.json"]))
    #expect(custody["custody"]?.arrayValue?.count == 1)
  }
}
