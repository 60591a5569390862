@testable import EvidenceVault
import EvidenceReport
import StrictJSON
import TestFolders
import Testing

/// Items of a vault that come back to it, in a bundle that a copy of the vault made: they are what they were, and who
/// speaks for the one speaks for the other.
@Suite struct OwnItemsTests {
  private let fixture: ReceivingFixture
  /// The copy.
  private var copy: VaultFixture { fixture.sender }
  private var vault: VaultFixture { fixture.recipient }
  private let testimony: UInt64 = 1
  private let letter: UInt64

  /// A vault with a testimony, which lawyers may have; and a copy of it that went on with a letter of the witness.
  init() throws {
    fixture = try ReceivingFixture(sendingToItself: true)
    try fixture.sender.addTestimony(more: [("consent.media", "code")])
    try Tree(of: fixture.sender.path).write(to: fixture.recipient.path)
    letter = try fixture.sender.open().add(
      [], kind: "document",
      fields: ["title": "Letter", "document.kind": "note", "consent.by": .integer(Int64(testimony))],
      signer: fixture.sender.signer
    ).index
  }

  private func withdraw(_ item: UInt64, classes: [String] = []) throws -> WithdrawalReceipt {
    var withdrawing = Withdrawing(reason: "asked")
    withdrawing.classes = classes
    return try vault.reader().withdraw(item, withdrawing, signer: vault.signer)
  }

  @Test func itsWithdrawalReachesWhatCameBackBefore() throws {
    let received = try fixture.receive(fixture.send([letter])).items
    let here = try #require(received.first { $0.there == letter }?.here)
    let back = try #require(received.first { $0.there == testimony }?.here)
    #expect(try vault.reader().currentItem(back).current.fields["consent.same_as"] == .integer(Int64(testimony)))
    #expect(try fixture.plan([here], for: "Desk").items.count > 0)
    let receipt = try withdraw(testimony)
    #expect(Set(receipt.covered) == [here, back])
    for item in [here, back] {
      #expect(try fixture.refusals { try fixture.plan([item], for: "Desk") } == [.item(.withdrawn(by: receipt.index))])
    }
  }

  @Test(arguments: [["lawyer"], []]) func whatWasWithdrawnDoesNotComeBack(classes: [String]) throws {
    let entry = try withdraw(testimony, classes: classes).index
    for item in try fixture.receive(fixture.send([letter])).items.map(\.here) {
      #expect(
        try fixture.refusals { try fixture.plan([item], for: "Desk") { $0.overrideReason = "none" } }
          == [.item(.withdrawn(by: entry))])
    }
  }

  /// Each of two copies went on, with another item under the same number.
  @Test func anotherItemOfTheSameNumberIsNotTaken() throws {
    let other = try vault.addDocument("Other")
    try #require(other == letter)
    let received = try fixture.receive(fixture.send([letter])).items
    let here = try #require(received.first { $0.there == letter }?.here)
    #expect(try vault.reader().currentItem(here).current.fields["consent.same_as"] == nil)
    _ = try withdraw(other)
    #expect(try fixture.plan([here], for: "Desk").items.count > 0)
  }

  /// A bundle of this vault for itself.
  private func makeBundle() throws -> (path: String, name: String) {
    let reader = try vault.reader()
    let plan = try fixture.plan([testimony], for: "Desk")
    let path = vault.folder["own.age"]
    _ = try reader.export(
      plan, pages: Pages.all(for: plan, with: nil, from: reader), to: path, passphrase: nil, signer: vault.signer)
    return (path, plan.identifier)
  }

  @Test func whatThisVaultMadeIsFromNoCopy() throws {
    #expect(try !fixture.receive(makeBundle().path).isOfCopy)
  }

  /// Whoever has a copy knows the names of bundles.
  @Test func aBundleOfTheSameNameIsNotTheSame() throws {
    let name = try makeBundle().name
    let theirs = try copy.planForDesk([letter])
    let named = ExportPlan(
      items: theirs.items, events: theirs.events, eventNumbers: theirs.eventNumbers, refused: [],
      audience: theirs.audience, purpose: theirs.purpose, identifier: name, created: theirs.created,
      sender: theirs.sender, head: theirs.head, choice: theirs.choice, changes: [], stamps: theirs.stamps)
    #expect(try fixture.receive(fixture.send(named)).isOfCopy)
  }

  /// Whoever has a copy, and the key, is told to its owner; and is refused once the owner has another key.
  @Test func aBundleByAKeyOfThisVaultIsTold() throws {
    #expect(try fixture.receive(fixture.send([letter])).isOfCopy)
    let forged = try fixture.send([testimony, letter])
    let key = NextSigningKey(generating: vault.environment)
    let head = try vault.open().head()
    _ = try vault.open().replaceSigningKey(
      with: key, trusting: .note(head.note), passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      signer: vault.signer)
    vault.signer = key.signer
    #expect {
      try fixture.receive(forged, from: .anyone)
    } throws: {
      if case VaultError.signingKey(.replacedOwnKey) = $0 { true } else { false }
    }
  }

  @Test func whatWasMadeHereCountsAndWhatCameBackDoesNot() throws {
    let back = try fixture.receive(fixture.send([testimony])).items.map(\.here)
    #expect(try vault.reader().custody().repeatedItems == Set(back))
  }
}
