@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// What a sender does not stand by is kept where it was filed, and nothing of it is handed on.
@Suite struct DisownedItemTests {
  private let desks: ReceivingFixture
  private var sender: VaultFixture { desks.sender }

  init() throws {
    desks = try ReceivingFixture()
    try desks.sender.addDocument("Agenda", files: ["agenda.txt": "agenda"])
  }

  private func book() throws -> CustodyBook { try desks.recipient.reader().custody() }

  /// What the recipient files of a bundle that a thief made, with its last item of their own.
  private func fileForged(_ items: [UInt64], _ more: () throws -> [UInt64]) throws -> [UInt64] {
    let path = try desks.stolen {
      // Behind all that the owner adds before the key is revoked.
      for text in ["more", "and more"] { try desks.addOrder(text) }
      return try desks.send(items + more())
    }
    return try desks.receive(path, from: .anyone).items.map(\.here)
  }

  private func revoke() throws {
    try desks.addOrder("pay 100")
    try desks.replaceKey(trusting: sender.open().head())
  }

  private func handOn(_ item: UInt64) throws -> ExportPlan {
    try desks.plan([item]) { $0.overrideReason = "for the expert" }
  }

  private func expectStaying(_ item: UInt64, because named: UInt64) {
    #expect {
      try handOn(item)
    } throws: {
      if case VaultError.signingKey(.disownedItem(named)) = $0 { true } else { false }
    }
  }

  private func derive(from item: UInt64) throws -> UInt64 {
    let fields: JSONObject = ["title": "Copy", "document.kind": "note", "derived_from": .integer(Int64(item))]
    return try desks.recipient.open().add([], kind: "document", fields: fields, signer: desks.recipient.signer).index
  }

  @Test func itIsKeptAndSentToNobody() throws {
    let theirs = try fileForged([1]) { [try desks.addOrder("what they wrote")] }
    let derived = try derive(from: theirs[1])
    for item in theirs + [derived] { #expect(try handOn(item).items.count == 1) }
    try revoke()
    let own = try desks.send([1])
    let received = try desks.receive(own)
    #expect(received.disowned == theirs)
    expectStaying(theirs[1], because: theirs[1])
    expectStaying(derived, because: theirs[1])
    let line = try #require(desks.recipient.reader().history(of: theirs[1]).last)
    #expect(line.event == "verified" && line.fields["result"]?.stringValue?.contains("revoked") == true)
    #expect(line.fields[DisownedItems.field]?.stringValue == received.bundle.note.identifier)
    #expect(try book().disowningEntry(of: theirs[1]) == line.entry)
    // The entry of the other is the owner's, whoever sent it.
    #expect(try book().disowningEntry(of: theirs[0]) == nil && handOn(theirs[0]).items.count == 1)
    #expect(try handOn(received.items[0].here).items.count == 1)
    let again = try desks.receive(own)
    #expect(again.disowned == theirs && again.head.tree == received.head.tree, "it is said once")
  }

  /// What they made of the owner's item is another thing, and what was made from that.
  @Test func whatTheyAmendedIsTheirs() throws {
    let theirs = try fileForged([1]) {
      _ = try sender.reader().amend(
        1, setting: ["title": "Thanks"], removing: [], reason: "none", adding: [], signer: sender.signer)
      return []
    }
    let derived = try derive(from: theirs[0])
    try revoke()
    let own = try desks.receive(desks.send([1])).items[0].here
    expectStaying(theirs[0], because: theirs[0])
    expectStaying(derived, because: theirs[0])
    #expect(try handOn(own).items.filter { !$0.isAlong }.count == 1)
  }

  /// A testimony of theirs that names what is the owner's gives it not free, and takes nothing with it when it goes.
  @Test func whatItNamesIsNotItsOwn() throws {
    let theirs = try fileForged([1]) { [try sender.addTestimony(more: [("attachments", [1])])] }
    #expect(try desks.plan([theirs[0]]).items.count > 0, "whoever does not know believes it")
    try revoke()
    let own = try desks.receive(desks.send([1])).items[0].here
    expectStaying(theirs[1], because: theirs[1])
    for item in [theirs[0], own] {
      let refusal = ConsentRefusal.Cause.item(.disownedTestimony(theirs[1]))
      #expect(try desks.refusals { try handOn(item) } == [refusal], "no reason goes before that")
    }
    let receipt = try desks.recipient.reader().withdraw(
      theirs[1], Withdrawing(reason: "forged"), signer: desks.recipient.signer)
    #expect(receipt.covered.isEmpty)
    for item in [theirs[0], own] {
      #expect(try desks.refusals { try desks.plan([item]) } == [.item(.receivedWithoutConsent)])
      #expect(try handOn(item).items.count == 1)
    }
  }

  /// An honest testimony that its sender revoked by mistake: what is known here to be of its witness stays theirs.
  @Test func whatAnAmendmentHereNamesIsWithdrawnWithIt() throws {
    let seen = try sender.open().head()
    let testimony = try desks.receive(desks.send([sender.addTestimony()])).items[0].here
    let recording = try desks.recipient.addDocument("Recording", files: ["recording.txt": "spoken"])
    _ = try desks.recipient.reader().amend(
      testimony, setting: ["attachments": [.integer(Int64(recording))]], removing: [], reason: "hers", adding: [],
      signer: desks.recipient.signer)
    try desks.replaceKey(trusting: seen)
    #expect(try desks.receive(desks.send([1])).disowned == [testimony])
    #expect(try desks.refusals { try handOn(recording) } == [.item(.disownedTestimony(testimony))])
    let receipt = try desks.recipient.reader().withdraw(
      testimony, Withdrawing(reason: "asked"), signer: desks.recipient.signer)
    #expect(receipt.covered == [recording])
    #expect(try desks.refusals { try handOn(recording) } == [.item(.withdrawn(by: receipt.index))])
  }

  /// The thief's bundle came last: whoever files the owner's again is told, and that is kept.
  @Test func aBundleThatWasThereTellsOfWhatCameSince() throws {
    let forged = try desks.stolen {
      for text in ["more", "and more"] { try desks.addOrder(text) }
      return try desks.send([desks.addOrder("what they wrote")])
    }
    try revoke()
    let own = try desks.send([1])
    try desks.receive(own)
    let theirs = try desks.receive(forged, from: .anyone)
    #expect(try theirs.later != nil && book().disowningEntry(of: theirs.items[0].here) == nil)
    let again = try desks.receive(own)
    #expect(again.wasThere && again.disowned == theirs.items.map(\.here))
    #expect(again.head.tree.size == theirs.head.tree.size + 1)
    #expect(try book().disowningEntry(of: theirs.items[0].here) == theirs.head.tree.size)
  }

  /// The owner went on from a backup; of what was lost with it nobody can tell whose it is.
  @Test func whatWasGivenUpWithARestoredCopyIsToldAndNotMarked() throws {
    let state = sender.folder["state of the sender"]
    let backup = try Tree(of: sender.path)
    for text in ["lost", "lost, too", "and this"] {
      try sender.addDocument("Lost", files: ["lost.txt": text], to: sender.open(stateFolder: state))
    }
    let lost = try sender.reader().count - 1
    let here = try desks.receive(desks.send([1, lost - 1])).items.map(\.here)
    // The head behind that bundle was seen.
    _ = try sender.open(stateFolder: state).head()
    try TemporaryFolder.remove(sender.path)
    try backup.write(to: sender.path)
    let restored = try sender.open(stateFolder: state)
    _ = try restored.accept(restored.plannedRestoration(), signer: sender.signer)
    let seen = try sender.open().head()
    try desks.addOrder("after")
    try desks.replaceKey(trusting: seen)
    let received = try desks.receive(desks.send([1]))
    #expect(received.disowned == here)
    #expect(try here.allSatisfy { try book().disowningEntry(of: $0) == nil })
  }
}
