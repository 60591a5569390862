internal import DurableStore
internal import Primitives
internal import Streams

/// Puts finished files in their places in a vault: first whole and on disk in `incoming/`, then under the final name.
/// Nothing is ever replaced.
///
/// For each file `fsync`, `renameat2(RENAME_NOREPLACE)` and `fsync` of the folders above it.
///
/// Source: FORMAT section 1.
struct Placement {
  let root: Directory
  let incoming: Directory
  let environment: VaultEnvironment

  /// A new name in `incoming/`.
  func newName(_ ending: String) -> String { "\(Hex.encode(environment.randomness.bytes(16)))\(ending)" }

  /// Writes a small file into `incoming/` and returns its name there; it is on disk then.
  func write(_ bytes: [UInt8], ending: String, finalMode: UInt32 = 0o400) throws -> String {
    let name = newName(ending)
    let file = try incoming.createFile(name, finalMode: finalMode)
    try file.write(bytes)
    try file.finish()
    return name
  }

  /// Moves a finished file to its place for good.
  func place(_ name: String, at path: String) throws {
    let components = path.split(separator: "/").map(String.init)
    var folders = [root]
    for component in components.dropLast() {
      folders.append(try folders[folders.count - 1].directory(component, creating: true))
    }
    try incoming.move(name, to: folders[folders.count - 1], as: components[components.count - 1])
    // A folder may have been made by a writer that died before its name was on disk.
    for folder in folders.reversed() { try folder.sync() }
  }
}
