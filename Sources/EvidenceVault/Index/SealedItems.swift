internal import DurableStore
internal import Primitives
internal import TransparencyLog

/// What can be told of an item without any key.
public struct SealedItem: Sendable {
  /// Its number.
  public let index: UInt64
  /// The size of its sealed object in bytes.
  public let byteCount: UInt64
  /// When the object was written to this disk, as the file system says, which proves nothing; `nil` if it is not there.
  public let stored: Timestamp?
  /// Whether a withdrawal took it out.
  public let isWithdrawn: Bool
}

extension Vault {
  /// The items of the index up to `head`, as far as they can be told without a key. An entry that amends an item
  /// cannot be told from one of its own.
  ///
  /// - Throws: as `VaultReader.forEachRecord`.
  public func sealedItems(_ head: Head) throws(VaultError) -> [SealedItem] {
    do {
      var objects: [(index: UInt64, reference: ObjectReference)] = []
      var removed: Set<Digest> = []
      let index = tree(head.tree)
      for bundle in 0..<EntryBundles(root: root, head: head.tree).count {
        for (offset, leaf) in try index.entries(inBundle: bundle).enumerated() {
          let entry = try Entry(index: bundle * UInt64(TilePath.fullWidth) + UInt64(offset), leaf: leaf, in: note)
          if let object = entry.object { objects.append((entry.index, object)) }
          removed.formUnion(entry.removal?.objects ?? [])
        }
      }
      return objects.map { index, object in
        SealedItem(
          index: index, byteCount: object.byteCount,
          stored: (try? root.file(object.path)).map { Timestamp(secondsSince1970: $0.modified) },
          isWithdrawn: removed.contains(object.digest))
      }
    } catch {
      throw VaultError(error)
    }
  }
}
