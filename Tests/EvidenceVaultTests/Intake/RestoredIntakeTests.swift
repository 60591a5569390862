import DurableStore
import Primitives
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

@testable import EvidenceVault

/// An officer's machine is lost, and the intake vault goes on from a backup: what was collected of the lost one stays,
/// and numbers that are given again mean other entries.
@Suite struct RestoredIntakeTests {
  private let fixture: IntakeFixture
  private var main: VaultFixture { fixture.main }

  init() throws { fixture = try IntakeFixture() }

  /// The intake vault goes on from `copy`, knowing the head that it has now.
  private func restore(_ copy: String) throws {
    let head = try fixture.field().head()
    try TemporaryFolder.remove(fixture.path)
    try Tree(of: copy).write(to: fixture.path)
    let vault = try fixture.field()
    _ = try vault.accept(vault.plannedRestoration(expecting: .note(head.note)), signer: fixture.signer)
  }

  private func amend(_ item: UInt64, _ title: String) throws {
    _ = try fixture.fieldReader().amend(
      item, setting: ["title": .string(title)], removing: [], reason: "r", adding: [], signer: fixture.signer)
  }

  /// What entries of custody keep of entries of the intake vault, in the order in which they came.
  private func kept() throws -> [KeptEntry] {
    let reader = try main.reader()
    return try reader.arrivals(from: reader.intake(IntakeFixture.name)).compactMap(\.entry)
  }

  @Test func whatGoesOnFromACopyIsCollectedFromThere() throws {
    try fixture.add("One")
    try fixture.add("Two")
    let copy = try fixture.copy("backup")
    try fixture.add("Lost")
    let before = try fixture.collect()
    try restore(copy)
    #expect(try fixture.collect().items.isEmpty, "nothing was added since")
    try fixture.addTestimony()
    try fixture.add("Four")
    let after = try fixture.collect()
    #expect(after.items.map(\.there) == [2, 3] && after.left.isEmpty && !after.needsAttention)
    let givenUp = try #require(after.givenUp)
    #expect(givenUp.keptCount == 2)
    #expect(givenUp.entries.map(\.there) == [2] && givenUp.entries.map(\.here) == [before.items[2].here])
    #expect(try main.reader().currentItem(before.items[2].here).current.title == "Lost")
    let again = try fixture.collect()
    #expect(again.givenUp == nil && again.items.isEmpty && again.collectedCount == 4)
    let origins = try fixture.field().note.origins
    #expect(try kept().map(\.log) == [origins[0], origins[0], origins[0], origins[1], origins[1]])
    #expect(try main.open().verify(deepWith: [main.identity]).findings.isEmpty)
  }

  /// Consent that is taken back for the one holds for the one alone.
  @Test func aNumberThatIsGivenAgainIsAnotherItem() throws {
    let copy = try fixture.copy("backup")
    try fixture.addTestimony()
    let lost = try fixture.collect().items[0].here
    try restore(copy)
    try fixture.addTestimony()
    let new = try fixture.collect().items[0].here
    let book = try main.reader().custody()
    #expect(book.twins(of: lost) == [lost] && book.twins(of: new) == [new] && book.repeatedItems.isEmpty)
    _ = try main.reader().withdraw(lost, Withdrawing(reason: "asked"), signer: main.signer)
    #expect(try fixture.refusals([new]).isEmpty)
    // What amends it there amends the item that came last under that number.
    try amend(0, "Corrected")
    #expect(try fixture.collect().items.map(\.amends) == [new])

  }

  /// The number of an entry that stays there does not lead to what had it before.
  @Test func whatStaysThereIsNotTakenForWhatWasCollected() throws {
    let copy = try fixture.copy("backup")
    let lost = try fixture.addTestimony()
    let here = try fixture.collect().items[0].here
    try restore(copy)
    let other = try fixture.forge("recipient_revoked", ["name": "media", "reason": "r"])
    #expect(other == lost)
    try fixture.forge("withdrawal", ["item": .integer(Int64(other)), "reason": "r"])
    let collected = try fixture.collect()
    #expect(collected.withdrawn.isEmpty && collected.left.last?.reason == .aboutNothing)
    #expect(try fixture.refusals([here]).isEmpty)
  }

  /// The officer who amends it there now does not know what the lost record said, which may have been less.
  @Test func anAmendmentThatWasGivenUpIsNotReplacedUnseen() throws {
    try fixture.addTestimony()
    let copy = try fixture.copy("backup")
    try amend(0, "Corrected on the lost machine")
    let here = try fixture.collect().items[0].here
    try restore(copy)
    try amend(0, "Corrected since")
    let item = try #require(fixture.collect().items.first)
    #expect(item.amends == nil && item.besides == here)
    #expect(try main.reader().custody().twins(of: here) == [here, item.here])
    #expect(try main.reader().currentItem(here).current.title == "Corrected on the lost machine")
    try amend(0, "Corrected once more")
    #expect(try fixture.collect().items.map(\.amends) == [item.here])
  }

