public import Primitives

/// The hashes that show a tree to begin with all leaves of an earlier one.
///
/// Source: RFC 9162 sections 2.1.4.1 and 2.1.4.2.
public struct ConsistencyProof: Hashable, Sendable {
  /// The longest proof, in hashes.
  public static let maximumHashCount = 64

  /// The hashes, in the order of the RFC.
  public let hashes: [Digest]

  /// Takes a proof that is yet to be verified.
  ///
  /// - Throws: `beyondLimit` for more than 64 hashes.
  public init(hashes: [Digest]) throws(LogError) {
    guard hashes.count <= Self.maximumHashCount else { throw .beyondLimit(.proof) }
    self.hashes = hashes
  }

  /// Checks that the tree of `newer` begins with all leaves of the tree of `older`.
  ///
  /// The proof is empty between equal heads, and from the empty tree, with which every tree begins.
  ///
  /// - Throws: `beyondTree` if `newer` is the smaller one, or `notProven`.
  public func verify(from older: TreeHead, to newer: TreeHead) throws(LogError) {
    guard older.size <= newer.size else { throw .beyondTree(size: newer.size) }
    if older.size == 0 || older.size == newer.size {
      guard hashes.isEmpty, older.size == 0 || older.root == newer.root else { throw .notProven }
      return
    }
    // An empty proof says nothing of the newer tree, even where the older root is itself the first hash.
    guard !hashes.isEmpty else { throw .notProven }
    let isComplete = older.size & (older.size - 1) == 0
    try climb(isComplete ? [older.root] + hashes : hashes, from: older, to: newer)
  }

  private func climb(_ path: [Digest], from older: TreeHead, to newer: TreeHead) throws(LogError) {
    guard let first = path.first else { throw .notProven }
    var position = ProofPosition(node: older.size - 1, last: newer.size - 1)
    position.skipRightChildren()
    var (olderRoot, newerRoot) = (first, first)
    for hash in path.dropFirst() {
      guard position.last > 0 else { throw .notProven }
      if position.hasLeftSibling {
        olderRoot = MerkleHash.node(hash, olderRoot)
        newerRoot = MerkleHash.node(hash, newerRoot)
      } else {
        newerRoot = MerkleHash.node(newerRoot, hash)
      }
      position.ascend()
    }
    guard position.last == 0, olderRoot == older.root, newerRoot == newer.root else { throw .notProven }
  }
}
