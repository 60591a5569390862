public import Primitives

/// A tree whose head is known and whose tiles are read from somewhere that is not trusted.
///
/// Whatever a method returns was proven against the head; a wrong tile gives an error. Each call reads the tiles it
/// needs anew: memory stays at a few dozen tiles, and nothing is remembered.
///
/// Source: C2SP tlog-tiles; RFC 9162 section 2.1.
public struct TileTree {
  /// The head against which all is proven.
  public let head: TreeHead
  private let read: TileReader

  /// Opens the tree of `head`; reads nothing yet.
  public init(head: TreeHead, reader: @escaping TileReader) {
    self.head = head
    self.read = reader
  }

  /// The proof that leaf `index` is in the tree.
  ///
  /// - Throws: `beyondTree`, `missingTile`, `unreadableTile`, `damagedTile`, `tilesDisagree`.
  ///
  /// Source: RFC 9162 section 2.1.3.1.
  public func inclusionProof(for index: UInt64) throws(LogError) -> InclusionProof {
    var tiles = TileCache(size: head.size, reader: read)
    return try proof(for: index, from: &tiles)
  }

  /// The hash of leaf `index`.
  ///
  /// - Throws: As `inclusionProof(for:)`.
  public func leafHash(at index: UInt64) throws(LogError) -> Digest {
    var tiles = TileCache(size: head.size, reader: read)
    _ = try proof(for: index, from: &tiles)
    return try tiles.node(height: 0, index: index)
  }

  /// The entry that is leaf `index`.
  ///
  /// - Throws: As `inclusionProof(for:)`.
  public func entry(at index: UInt64) throws(LogError) -> [UInt8] {
    let offset = Int(index % UInt64(TilePath.fullWidth))
    guard let entry = try entries(inBundle: index / UInt64(TilePath.fullWidth)).dropFirst(offset).first else {
      throw .beyondTree(size: head.size)
    }
    return entry
  }

  /// All entries of one bundle: the leaves from `bundle` times 256 on, at most 256 of them.
  ///
  /// - Throws: As `inclusionProof(for:)`.
  public func entries(inBundle bundle: UInt64) throws(LogError) -> [[UInt8]] {
    let (first, isOver) = bundle.multipliedReportingOverflow(by: UInt64(TilePath.fullWidth))
    guard !isOver else { throw .beyondTree(size: head.size) }
    var tiles = TileCache(size: head.size, reader: read)
    // The proof for one leaf of a tile takes in every other hash of that tile, so it vouches for all of them.
    _ = try proof(for: first, from: &tiles)
    return try tiles.entries(index: bundle)
  }

  /// The head that this tree had when it had `size` leaves.
  ///
  /// - Throws: As `inclusionProof(for:)`.
  public func head(ofSize size: UInt64) throws(LogError) -> TreeHead { try growth(from: size).older }

  /// The proof that this tree begins with all leaves that it had at `olderSize`.
  ///
  /// - Throws: As `inclusionProof(for:)`.
  ///
  /// Source: RFC 9162 section 2.1.4.1.
  public func consistencyProof(from olderSize: UInt64) throws(LogError) -> ConsistencyProof {
    try growth(from: olderSize).proof
  }

  private func proof(for index: UInt64, from tiles: inout TileCache) throws(LogError) -> InclusionProof {
    guard index < head.size else { throw .beyondTree(size: head.size) }
    var hashes: [Digest] = []
    var subtree = 0..<head.size
    while subtree.count > 1 {
      let middle = subtree.lowerBound + MerkleHash.leftCount(of: UInt64(subtree.count))
      let isLeft = index < middle
      hashes.append(try tiles.root(of: isLeft ? middle..<subtree.upperBound : subtree.lowerBound..<middle))
      subtree = isLeft ? subtree.lowerBound..<middle : middle..<subtree.upperBound
    }
    let proof = try InclusionProof(index: index, hashes: hashes.reversed())
    do { try proof.verify(tiles.node(height: 0, index: index), in: head) } catch .notProven {
      throw .tilesDisagree(with: head)
    }
    return proof
  }

  private func growth(from olderSize: UInt64) throws(LogError) -> (older: TreeHead, proof: ConsistencyProof) {
    guard olderSize <= head.size else { throw .beyondTree(size: head.size) }
    var tiles = TileCache(size: head.size, reader: read)
    let older = try TreeHead(size: olderSize, root: tiles.root(of: 0..<olderSize))
    let proof = try ConsistencyProof(hashes: consistencyHashes(from: olderSize, from: &tiles))
    do { try proof.verify(from: older, to: head) } catch .notProven { throw .tilesDisagree(with: head) }
    return (older, proof)
  }

  private func consistencyHashes(
    from olderSize: UInt64, from tiles: inout TileCache
  ) throws(LogError) -> [Digest] {
    guard olderSize > 0 else { return [] }
    var hashes: [Digest] = []
    var subtree = 0..<head.size
    while subtree.upperBound > olderSize {
      let middle = subtree.lowerBound + MerkleHash.leftCount(of: subtree.upperBound - subtree.lowerBound)
      let isLeft = olderSize <= middle
      hashes.append(try tiles.root(of: isLeft ? middle..<subtree.upperBound : subtree.lowerBound..<middle))
      subtree = isLeft ? subtree.lowerBound..<middle : middle..<subtree.upperBound
    }
    // The verifier knows the older root, so a subtree that is the whole older tree is left out.
    if subtree.lowerBound > 0 { hashes.append(try tiles.root(of: subtree)) }
    return hashes.reversed()
  }
}
