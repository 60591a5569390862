import DurableStore
@testable import EvidenceVault
import Glibc
import Synchronization
import TestFolders
import Testing
import TransparencyLog

/// Which copies a repair takes anything from.
@Suite struct RepairCopyTests {
  private let vault: RepairFixture

  init() throws { vault = try RepairFixture() }

  private func isAnotherVault(_ error: any Error) -> Bool {
    if case VaultError.anotherVault = error { true } else { false }
  }

  @Test func anotherVaultIsNoCopyAndNothingIsChanged() throws {
    let other = try VaultFixture.filled()
    try Tree(of: other.path).write(to: vault.copyPath)
    for missing in [[], ["vault.note"], ["checkpoint"], ["objects"]] {
      try vault.whole.write(to: vault.fixture.path)
      for path in missing { try vault.put(nil, at: path) }
      let before = try Tree(of: vault.fixture.path)
      #expect("without \(missing)") { try vault.repair() } throws: { isAnotherVault($0) }
      #expect(try Tree(of: vault.fixture.path) == before)
    }
  }

  @Test func whereTheNoteIsGoneThisMachineKnowsWhichVaultItWas() throws {
    let state = vault.fixture.folder["state"]
    #expect(try vault.fixture.open(stateFolder: state).verify().isSound)
    let other = try VaultFixture.filled()
    try Tree(of: other.path).write(to: vault.copyPath)
    for name in ["vault.note", "checkpoint"] { try vault.put(nil, at: name) }
    #expect { try vault.repair(stateFolder: state) } throws: {
      if case VaultError.replaced = $0 { true } else { false }
    }
    try vault.whole.write(to: vault.copyPath)
    #expect(try vault.repair(stateFolder: state).verification.isSound)
    #expect(try vault.isAsBefore)
  }

  @Test func theCheckpointOfAnOlderCopyIsRefusedOnAMachineThatSawALaterOne() throws {
    let state = vault.fixture.folder["state"]
    try vault.fixture.addDocument("Later", to: vault.fixture.open(stateFolder: state))
    try vault.put(nil, at: "checkpoint")
    let before = try Tree(of: vault.fixture.path)
    #expect { try vault.repair(stateFolder: state) } throws: {
      if case VaultError.rolledBack(seenSize: 5, size: 4) = $0 { true } else { false }
    }
    #expect(try Tree(of: vault.fixture.path) == before)
  }

  /// What came after the copy is whole, and its numbers must not be given away again.
  @Test(arguments: ["Later", nil]) func theCheckpointOfAnOlderCopyTakesNoEntriesOut(title: String?) throws {
    if let title { try vault.fixture.addDocument(title, files: ["a.txt": "later"]) }
    try vault.put([1, 2, 3], at: "checkpoint")
    let before = try Tree(of: vault.fixture.path)
    guard title != nil else { return #expect(try vault.repair().verification.isSound) }
    #expect { try vault.repair() } throws: {
      if case VaultError.olderCheckpoint(size: 4, entries: 5) = $0 { true } else { false }
    }
    #expect(try Tree(of: vault.fixture.path) == before)
  }

  @Test func whatNobodySignedHindersNoRepair() throws {
    let path = try #require(vault.files.first { $0.hasPrefix("tile/entries/") })
    let bundle = try EntryBundle(bytes: vault.whole[path] ?? [])
    let junk = try EntryBundle(bundle.entries + [Array("junk".utf8)]).bytes
    try vault.put(junk, at: path.replacing(".p/4", with: ".p/5"))
    try vault.put([1, 2, 3], at: "checkpoint")
    #expect(try vault.repair().verification.isSound)
  }

  /// The vault after a restored copy was accepted, which `vault.whole` and the copy at hand are from before.
  private func accept() throws {
    let state = vault.fixture.folder["state"]
    try vault.fixture.addDocument("Lost", to: vault.fixture.open(stateFolder: state))
    try vault.whole.write(to: vault.fixture.path)
    let restored = try vault.fixture.open(stateFolder: state)
    _ = try restored.accept(restored.plannedRestoration(), signer: vault.fixture.signer)
  }

  @Test func anAcceptanceThatWasCutShortIsLeftToWhoHasTheKey() throws {
    try accept()
    try vault.put(vault.whole["checkpoint"], at: "checkpoint")
    let unfinished = try Tree(of: vault.fixture.path)
    for path in unfinished.files.filter({ $0.hasPrefix("tile/0/") }) { try vault.put(nil, at: path) }
    let report = try vault.repair(withCopy: false)
    #expect(report.verification.isSound)
    let now = try Tree(of: vault.fixture.path)
    #expect(unfinished.files.allSatisfy { now[$0] == unfinished[$0] })
    let plan = try report.vault.plannedRestoration()
    #expect(plan.isUnfinished)
    _ = try report.vault.accept(plan, signer: vault.fixture.signer)
    #expect(try vault.fixture.open().verify(deepWith: [vault.fixture.identity]).findings.isEmpty)
  }

  @Test(arguments: [true, false])
  func aCopyFromBeforeTheAcceptanceRestoresFilesAlone(isFinished: Bool) throws {
    try accept()
    if !isFinished { try vault.put(vault.whole["checkpoint"], at: "checkpoint") }
    let accepted = try Tree(of: vault.fixture.path)
    for path in accepted.files where path.hasPrefix("objects/") || path.hasPrefix("records/") {
      try vault.put(nil, at: path)
    }
    let report = try vault.repair()
    #expect(report.verification.isSound)
    #expect(report.vault.note.continuations.count == 1)
    let now = try Tree(of: vault.fixture.path)
    #expect(accepted.files.allSatisfy { now[$0] == accepted[$0] })

    for path in ["checkpoint", "vault.note"] {
      try accepted.write(to: vault.fixture.path)
      try vault.put(nil, at: path)
      let before = try Tree(of: vault.fixture.path)
      if path == "checkpoint" || isFinished {
        #expect(throws: VaultError.self, "\(path)") { try vault.repair() }
        #expect(try Tree(of: vault.fixture.path) == before)
      } else {
        // Nothing was signed under the new origin yet: this is the copy that was restored.
        #expect(try vault.repair().vault.note.continuations.isEmpty)
      }
    }
  }

  /// The copy was put to use where this vault lay unused, as it is or accepted as a restored one.
  @Test(arguments: [true, false])
  func aCopyThatWentOnRestoresFilesAndIsToldToBeAhead(isAccepted: Bool) throws {
    if isAccepted { try accept() }
    try vault.fixture.addDocument("Later", files: ["b.txt": "b"])
    try Tree(of: vault.fixture.path).write(to: vault.copyPath)
    try vault.whole.write(to: vault.fixture.path)
    for path in vault.files where path.hasPrefix("objects/") { try vault.put(nil, at: path) }
    let report = try vault.repair()
    #expect(report.verification.isSound && report.laterCopySize == 5)
    #expect(try vault.isAsBefore)
    try vault.whole.write(to: vault.copyPath)
    #expect(try vault.repair().laterCopySize == nil)
  }

  @Test func anOlderCopyRestoresWhatItHas() throws {
    try vault.fixture.addDocument("Later", files: ["b.txt": "b"])
    let later = try Tree(of: vault.fixture.path)
    for path in vault.files where path.hasPrefix("objects/") { try vault.put(nil, at: path) }
    let report = try vault.repair()
    #expect(report.verification.isSound)
    #expect(report.verification.head.tree.size == 5)
    let now = try Tree(of: vault.fixture.path)
    #expect(later.files.filter { $0 != Catalog.Contents.summaries.fileName }.allSatisfy { now[$0] == later[$0] })
  }

  @Test func aValidCheckpointIsNeverReplacedByThatOfANewerCopy() throws {
    try vault.fixture.addDocument("Later", files: ["b.txt": "b"])
    try Tree(of: vault.fixture.path).write(to: vault.copyPath)
    try vault.whole.write(to: vault.fixture.path)
    for path in vault.files where path.hasPrefix("tile/") || path.hasPrefix("objects/") { try vault.put(nil, at: path) }
    #expect(try vault.repair().verification.isSound)
    #expect(try vault.isAsBefore)
  }

  @Test func whereTheCheckpointIsLostThatOfANewerCopyIsTaken() throws {
    try vault.fixture.addDocument("Later", files: ["b.txt": "b"])
    let later = try Tree(of: vault.fixture.path)
    try later.write(to: vault.copyPath)
    try vault.whole.write(to: vault.fixture.path)
    try vault.put(nil, at: "checkpoint")
    #expect(try vault.repair().verification.isSound)
    let now = try Tree(of: vault.fixture.path)
    let kept = now.files.filter { !$0.hasPrefix("aside/") && $0 != Catalog.Contents.summaries.fileName }
    #expect(kept == later.files.filter { $0 != Catalog.Contents.summaries.fileName })
    #expect(kept.allSatisfy { now[$0] == later[$0] })
  }

  @Test func theReadingKeyIsNeverCopied() throws {
    try vault.put(nil, at: "keys/reading.age")
    let report = try vault.repair()
    #expect(report.verification.isSound)
    #expect(report.readingKeyInCopy == "\(vault.copyPath)/keys/reading.age")
    #expect(try Tree(of: vault.fixture.path)["keys/reading.age"] == nil)
  }

  @Test func aSigningKeyThatIsThereIsNotReplaced() throws {
    // Under another passphrase it has other bytes.
    let stranger = try VaultFixture()
    let other = try #require(Tree(of: stranger.path)["keys/signing.age"])
    try vault.put(other, at: "keys/signing.age")
    _ = try vault.repair()
    #expect(try Tree(of: vault.fixture.path)["keys/signing.age"] == other)
  }

  @Test func withoutANoteOrCheckpointAnywhereNothingIsChanged() throws {
    for name in ["vault.note", "checkpoint"] {
      try vault.reset()
      try vault.put(nil, at: name)
      try vault.put(nil, at: name, in: vault.copyPath)
      let before = try Tree(of: vault.fixture.path)
      #expect(throws: VaultError.self) { try vault.repair() }
      #expect(try Tree(of: vault.fixture.path) == before)
    }
  }

  /// Files that take no space where they lie, and all there is where they are copied.
  @Test func whatIsTooLongInTheCopyIsLeftThereAndTheRestRestored() throws {
    let stored = ["objects/", "records/"].map { folder in vault.files.filter { $0.hasPrefix(folder) } }
    let long = stored.compactMap(\.first)
    for path in stored.joined() { try vault.put(nil, at: path) }
    try lengthen("\(vault.copyPath)/\(long[0])", to: Int(vault.whole[long[0]]?.count ?? 0) + 1)
    try lengthen("\(vault.copyPath)/\(long[1])", to: Int(RecordsFile.maximumSealedByteCount) + 1)
    let touched = Mutex<Set<String>>([])
    let report = try vault.repair { path in touched.withLock { _ = $0.insert(path) } }
    #expect(touched.withLock { $0 }.isDisjoint(with: long))
    #expect(!report.verification.isSound)
    let now = try Tree(of: vault.fixture.path)
    #expect(Set(stored.joined()).subtracting(now.files) == Set(long))
    #expect(!now.files.contains { $0.hasPrefix("incoming/") })
  }

  @Test func aRecordsFileThatNoneCanBeIsToldWithoutReadingIt() throws {
    let path = try #require(vault.files.first { $0.hasPrefix("records/") })
    let length = Int(RecordsFile.maximumSealedByteCount) + 1
    try lengthen("\(vault.fixture.path)/\(path)", to: length)
    let findings = try vault.fixture.open().verify().findings
    let detail = try #require(findings.first { $0.path == path }?.detail.english)
    #expect(detail == "the file has \(length) bytes, more than any such file has")
    #expect(try vault.repair().verification.isSound)
    // What it moved aside would not fit in memory.
    try vault.put(nil, at: "aside")
    #expect(try vault.isAsBefore)
  }

  @Test(arguments: ["objects", "records", "incoming"]) func aFileInThePlaceOfAFolderIsDamage(folder: String) throws {
    try vault.put(nil, at: folder)
    try vault.put([1], at: folder)
    let findings = try vault.fixture.open().verify().findings
    #expect(findings.contains { $0.path == folder && $0.subject == .obstacle && $0.severity != .notice })
    #expect(try vault.repair().verification.isSound)
  }

  private func lengthen(_ path: String, to byteCount: Int) throws {
    let done = unsafe chmod(path, 0o600) == 0 && truncate(path, byteCount) == 0
    try #require(done)
  }
}
