import DurableStore
@testable import EvidenceVault
import Foundation
import Synchronization
import TestFolders
import Testing

@Suite struct RepairTests {
  static let mendedFromCopy = ["vault.note", "checkpoint", "tile/", "records/", "objects/"]

  @Test(arguments: mendedFromCopy) func everyDamageOfOneFileIsMendedFromASecondCopy(kind: String) throws {
    let vault = try RepairFixture()
    for path in vault.files where path.hasPrefix(kind) {
      for damage in vault.damages(of: path) {
        try vault.reset()
        try vault.put(damage, at: path)
        let report = try vault.repair()
        #expect(report.verification.isSound, "\(path): \(report.verification.findings)")
        #expect(try vault.isAsBefore, "\(path), \(damage?.count ?? -1) bytes")
        let aside = report.steps.filter { $0.action == .moved && $0.path == path }
        #expect(aside.count == (damage == nil ? 0 : 1), "\(path): \(report.steps)")
        if let damage, let place = aside.first?.detail?.english {
          #expect(try Tree(of: vault.fixture.path)[place] == damage)
        }
      }
    }
  }

  @Test func hashesAreMadeAgainWithoutACopyAndWithoutAKey() throws {
    let vault = try RepairFixture()
    let tiles = vault.files.filter { $0.hasPrefix("tile/0/") }
    for damage in tiles.flatMap({ vault.damages(of: $0) }) {
      try vault.reset()
      try vault.put(damage, at: tiles[0])
      let report = try vault.repair(withCopy: false)
      #expect(report.verification.isSound)
      #expect(report.count(.regenerated) == 1)
      #expect(try vault.isAsBefore)
    }
  }

  @Test(arguments: ["tile/entries/", "objects/", "records/"])
  func whatCannotBeMadeAgainStaysAFindingWithoutACopy(kind: String) throws {
    let vault = try RepairFixture()
    let path = try #require(vault.files.first { $0.hasPrefix(kind) })
    for damage in vault.damages(of: path) {
      try vault.reset()
      try vault.put(damage, at: path)
      let before = try Tree(of: vault.fixture.path)
      let report = try vault.repair(withCopy: false)
      #expect(!report.verification.isSound)
      let now = try Tree(of: vault.fixture.path)
      #expect(now.files == before.files.filter { $0 != Catalog.Contents.summaries.fileName })
      #expect(now.files.allSatisfy { now[$0] == before[$0] })
    }
  }

  @Test func everythingDamagedAtOnceIsMendedWhateverKindOfDamageItIs() throws {
    let vault = try RepairFixture()
    for kind in 0..<6 {
      try vault.reset()
      for path in vault.files where !path.hasPrefix("keys/") { try vault.put(vault.damages(of: path)[kind], at: path) }
      if kind == 5 { try vault.put(nil, at: "vault.note") }
      try vault.put(nil, at: "keys/signing.age")
      let report = try vault.repair()
      #expect(report.verification.isSound, "\(report.verification.findings)")
      #expect(try vault.isAsBefore, "kind \(kind)")
      #expect(report.steps.contains { $0.path == "keys/signing.age" && $0.detail != nil })
    }
  }

  @Test func missingFoldersAndLinksAndFilesInTheirPlaceAreMended() throws {
    let vault = try RepairFixture()
    for folder in ["tile", "records", "objects", "incoming", "tile/0", "tile/entries"] {
      for kind in 0..<3 {
        try vault.reset()
        try vault.put(nil, at: folder)
        if kind == 1 { try vault.put([1], at: folder) }
        if kind == 2 {
          try FileManager.default.createSymbolicLink(
            atPath: "\(vault.fixture.path)/\(folder)", withDestinationPath: "\(vault.copyPath)/\(folder)")
        }
        #expect(try vault.repair().verification.isSound, "\(folder), \(kind)")
        #expect(try vault.isAsBefore, "\(folder), \(kind)")
        #expect(try Tree(of: vault.copyPath) == vault.whole)
      }
    }
  }

  @Test func twoCopiesDamagedInDifferentPlacesMakeOneSoundVault() throws {
    let vault = try RepairFixture(entryCount: 258)
    for (own, others) in [("tile/0/", "tile/entries/"), ("tile/entries/", "tile/0/"), ("objects/", "records/")] {
      try vault.reset()
      for path in vault.files where path.hasPrefix(own) { try vault.put([1, 2, 3], at: path) }
      for path in vault.files where path.hasPrefix(others) { try vault.put([1, 2, 3], at: path, in: vault.copyPath) }
      for name in ["vault.note", "checkpoint"] { try vault.put(nil, at: name, in: vault.copyPath) }
      let report = try vault.repair()
      #expect(report.verification.isSound, "\(own): \(report.verification.findings)")
      #expect(try vault.isAsBefore, "\(own)")
    }
  }

  @Test func aBundleProvenNowhereDoesNotKeepTheOthersFromBeingRestored() throws {
    let vault = try RepairFixture(entryCount: 258)
    let bundles = vault.files.filter { $0.hasPrefix("tile/entries/") }
    try #require(bundles.count == 2)
    for path in bundles { try vault.put(nil, at: path) }
    try vault.put(nil, at: bundles[0], in: vault.copyPath)
    let report = try vault.repair()
    #expect(report.verification.findings.filter { $0.severity == .damage }.map(\.path) == [bundles[0]])
    #expect(try Tree(of: vault.fixture.path)[bundles[1]] == vault.whole[bundles[1]])
  }

