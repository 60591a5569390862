@testable import EvidenceVault
import DurableStore
import Primitives
import Synchronization
import TestFolders
import Testing
import TransparencyLog

@Suite struct RestoringTests {
  private let fixture: VaultFixture
  private let state: String
  private let older: Tree

  /// Two entries were seen, and the copy with one is back.
  init() throws {
    fixture = try VaultFixture()
    state = fixture.folder["state"]
    try fixture.addDocument("One", files: ["a.txt": "one"], to: fixture.open(stateFolder: state))
    older = try Tree(of: fixture.path)
    try fixture.addDocument("Two", to: fixture.open(stateFolder: state))
    try older.write(to: fixture.path)
  }

  private func open() throws -> Vault { try fixture.open(stateFolder: state) }

  @discardableResult
  private func accept() throws -> Vault {
    let vault = try open()
    return try vault.accept(vault.plannedRestoration(), signer: fixture.signer).vault
  }

  @Test func theNewOriginNamesTheOldOneAndBothHeads() throws {
    let old = try open().note
    let new = try accept().note
    #expect(new.origin != old.origin)
    #expect(new.fingerprint == old.fingerprint)
    let continuation = try #require(new.continuations.first)
    #expect(new.continuations.count == 1)
    #expect(continuation.origin == old.origin)
    #expect(continuation.kept.size == 1)
    #expect(continuation.lastSeen.size == 2)
    #expect(try open().note == new)
  }

  @Test func oldAndNewEntriesAreSoundAndOpen() throws {
    try accept()
    try fixture.addDocument("After", files: ["b.txt": "new"], to: open())
    #expect(try open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    let reader = try VaultReader(open(), identities: [fixture.identity])
    #expect(try reader.summaries().map(\.title) == ["One", "After"])
  }

  @Test func aVaultCanBeRestoredTwice() throws {
    try accept()
    let second = try Tree(of: fixture.path)
    try fixture.addDocument("Lost", to: open())
    try second.write(to: fixture.path)
    let twice = try accept()
    #expect(twice.note.continuations.map(\.kept.size) == [1, 1])
    try fixture.addDocument("After", to: open())
    #expect(try open().verify(deepWith: [fixture.identity]).findings.isEmpty)
  }

  // MARK: - On another machine

