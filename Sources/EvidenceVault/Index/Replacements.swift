internal import DurableStore
internal import Primitives
internal import TransparencyLog

/// Which records files and objects were replaced, because something was withdrawn or the readers were changed.
///
/// Made from all entries: those that removed nothing, and these are nearly all, are passed over without being read.
struct Replacements {
  private var next: [Digest: (digest: Digest, entry: UInt64)] = [:]
  private var resealed: [Digest: (object: ObjectReference, entry: UInt64)] = [:]
  private var gone: [Digest: UInt64] = [:]

  /// Looks through all entries of `head`. Bundles are searched on all cores as they lie in the vault; what is found is
  /// read again from `tree`, which proves it.
  init(root: Directory, head: TreeHead, tree: TileTree, note: VaultNote) throws {
    let bundles = EntryBundles(root: root, head: head)
    let found = concurrentMap(Array(0..<bundles.count)) { bundle in
      (bundle: bundle, offsets: (try? bundles.leaves(of: bundle)).map(Self.offsets))
    }
    for (bundle, offsets) in found {
      // Beside a writer, a wider bundle may have taken the place of the last one.
      for offset in try offsets ?? Self.offsets(tree.entries(inBundle: bundle)) {
        let index = bundle * UInt64(TilePath.fullWidth) + UInt64(offset)
        let entry = try Entry(index: index, leaf: tree.entry(at: index), in: note)
        if let removal = entry.removal { take(removal, by: index) }
      }
    }
  }

  private mutating func take(_ removal: Removal, by index: UInt64) {
    for pair in removal.records where next[pair.old] == nil { next[pair.old] = (pair.new, index) }
    for pair in removal.resealed where resealed[pair.old] == nil { resealed[pair.old] = (pair.new, index) }
    for object in removal.objects where gone[object] == nil { gone[object] = index }
  }

  /// The records file that holds in the place of another, and the entry that put it there; itself, and none, if it was
  /// not replaced.
  func present(_ digest: Digest) -> (digest: Digest, entry: UInt64?) {
    var present: (digest: Digest, entry: UInt64?) = (digest, nil)
    // Each step leads to a later entry, unless somebody signed a circle.
    for _ in 0...next.count {
      guard let following = next[present.digest] else { break }
      present = (following.digest, following.entry)
    }
    return present
  }

  /// The object that holds in the place of another, and the entry that put it there.
  func present(_ object: ObjectReference) -> (object: ObjectReference, entry: UInt64?) {
    var present: (object: ObjectReference, entry: UInt64?) = (object, nil)
    for _ in 0...resealed.count {
      guard let following = resealed[present.object.digest] else { break }
      present = (following.object, following.entry)
    }
    return present
  }

  /// Whether an object was taken out for good.
  func isGone(_ object: ObjectReference) -> Bool { gone[object.digest] != nil }

  /// The entry that withdrew another: that took its object out, or else something out of its records file.
  func withdrawer(of entry: Entry) -> UInt64? {
    entry.object.flatMap { gone[present($0).object.digest] } ?? next[entry.records.digest]?.entry
  }

  /// The letters that base64url makes of the name `removed`, at each of the three places it can have in a group,
  /// without those that its neighbours change.
  private static let spellings = ["cmVtb3ZlZ", "JlbW92ZW", "yZW1vdmVk"].map { Array($0.utf8) }

  /// The places of the leaves that may remove something.
  private static func offsets(_ leaves: [[UInt8]]) -> [Int] { leaves.indices.filter { mayRemove(leaves[$0]) } }

  /// Whether a leaf may hold the name of the member: its payload is base64url.
  private static func mayRemove(_ leaf: [UInt8]) -> Bool {
    let leaf = leaf.span
    for place in 0..<max(0, leaf.count - 8) {
      switch leaf[place] {
      case UInt8(ascii: "c") where stands(spellings[0], in: leaf, at: place): return true
      case UInt8(ascii: "J") where stands(spellings[1], in: leaf, at: place): return true
      case UInt8(ascii: "y") where stands(spellings[2], in: leaf, at: place): return true
      default: continue
      }
    }
    return false
  }

  private static func stands(_ spelling: [UInt8], in leaf: Span<UInt8>, at place: Int) -> Bool {
    guard place + spelling.count <= leaf.count else { return false }
    for offset in spelling.indices where leaf[place + offset] != spelling[offset] { return false }
    return true
  }
}
