@testable import EvidenceVault
import Primitives
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// A sender who signs two histories is found out by whoever has something of both.
@Suite struct SenderHistoryTests {
  private let desks: ReceivingFixture
  private var sender: VaultFixture { desks.sender }

  init() throws {
    desks = try ReceivingFixture()
    try desks.sender.addDocument("Agenda", files: ["agenda.txt": "agenda"])
  }

  /// The bundles of two futures of the sender's vault.
  private func forked(_ first: () throws -> [UInt64], _ second: () throws -> [UInt64]) throws -> [String] {
    let before = try Tree(of: sender.path)
    let path = try desks.send(first())
    try TemporaryFolder.remove(sender.path)
    try before.write(to: sender.path)
    return [path, try desks.send(second())]
  }

  private func add(_ text: String, more: [String] = []) throws -> UInt64 {
    let item = try sender.addDocument("Order", files: ["order.txt": text])
    for title in more { try sender.addDocument(title) }
    return item
  }

  private func expectOtherHistory(_ path: String, size: UInt64) throws {
    let before = try desks.recipient.reader().count
    #expect { try desks.receive(path) } throws: {
      if case VaultError.otherHistory(_, size) = $0 { true } else { false }
    }
    #expect(try desks.recipient.reader().count == before)
  }

  @Test func anotherIndexOfTheSameSizeIsRefused() throws {
    let paths = try forked({ [try add("pay 100")] }, { [try add("pay 100000")] })
    try desks.receive(paths[0])
    try expectOtherHistory(paths[1], size: 3)
  }

  /// Also where the items are the same.
  @Test func whatIsNotInTheBundleCountsToo() throws {
    let paths = try forked(
      {
        _ = try add("pay 100")
        return [1]
      },
      {
        _ = try add("pay 100000")
        return [1]
      })
    try desks.receive(paths[0])
    try expectOtherHistory(paths[1], size: 3)
  }

  @Test func anotherItemUnderTheSameNumberIsRefusedWhateverTheSizes() throws {
    let paths = try forked({ [try add("pay 100")] }, { [try add("pay 100000", more: ["Minutes", "List"])] })
    try desks.receive(paths[0])
    try expectOtherHistory(paths[1], size: 3)
  }

  // MARK: - Another beginning

  /// The card of the sender with another name for the index, or with a key before the first.
  private func otherCard(isOfKey: Bool) throws -> VaultNote {
    let card = try sender.open().note
    let origin = try NoteLine("evidence-vault.invalid/other")
    guard isOfKey else { return try VaultNote(origin: origin, readers: card.readers, signer: sender.signer) }
    let empty = try TreeHead(size: 0, root: SHA256Hasher.digest(of: []))
    var ended = try Continuation(origin: origin, kept: empty, lastSeen: empty)
    let stranger = try VaultFixture().signer
    ended.replacement = KeyReplacement(of: stranger, by: card.vaultKey, ending: ended, trustedSize: 0)
    return try VaultNote(origin: card.origin, continuations: [ended], readers: card.readers, signer: sender.signer)
  }

  private func requireOneHistory(_ bundle: CheckedBundle) throws {
    let history = SenderHistory(of: bundle)
    try history.requireOneHistory(with: desks.recipient.reader().arrivals(of: history))
  }

  private func bundle(_ bundle: CheckedBundle, by card: VaultNote) -> CheckedBundle {
    CheckedBundle(
      note: bundle.note, sender: card, items: bundle.items, events: bundle.events, checkpoint: bundle.checkpoint,
      trustedTimes: [], hasReport: bundle.hasReport, fileCount: bundle.fileCount, byteCount: bundle.byteCount)
  }

  /// Two histories of which the items are the same, and what happened to them is not.
  @Test func whatHappenedToAnItemIsOfTheHistoryToo() throws {
    let before = try Tree(of: sender.path)
    func happened(_ event: String) throws -> String {
      let fields: JSONObject = ["event": .string(event), "at": "2024-05-01"]
      let entry = try sender.reader().enterCustody(of: 1, fields, signer: sender.signer)
      // The heads have different sizes.
      if event == "destroyed" { try sender.addDocument("More") }
      let path = try desks.send([1])
      #expect(try sender.reader().history(of: 1).contains { $0.entry == entry })
      return path
    }
    let first = try happened("transferred")
    try TemporaryFolder.remove(sender.path)
    try before.write(to: sender.path)
    let second = try happened("destroyed")
    let here = try desks.receive(first).items[0].here
    #expect {
      try desks.receive(second)
    } throws: {
      if case VaultError.otherHistory(here, _) = $0 { true } else { false }
    }
  }

  @Test(arguments: [false, true]) func anotherBeginningUnderTheSameKeyIsRefused(isOfKey: Bool) throws {
    let first = try desks.receive(desks.send([1]))
    let other = try bundle(first.bundle, by: otherCard(isOfKey: isOfKey))
    #expect {
      try requireOneHistory(other)
    } throws: {
      if case VaultError.otherBeginning(first.items[0].here) = $0 { true } else { false }
    }
    // And the other way round.
    let kept = try arrival(SenderHistory(of: other).fields(of: []))
    let history = SenderHistory(of: first.bundle)
    #expect(history.isOfSender(kept) && !history.hasSameBeginning(kept))
  }

  /// What an entry of custody with some fields tells.
  private func arrival(_ more: JSONObject) throws -> BundleArrival {
    var fields: JSONObject = ["event": "received", "item": 0, "bundle": "", "bundle_item": 0]
    for member in more.members { fields[member.name] = member.value }
    return try #require(BundleArrival(fields))
  }

  @Test func anotherFirstKeyIsAnotherBeginningUnderTheSameNameToo() throws {
    let first = try desks.receive(desks.send([1])).bundle
    let history = SenderHistory(of: first)
    var kept = history.fields(of: [])
    #expect(try history.hasSameBeginning(arrival(kept)))
    kept["bundle_keys"] = .array(try [VaultFixture().open().note, first.sender].map { .string($0.firstFingerprint) })
    #expect(try history.isOfSender(arrival(kept)) && !history.hasSameBeginning(arrival(kept)))
  }

  @Test func aSenderWithOtherKeysIsAnother() throws {
    let first = try desks.receive(desks.send([1]))
    let stranger = try bundle(first.bundle, by: VaultFixture().open().note)
    try requireOneHistory(stranger)
  }

  @Test func anotherBundleOfTheSameNameIsRefused() throws {
    let first = try desks.receive(desks.send([1]))
    #expect(try desks.receive(sender.folder["sent-1.age"]).wasThere)
    let note = first.bundle.note
    let other = CheckedBundle(
      note: BundleNote(
        origin: note.origin, identifier: note.identifier, created: note.created, purpose: note.purpose,
        recipients: note.recipients, head: note.head, tagManifest: SHA256Hasher.digest(of: [1])),
      sender: first.bundle.sender, items: first.bundle.items, events: [], checkpoint: first.bundle.checkpoint,
      trustedTimes: [], hasReport: true, fileCount: 0, byteCount: 0)
    #expect {
      try requireOneHistory(other)
    } throws: {
      if case VaultError.otherBundleOfName(first.items[0].here) = $0 { true } else { false }
    }
  }

  /// To name a consent that nobody has takes no item out of the one that it has.
  @Test func anItemThatNamesAnotherConsentStaysWhatItIs() throws {
    let first = try desks.receive(desks.send([1])).items[0]
    let entry = try desks.recipient.reader().withdraw(
      first.here, Withdrawing(reason: "asked"), signer: desks.recipient.signer
    ).index
    try desks.amend(1, sameAs: 999)
    let again = try desks.receive(desks.send([1])).items[0]
    #expect(try desks.recipient.reader().custody().repeatedItems.contains(again.here))
    #expect(try desks.refusals { try desks.plan([again.here]) }.contains(.item(.withdrawn(by: entry))))
  }

  @Test func whatOnlyGrewIsTaken() throws {
    _ = try add("pay 100")
    let before = try desks.send([1, 2])
    _ = try sender.reader().amend(
      2, setting: ["title": "Order of May"], removing: [], reason: "the month", adding: [], signer: sender.signer)
    let after = try desks.send([1, 2])
    #expect(try desks.receive(after).items.map(\.there) == [1, 2])
    #expect(try desks.receive(before).items.map(\.there) == [1, 2])
  }

  /// What was lost with a disk was given up in the open.
  @Test func aCopyThatWasRestoredIsNoSecondHistory() throws {
    let before = try Tree(of: sender.path)
    let item = try add("pay 100")
    try desks.receive(desks.send([item]))
    let vault = try sender.open()
    let seen = try ExpectedHead(file: vault.headFile(vault.head()).bytes)
    try TemporaryFolder.remove(sender.path)
    try before.write(to: sender.path)
    let copy = try sender.open()
    _ = try copy.accept(copy.plannedRestoration(expecting: seen), signer: sender.signer)
    #expect(try add("pay 200") == item)
    let received = try #require(try desks.receive(desks.send([item])).items.first)
    #expect(received.there == item && received.earlier.isEmpty, "another item got the number")
    let reader = try desks.recipient.reader()
    #expect(try reader.record(at: received.here).fields[ConsentLineage.sameAs] == nil)
    #expect(try reader.custody().twins(of: received.here) == [received.here])
    #expect(try reader.custody().repeatedItems.isEmpty)
  }
}