  /// What was accepted on this machine, seen from one that remembers another head of the old origin.
  private func elsewhere(remembering head: TreeHead, _ tell: @escaping @Sendable (UInt64) -> Void = { _ in }) throws
    -> Vault
  {
    let note = try fixture.open().note
    let other = fixture.folder["other machine"]
    let signed = try Vault.checkpoint(head, note: note, signer: fixture.signer)
    _ = try #require(Pins(VaultFixture.environment(stateFolder: other))).remember(
      note, checkpoint: signed, path: fixture.path)
    try accept()
    try fixture.addDocument("After", to: open())
    var environment = VaultFixture.environment(stateFolder: other)
    environment.onGivenUp = tell
    return try Vault(opening: fixture.path, environment: environment)
  }

  @Test func whoRememberedWhatWasGivenUpIsTold() throws {
    let count = Mutex<UInt64>(0)
    let vault = try elsewhere(remembering: open().seenHead() ?? .empty) { told in count.withLock { $0 = told } }
    let head = try vault.head()
    #expect(head.tree.size == 2 && count.withLock(\.self) == 1)
    vault.pin(head)
    count.withLock { $0 = 0 }
    _ = try vault.head()
    #expect(count.withLock(\.self) == 0, "told until a later head is remembered")
  }

  @Test func aHeadThatTheCopyShouldHaveMustBeInTheIndex() throws {
    let vault = try elsewhere(remembering: TreeHead(size: 1, root: SHA256Hasher.digest(of: [1])))
    #expect { try vault.head() } throws: {
      if case VaultError.damaged(let finding) = $0 { finding.subject == .pin } else { false }
    }
  }

  @Test(arguments: [(2, 7), (3, 7)] as [(UInt64, UInt8)])
  func whatTheNoteDoesNotSayWasGivenUpIsRefusedUntilSomebodyAcceptsIt(size: UInt64, byte: UInt8) throws {
    let vault = try elsewhere(remembering: TreeHead(size: size, root: SHA256Hasher.digest(of: [byte])))
    #expect { try vault.head() } throws: {
      if case VaultError.restoredWithLess(seenSize: size, kept: 1) = $0 { true } else { false }
    }
    let plan = try vault.plannedRestoration()
    let old = try #require(vault.note.continuations.first?.origin)
    #expect(plan.others == [OtherHistory(origin: old, size: size, common: 1)] && plan.givenUpCount == size - 1)
    let again = try vault.accept(plan, signer: fixture.signer).vault
    vault.pin(try again.head())
    #expect(try again.verify().isSound)
  }

  /// The key that follows the restoration hides nothing of it.
  @Test func aKeyThatWasReplacedSinceShutsNobodyOut() throws {
    let vault = try elsewhere(remembering: open().seenHead() ?? .empty)
    let next = NextSigningKey(generating: fixture.environment)
    _ = try fixture.open().replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
    let now = try Vault(opening: fixture.path, environment: vault.environment)
    #expect(try now.verify().isSound)
    #expect(try now.head().tree.size == 3)
  }

  @Test func withoutALaterHeadThereIsNothingToAccept() throws {
    #expect { try fixture.open().plannedRestoration() } throws: {
      if case VaultError.notRolledBack = $0 { true } else { false }
    }
  }

  @Test func aSignedHeadStandsInForTheMemoryOfTheMachine() throws {
    let signed = try Vault.checkpoint(
      TreeHead(size: 9, root: SHA256Hasher.digest(of: [9])), note: fixture.open().note, signer: fixture.signer)
    let plan = try fixture.open().plannedRestoration(expecting: .note(signed))
    #expect(plan.lastSeen.size == 9)
  }

  @Test func aDamagedCopyIsNotAccepted() throws {
    let path = try #require(older.files.first { $0.hasPrefix("objects/") })
    try Tree.replace("\(fixture.path)/\(path)", with: [1])
    #expect(throws: VaultError.self) { try open().plannedRestoration() }
  }

  @Test func anAcceptanceThatWasCutShortIsWholeAllTheSame() throws {
    try accept()
    try Tree.replace("\(fixture.path)/checkpoint", with: older["checkpoint"] ?? [])
    let newMachine = fixture.folder["new machine"]
    #expect(try fixture.open(stateFolder: newMachine).verify(deepWith: [fixture.identity]).isSound)
    let plan = try open().plannedRestoration()
    #expect(plan.isUnfinished)
    let (vault, head) = try open().accept(plan, signer: fixture.signer)
    #expect(vault.isOwn(head))
    #expect(vault.note.continuations.count == 1)
  }

  @Test func aCommitFinishesAnAcceptanceThatWasCutShort() throws {
    let vault = try accept()
    try Tree.replace("\(fixture.path)/checkpoint", with: older["checkpoint"] ?? [])
    try fixture.addDocument("After", to: open())
    #expect(try vault.isOwn(vault.readHead()))
    #expect(try open().verify(deepWith: [fixture.identity]).findings.isEmpty)
  }

  @Test func anotherCheckpointOfTheOldOriginIsDamage() throws {
    let note = try open().note
    try accept()
    let forged = try Vault.checkpoint(
      TreeHead(size: 1, root: SHA256Hasher.digest(of: [1])), note: note, signer: fixture.signer)
    try Tree.replace("\(fixture.path)/checkpoint", with: forged.bytes)
    #expect(throws: VaultError.self) { try open().head() }
  }

  @Test func aWriterThatReadTheOldNoteIsRefused() throws {
    let stale = try fixture.open()
    try accept()
    // The checkpoint of the copy is what that writer would go on from.
    try Tree.replace("\(fixture.path)/checkpoint", with: older["checkpoint"] ?? [])
    #expect { try fixture.addDocument("Second history", to: stale) } throws: {
      if case VaultError.file(.changed) = $0 { true } else { false }
    }
  }

  @Test func whatTheNoteSaysWasKeptMustBeInTheIndex() throws {
    let vault = try accept()
    let wrong = try Continuation(
      origin: NoteLine("evidence-vault.invalid/other"), kept: TreeHead(size: 1, root: SHA256Hasher.digest(of: [1])),
      lastSeen: TreeHead(size: 2, root: SHA256Hasher.digest(of: [2])))
    let note = try VaultNote(
      origin: vault.note.origin, continuations: vault.note.continuations + [wrong], readers: vault.note.readers,
      signer: fixture.signer)
    try Tree.replace("\(fixture.path)/vault.note", with: note.note.bytes)
    #expect(try open().verify().findings.contains { $0.subject == .index && $0.severity == .damage })
  }

  @Test func malformedContinuationsAreRefused() throws {
    let note = try accept().note
    let line = try #require(note.note.text.description.split(separator: "\n").first { $0.hasPrefix("continues ") })
    let parts = line.split(separator: " ")
    for other in [
      "\(line)\n\(line)", line.replacing(parts[1], with: note.origin.description),
      "continues \(parts[1]) \(parts[4]) \(parts[5]) \(parts[2]) \(parts[3])",
      "continues \(parts[1]) 01 \(parts[3]) \(parts[4]) \(parts[5])", "\(line) more",
    ] {
      let text = try NoteText(note.note.text.description.replacing(line, with: other))
      let signed = try SignedNote(
        text: text, signatures: [fixture.signer.sign(text, for: .vault, origin: note.origin)])
      #expect(throws: VaultError.self, "\(other)") { try VaultNote(signed.bytes) }
    }
  }
}
