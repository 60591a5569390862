import DurableStore
@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// Several items in one commit.
@Suite struct ManyAtOnceTests {
  private let fixture: VaultFixture

  init() throws { fixture = try VaultFixture() }

  private func items(_ count: Int) -> [NewItem] {
    (0..<count).map { number in
      NewItem(kind: "document", fields: ["title": .string("Note \(number)"), "document.kind": "note"])
    }
  }

  @Test func allAreInTheIndexInTheirOrderAndShareOneRecordsFile() throws {
    try fixture.addDocument("First")
    let path = try fixture.folder.write("what was said".utf8, to: "input/account.txt")
    let more = NewItem(
      kind: "document", fields: ["title": "With a file", "document.kind": "note"], sources: try ItemSource.find([path]))
    let receipt = try fixture.open().add(many: items(300) + [more], signer: fixture.signer)
    #expect(receipt.indices == 1..<302)
    #expect(receipt.head.tree.size == 302)
    let reader = try fixture.reader()
    var titles: [String] = []
    try reader.forEachRecord { titles.append($0.title) }
    #expect(titles == ["First"] + (0..<300).map { "Note \($0)" } + ["With a file"])
    #expect(try reader.extract(301, to: fixture.folder["out"]) == 1)
    let vault = try Tree(of: fixture.path)
    #expect(vault.files.filter { $0.hasPrefix("records/") }.count == 2)
    #expect(vault.files.allSatisfy { !$0.hasPrefix("incoming/") })
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
  }

  @Test func oneThatDoesNotFitStopsAll() throws {
    let before = try Tree(of: fixture.path)
    let path = try fixture.folder.write("here".utf8, to: "input/vanishing.txt")
    let vanishing = NewItem(
      kind: "document", fields: ["title": "t", "document.kind": "note"], sources: try ItemSource.find([path]))
    try TemporaryFolder.remove(path)
    let unfit = NewItem(kind: "document", fields: ["title": "t"])
    let event = NewItem(kind: "export", fields: [:])
    for bad in [vanishing, unfit, event] {
      #expect(throws: VaultError.self) {
        try fixture.open().add(many: items(20) + [bad], signer: fixture.signer)
      }
      #expect(try Tree(of: fixture.path) == before)
    }
    #expect(throws: VaultError.self) { try fixture.open().add(many: [], signer: fixture.signer) }
  }

  @Test func onlyAFolderThatNoLivingWriterHoldsIsRemoved() throws {
    try fixture.folder.write("left".utf8, to: "vault/incoming/dead.objects/1.object")
    let incoming = try Directory(opening: "\(fixture.path)/\(Vault.incomingFolder)")
    let living = try HeldFolder("living.objects", in: incoming)
    let file = try living.directory.createFile("2.object")
    try file.finish()
    #expect(try fixture.open().verify().isSound)
    try fixture.addDocument("One")
    #expect(try incoming.entries().map(\.name) == ["living.objects"])
    #expect(try living.directory.entries().map(\.name) == ["2.object"])
    living.discard()
    #expect(try incoming.entries().isEmpty)
  }

  /// A power cut between the renames and the checkpoint: the intent names every object, and the next writer removes
  /// them.
  @Test func whatADeadWriterPlacedIsRemovedByTheNext() throws {
    try fixture.addDocument("One")
    let before = try Tree(of: fixture.path)
    _ = try fixture.open().add(many: items(20), signer: fixture.signer)
    let after = try Tree(of: fixture.path)
    let head = try fixture.open().readHead().tree
    let new = after.files.filter { before[$0] == nil }
    for count in [1, 10, new.count] {
      try before.write(to: fixture.path)
      let intent = CommitIntent(head: head, placed: new, outgrown: [])
      try fixture.folder.write(intent.bytes, to: "vault/incoming/\(String(repeating: "0", count: 32)).commit")
      for path in new.prefix(count) { try fixture.folder.write(#require(after[path]), to: "vault/\(path)") }
      #expect(try fixture.open().verify().isSound)
      #expect(try fixture.addDocument("Again") == 1)
      let report = try fixture.open().verify(deepWith: [fixture.identity])
      #expect(report.findings.isEmpty)
    }
  }
}
