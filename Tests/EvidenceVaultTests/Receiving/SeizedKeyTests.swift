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
  private func add(_ text: String) throws -> UInt64 { try desks.addOrder(text) }

  private func replaceKey(trusting trusted: Vault.Head? = nil, with key: NextSigningKey? = nil) throws {
    try desks.replaceKey(trusting: trusted, with: key)
  }

  private func stolen(_ act: () throws -> String) throws -> String { try desks.stolen(act) }

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

  /// The item is the owner's, and what it says to have happened to it is not.
  @Test(arguments: [false, true]) func whatTheySayToHaveHappenedIsTold(isContradicted: Bool) throws {
    let theirs = try desks.receive(
      stolen {
        _ = try sender.reader().enterCustody(
          of: 1, ["event": "destroyed", "at": "2024-05-01"], signer: sender.signer)
        return try desks.send([1])
      }, from: .anyone
    ).items.map(\.here)
    try addAndRevoke()
    let received = try desks.receive(desks.send(isContradicted ? [1, next] : [1]))
    #expect(received.disowned == (isContradicted ? theirs : []))
    #expect(received.unshown == (isContradicted ? [] : theirs))
  }

  @Test func ofAnybodyWhomNobodyKnowsItIsASecondHistory() throws {
    try desks.receive(stolen { try desks.send([add("what they wrote")]) }, from: .anyone)
    try addAndRevoke()
    let own = try desks.send([next])
    #expect { try desks.receive(own, from: .anyone) } throws: {
      if case VaultError.otherHistory(_, size: next + 1) = $0 { true } else { false }
    }
  }

  /// Of a bundle by a key that was replaced since, whoever has the card of today does not know what it says of others.
  @Test func aCardOfALaterKeyDoesNotVouchForWhatAnEarlierOneRevokes() throws {
    try desks.receive(stolen { try desks.send([1, add("what they wrote")]) }, from: .anyone)
    try addAndRevoke()
    let own = try desks.send([1, next])
    try replaceKey()
    let card = try sender.open().note
    #expect {
      try desks.receive(own, from: .card(card))
    } throws: {
      if case VaultError.otherHistory = $0 { true } else { false }
    }
    #expect(try desks.receive(desks.send([1, next]), from: .card(card)).disowned.count == 2)
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
      return try !RevokedKeyArrivals(of: now, among: [#require(BundleArrival(fields))]).disowned.isEmpty
    }
    #expect(try !isDisowned("bundle", "another"))
    #expect(try isDisowned("bundle_origin", "evidence-vault.invalid/other"))
    // A key that followed the one that was seized, under a name that the sender's index has, or one before it.
    let (key, stranger) = (card.firstFingerprint, try VaultFixture().open().note.firstFingerprint)
    #expect(try isDisowned("bundle_keys", [.string(key), .string(stranger)]))
    #expect(try isDisowned("bundle_keys", [.string(stranger), .string(key)]))
    // An entry behind all that the key signed, and one under a name that the index did not have then.
    let digest = String(repeating: "0", count: 64)
    #expect(try isDisowned("bundle_entries", [.string("99 \(digest) \(card.origin)")]))
    #expect(try isDisowned("bundle_entries", [.string("1 \(digest) evidence-vault.invalid/other")]))
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

  /// What names an item of which only the number comes along has one consent with the owner's; theirs is protected
  /// with it, since nothing shows that it is another, and keeps nothing of the owner's out.
  @Test func whatIsTheSameAsTheOwnersItemIsNotTakenForTheSameAsTheirs() throws {
    try desks.receive(stolen { try desks.send([add("what they wrote")]) }, from: .anyone)
    try addAndRevoke()
    let own = try desks.receive(desks.send([next])).items[0].here
    let twin = try add("pay 100, again")
    try desks.amend(twin, sameAs: next)
    let same = try desks.receive(desks.send([twin])).items[0].here
    #expect(try sameAs(same) == own)
    #expect(try Set(book().twins(of: same)).isSuperset(of: [same, own]))
  }

  /// The other way round: the owner's item of that number comes when something was taken for the same as theirs.
  @Test func whatWasTakenForTheSameAsTheirsKeepsNothingOut() throws {
    try desks.receive(stolen { try desks.send([add("what they wrote")]) }, from: .anyone)
    let item = try addAndRevoke()
    let twin = try add("pay 100, again")
    try desks.amend(twin, sameAs: item)
    let same = try desks.receive(desks.send([twin])).items[0].here
    let received = try desks.receive(desks.send([item]))
    #expect(received.disowned.count == 1)
    #expect(try book().twins(of: received.items[0].here).contains(same))
  }

  /// Whatever it named when it came first.
  @Test(arguments: [false, true]) func anItemThatNamedAnotherStaysTheOneOfItsNumber(isSeized: Bool) throws {
    let item = try add("pay 100")
    func first() throws -> String {
      try desks.amend(item, sameAs: 1)
      return try desks.send([item])
    }
    let path = try isSeized ? stolen(first) : first()
    let here = try desks.receive(path, from: .anyone).items[0].here
    let entry = try desks.recipient.reader().withdraw(
      here, Withdrawing(reason: "asked"), signer: desks.recipient.signer
    ).index
    if isSeized { try replaceKey(trusting: sender.open().head()) } else { try desks.amend(item, sameAs: item) }
    let again = try desks.receive(desks.send([item])).items[0]
    #expect(again.earlier == [here])
    #expect(try desks.refusals { try desks.plan([again.here]) }.contains(.item(.withdrawn(by: entry))))
  }

  /// Of a bundle, one part of which is proven not to be of the history, nothing is.
  @Test func whatCameWithWhatIsNotOfTheHistoryIsToldWithIt() throws {
    let theirs = try desks.receive(
      stolen {
        let items = [try add("what they wrote"), try add("and more of it")]
        return try desks.send(items)
      }, from: .anyone)
    for text in ["pay 100", "pay 200", "pay 300", "pay 400"] { try add(text) }
    try replaceKey(trusting: sender.open().head())
    #expect(try desks.receive(desks.send([next])).disowned == theirs.items.map(\.here))
  }

  /// What the first of two keys signed behind what is trusted of it is no better under the second.
  @Test func whatNoKeyIsTrustedForIsTold() throws {
    let seen = try sender.open().head()
    let stolen = try add("put in")
    try replaceKey(trusting: seen)
    let card = try sender.open().note
    let history = try SenderHistory(of: desks.receive(desks.send([1])).bundle)
    try replaceKey(trusting: sender.open().head())
    let now = try SenderHistory(of: desks.receive(desks.send([1])).bundle)
    func isDisowned(_ number: UInt64) throws -> Bool {
      var kept: JSONObject = ["event": "received", "item": 9, "bundle": "", "bundle_item": 1]
      for member in history.fields(of: []).members { kept[member.name] = member.value }
      let digest = String(repeating: "0", count: 64)
      kept["bundle_entries"] = [.string("\(number) \(digest) \(card.origin(ofEntry: number))")]
      return try !RevokedKeyArrivals(of: now, among: [#require(BundleArrival(kept))]).disowned.isEmpty
    }
    #expect(try isDisowned(stolen) && !isDisowned(0))
  }

  /// Entries of custody from before the keys were kept have the first one alone, whichever signed.
  @Test func whatCameBeforeTheKeysWereKeptIsNotToldToBeOfARevokedOne() throws {
    let first = try desks.receive(desks.send([1])).bundle
    let history = SenderHistory(of: first)
    try addAndRevoke()
    let now = try SenderHistory(of: desks.receive(desks.send([1])).bundle)
    var kept: JSONObject = [
      "event": "received", "item": 9, "bundle": "", "bundle_item": 1, "from": .string(first.sender.firstFingerprint),
    ]
    for member in history.fields(of: []).members where member.name != "bundle_keys" { kept[member.name] = member.value }
    let found = try RevokedKeyArrivals(of: now, among: [#require(BundleArrival(kept))])
    #expect(found.disowned.isEmpty && found.unshown.isEmpty)
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
