import DurableStore
@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// Whoever seized a key signs with it, and a recipient files that before the owner has revoked the key.
@Suite struct SeizedKeyTests {
  private let desks: ReceivingFixture
  private var sender: VaultFixture { desks.sender }
  /// The number of the next item of the vault when it was copied.
  private let next: UInt64

  init() throws {
    desks = try ReceivingFixture()
    try desks.sender.addDocument("Agenda", files: ["agenda.txt": "agenda"])
    next = try desks.sender.reader().count
  }

  @discardableResult
  private func add(_ text: String) throws -> UInt64 {
    try sender.addDocument("Order", files: ["order.txt": text])
  }

  /// Replaces the signing key; revokes what it signed behind a head, if one is given.
  private func replaceKey(trusting trusted: Vault.Head? = nil, with key: NextSigningKey? = nil) throws {
    let key = key ?? NextSigningKey(generating: sender.environment)
    _ = try sender.open().replaceSigningKey(
      with: key, trusting: trusted.map { .note($0.note) }, passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      signer: sender.signer)
    sender.signer = key.signer
  }

  /// What whoever has a copy of the vault, and its key, makes of it; then the vault is its owner's again.
  private func stolen(_ act: () throws -> String) throws -> String {
    let (before, signer) = (try Tree(of: sender.path), sender.signer)
    let path = try act()
    try TemporaryFolder.remove(sender.path)
    try before.write(to: sender.path)
    sender.signer = signer
    return path
  }

  /// The owner adds an item, and revokes the key: all that it signed here is trusted.
  @discardableResult
  private func addAndRevoke() throws -> UInt64 {
    let item = try add("pay 100")
    try replaceKey(trusting: sender.open().head())
    return item
  }

  private func book() throws -> CustodyBook { try desks.recipient.reader().custody() }

  private func sameAs(_ item: UInt64) throws -> UInt64? {
    try desks.recipient.reader().record(at: item).fields[ConsentLineage.sameAs]?.unsignedValue
  }

  @Test func whatWasSignedWithItIsNotHeldAgainstItsOwner() throws {
    let theirs = try desks.receive(
      stolen {
        let item = try add("what they wrote")
        for text in ["More", "And more"] { try add(text) }
        return try desks.send([1, item])
      }, from: .anyone)
    #expect(try addAndRevoke() == next)
    let own = try desks.send([1, next])
    let received = try desks.receive(own)
    #expect(received.disowned == theirs.items.map(\.here))
    let here = try #require(received.items.first { $0.there == next }).here
    #expect(received.items.first { $0.there == next }?.earlier == [], "it is another item of the same number")
    #expect(try book().twins(of: here) == [here] && sameAs(here) == nil)
    // The other item is in both histories, and has one consent.
    let agenda = try #require(received.items.first { $0.there == 1 }).here
    #expect(try Set(book().twins(of: agenda)) == [agenda, theirs.items[0].here])
    #expect(try sameAs(agenda) == theirs.items[0].here)
    #expect(try desks.receive(own).wasThere)
  }

