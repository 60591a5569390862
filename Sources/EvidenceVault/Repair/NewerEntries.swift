internal import DurableStore
internal import SelectiveDisclosure
internal import TransparencyLog

/// Entries of a vault that lie behind the head of a copy of it. Where the vault's own checkpoint is damaged, that of
/// the copy would take them out of the index, and their numbers would be given away again.
///
/// Source: FORMAT sections 1 and 6.
struct NewerEntries {
  let root: Directory
  let note: VaultNote
  let head: TreeHead

  /// How many entries the vault has, as far as they are whole and signed by it; `nil` if none is behind the head.
  ///
  /// - Throws: what keeps a file from being read that may be whole.
  func size() throws -> UInt64? {
    var last: UInt64?
    var bundle = head.size / Self.width
    var missingCount = 0
    // One that is damaged or missing does not hide what is behind it.
    while missingCount < 2 {
      let leaves = try leaves(of: bundle)
      missingCount = leaves == nil ? missingCount + 1 : 0
      for (index, leaf) in zip((bundle * Self.width)..., leaves ?? []) where isOwn(leaf, at: index) { last = index }
      bundle += 1
    }
    return last.map { $0 + 1 }
  }

  private static let width = UInt64(TilePath.fullWidth)

  private func leaves(of bundle: UInt64) throws -> [[UInt8]]? {
    for width in (1...TilePath.fullWidth).reversed() {
      let leaves = try ifUndamaged {
        let path = try TilePath(.entries, index: bundle, width: width).description
        return try EntryBundle(bytes: root.contents(of: path, limit: TileStore.maximumByteCount)).entries
      }
      if let leaves { return leaves }
    }
    return nil
  }

  private func isOwn(_ leaf: [UInt8], at index: UInt64) -> Bool {
    guard index >= head.size, let entry = try? Entry(index: index, leaf: leaf, in: note) else { return false }
    return (try? entry.jws.verify(with: note.recordsKey(ofEntry: index))) != nil
  }
}
