import Age
import DurableStore
@testable import EvidenceVault
import Primitives
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// Who reads a vault is an entry: what is added opens to the present readers, and a list that was put back is found.
@Suite struct ChangingReadersTests {
  private let fixture: VaultFixture
  private let second = Identity(generating: .x25519)
  private let before: Tree

  /// One document, and then a second reader.
  init() throws {
    fixture = try VaultFixture()
    try fixture.addDocument("One", files: ["one.txt": "1"])
    before = try Tree(of: fixture.path)
  }

  @discardableResult
  private func add(_ vault: Vault? = nil) throws -> ReadersReceipt {
    try (vault ?? fixture.open()).addReader(
      "Archive", keys: [second.recipient], comparison: .call, signer: fixture.signer)
  }

  private func remove(_ key: Recipient) throws -> ReadersReceipt {
    try fixture.open().removeReader([key], name: nil, reason: "left", own: fixture.identity, signer: fixture.signer)
  }

  private func put(_ bytes: [UInt8]?, at name: String) throws {
    try Tree.replace("\(fixture.path)/\(name)", with: #require(bytes))
  }

  private func expect(_ fault: ReadersFault, _ body: () throws -> some Any) {
    #expect { try body() } throws: { if case VaultError.readers(fault) = $0 { true } else { false } }
  }

  @Test func whoIsAddedOpensWhatIsAddedFromThenOn() throws {
    let receipt = try add()
    #expect(receipt.index == 1)
    #expect(receipt.vault.note.readers == [fixture.identity.recipient, second.recipient])
    try fixture.addDocument("Two")
    let reader = try VaultReader(fixture.open(), identities: [second])
    #expect(try reader.record(at: 2).title == "Two")
    #expect(try reader.record(at: 1).fields["name"]?.stringValue == "Archive")
    #expect { try reader.record(at: 0) } throws: { if case VaultError.wrongIdentity = $0 { true } else { false } }
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    // That older files do not open to the new reader is no damage.
    let report = try fixture.open().verify(deepWith: [second])
    #expect(report.isSound && report.findings.map(\.subject) == [.readers] && report.findings.map(\.item) == [0])
    let known = try fixture.reader().readers()
    #expect(known.map(\.name) == [nil, "Archive"] && known.map(\.addedBy) == [nil, 1])
    #expect(known[1].comparison == .call && known[1].isMeant(by: known[1].fingerprint.words))
  }

  @Test func whoIsRemovedOpensNothingNew() throws {
    try add()
    _ = try fixture.reader().summaries()
    #expect(try remove(second.recipient).vault.note.readers == [fixture.identity.recipient])
    let tree = try Tree(of: fixture.path)
    #expect(tree["catalog.age"] == nil)
    try fixture.addDocument("Three", files: ["three.txt": "3"])
    let now = try Tree(of: fixture.path)
    let added = now.files.filter { tree[$0] == nil && $0.hasSuffix(".age") }
    #expect(added.count == 2)
    for path in added {
      let file = try SealedFile(now[path] ?? [])
      #expect(throws: AgeError.noMatch) { try file.open(with: [second]) as [UInt8] }
    }
    #expect {
      try VaultReader(fixture.open(), identities: [second])
    } throws: { if case VaultError.notAReader = $0 { true } else { false } }
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
  }

