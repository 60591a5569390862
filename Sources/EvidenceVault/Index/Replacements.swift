internal import Primitives
internal import TransparencyLog

/// Which records files were replaced because something in them was withdrawn.
///
/// Made from all entries, which takes a while, and only where a records file is not there.
struct Replacements {
  private var next: [Digest: (digest: Digest, entry: UInt64)] = [:]

  init(in tree: TileTree, note: VaultNote) throws {
    let size = tree.head.size
    for bundle in 0..<(size / 256 + (size % 256 > 0 ? 1 : 0)) {
      for (offset, leaf) in try tree.entries(inBundle: bundle).enumerated() {
        let index = bundle * 256 + UInt64(offset)
        for pair in try Entry(index: index, leaf: leaf, in: note).removal?.records ?? [] {
          next[pair.old] = (pair.new, index)
        }
      }
    }
  }

  /// The records file that stands in the place of another; itself if it was not replaced.
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
}