  /// Its note says that nothing was given up, and it was.
  @Test func aKeyThatWasReplacedOnACopyIsNoRestoration() throws {
    let next = NextSigningKey(generating: main.environment)
    _ = try fixture.field().promise(next.publicHalf, signer: fixture.signer)
    let copy = try fixture.copy("backup")
    try fixture.add("One")
    try fixture.collect()
    let vault = try Vault(opening: copy, environment: main.environment)
    _ = try vault.replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
    #expect(try fixture.fault(copy) == .cannotTell(name: IntakeFixture.name, collected: 2, size: 2))
  }

  /// Whoever has the passphrase can say that it went on from a copy that never was.
  @Test func whatIsSaidToBeKeptHasToBeWhatWasCollected() throws {
    let empty = try fixture.copy("empty")
    try fixture.add("One")
    try fixture.add("Two")
    try fixture.collect()
    let head = try fixture.field().head()
    let fork = try Vault(opening: empty, environment: main.environment)
    _ = try fork.add(
      [], kind: "document", fields: ["title": "Other", "document.kind": "note"], signer: fixture.signer)
    try restore(empty)
    #expect(try fixture.field().note.continuations.map(\.lastSeen) == [head.tree])
    #expect(try fixture.fault() == .wentOnOtherwise(name: IntakeFixture.name, entry: 0))
  }

  // MARK: - Two copies that both went on

  @Test func aShorterCopyThatWentOnOtherwiseIsNoOlderOne() throws {
    try fixture.add("One")
    let copy = try fixture.copy("copy")
    for title in ["Two", "Three", "Four"] { try fixture.add(title) }
    try fixture.collect()
    let older = IntakeFault.olderCopy(name: IntakeFixture.name, collected: 4, size: 1)
    #expect(try fixture.fault(copy) == older)
    let fork = try Vault(opening: copy, environment: main.environment)
    _ = try fork.add(
      [], kind: "document", fields: ["title": "Nowhere else", "document.kind": "note"], signer: fixture.signer)
    #expect(try fixture.fault(copy) == .wentOnOtherwise(name: IntakeFixture.name, entry: 1))
  }

  /// An entry that did not come is known by no digest, and is by a head that was collected and covers it.
  @Test func whatDidNotComeIsKnownByTheHeadsThatWereCollected() throws {
    try fixture.forge("recipient_revoked", ["name": "media", "reason": "r"])
    let copy = try fixture.copy("copy")
    try fixture.add("One")
    try fixture.collect()
    #expect(try fixture.fault(copy) == .cannotTell(name: IntakeFixture.name, collected: 2, size: 1))
    let known = try fixture.copy("known")
    try fixture.add("Two")
    try fixture.collect()
    #expect(try fixture.fault(known) == .olderCopy(name: IntakeFixture.name, collected: 3, size: 2))
  }

  /// The lost machine turns up: it has what was collected, or more, which is nowhere else.
  @Test func theCopyFromBeforeTheRestorationIsOlderOnlyIfItHasNoMore() throws {
    let copy = try fixture.copy("backup")
    try fixture.add("Lost")
    try fixture.collect()
    let lost = try fixture.copy("lost")
    try restore(copy)
    try fixture.add("One")
    try fixture.add("Two")
    try fixture.collect()
    #expect(try fixture.fault(lost) == .olderCopy(name: IntakeFixture.name, collected: 2, size: 1))
    let vault = try Vault(opening: lost, environment: main.environment)
    _ = try vault.add(
      [], kind: "document", fields: ["title": "Nowhere else", "document.kind": "note"], signer: fixture.signer)
    #expect(try fixture.fault(lost) == .cannotTell(name: IntakeFixture.name, collected: 2, size: 2))
  }

  // MARK: - Keys that were revoked since

  /// Its number says nothing any more: the key that signed it does.
  @Test func whatWasGivenUpAndAKeySignedThatWasRevokedSinceIsInDoubt() throws {
    let next = NextSigningKey(generating: main.environment)
    _ = try fixture.field().promise(next.publicHalf, signer: fixture.signer)
    let copy = try fixture.copy("backup")
    try fixture.add("Lost")
    let here = try fixture.collect().items[0].here
    try restore(copy)
    try fixture.add("Seized")
    #expect(try fixture.collect().doubtful.isEmpty)
    let vault = try fixture.field()
    let trusted = try vault.head()
    try fixture.add("Put in")
    _ = try fixture.field().replaceSigningKey(
      with: next, trusting: .note(trusted.note), passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      signer: fixture.signer)
    fixture.signer = next.signer
    let collected = try fixture.collect()
    #expect(collected.doubtful.map(\.here) == [here])
  }
}
