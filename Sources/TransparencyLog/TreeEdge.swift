public import Primitives

/// The right edge of a growing tree: takes leaf hashes one by one and gives the tiles of hashes that they complete.
///
/// It holds one unfinished tile for each level, whatever the size of the tree.
///
/// Source: C2SP tlog-tiles sections "Merkle Tree" and "Partial Tiles".
public struct TreeEdge {
  /// The number of leaves.
  public private(set) var size: UInt64
  /// The hashes of the unfinished tile of each level, from level 0 on.
  private var rows: [[Digest]]

  /// The edge of a tree without leaves.
  public init() {
    size = 0
    rows = (0...TilePath.highestUsedLevel).map { _ in [] }
  }

  /// The edge of the tree of `head`.
  ///
  /// - Throws: What reading tiles throws; `tilesDisagree` if they are not those of `head`.
  init(of head: TreeHead, tiles: inout TileCache) throws(LogError) {
    size = head.size
    rows = []
    for level in 0...TilePath.highestUsedLevel {
      let count = head.size >> UInt64(8 * level)
      let isEmpty = count % UInt64(TilePath.fullWidth) == 0
      rows.append(isEmpty ? [] : try tiles.hashes(level: level, index: count / UInt64(TilePath.fullWidth)))
    }
    guard self.head == head else { throw .tilesDisagree(with: head) }
  }

  /// Adds one leaf, and gives the full tiles of hashes that it completes: none for 255 of 256 leaves.
  ///
  /// - Throws: `beyondLimit(.treeHead)` for a tree of the largest size.
  public mutating func append(_ leafHash: Digest) throws(LogError) -> [TileFile] {
    guard size < TreeHead.maximumSize else { throw .beyondLimit(.treeHead) }
    size += 1
    var files: [TileFile] = []
    var node = leafHash
    for level in rows.indices {
      rows[level].append(node)
      guard rows[level].count == TilePath.fullWidth else { break }
      files.append(try lastTile(.hashes(level: level), bytes: rows[level].flatMap(\.bytes)))
      node = MerkleHash.root(above: rows[level])
      rows[level].removeAll(keepingCapacity: true)
    }
    return files
  }

  /// Size and root of the tree with all leaves added so far.
  public var head: TreeHead {
    var below: Digest?
    for row in rows where !row.isEmpty || below != nil {
      below = MerkleHash.root(above: below.map { row + [$0] } ?? row)
    }
    return TreeHead(trusted: size, below ?? MerkleHash.emptyRoot)
  }

  /// The unfinished tiles of hashes, from level 0 on.
  ///
  /// - Throws: What naming a tile may throw; no sequence of leaves leads there.
  public func partialTiles() throws(LogError) -> [TileFile] {
    var files: [TileFile] = []
    for level in rows.indices where !rows[level].isEmpty {
      files.append(try lastTile(.hashes(level: level), bytes: rows[level].flatMap(\.bytes)))
    }
    return files
  }

  /// The file of the tile that ends where the tree now ends.
  func lastTile(_ content: TilePath.Content, bytes: [UInt8]) throws(LogError) -> TileFile {
    let last = TilePath.count(of: content, inTreeOf: size) - 1
    let path = try TilePath(content, index: last / UInt64(TilePath.fullWidth), inTreeOf: size)
    return TileFile(path, bytes: bytes)
  }
}