  @Test func whatCannotBeMeantIsRefusedAndChangesNothing() throws {
    let vault = try fixture.open()
    let (signer, own) = (fixture.signer, fixture.identity)
    expect(.lastReader) { try remove(own.recipient) }
    expect(.unknown(KeyFingerprint(of: [second.recipient]).words)) { try remove(second.recipient) }
    expect(.exists(words: KeyFingerprint(of: [own.recipient]).words)) {
      try vault.addReader("Me", keys: [own.recipient], comparison: .call, signer: signer)
    }
    expect(.otherKind(arePostQuantum: false)) {
      let key = Identity(generating: .hybrid).recipient
      return try vault.addReader("Late", keys: [key], comparison: .call, signer: signer)
    }
    expect(.tooMany) {
      let keys = (0..<64).map { _ in Identity(generating: .x25519).recipient }
      return try vault.addReader("All", keys: keys, comparison: .call, signer: signer)
    }
    #expect(try Tree(of: fixture.path) == before)
    try add()
    expect(.ownKey) { try remove(own.recipient) }
    expect(.nameTaken("Archive")) {
      try fixture.open().addReader(
        "Archive", keys: [Identity(generating: .x25519).recipient], comparison: .call,
        known: fixture.reader().readers(), signer: signer)
    }
    // Who has the folder and no key in it cannot tell whether it is their own.
    #expect {
      try fixture.open().removeReader([second.recipient], name: nil, reason: "", own: nil, signer: signer)
    } throws: { if case VaultError.needsReadingKey = $0 { true } else { false } }
  }

  @Test func anIntakeVaultTakesAnotherReaderWithoutAnyKeyThatReads() throws {
    let path = fixture.folder["field"]
    let vault = try Vault.create(
      at: path, readers: [fixture.identity.recipient], passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      environment: fixture.environment)
    let signer = try vault.signer(VaultFixture.passphrase())
    _ = try vault.addReader("Archive", keys: [second.recipient], comparison: .inPerson, signer: signer)
    let again = try Vault(opening: path, environment: fixture.environment)
    _ = try again.add([], kind: "document", fields: ["title": "t", "document.kind": "note"], signer: signer)
    #expect(try VaultReader(again, identities: [second]).record(at: 1).title == "t")
  }

  @Test func aCrashBetweenTheCommitAndTheNewNoteIsFinishedByTheNextWriter() throws {
    try add()
    let new = try #require(Tree(of: fixture.path)["vault.note"])
    try put(before["vault.note"], at: "vault.note")
    try put(new, at: "next.note")
    #expect(try fixture.open().note.readers.count == 2)
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    #expect(try Vault.repair(fixture.path, environment: fixture.environment).verification.findings.isEmpty)
    #expect(try VaultReader(fixture.open(), identities: [second]).count == 2)
    try fixture.addDocument("Two")
    let after = try Tree(of: fixture.path)
    #expect(after["vault.note"] == new && after["next.note"] == nil)
    #expect(try VaultReader(fixture.open(), identities: [second]).record(at: 2).title == "Two")
  }

  @Test func aNextNoteThatWasNeverCommittedCountsForNothing() throws {
    try add()
    let new = try #require(Tree(of: fixture.path)["vault.note"])
    try before.write(to: fixture.path)
    try put(new, at: "next.note")
    #expect(try fixture.open().note.readers.count == 1)
    let report = try fixture.open().verify(deepWith: [fixture.identity])
    #expect(report.isSound && report.findings.map(\.path) == ["next.note"])
    try fixture.addDocument("Two")
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    #expect(try Tree(of: fixture.path)["vault.note"] == before["vault.note"])
  }

  @Test func aNextNoteWithOtherReadersThanTheHeadCountsForNothing() throws {
    let both = try add().vault.note
    _ = try remove(second.recipient)
    // Neither is what the head names, and the one in place stays.
    let three = try both.reading(
      both.readers + [Identity(generating: .x25519).recipient], signer: fixture.signer)
    try put(both.note.bytes, at: "vault.note")
    try put(three.note.bytes, at: "next.note")
    #expect(try fixture.open().note.readers == both.readers)
    #expect(throws: VaultError.self) { try fixture.open().head() }
  }

  @Test func aListThatWasPutBackIsFoundAndNothingIsSealedToIt() throws {
    try add()
    let both = try #require(Tree(of: fixture.path)["vault.note"])
    _ = try remove(second.recipient)
    try put(both, at: "vault.note")
    let vault = try fixture.open()
    #expect { try vault.head() } throws: {
      if case VaultError.damaged(let finding) = $0 { finding.subject == .note } else { false }
    }
    #expect(throws: VaultError.self) { try fixture.addDocument("Two") }
    #expect(throws: VaultError.self) { try add() }
    #expect(throws: VaultError.self) { try fixture.reader() }
    let report = try vault.verify()
    #expect(!report.isSound && report.findings.map(\.subject) == [.note] && report.entryCount == 3)
    // Also where it lies in wait beside the right one.
    try put(before["vault.note"], at: "vault.note")
    try put(both, at: "next.note")
    #expect(try fixture.open().note.readers.count == 1)
  }

  @Test func aRepairTakesTheRightNoteFromACopy() throws {
    try add()
    let whole = try Tree(of: fixture.path)
    try whole.write(to: fixture.folder["copy"])
    try put(before["vault.note"], at: "vault.note")
    #expect(throws: VaultError.self) { try Vault.repair(fixture.path, environment: fixture.environment) }
    let report = try Vault.repair(fixture.path, from: fixture.folder["copy"], environment: fixture.environment)
    #expect(report.verification.isSound && report.count(.restored) == 1 && report.count(.moved) == 1)
    #expect(try Tree(of: fixture.path)["vault.note"] == whole["vault.note"])
  }

  @Test func aCheckpointThatNamesOtherReadersThanTheEntriesIsFound() throws {
    let vault = try add().vault
    let head = try vault.head()
    for readers in [nil, before["vault.note"].map { SHA256Hasher.digest(of: $0) }] {
      var lines = HeadLines()
      lines.readers = readers
      let forged = try Vault.checkpoint(head.tree, lines: lines, note: vault.note, signer: fixture.signer)
      try put(forged.bytes, at: "checkpoint")
      #expect(try fixture.open().verify().findings.contains { $0.subject == .checkpoint })
    }
  }

  @Test func theLastChangeCountsAlsoWhereItIsInAnotherBundleOfEntries() throws {
    try add()
    let items = (0..<256).map {
      NewItem(kind: "document", fields: ["title": .string("\($0)"), "document.kind": "note"])
    }
    _ = try fixture.open().add(many: items, signer: fixture.signer)
    #expect(try remove(second.recipient).index == 258)
    #expect(try fixture.open().verify().findings.isEmpty)
    #expect(try fixture.reader().filesToReseal().count == 260)
  }

  @Test func whoOpenedTheVaultBeforeCannotSealToTheOldReaders() throws {
    let old = try fixture.open()
    try add()
    #expect { try fixture.addDocument("Two", to: old) } throws: {
      if case VaultError.file(let error) = $0, case .changed = error { true } else { false }
    }
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).entryCount == 2)
  }

  @Test func anAcceptedCopyKeepsItsReaders() throws {
    let state = fixture.folder["state"]
    try add(fixture.open(stateFolder: state))
    let copy = try Tree(of: fixture.path)
    try fixture.addDocument("Lost", to: fixture.open(stateFolder: state))
    try copy.write(to: fixture.path)
    let vault = try fixture.open(stateFolder: state)
    let accepted = try vault.accept(vault.plannedRestoration(), signer: fixture.signer)
    #expect(accepted.vault.note.readers == [fixture.identity.recipient, second.recipient])
    #expect(try accepted.head.lines.readers == accepted.vault.note.readersDigest)
    try fixture.addDocument("After")
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    let other = try accepted.vault.note.reading([second.recipient], signer: fixture.signer)
    try put(other.note.bytes, at: "vault.note")
    #expect(try !fixture.open().verify().isSound)
  }
}
