import DurableStore
@testable import EvidenceVault
import Primitives
import TestFolders
import Testing
import TransparencyLog

/// What a dead writer wrote down lets the next one tidy up, and never costs anything that the head covers.
@Suite struct IntentTests {
  private let fixture: VaultFixture
  private let before: Tree
  private let after: Tree

  init() throws {
    fixture = try VaultFixture()
    try fixture.addDocument("One", files: ["one.txt": "1"])
    before = try Tree(of: fixture.path)
    try fixture.addDocument("Two", files: ["two.txt": "22"])
    after = try Tree(of: fixture.path)
  }

  private var new: [String] { after.files.filter { before[$0] == nil && $0 != "checkpoint" } }

  private func plant(head: TreeHead, placed: [String], outgrown: [String] = []) throws {
    let intent = CommitIntent(head: head, placed: placed, outgrown: outgrown)
    try fixture.folder.write(intent.bytes, to: "vault/incoming/\(String(repeating: "0a", count: 16)).commit")
  }

  @Test func anIntentIsReadAsItIsWrittenAndOtherwiseNotAtAll() throws {
    let head = try TreeHead(size: 3, root: SHA256Hasher.digest(of: [3]))
    let whole = CommitIntent(head: head, placed: ["objects/a", "vault.note"], outgrown: ["tile/0/000.p/3"]).bytes
    func read(_ bytes: [UInt8]) throws -> CommitIntent? {
      try fixture.folder.write(bytes, to: "one.commit")
      return try CommitIntent.read("one.commit", in: try Directory(opening: fixture.folder.path))
    }
    let intent = try #require(try read(whole))
    #expect(intent.head == head && intent.placed == ["objects/a"] && intent.outgrown == ["tile/0/000.p/3"])
    let text = String(decoding: whole, as: UTF8.self)
    for (old, new) in [
      ("/v1", "/v2"), ("head 3", "head x"), ("head 3", "head 3 3"), ("head 3", "head 0"), ("head ", "heads "),
      (head.root.hex, "00"), (text, "\n"), (text, "evidence-commit/v1\n"),
    ] {
      #expect(try read(Array(text.replacing(old, with: new).utf8)) == nil, "\(new)")
    }
    #expect(try read(whole.dropLast()) == nil && read([0xFF] + whole) == nil)
    // What cannot be read may have been finished.
    #expect(throws: StoreError.self) {
      try CommitIntent.read("none.commit", in: try Directory(opening: fixture.folder.path))
    }
  }

  @Test func theNextCommitRemovesAllThatADeadWriterPlaced() throws {
    let head = try fixture.open().head().tree
    try before.write(to: fixture.path)
    for path in new { try fixture.folder.write(#require(after[path]), to: "vault/\(path)") }
    try plant(head: head, placed: new)
    #expect(try fixture.addDocument("Again") == 1)
    let report = try fixture.open().verify(deepWith: [fixture.identity])
    #expect(report.findings.isEmpty, "\(report.findings)")
  }

  @Test func anIntentOfAnEarlierHeadRemovesNothing() throws {
    let covered = after.files.filter { $0.hasPrefix("objects/") || $0.hasPrefix("records/") || $0.hasPrefix("tile/") }
    for size: UInt64 in [1, 2, 3, 1000] {
      let head = try TreeHead(size: size, root: SHA256Hasher.digest(of: [UInt8(truncatingIfNeeded: size)]))
      try after.write(to: fixture.path)
      try plant(head: head, placed: covered, outgrown: covered)
      #expect(try fixture.addDocument("Three") == 2)
      let report = try fixture.open().verify(deepWith: [fixture.identity])
      #expect(report.isSound, "an intent for \(size) entries: \(report.findings)")
    }
  }

  @Test func anIntentStaysUntilWhatItNamesIsGone() throws {
    let outgrown = try #require(before.files.first { after[$0] == nil })
    let head = try fixture.open().head().tree
    // A folder of that name cannot be removed like a file.
    try fixture.folder.write("in the way".utf8, to: "vault/\(outgrown)/file")
    try plant(head: head, placed: [], outgrown: [outgrown])
    #expect(try fixture.addDocument("Three") == 2)
    #expect(try Tree(of: "\(fixture.path)/incoming").files.count == 1)

    try TemporaryFolder.remove("\(fixture.path)/\(outgrown)")
    try fixture.folder.write("left".utf8, to: "vault/\(outgrown)")
    #expect(try fixture.addDocument("Four") == 3)
    let report = try fixture.open().verify(deepWith: [fixture.identity])
    #expect(report.findings.isEmpty, "\(report.findings)")
  }

  @Test func anIntentReachesNoOtherFileOfTheVault() throws {
    let kept = ["vault.note", "keys/reading.age", "keys/signing.age", "objects/../vault.note", "../input/One/one.txt"]
    let head = try TreeHead(size: 9, root: SHA256Hasher.digest(of: [9]))
    try plant(head: head, placed: kept)
    #expect(try fixture.addDocument("Three") == 2)
    let now = try Tree(of: fixture.folder.path)
    for path in ["vault/vault.note", "vault/keys/reading.age", "vault/keys/signing.age", "input/One/one.txt"] {
      #expect(now[path] != nil, "\(path)")
    }
  }
}
