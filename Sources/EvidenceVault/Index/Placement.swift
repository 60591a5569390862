internal import DurableStore
internal import Primitives
internal import Streams

/// Puts finished files in their places in a vault: first whole and on disk in `incoming/`, then under the final name.
/// Nothing is ever replaced.
///
/// For each file `fsync` and `renameat2(RENAME_NOREPLACE)`; for each folder that got one, and those above it, `fsync`.
///
/// Source: FORMAT section 1.
struct Placement {
  let root: Directory
  let incoming: Directory
  let environment: VaultEnvironment

  /// A new name in `incoming/`.
  func newName(_ ending: String) -> String { "\(Hex.encode(environment.randomness.bytes(16)))\(ending)" }

  /// Writes a small file into `incoming/` and returns its name there; it is on disk then, or there is none.
  func write(_ bytes: [UInt8], ending: String, finalMode: UInt32 = 0o400) throws -> String {
    let name = newName(ending)
    let file = try incoming.createFile(name, finalMode: finalMode)
    do {
      try file.write(bytes)
      try file.finish()
    } catch {
      try? incoming.remove(name)
      throw error
    }
    return name
  }

  /// A finished file, and where it is to be.
  struct File {
    let folder: Directory
    let name: String
    let path: String
  }

  /// Moves a finished file in `incoming` to its place for good.
  func place(_ name: String, at path: String) throws {
    try place([File(folder: incoming, name: name, path: path)])
  }

  /// Moves finished files to their places for good; each folder is synced once, after all its files are there.
  func place(_ files: [File]) throws {
    var above: [String: Directory] = ["": root]
    let groups = Dictionary(grouping: files) { splitPath($0.path).folder }
    for (folderPath, files) in groups.sorted(by: { $0.key < $1.key }) {
      var folder = root
      var path = ""
      for component in folderPath.split(separator: "/").map(String.init) where component != "." {
        above[path] = folder
        folder = try folder.directory(component, creating: true)
        path = path.isEmpty ? component : "\(path)/\(component)"
      }
      for file in files { try file.folder.move(file.name, to: folder, as: splitPath(file.path).name) }
      try folder.sync()
    }
    // A folder may have been made by a writer that died before its name was on disk.
    for (_, folder) in above.sorted(by: { $0.key.utf8.count > $1.key.utf8.count }) { try folder.sync() }
  }
}
