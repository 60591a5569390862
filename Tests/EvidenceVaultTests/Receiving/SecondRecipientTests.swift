import Age
@testable import EvidenceVault
import EvidenceReport
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// What came to a recipient in several bundles, and goes on to another: the stricter consent binds there as well.
@Suite struct SecondRecipientTests {
  private let fixture: ReceivingFixture
  private let third: VaultFixture
  private var sender: VaultFixture { fixture.sender }
  private var recipient: VaultFixture { fixture.recipient }

  init() throws {
    (fixture, third) = (try ReceivingFixture(), try VaultFixture())
    let card = try third.open().note
    _ = try recipient.reader().addRecipient(
      "Third", recipientClass: "lawyer", keys: card.readers, verifierKey: card.vaultKey, comparison: .call,
      signer: recipient.signer)
    for title in ["Own", "Another"] { try third.addDocument(title) }
    for recipientClass in ["lawyer", "media"] {
      _ = try third.reader().addRecipient(
        recipientClass, recipientClass: recipientClass, keys: [Identity(generating: .x25519).recipient],
        verifierKey: nil, comparison: .call, signer: third.signer)
    }
    try sender.addTestimony(more: [("consent.media", "code")])
  }

  private func amend() throws {
    _ = try sender.reader().amend(
      1, setting: ["consent.media": "refused"], removing: [], reason: "asked", adding: [], signer: sender.signer)
  }

  /// Receives bundles with an item, of before and after the witness said no to media; what it became.
  private func receive(_ item: UInt64, isNewerFirst: Bool) throws -> [UInt64] {
    let older = try fixture.send([item])
    try amend()
    let newer = try fixture.send([item])
    return try (isNewerFirst ? [newer, older] : [older, newer]).map { path in
      try #require(fixture.receive(path).items.first { $0.there == item }?.here)
    }
  }

  /// Hands an item of the recipient's on; what it became.
  private func forward(_ item: UInt64, as name: String = "on.age") throws -> UInt64 {
    let reader = try recipient.reader()
    let plan = try reader.plan(
      [item], for: .recipients([reader.recipient("Third")]), purpose: "", choice: DisclosureChoice())
    let path = recipient.folder[name]
    _ = try reader.export(
      plan, pages: Pages.all(for: plan, with: nil, from: reader), to: path, passphrase: nil, signer: recipient.signer)
    let received = try third.reader().receive(
      [path], from: .key(recipient.open().note.vaultKey), signer: third.signer)
    return try #require(received.items.first { $0.there == item }?.here)
  }

  private func refusals(_ item: UInt64, for recipientClass: String = "media") throws -> [ConsentRefusal.Cause] {
    try fixture.refusals {
      let reader = try third.reader()
      return try reader.plan(
        [item], for: .recipients([reader.recipient(recipientClass)]), purpose: "", choice: DisclosureChoice())
    }
  }

  @Test(arguments: [(true, 0), (true, 1), (false, 0), (false, 1)])
  func theStricterConsentOfATestimonyBinds(isNewerFirst: Bool, place: Int) throws {
    let here = try receive(1, isNewerFirst: isNewerFirst)
    let there = try forward(here[place])
    #expect(try refusals(there) == [.item(.refused)])
    #expect(try refusals(there, for: "lawyer").isEmpty)
  }

  @Test(arguments: [true, false]) func itBindsWhatTheTestimonySpeaksFor(isNewerFirst: Bool) throws {
    let letter = try sender.open().add(
      [], kind: "document", fields: ["title": "Letter", "document.kind": "note", "consent.by": 1],
      signer: sender.signer
    ).index
    for item in try receive(letter, isNewerFirst: isNewerFirst) {
      #expect(try refusals(forward(item, as: "on-\(item).age")) == [.item(.refused)])
    }
  }

  /// By the second bundle another witness speaks for the letter, and says no to media.
  @Test func whoSpeaksForATwinGoesAlong() throws {
    let other = try sender.addTestimony("Second account", more: [("consent.media", "refused")])
    let letter = try sender.open().add(
      [], kind: "document", fields: ["title": "Letter", "document.kind": "note", "consent.by": 1],
      signer: sender.signer
    ).index
    func received() throws -> UInt64 {
      try #require(fixture.receive(fixture.send([letter])).items.first { $0.there == letter }?.here)
    }
    let first = try received()
    _ = try sender.reader().amend(
      letter, setting: ["consent.by": .integer(Int64(other))], removing: [], reason: "r", adding: [],
      signer: sender.signer)
    let second = try received()
    for item in [first, second] {
      #expect(try refusals(forward(item, as: "on-\(item).age")) == [.item(.refused)])
    }
  }

  @Test func whatCameBeforeTheStricterOneIsBoundOnceThatComes() throws {
    let older = try #require(fixture.receive(fixture.send([1])).items.first?.here)
    let before = try forward(older, as: "before.age")
    #expect(try refusals(before).isEmpty)
    try amend()
    let newer = try #require(fixture.receive(fixture.send([1])).items.first?.here)
    let after = try forward(newer, as: "after.age")
    for item in [before, after] { #expect(try refusals(item) == [.item(.refused)]) }
  }

  @Test func anAmendmentKeepsTheLinkAndNobodyTakesItOutOrWithholdsIt() throws {
    let here = try receive(1, isNewerFirst: false)
    func amend(removing removed: Set<String>) throws {
      _ = try recipient.reader().amend(
        here[1], setting: ["title": "Renamed"], removing: removed, reason: "r", adding: [], signer: recipient.signer)
    }
    #expect { try amend(removing: ["consent.same_as"]) } throws: {
      if case VaultError.programField = $0 { true } else { false }
    }
    try amend(removing: [])
    #expect {
      try fixture.plan([here[1]]) { $0.withheld = ["consent.same_as"] }
    } throws: { if case VaultError.conditionTravels = $0 { true } else { false } }
    #expect(try refusals(forward(here[0])) == [.item(.refused)])
  }
}
