internal import Primitives
internal import TransparencyLog

/// Which records files were replaced because something in them was withdrawn.
///
/// Made from all entries: those that removed nothing, and these are nearly all, are passed over without being read.
struct Replacements {
  private var next: [Digest: (digest: Digest, entry: UInt64)] = [:]

  init(in tree: TileTree, note: VaultNote) throws {
    let size = tree.head.size
    for bundle in 0..<(size / 256 + (size % 256 > 0 ? 1 : 0)) {
      for (offset, leaf) in try tree.entries(inBundle: bundle).enumerated() where Self.mayRemove(leaf) {
        let index = bundle * 256 + UInt64(offset)
        for pair in try Entry(index: index, leaf: leaf, in: note).removal?.records ?? [] where next[pair.old] == nil {
          next[pair.old] = (pair.new, index)
        }
      }
    }
  }

  /// The records file that holds in the place of another; itself if it was not replaced.
  func present(_ digest: Digest) -> Digest {
    var present = digest
    // Each step leads to a later entry, unless somebody signed a circle.
    for _ in 0...next.count {
      guard let following = next[present] else { break }
      present = following.digest
    }
    return present
  }

  /// The entry that first took something out of a records file.
  func remover(of digest: Digest) -> UInt64? { next[digest]?.entry }

  /// The letters that base64url makes of the name `removed`, at each of the three places it can have in a group,
  /// without those that its neighbours change.
  private static let spellings = ["cmVtb3ZlZ", "JlbW92ZW", "yZW1vdmVk"].map { Array($0.utf8) }

  /// Whether a leaf may hold the name of the member: its payload is base64url.
  private static func mayRemove(_ leaf: [UInt8]) -> Bool {
    for place in leaf.indices {
      for spelling in spellings where leaf[place] == spelling[0] && leaf[place...].starts(with: spelling) {
        return true
      }
    }
    return false
  }
}
