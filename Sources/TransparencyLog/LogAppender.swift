internal import Primitives

/// Grows a log: takes entries one by one and gives the tiles to be written.
///
/// It reads the right edge of the tree once: at most nine tiles, which must add up to the head. It holds one unfinished
/// tile for each level and one unfinished bundle, whatever the size of the log or of the batch. Tiles are to be on disk
/// before the new head is signed.
///
/// Source: C2SP tlog-tiles sections "Merkle Tree", "Partial Tiles" and "Log entries".
public struct LogAppender {
  /// The head that the log had.
  public let oldHead: TreeHead
  private var size: UInt64
  /// The hashes of the unfinished tile of each level, from level 0 on.
  private var rows: [[Digest]]
  private var entries: [[UInt8]]

  /// Takes up a log where `head` left it.
  ///
  /// - Throws: `missingTile`, `unreadableTile`, `damagedTile`; `tilesDisagree` if the tiles are not those of `head`.
  public init(extending head: TreeHead, reader: @escaping TileReader) throws(LogError) {
    var tiles = TileCache(size: head.size, reader: reader)
    self.oldHead = head
    self.size = head.size
    self.rows = []
    for level in 0...TilePath.highestUsedLevel {
      let count = head.size >> UInt64(8 * level)
      let isEmpty = count % UInt64(TilePath.fullWidth) == 0
      rows.append(isEmpty ? [] : try tiles.hashes(level: level, index: count / UInt64(TilePath.fullWidth)))
    }
    self.entries = rows[0].isEmpty ? [] : try tiles.entries(index: head.size / UInt64(TilePath.fullWidth))
    guard self.head == head else { throw .tilesDisagree(with: head) }
  }

  /// Adds one entry, and gives the full tiles that it completes: none for 255 of 256 entries.
  ///
  /// - Throws: `beyondLimit(.entry)` over 65,535 bytes, `beyondLimit(.treeHead)` for a log of the largest size.
  public mutating func append(_ entry: [UInt8]) throws(LogError) -> [TileFile] {
    guard entry.count <= EntryBundle.maximumEntryByteCount else { throw .beyondLimit(.entry) }
    guard size < TreeHead.maximumSize else { throw .beyondLimit(.treeHead) }
    size += 1
    entries.append(entry)
    var files: [TileFile] = []
    if entries.count == TilePath.fullWidth {
      files.append(try edgeFile(.entries, bytes: EntryBundle(entries).bytes))
      entries.removeAll(keepingCapacity: true)
    }
    var node = MerkleHash.leaf(entry)
    for level in rows.indices {
      rows[level].append(node)
      guard rows[level].count == TilePath.fullWidth else { break }
      files.append(try edgeFile(.hashes(level: level), bytes: rows[level].flatMap(\.bytes)))
      node = MerkleHash.root(above: rows[level])
      rows[level].removeAll(keepingCapacity: true)
    }
    return files
  }

  /// The head of the log with all entries added so far.
  public var head: TreeHead {
    var below: Digest?
    for row in rows where !row.isEmpty || below != nil {
      below = MerkleHash.root(above: below.map { row + [$0] } ?? row)
    }
    return TreeHead(trusted: size, below ?? MerkleHash.emptyRoot)
  }

  /// The partial tiles that `head` calls for and the old head did not.
  ///
  /// - Throws: What naming a tile and filling a bundle may throw; no sequence of entries leads there.
  public func partialTiles() throws(LogError) -> [TileFile] {
    var files: [TileFile] = []
    for level in rows.indices where !rows[level].isEmpty && hasGrown(.hashes(level: level)) {
      files.append(try edgeFile(.hashes(level: level), bytes: rows[level].flatMap(\.bytes)))
    }
    if !entries.isEmpty && hasGrown(.entries) {
      files.append(try edgeFile(.entries, bytes: EntryBundle(entries).bytes))
    }
    return files
  }

  /// Adds a batch that fits into memory, and gives every tile to be written and the new head.
  ///
  /// - Throws: As `init` and `append`.
  public static func append(
    _ batch: some Sequence<[UInt8]>, to head: TreeHead, reader: @escaping TileReader
  ) throws(LogError) -> (files: [TileFile], head: TreeHead) {
    var appender = try LogAppender(extending: head, reader: reader)
    var files: [TileFile] = []
    for entry in batch { files += try appender.append(entry) }
    return (files + (try appender.partialTiles()), appender.head)
  }

  private func hasGrown(_ content: TilePath.Content) -> Bool {
    TilePath.count(of: content, inTreeOf: size) > TilePath.count(of: content, inTreeOf: oldHead.size)
  }

  /// The file of the tile that ends where the tree now ends.
  private func edgeFile(_ content: TilePath.Content, bytes: [UInt8]) throws(LogError) -> TileFile {
    let last = TilePath.count(of: content, inTreeOf: size) - 1
    let path = try TilePath(content, index: last / UInt64(TilePath.fullWidth), inTreeOf: size)
    return TileFile(path, bytes: bytes)
  }
}
