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
  private var edge: TreeEdge
  private var entries: [[UInt8]]

  /// Takes up a log where `head` left it.
  ///
  /// - Throws: `missingTile`, `unreadableTile`, `damagedTile`; `tilesDisagree` if the tiles are not those of `head`.
  public init(extending head: TreeHead, reader: @escaping TileReader) throws(LogError) {
    var tiles = TileCache(size: head.size, reader: reader)
    let isWhole = head.size % UInt64(TilePath.fullWidth) == 0
    self.oldHead = head
    self.edge = try TreeEdge(of: head, tiles: &tiles)
    self.entries = isWhole ? [] : try tiles.entries(index: head.size / UInt64(TilePath.fullWidth))
  }

  /// Adds one entry, and gives the full tiles that it completes: none for 255 of 256 entries.
  ///
  /// - Throws: `beyondLimit(.entry)` over 65,535 bytes, `beyondLimit(.treeHead)` for a log of the largest size.
  public mutating func append(_ entry: [UInt8]) throws(LogError) -> [TileFile] {
    guard entry.count <= EntryBundle.maximumEntryByteCount else { throw .beyondLimit(.entry) }
    let hashTiles = try edge.append(MerkleHash.leaf(entry))
    entries.append(entry)
    guard entries.count == TilePath.fullWidth else { return hashTiles }
    let bundle = try edge.lastTile(.entries, bytes: EntryBundle(entries).bytes)
    entries.removeAll(keepingCapacity: true)
    return [bundle] + hashTiles
  }

  /// The head of the log with all entries added so far.
  public var head: TreeHead { edge.head }

  /// The partial tiles that `head` calls for and the old head did not.
  ///
  /// - Throws: What naming a tile and filling a bundle may throw; no sequence of entries leads there.
  public func partialTiles() throws(LogError) -> [TileFile] {
    var files = try edge.partialTiles()
    if !entries.isEmpty { files.append(try edge.lastTile(.entries, bytes: EntryBundle(entries).bytes)) }
    return files.filter { hasGrown($0.path.content) }
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
    TilePath.count(of: content, inTreeOf: edge.size) > TilePath.count(of: content, inTreeOf: oldHead.size)
  }
}