  @Test func aDamagedFileOfTheCopyIsNeverTakenOver() throws {
    let vault = try RepairFixture()
    let path = try #require(vault.files.first { $0.hasPrefix("objects/") })
    for damage in vault.damages(of: path) {
      try vault.reset()
      try vault.put(nil, at: path)
      try vault.put(damage, at: path, in: vault.copyPath)
      let report = try vault.repair()
      #expect(!report.verification.isSound)
      #expect(try Tree(of: vault.fixture.path)[path] == nil)
      #expect(try Tree(of: "\(vault.fixture.path)/incoming").files.isEmpty)
    }
  }

  @Test func doingItAgainChangesNothing() throws {
    let vault = try RepairFixture()
    for path in vault.files where path.hasPrefix("tile/") { try vault.put(nil, at: path) }
    _ = try vault.repair()
    let once = try Tree(of: vault.fixture.path)
    let again = try vault.repair()
    #expect(again.steps.isEmpty)
    #expect(try Tree(of: vault.fixture.path) == once)
  }

  private struct Killed: Error {}

  @Test func aRepairThatEndsAtAnyStepIsFinishedByTheNext() throws {
    let vault = try RepairFixture()
    func damage() throws {
      try vault.reset()
      for path in vault.files where !path.hasPrefix("keys/") { try vault.put([7], at: path) }
      try vault.put(nil, at: "keys/signing.age")
      try vault.put([1], at: "incoming/\(String(repeating: "0a", count: 16)).part")
    }
    let count = Mutex(0)
    try damage()
    _ = try vault.repair { _ in count.withLock { $0 += 1 } }
    let stepCount = count.withLock { $0 }
    try #require(stepCount > 20)
    for last in 0..<stepCount {
      try damage()
      count.withLock { $0 = 0 }
      #expect(throws: VaultError.self) {
        try vault.repair { _ in
          let done = count.withLock { count in
            count += 1
            return count - 1
          }
          if done == last { throw Killed() }
        }
      }
      #expect(try vault.repair().verification.isSound, "ended at step \(last)")
      #expect(try vault.isAsBefore, "ended at step \(last)")
    }
  }

  @Test func leftoversAreMovedAsideButThoseOfLivingWritersAreNot() throws {
    let vault = try RepairFixture()
    try vault.fixture.folder.write([1], to: "vault/objects/aa/stray.age")
    try vault.fixture.folder.write([2], to: "vault/incoming/dead.object")
    let incoming = try Directory(opening: "\(vault.fixture.path)/\(Vault.incomingFolder)")
    let living = try incoming.createFile("living.object")
    let report = try vault.repair(withCopy: false)
    let now = try Tree(of: vault.fixture.path)
    #expect(now["incoming/living.object"] != nil)
    #expect(now["objects/aa/stray.age"] == nil && now["incoming/dead.object"] == nil)
    #expect(Set(now.files.filter { $0.hasPrefix("aside/") }.compactMap { now[$0] }) == [[1], [2]])
    #expect(report.verification.isSound)
    #expect(report.verification.findings.map(\.subject) == [.aside, .leftover])
    try living.finish()
    withExtendedLifetime(living) {}
  }

  /// Another vault, a sheet, an export: it is not for this program to move it.
  @Test func whatSomebodyLaidBesideTheFoldersOfAVaultStays() throws {
    let vault = try RepairFixture()
    for path in ["other/vault.note", "sheet.txt", "aside-notes"] {
      try vault.fixture.folder.write([1], to: "vault/\(path)")
    }
    let report = try vault.repair(withCopy: false)
    #expect(!report.steps.contains { $0.action == .moved })
    let now = try Tree(of: vault.fixture.path)
    #expect(now["other/vault.note"] == [1] && now["sheet.txt"] == [1] && now["aside-notes"] == [1])
    #expect(report.verification.findings.map(\.subject) == [.foreign, .foreign, .foreign])
    #expect(Set(report.verification.findings.map(\.path)) == ["other", "sheet.txt", "aside-notes"])
  }

  /// A file had the name of the folder, and the repair that moved it died.
  @Test func whatAnotherRepairHadMovedHalfWayIsMoved() throws {
    let vault = try RepairFixture()
    try vault.fixture.folder.write([1], to: "vault/aside-20260101T000000Z-00000000")
    #expect(try vault.fixture.open().verify().findings.map(\.subject) == [.leftover])
    #expect(try vault.repair(withCopy: false).verification.findings.map(\.subject) == [.aside])
    let kept = try Tree(of: vault.fixture.path)
    #expect(kept.files.filter { $0.hasPrefix("aside") }.allSatisfy { $0.hasPrefix("aside/") && kept[$0] == [1] })
  }

  @Test func aFolderDeeperThanAnyOfAVaultIsMovedAsAWhole() throws {
    let vault = try RepairFixture()
    let deep = "objects/" + String(repeating: "a/", count: 40)
    try vault.fixture.folder.write([1], to: "vault/\(deep)stray.age")
    let found = try vault.fixture.open().verify().findings
    #expect(found.map(\.subject) == [.leftover] && found[0].path == String(deep.prefix(37)))
    let report = try vault.repair(withCopy: false)
    #expect(report.verification.findings.map(\.subject) == [.aside])
    let kept = try Tree(of: vault.fixture.path).files.filter { $0.hasPrefix("aside/") }
    #expect(kept.count == 1 && kept.allSatisfy { $0.hasSuffix("/\(deep)stray.age") })
  }

  @Test func whatSaysNothingOfAFileIsNoDamageOfIt() throws {
    for code in [EMFILE, ENFILE, ENOMEM] {
      #expect(throws: StoreError.self) { try ifUndamaged { throw StoreError.system(path: "a", code: code) } }
    }
    #expect(try ifUndamaged { throw StoreError.system(path: "a", code: EIO) } == nil)
  }
}