  @Test func ofAnybodyWhomNobodyKnowsItIsASecondHistory() throws {
    try desks.receive(stolen { try desks.send([add("what they wrote")]) }, from: .anyone)
    try addAndRevoke()
    let own = try desks.send([next])
    #expect { try desks.receive(own, from: .anyone) } throws: {
      if case VaultError.otherHistory(_, size: next + 1) = $0 { true } else { false }
    }
  }

  @Test func norIsAKeyThatFollowedItInTheHandsOfOthers() throws {
    let theirs = try desks.receive(
      stolen {
        let item = try add("what they wrote")
        try replaceKey()
        return try desks.send([1, item])
      }, from: .anyone)
    try addAndRevoke()
    #expect(try desks.receive(desks.send([1, next])).disowned == theirs.items.map(\.here))
  }

  /// A vault of their own with the key.
  @Test func norIsAnotherBeginning() throws {
    let theirs = try desks.receive(desks.send([1])).items[0].here
    let card = try sender.open().note
    let history = try SenderHistory(of: desks.receive(desks.send([1])).bundle)
    let item = try addAndRevoke()
    let later = try desks.receive(desks.send([item]))
    #expect(later.disowned.isEmpty, "nothing that came contradicts it")
    #expect(later.unshown.first == theirs && later.unshown.count == 2, "nor shows that it is the sender's")
    #expect(try desks.receive(desks.send([1])).unshown.isEmpty)
    var kept: JSONObject = ["event": "received", "item": 9, "bundle": "", "bundle_item": 1]
    for member in history.fields(of: []).members { kept[member.name] = member.value }
    let now = SenderHistory(of: later.bundle)
    func isDisowned(_ name: String, _ value: JSON) throws -> Bool {
      var fields = kept
      fields[name] = value
      return try !now.ofRevokedKeys(among: [#require(BundleArrival(fields))]).disowned.isEmpty
    }
    #expect(try !isDisowned("bundle", "another"))
    #expect(try isDisowned("bundle_origin", "evidence-vault.invalid/other"))
    // A key that followed the one that was seized, under a name that the sender's index has, or one before it.
    let (key, stranger) = (card.firstFingerprint, try VaultFixture().open().note.firstFingerprint)
    #expect(try isDisowned("bundle_keys", [.string(key), .string(stranger)]))
    #expect(try isDisowned("bundle_keys", [.string(stranger), .string(key)]))
  }

  /// The item is trusted, what amended it is not, and the next bundle has neither.
  @Test func anAmendmentBehindWhatIsTrustedIsTold() throws {
    let item = try add("pay 100")
    let seen = try sender.open().head()
    let theirs = try desks.receive(
      stolen {
        _ = try sender.reader().amend(
          item, setting: ["title": "Thanks"], removing: [], reason: "none", adding: [], signer: sender.signer)
        return try desks.send([item])
      }, from: .anyone)
    for text in ["put in", "put in, too"] { try add(text) }
    try replaceKey(trusting: seen)
    #expect(try desks.receive(desks.send([1])).disowned == theirs.items.map(\.here))
  }

  /// Their head has more entries than the index had when the key was revoked, or is another of the same size.
  @Test(arguments: [1, 9]) func aHeadThatTheIndexNeverHadIsTold(more: Int) throws {
    let theirs = try desks.receive(
      stolen {
        try add("what they wrote")
        for number in 0..<more { try add("\(number)") }
        return try desks.send([1])
      }, from: .anyone)
    try replaceKey(
      trusting: try {
        try add("pay 100"); return try sender.open().head()
      }())
    #expect(try desks.receive(desks.send([1])).disowned == theirs.items.map(\.here))
  }

  /// The card of a later key says nothing of what the bundle's own card revokes.
  @Test func aCardOfALaterKeyVouchesForNoRevocation() throws {
    let key = NextSigningKey(generating: sender.environment)
    let forged = try stolen {
      let item = try add("what they wrote")
      try replaceKey(trusting: sender.open().head(), with: key)
      return try desks.send([item])
    }
    try add("pay 100")
    try desks.receive(desks.send([next]))
    try replaceKey(with: key)
    try replaceKey()
    let card = try sender.open().note
    let before = try desks.recipient.reader().count
    #expect { try desks.receive(forged, from: .card(card)) } throws: {
      switch $0 {
      case VaultError.otherHistory, VaultError.signingKey: true
      default: false
      }
    }
    #expect(try desks.recipient.reader().count == before)
  }

  /// What names an item of which only the number comes along has one consent with the owner's, not with theirs.
  @Test func whatIsTheSameAsTheOwnersItemIsNotTakenForTheSameAsTheirs() throws {
    let theirs = try desks.receive(stolen { try desks.send([add("what they wrote")]) }, from: .anyone).items[0].here
    try addAndRevoke()
    let own = try desks.receive(desks.send([next])).items[0].here
    let twin = try add("pay 100, again")
    let vault = try sender.open()
    let fields: JSONObject = [
      "title": "Order", "document.kind": "other", "amends": .integer(Int64(twin)),
      "consent.same_as": .integer(Int64(next)),
    ]
    let sealer = try ObjectSealer(
      kind: "document", fields: Schema.named("document").validated(fields, fromProgram: true), sources: [],
      origin: vault.note.origin.description, environment: sender.environment)
    let batch = try ObjectBatch(in: vault.root.directory(Vault.incomingFolder), environment: sender.environment)
    defer { batch.discard() }
    _ = try vault.commit(
      batch.seal([sealer], to: vault.note.readers), expecting: vault.head().tree, signer: sender.signer)
    let same = try desks.receive(desks.send([twin])).items[0].here
    #expect(try sameAs(same) == own)
    #expect(try Set(book().twins(of: same)) == [same, own] && !book().twins(of: theirs).contains(same))
  }

  /// A bundle of before the key was replaced is filed, and the recipient hears of it.
  @Test func aBundleUnderAFormerKeyIsTold() throws {
    let old = try desks.send([1])
    let sender = try ExpectedSender.key(sender.open().note.vaultKey)
    try replaceKey()
    let first = try desks.receive(desks.send([1]))
    #expect(first.later == nil)
    #expect(try desks.receive(old, from: sender).later == first.items[0].here)
  }
}
