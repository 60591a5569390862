public import Primitives

/// The hashes of a Merkle tree. Leaves and nodes are hashed under different first bytes, so that no node passes for a
/// leaf.
///
/// Source: RFC 6962 section 2.1; RFC 9162 section 2.1.1.
public enum MerkleHash {
  /// The root of a tree without leaves: SHA-256 of no bytes.
  public static let emptyRoot = SHA256Hasher.digest(of: [UInt8]())

  /// The hash of a leaf: SHA-256 of the byte 0 and `data`.
  public static func leaf(_ data: [UInt8]) -> Digest {
    var hasher = SHA256Hasher()
    hasher.update(CollectionOfOne<UInt8>(0))
    hasher.update(data)
    return hasher.finalize()
  }

  /// The hash of a node: SHA-256 of the byte 1, `left` and `right`.
  public static func node(_ left: Digest, _ right: Digest) -> Digest {
    var hasher = SHA256Hasher()
    hasher.update(CollectionOfOne<UInt8>(1))
    hasher.update(left)
    hasher.update(right)
    return hasher.finalize()
  }

  /// The root above `nodes` of equal height, of which the last may be the root of an incomplete subtree.
  static func root(above nodes: some Sequence<Digest>) -> Digest {
    var accumulator = RootAccumulator()
    for node in nodes { accumulator.append(node) }
    return accumulator.root
  }

  /// How many leaves go to the left of the root: the largest power of two below `count`, which must be at least 2.
  static func leftCount(of count: UInt64) -> UInt64 {
    precondition(count > 1, "TransparencyLog: a leaf has no left side")
    return 1 << UInt64(63 - (count - 1).leadingZeroBitCount)
  }
}

/// What a checkpoint says about a tree: how many leaves it has, and their root.
///
/// Source: RFC 6962 section 3.5 (tree size and root hash), C2SP tlog-checkpoint section "Note text".
public struct TreeHead: Hashable, Sendable {
  /// The most leaves a tree can have: sizes stay exact in signed 64-bit numbers everywhere.
  public static let maximumSize = UInt64(Int64.max)
  /// The head of a tree without leaves.
  public static let empty = TreeHead(trusted: 0, MerkleHash.emptyRoot)

  /// The number of leaves.
  public let size: UInt64
  /// The Merkle tree hash of all leaves.
  public let root: Digest

  /// Joins a size with a root.
  ///
  /// - Throws: `beyondLimit` above `maximumSize`; `malformed` for a tree without leaves whose root is not `emptyRoot`.
  public init(size: UInt64, root: Digest) throws(LogError) {
    guard size <= Self.maximumSize else { throw .beyondLimit(.treeHead) }
    guard size > 0 || root == MerkleHash.emptyRoot else { throw .malformed(.treeHead) }
    self.init(trusted: size, root)
  }

  /// Joins a size within the limit with a root that was computed here.
  init(trusted size: UInt64, _ root: Digest) {
    self.size = size
    self.root = root
  }
}
