@testable import EvidenceVault
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
