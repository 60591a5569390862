internal import DurableStore
internal import TransparencyLog

/// The bundles of entries of a head, as they lie in the vault, whatever they are worth.
struct EntryBundles: Sendable {
  let root: Directory
  let head: TreeHead

  var count: UInt64 { head.size / UInt64(TilePath.fullWidth) + (head.size % UInt64(TilePath.fullWidth) > 0 ? 1 : 0) }

  func path(of bundle: UInt64) -> String {
    (try? TilePath(.entries, index: bundle, inTreeOf: head.size))?.description ?? TileStore.folder
  }

  func leaves(of bundle: UInt64) throws -> [[UInt8]] {
    let path = try TilePath(.entries, index: bundle, inTreeOf: head.size)
    let bytes = try root.contents(of: path.description, limit: TileStore.maximumByteCount)
    let leaves = try EntryBundle(bytes: bytes).entries
    guard leaves.count == path.width else { throw LogError.damagedTile(path) }
    return leaves
  }
}
