import Age
@testable import EvidenceVault
import Primitives
import SelectiveDisclosure
import StrictJSON
import Tar
import TestFolders
import Testing
import TransparencyLog

/// A bundle that is filed in the vault of its recipient.
@Suite struct ReceivingTests {
  private let fixture: ReceivingFixture
  private var sender: VaultFixture { fixture.sender }
  private var recipient: VaultFixture { fixture.recipient }

  init() throws { fixture = try ReceivingFixture() }

  private func files(of item: UInt64) throws -> Tree {
    let name = "out-\(item)-\(try recipient.open().head().tree.size)"
    _ = try recipient.reader().extract(item, to: recipient.folder[name])
    return try Tree(of: recipient.folder[name])
  }

  @Test func eachItemIsFiledWithWhatWasDisclosedOfItAndWhereItCameFrom() throws {
    let document = try sender.addDocument("Minutes", files: ["minutes.txt": "Present: three", "votes.txt": ""])
    let testimony = try sender.addTestimony(more: [("consent.until", "2030"), ("consent.media", "none")])
    let received = try fixture.receive(fixture.send([document, testimony]))
    #expect(received.items.map(\.there) == [document, testimony] && !received.wasThere)
    let reader = try recipient.reader()
    for item in received.items {
      let (here, there) = (try reader.record(at: item.here), try sender.reader().record(at: item.there))
      let shown = try #require(received.bundle.items.first { $0.index == item.there })
      #expect(here.kind == there.kind && item.leftFields.isEmpty)
      for member in shown.fields.members { #expect(here.fields[member.name] == member.value, "\(member.name)") }
      #expect(here.fields[ReceivedField.item] == .integer(Int64(item.there)))
      #expect(here.fields[ReceivedField.bundle] == .string(received.bundle.note.identifier))
      #expect(here.fields[ReceivedField.fingerprint] == .string(try sender.open().note.fingerprint))
      #expect(here.fields[ReceivedField.origin] == .string(try sender.open().note.origin.description))
      #expect(Array(here.files.prefix(there.files.count)) == there.files.map(Self.withoutTime(shown)))
      #expect(here.fields["witness.name"] == nil)
      #expect(try reader.history(of: item.here).map(\.event) == ["sealed", "received"])
    }
    #expect(try files(of: received.items[0].here)["minutes.txt"] == Array("Present: three".utf8))
    let report = try recipient.open().verify(deepWith: [recipient.identity])
    #expect(report.findings.isEmpty, "\(report.findings)")
  }

  /// What the sender disclosed of each file, in its order.
  private static func withoutTime(_ shown: Record) -> (FileRecord) -> FileRecord {
    { file in shown.files.first { $0.path == file.path } ?? file }
  }

  @Test func theProofsAreKeptAndStillVerify() throws {
    let document = try sender.addDocument("Minutes", files: ["minutes.txt": "Present: three"])
    let other = try sender.addDocument("Other", files: ["other.txt": "other"])
    let received = try fixture.receive(fixture.send([document, other]))
    let tree = try files(of: received.items[0].here)
    func kept(_ name: String) throws -> [UInt8] { try #require(tree["received-proofs/\(name)"], "\(name)") }
    let card = try VaultNote(kept("proofs/sender.note"))
    #expect(try card.vaultKey == sender.open().note.vaultKey)
    let note = try BundleNote(SignedNote(kept("bundle.note")).text)
    #expect(note.tagManifest == SHA256Hasher.digest(of: try kept("tagmanifest-sha256.txt")))
    let presentation = try Presentation.parse(kept("proofs/item-\(document).sd-jwt"))
    _ = try presentation.verify(with: card.key(.records).key)
    let proof = try TlogProof(kept("proofs/item-\(document).tlog-proof"))
    let leaf = Array(presentation.jws.compact.utf8)
    #expect(
      try proof.verify(leaf, in: card.origin, by: [card.key(.checkpoints)]).checkpoint.head == note.head)
    #expect(!tree.files.contains { $0.contains("item-\(other)") }, "nothing of the other item")
    for file in tree.files { #expect(tree[file]?.firstRange(of: Array("other.txt".utf8)) == nil, "\(file)") }
  }

  @Test func receivingABundleAgainAddsNothingAlsoAfterAWithdrawal() throws {
    try sender.addDocument("Minutes", files: ["minutes.txt": "Present: three"])
    let path = try fixture.send([1])
    let first = try fixture.receive(path)
    let size = try recipient.open().head().tree.size
    let again = try fixture.receive(path)
    #expect(again.wasThere && again.items.map(\.here) == first.items.map(\.here))
    #expect(try recipient.open().head().tree.size == size)
    _ = try recipient.reader().withdraw(first.items[0].here, Withdrawing(reason: "asked"), signer: recipient.signer)
    let third = try fixture.receive(path)
    #expect(third.wasThere)
    #expect(try recipient.open().head().tree.size == size + 1, "what was withdrawn does not come back")
    #expect(throws: VaultError.self) { try recipient.reader().record(at: first.items[0].here) }
  }

  /// What was sent twice is two items, and the second says so: which of them counts, a person decides.
  @Test func anItemThatCameBeforeInAnotherBundleIsNamed() throws {
    try sender.addDocument("Minutes", files: ["minutes.txt": "Present: three"])
    let first = try fixture.receive(fixture.send([1])).items[0]
    let second = try fixture.receive(fixture.send([1])).items[0]
    #expect(first.earlier.isEmpty && second.earlier == [first.here] && second.here != first.here)
  }

  @Test func whatIsRefusedAddsNothing() throws {
    try sender.addDocument("Minutes", files: ["minutes.txt": String(repeating: "Present: three. ", count: 9000)])
    let path = try fixture.send([1])
    let before = try Tree(of: recipient.path)
    let bytes = try #require(try Tree(of: sender.folder.path)["sent-1.age"])
    for place in [0, bytes.count / 2, bytes.count - 1] {
      var damaged = bytes
      damaged[place] ^= 1
      let other = try sender.folder.write(damaged, to: "damaged-\(place).age")
      #expect(throws: VaultError.self, "byte \(place)") { try fixture.receive(other) }
    }
    #expect(throws: VaultError.self) { try fixture.receive(path, from: .fingerprint("other words")) }
    #expect(try Tree(of: recipient.path) == before)
  }

  /// Neither beside the vault nor in it: everything there is sealed.
  @Test func nothingOfABundleLiesInTheOpen() throws {
    try sender.addDocument("Minutes", files: ["minutes.txt": "Present: three, a canary"])
    try fixture.receive(fixture.send([1]))
    let tree = try Tree(of: recipient.folder.path)
    for file in tree.files where !file.hasPrefix("input/") {
      #expect(tree[file]?.firstRange(of: Array("a canary".utf8)) == nil, "\(file)")
    }
  }

  @Test func anAmendedItemIsOneItemWithTheRecordThatCounts() throws {
    try sender.addDocument("Minutes", files: ["minutes.txt": "Present: three"])
    let path = try sender.folder.write("Present: four".utf8, to: "input/more/minutes.txt")
    _ = try sender.reader().amend(
      1, setting: ["case": "juniper-2023"], removing: [], reason: "found", adding: ItemSource.find([path]),
      signer: sender.signer)
    let received = try fixture.receive(fixture.send([1]))
    #expect(received.items.count == 1)
    let record = try recipient.reader().record(at: received.items[0].here)
    #expect(record.fields["case"] == "juniper-2023" && record.fields["amends"] == nil)
    let tree = try files(of: received.items[0].here)
    #expect(tree["minutes.txt"] == Array("Present: three".utf8))
    #expect(tree["amendment-1/1/minutes.txt"] == Array("Present: four".utf8))
    _ = try recipient.reader().amend(
      received.items[0].here, setting: ["case": "heron"], removing: [], reason: "ours", adding: [],
      signer: recipient.signer)
    #expect(try recipient.reader().currentItem(received.items[0].here).current.fields[ReceivedField.item] == 1)
    #expect(try recipient.open().verify(deepWith: [recipient.identity]).findings.isEmpty)
  }

  @Test func fieldsThatWereRevealedLaterAreNoItem() throws {
    try sender.addDocument("Minutes", files: ["minutes.txt": "Present: three"])
    try fixture.receive(fixture.send([1]))
    let reader = try sender.reader()
    let plan = try reader.planDisclosure(
      of: ["title"], in: 1, to: reader.recipient("Desk"), purpose: "", choice: DisclosureChoice())
    let path = try fixture.send(plan)
    #expect {
      try fixture.receive(path)
    } throws: { error in
      if case VaultError.supplement = error { true } else { false }
    }
  }

  /// An item that was received, handed on and received again says whom it came from last; its first proofs stay behind.
  @Test func whatWasReceivedCanBeHandedOn() throws {
    try sender.addTestimony(more: [("consent.own_org", "code")])
    let here = try fixture.receive(fixture.send([1])).items[0].here
    let plan = try fixture.plan([here])
    #expect(plan.items[0].record.fields["witness.code"] == "Blue Heron")
    let path = recipient.folder["onward.age"]
    _ = try recipient.reader().export(plan, pages: [], to: path, passphrase: nil, signer: recipient.signer)
    let back = try sender.reader().receive(
      [path], from: .key(recipient.open().note.vaultKey), signer: sender.signer)
    let record = try sender.reader().record(at: back.items[0].here)
    #expect(record.fields[ReceivedField.item] == .integer(Int64(here)))
    #expect(record.fields[ReceivedField.fingerprint] == .string(try recipient.open().note.fingerprint))
    #expect(record.files.filter { $0.path?.text.hasSuffix("bundle.note") == true }.count == 1)
  }
}
