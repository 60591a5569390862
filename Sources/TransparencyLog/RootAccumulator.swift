public import Primitives

/// Leaf hashes taken one after another, with the root of all of them at any moment.
///
/// It keeps one digest for each bit set in the number of leaves: at most 63.
///
/// Source: RFC 9162 section 2.1.2.
public struct RootAccumulator: Sendable {
  /// Roots of the complete subtrees that the leaves fall into, the largest first.
  private var peaks: [Digest] = []
  /// The number of leaves taken so far.
  public private(set) var size: UInt64 = 0

  /// Starts with an empty tree.
  public init() {}

  /// Takes the hash of the next leaf. A tree of 2^63 - 1 leaves cannot grow.
  public mutating func append(_ leafHash: Digest) {
    precondition(size < TreeHead.maximumSize, "TransparencyLog: a tree beyond its largest size")
    var node = leafHash
    var height = 0
    while size >> UInt64(height) & 1 == 1, let left = peaks.popLast() {
      node = MerkleHash.node(left, node)
      height += 1
    }
    peaks.append(node)
    size += 1
  }

  /// The root of the leaves taken so far.
  public var root: Digest {
    guard let last = peaks.last else { return MerkleHash.emptyRoot }
    return peaks.dropLast().reversed().reduce(last) { right, left in MerkleHash.node(left, right) }
  }

  /// Size and root of the leaves taken so far.
  public var head: TreeHead { TreeHead(trusted: size, root) }
}
