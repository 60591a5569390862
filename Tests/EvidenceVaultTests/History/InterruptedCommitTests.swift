import DurableStore
@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// A commit puts its files down in an order; whatever part of it a power cut leaves is a sound vault.
@Suite struct InterruptedCommitTests {
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

  /// The files that the commit made, in the order in which it made them.
  private var steps: [String] {
    let new = after.files.filter { before[$0] == nil }
    return ["objects/", "records/", "tile/"].flatMap { folder in new.filter { $0.hasPrefix(folder) } }
  }

  @Test func everyPartOfACommitLeavesASoundVaultWhoseLeftoversAreNamed() throws {
    #expect(steps.count == 4)
    for count in 0...steps.count {
      let left = steps.prefix(count)
      try before.write(to: fixture.path)
      try put(left)
      let report = try fixture.open().verify(deepWith: [fixture.identity])
      #expect(report.isSound, "after \(left)")
      #expect(report.entryCount == 1)
      #expect(report.findings.allSatisfy { $0.subject == .leftover && $0.severity == .notice })
      #expect(report.findings.compactMap(\.path).sorted() == left.sorted())

      #expect(try fixture.addDocument("Again") == 1)
      let next = try fixture.open().verify(deepWith: [fixture.identity])
      #expect(next.isSound, "the add after \(left)")
      #expect(next.findings.compactMap(\.path).sorted() == left.filter { !$0.hasPrefix("tile/") }.sorted())
    }
  }

  @Test func tilesThatAreRemovedOnlyAfterTheCheckpointMayStay() throws {
    let outgrown = before.files.filter { after[$0] == nil }
    #expect(outgrown.count == 2)
    for path in outgrown { try Tree.replace("\(fixture.path)/\(path)", with: #require(before[path])) }
    let report = try fixture.open().verify(deepWith: [fixture.identity])
    #expect(report.isSound)
    #expect(report.findings.compactMap(\.path).sorted() == outgrown)
    #expect(try fixture.addDocument("Three") == 2)
    #expect(try fixture.open().verify().isSound)
  }

  @Test func onlyWhatNoLivingWriterHoldsIsRemovedFromIncoming() throws {
    try fixture.folder.write("left".utf8, to: "vault/incoming/dead.object")
    let incoming = try Directory(opening: "\(fixture.path)/\(Vault.incomingFolder)")
    let living = try incoming.createFile("living.object")
    try fixture.addDocument("Three")
    #expect(try incoming.entries().map(\.name) == ["living.object"])
    try living.finish()
    withExtendedLifetime(living) {}
  }

  @Test func aFailedAddLeavesNothingInIncoming() throws {
    let path = try fixture.folder.write("here".utf8, to: "input/vanishing.txt")
    let sources = try ItemSource.find([path])
    try TemporaryFolder.remove(path)
    #expect(throws: VaultError.self) {
      try fixture.open().add(
        sources, kind: "document", fields: ["title": "t", "document.kind": "note"], signer: fixture.signer)
    }
    #expect(try Tree(of: fixture.path) == after)
  }

  @Test func whoeverWaitsTooLongForTheLockIsToldThatTheVaultIsBusy() throws {
    let lock = try FileLock(on: Directory(opening: fixture.path), patience: 20)
    var environment = VaultFixture.environment(stateFolder: nil)
    environment.lockPatience = 0.05
    let vault = try Vault(opening: fixture.path, environment: environment)
    #expect { try fixture.addDocument("Three", to: vault) } throws: {
      if case VaultError.file(.busy) = $0 { true } else { false }
    }
    #expect(try Tree(of: fixture.path) == after)
    _ = consume lock
    #expect(try fixture.addDocument("Three") == 2)
  }

  private func put(_ paths: some Sequence<String>) throws {
    for path in paths { try fixture.folder.write(#require(after[path]), to: "vault/\(path)") }
  }
}
