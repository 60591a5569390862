@testable import EvidenceVault
import Foundation
import TestFolders

/// A vault of 258 entries, so that its tree has a full tile, partial ones and a second level; and a copy of it.
final class RepairFixture {
  let fixture: VaultFixture
  /// The vault as it was.
  let whole: Tree
  let copyPath: String

  init(entryCount: Int = 4) throws {
    fixture = try VaultFixture()
    try fixture.addDocument("Minutes", files: ["minutes.txt": "Present: three", "votes.txt": ""])
    try fixture.addTestimony()
    let vault = try fixture.open()
    for number in 2..<entryCount { try fixture.addDocument("Document \(number)", files: ["a.txt": "a"], to: vault) }
    _ = try fixture.reader().summaries()
    whole = try Tree(of: fixture.path)
    copyPath = fixture.folder["copy"]
    try whole.write(to: copyPath)
  }

  /// The files that a repair must bring back: all but the cache.
  var files: [String] { whole.files.filter { $0 != Catalog.Contents.summaries.fileName } }

  func reset() throws {
    try whole.write(to: fixture.path)
    try whole.write(to: copyPath)
  }

  func put(_ bytes: [UInt8]?, at path: String, in folder: String? = nil) throws {
    let path = "\(folder ?? fixture.path)/\(path)"
    if let bytes { try Tree.replace(path, with: bytes) } else { try TemporaryFolder.remove(path) }
  }

  func repair(
    withCopy: Bool = true, stateFolder: String? = nil, before: (@Sendable (String) throws -> Void)? = nil
  ) throws -> RepairReport {
    var environment = VaultFixture.environment(stateFolder: stateFolder)
    if let before { environment.beforeRepairing = before }
    return try Vault.repair(fixture.path, from: withCopy ? copyPath : nil, environment: environment)
  }

  /// Whether every file has the bytes that it had, and nothing else lies about but in `aside/`.
  var isAsBefore: Bool {
    get throws {
      let now = try Tree(of: fixture.path)
      let kept = now.files.filter { !$0.hasPrefix("aside/") && $0 != Catalog.Contents.summaries.fileName }
      return kept == files && files.allSatisfy { now[$0] == whole[$0] }
    }
  }

  /// What a file can have become: nothing, one bit changed, cut short, nothing left, longer, another file of the vault.
  func damages(of path: String) -> [[UInt8]?] {
    guard let bytes = whole[path] else { return [] }
    var flipped = bytes
    flipped[bytes.count / 2] ^= 0x04
    let other =
      files.first { whole[$0] != bytes && $0.prefix(3) == path.prefix(3) }
      ?? (path == Vault.checkpointName ? VaultNote.fileName : Vault.checkpointName)
    return [nil, flipped, Array(bytes.prefix(bytes.count / 3)), [], bytes + [0], whole[other]]
  }
}
