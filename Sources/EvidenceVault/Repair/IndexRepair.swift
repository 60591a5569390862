internal import DurableStore
internal import Primitives
internal import TransparencyLog

/// Makes the tiles of a signed head again from the entries, a bundle at a time.
///
/// The entries are this vault's own if the signed root can be made from them. Otherwise each bundle is taken from
/// wherever it can be proven against the root, with the hashes of this vault or of the second copy.
///
/// Source: FORMAT section 6; C2SP tlog-tiles.
struct IndexRepair {
  private typealias Bundle = (leaves: [[UInt8]], isFromCopy: Bool)

  let work: RepairWork
  let head: TreeHead

  func run() throws {
    if try write(readOwn, isDry: true) { return _ = try write(readOwn, isDry: false) }
    // What cannot be proven leaves gaps; only without any can the hashes above the bundles be made.
    if try write(readProven, isDry: true) { return _ = try write(readProven, isDry: false) }
    for index in 0..<bundleCount {
      guard let bundle = readProven(index) else { continue }
      let hashes = bundle.leaves.flatMap { MerkleHash.leaf($0).bytes }
      try put(EntryBundle(bundle.leaves).bytes, at: TilePath(.entries, index: index, inTreeOf: head.size), bundle)
      try put(hashes, at: TilePath(.hashes(level: 0), index: index, inTreeOf: head.size), bundle)
    }
  }

  private var bundleCount: UInt64 { (head.size + 255) / 256 }

  private func put(_ bytes: [UInt8], at path: TilePath, _ bundle: Bundle) throws {
    let isCopied = path.content == .entries && bundle.isFromCopy
    try work.put(bytes, at: path.description, isCopied ? .restored : .regenerated)
  }

  /// Makes all tiles from the bundles that `read` gives and puts them in place unless `isDry`. Returns whether all
  /// bundles are there and lead to the signed root.
  private func write(_ read: (UInt64) -> Bundle?, isDry: Bool) throws -> Bool {
    var appender = try LogAppender(extending: .empty, reader: { (_) throws(LogError) in nil })
    var last: Bundle = ([], false)
    for index in 0..<bundleCount {
      guard let bundle = read(index) else { return false }
      last = bundle
      for leaf in bundle.leaves {
        for tile in try appender.append(leaf) where !isDry { try put(tile.bytes, at: tile.path, bundle) }
      }
    }
    guard appender.head == head else { return false }
    for tile in try appender.partialTiles() where !isDry { try put(tile.bytes, at: tile.path, last) }
    return true
  }

  /// A bundle as it lies here, whatever it is worth.
  private func readOwn(_ index: UInt64) -> Bundle? {
    guard let path = try? TilePath(.entries, index: index, inTreeOf: head.size),
      let bytes = try? TileStore(root: work.root).reader(path),
      let leaves = try? EntryBundle(bytes: bytes).entries, leaves.count >= path.width
    else { return nil }
    return (Array(leaves.prefix(path.width)), false)
  }

  /// A bundle that some tiles prove against the root.
  private func readProven(_ index: UInt64) -> Bundle? {
    let own = TileStore(root: work.root).reader
    if let leaves = prove(index, hashes: own, entries: own) { return (leaves, false) }
    guard let copy = work.copy.map({ TileStore(root: $0).reader }) else { return nil }
    if let leaves = prove(index, hashes: copy, entries: own) { return (leaves, false) }
    return (prove(index, hashes: copy, entries: copy) ?? prove(index, hashes: own, entries: copy)).map { ($0, true) }
  }

  private func prove(
    _ index: UInt64, hashes: @escaping TileReader, entries: @escaping TileReader
  ) -> [[UInt8]]? {
    let tree = TileTree(head: head) { (path) throws(LogError) in
      path.content == .entries ? try entries(path) : try hashes(path)
    }
    return try? tree.entries(inBundle: index)
  }
}
