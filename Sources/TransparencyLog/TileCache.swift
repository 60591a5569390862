internal import Primitives

/// Gives the bytes of a tile, or `nil` where there is no such file. It throws `unreadableTile` where it cannot say.
///
/// What it gives is not trusted.
public typealias TileReader = (TilePath) throws(LogError) -> [UInt8]?

/// A tile and its bytes, to be written.
public struct TileFile: Hashable, Sendable {
  /// Where the bytes belong.
  public let path: TilePath
  /// The whole content of the file.
  public let bytes: [UInt8]

  init(_ path: TilePath, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// The tiles of one tree size, each read at most once, so that what was verified is what is used.
struct TileCache {
  let size: UInt64
  private let read: TileReader
  private var tiles: [TilePath: [Digest]] = [:]

  init(size: UInt64, reader: @escaping TileReader) {
    self.size = size
    self.read = reader
  }

  /// The hashes of a tile, as many as the tree has there.
  mutating func hashes(level: Int, index: UInt64) throws(LogError) -> [Digest] {
    let path = try TilePath(.hashes(level: level), index: index, inTreeOf: size)
    if let known = tiles[path] { return known }
    let (found, bytes) = try load(path)
    guard bytes.count == found.width * Digest.byteCount else { throw .damagedTile(found) }
    var hashes: [Digest] = []
    for start in stride(from: 0, to: path.width * Digest.byteCount, by: Digest.byteCount) {
      guard let hash = Digest(bytes[start..<start + Digest.byteCount]) else { throw .damagedTile(found) }
      hashes.append(hash)
    }
    tiles[path] = hashes
    return hashes
  }

  /// The entries of a bundle, as many as the tree has there, each with the hash that the level 0 tile gives it.
  mutating func entries(index: UInt64) throws(LogError) -> [[UInt8]] {
    let hashes = try hashes(level: 0, index: index)
    let (found, bytes) = try load(TilePath(.entries, index: index, inTreeOf: size))
    let bundle: EntryBundle
    do { bundle = try EntryBundle(bytes: bytes) } catch { throw .damagedTile(found) }
    let entries = bundle.entries.prefix(hashes.count)
    guard bundle.entries.count == found.width, entries.map(MerkleHash.leaf) == hashes else {
      throw .damagedTile(found)
    }
    return Array(entries)
  }

  /// The root of a complete subtree of 2 to the power of `height` leaves, the `index`th of its kind.
  mutating func node(height: Int, index: UInt64) throws(LogError) -> Digest {
    let (level, heightInTile) = (height / 8, height % 8)
    let count = 1 << heightInTile
    let start = index << UInt64(heightInTile)
    let hashes = try hashes(level: level, index: start / UInt64(TilePath.fullWidth))
    let row = hashes.dropFirst(Int(start % UInt64(TilePath.fullWidth))).prefix(count)
    guard row.count == count else { throw .beyondTree(size: size) }
    return MerkleHash.root(above: row)
  }

  /// The root of the leaves of `range`, which must be a subtree of some tree: it starts at a multiple of the largest
  /// power of two that is not above its length.
  mutating func root(of range: Range<UInt64>) throws(LogError) -> Digest {
    var peaks: [Digest] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let height = 63 - (range.upperBound - start).leadingZeroBitCount
      peaks.append(try node(height: height, index: start >> UInt64(height)))
      start += 1 << UInt64(height)
    }
    guard let last = peaks.popLast() else { return MerkleHash.emptyRoot }
    return peaks.reversed().reduce(last) { right, left in MerkleHash.node(left, right) }
  }

  /// A partial tile may have been dropped once the full one was there, whose beginning it was.
  private func load(_ path: TilePath) throws(LogError) -> (TilePath, [UInt8]) {
    if let bytes = try read(path) { return (path, bytes) }
    if !path.isFull, let bytes = try read(path.full) { return (path.full, bytes) }
    throw .missingTile(path)
  }
}
