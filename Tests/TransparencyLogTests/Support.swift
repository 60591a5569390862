import Primitives
import TransparencyLog

/// The tree of RFC 6962 section 2.1 written down as the RFC defines it: recursively, over a range of leaves.
final class NaiveTree {
  let leaves: [Digest]
  private var roots: [Range<Int>: Digest] = [:]

  init(_ entries: [[UInt8]]) { leaves = entries.map(MerkleHash.leaf) }

  func root(_ range: Range<Int>) -> Digest {
    if let known = roots[range] { return known }
    let root: Digest
    switch range.count {
    case 0: root = MerkleHash.emptyRoot
    case 1: root = leaves[range.lowerBound]
    default:
      let middle = middle(range)
      root = MerkleHash.node(self.root(range.lowerBound..<middle), self.root(middle..<range.upperBound))
    }
    roots[range] = root
    return root
  }

  func head(_ size: Int) -> TreeHead {
    guard let head = try? TreeHead(size: UInt64(size), root: root(0..<size)) else { preconditionFailure("a head") }
    return head
  }

  /// PATH(m, D[n]) of section 2.1.1.
  func path(_ index: Int, _ range: Range<Int>) -> [Digest] {
    guard range.count > 1 else { return [] }
    let middle = middle(range)
    return index < middle
      ? path(index, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
      : path(index, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
  }

  /// SUBPROOF(m, D[n], b) of section 2.1.2, with `end` counted from the start of the tree.
  func subproof(_ end: Int, _ range: Range<Int>, _ isKnown: Bool) -> [Digest] {
    if end == range.upperBound { return isKnown ? [] : [root(range)] }
    let middle = middle(range)
    return end <= middle
      ? subproof(end, range.lowerBound..<middle, isKnown) + [root(middle..<range.upperBound)]
      : subproof(end, middle..<range.upperBound, false) + [root(range.lowerBound..<middle)]
  }

  private func middle(_ range: Range<Int>) -> Int {
    var count = 1
    while count * 2 < range.count { count *= 2 }
    return range.lowerBound + count
  }
}

/// Tiles in memory, and which of them were read.
final class MemoryTiles {
  var files: [TilePath: [UInt8]] = [:]
  private(set) var readPaths: [TilePath] = []

  func reader() -> TileReader {
    { path in
      self.readPaths.append(path)
      return self.files[path]
    }
  }

  func forgetReads() { readPaths = [] }

  func add(_ new: [TileFile]) { for file in new { files[file.path] = file.bytes } }

  /// Appends a batch the way a vault does.
  func append(_ batch: [[UInt8]], to head: TreeHead) throws -> TreeHead {
    let grown = try LogAppender.append(batch, to: head, reader: reader())
    add(grown.files)
    return grown.head
  }
}

/// Entries that differ from one another.
func entries(_ range: Range<Int>) -> [[UInt8]] { range.map { Array("entry \($0)".utf8) } }

func signer(_ name: String, seedByte: UInt8) throws -> NoteSigner {
  let seed = SecretBytes(count: SigningKey.seedByteCount) { bytes in
    for index in 0..<bytes.count { bytes[index] = seedByte }
  }
  return NoteSigner(name: try KeyName(name), key: SigningKey(seed: seed))
}

extension Digest {
  func flipping(bit: Int) -> Digest {
    var bytes = bytes
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    guard let digest = Digest(bytes) else { preconditionFailure("32 bytes") }
    return digest
  }
}

/// Every byte string made from `bytes` by changing one byte: a few ways for each place.
func mutations(of bytes: [UInt8]) -> [[UInt8]] {
  bytes.indices.flatMap { index in
    ([1, 0x20, 0x80, 0xFF] as [UInt8]).map { change in
      var changed = bytes
      changed[index] ^= change
      return changed
    }
  }
}

/// Every proper prefix of `bytes`.
func truncations(of bytes: [UInt8]) -> [[UInt8]] { bytes.indices.map { Array(bytes[..<$0]) } }
