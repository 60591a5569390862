public import Primitives

/// The hashes that lead from one leaf to the root of a tree.
///
/// Source: RFC 9162 sections 2.1.3.1 and 2.1.3.2.
public struct InclusionProof: Hashable, Sendable {
  /// The longest proof, in hashes: one for each level of the largest tree.
  public static let maximumHashCount = 63

  /// The number of the leaf, from 0.
  public let index: UInt64
  /// The siblings on the way, from the leaf's own up to the child of the root.
  public let hashes: [Digest]

  /// Takes a proof that is yet to be verified.
  ///
  /// - Throws: `beyondLimit` for more than 63 hashes or an index that no tree reaches.
  public init(index: UInt64, hashes: [Digest]) throws(LogError) {
    guard index < TreeHead.maximumSize, hashes.count <= Self.maximumHashCount else { throw .beyondLimit(.proof) }
    self.index = index
    self.hashes = hashes
  }

  /// Checks that the leaf with the hash `leafHash` is the one numbered `index` in the tree of `head`.
  ///
  /// - Throws: `beyondTree`, or `notProven` if the hashes lead elsewhere, are too few or too many.
  public func verify(_ leafHash: Digest, in head: TreeHead) throws(LogError) {
    guard index < head.size else { throw .beyondTree(size: head.size) }
    var position = ProofPosition(node: index, last: head.size - 1)
    var root = leafHash
    for sibling in hashes {
      guard position.last > 0 else { throw .notProven }
      root = position.hasLeftSibling ? MerkleHash.node(sibling, root) : MerkleHash.node(root, sibling)
      position.ascend()
    }
    guard position.last == 0, root == head.root else { throw .notProven }
  }
}

/// Where a proof stands in the tree: the node, and the last node of the same level.
struct ProofPosition {
  private(set) var node: UInt64
  private(set) var last: UInt64

  init(node: UInt64, last: UInt64) {
    self.node = node
    self.last = last
  }

  /// Whether the next hash of the proof stands on the left. The last node of a level is joined further up, with a left
  /// one.
  var hasLeftSibling: Bool { node & 1 == 1 || node == last }

  /// Goes to the parent. A last node without a sibling on its level is passed upwards until it has a left one.
  mutating func ascend() {
    if node == last { while node & 1 == 0, node != 0 { shift() } }
    shift()
  }

  /// Goes up as long as the node is a right child: to the root of the largest complete subtree that ends with it.
  mutating func skipRightChildren() { while node & 1 == 1 { shift() } }

  private mutating func shift() {
    node >>= 1
    last >>= 1
  }
}
