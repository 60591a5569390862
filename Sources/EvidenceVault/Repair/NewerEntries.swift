internal import DurableStore
internal import SelectiveDisclosure
internal import StrictJSON
internal import TransparencyLog

/// Entries of a vault that lie behind the head of a copy of it, or came after the copy under a later name. Where the
/// vault's own checkpoint is damaged, that of the copy would take them out of the index, and their numbers would be
/// given away again.
///
/// Source: FORMAT sections 1 and 6.
struct NewerEntries {
  let root: Directory
  let note: VaultNote
  /// Whether the vault itself has this note; that of a copy may not know the present name and keys.
  let isNoteOwn: Bool
  let head: TreeHead

  /// How many entries the vault has, as far as they are whole and its own; `nil` if none came after the head.
  ///
  /// - Throws: what keeps a file from being read that may be whole.
  func size() throws -> UInt64? {
    var last: UInt64?
    var bundle: UInt64 = 0
    var missingCount = 0
    // One that is damaged or missing does not hide what is behind it.
    while missingCount < 2 || bundle <= head.size / Self.width {
      let leaves = try leaves(of: bundle)
      missingCount = leaves == nil ? missingCount + 1 : 0
      for (index, leaf) in zip((bundle * Self.width)..., leaves ?? []) where isNewer(leaf, at: index) { last = index }
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

  /// A restored copy that was accepted goes on at a number that a longer copy from before has given away, too: under a
  /// later name, an entry is newer wherever it is. Under one that the note knows, what was given up is not.
  private func isNewer(_ leaf: [UInt8], at index: UInt64) -> Bool {
    guard let jws = try? JWS.parse(leaf), jws.type == Entry.type, let name = jws.payload["iss"]?.stringValue else {
      return false
    }
    let isBehind = index >= head.size
    guard note.origins.contains(where: { name.utf8.elementsEqual($0.bytes) }) else {
      return isSigned(jws) || isBehind && !isNoteOwn
    }
    guard isBehind, let entry = try? Entry(index: index, leaf: leaf, in: note) else { return false }
    return (try? entry.jws.verify(with: note.recordsKey(ofEntry: index))) != nil
  }

  /// Whether a key of the vault signed it, the present one or one before.
  private func isSigned(_ jws: JWS) -> Bool {
    note.origins.compactMap { note.key(.records, of: $0)?.key }.contains { (try? jws.verify(with: $0)) != nil }
  }
}
