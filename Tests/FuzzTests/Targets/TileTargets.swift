import Primitives
import TransparencyLog

extension FuzzTarget {
  /// A path of a tile that is read is the only spelling of itself.
  static let tilePath = FuzzTarget(
    "tile-path",
    seeds: {
      ["tile/0/000", "tile/7/x001/x234/067.p/8", "tile/entries/x999/999.p/255", "tile/63/000.p/1"].map {
        Array($0.utf8)
      }
    }
  ) { input throws(PropertyFailure) in
    guard let text = String(validating: input, as: UTF8.self), let path = accepted({ try TilePath(text) })
    else { return }
    try require(Array(path.description.utf8) == input, "a path is spelled as it was read")
  }

  /// A bundle of entries that is read is the only spelling of itself, and its entries are those of the file.
  static let entryBundle = FuzzTarget(
    "entry-bundle",
    seeds: { [[], [0, 0], [0, 1, 65, 0, 2, 66, 67], [1, 0] + [UInt8](repeating: 1, count: 256), TileSeeds.bundle] }
  ) { input throws(PropertyFailure) in
    guard let bundle = accepted({ try EntryBundle(bytes: input) }) else { return }
    try require(bundle.bytes == input, "a bundle encodes to the bytes that it was read from")
    try require(bundle.entries.count <= TilePath.fullWidth, "no more entries than a tile has")
  }

  /// Tiles that anybody may have written give proofs of the head, or none at all.
  static let tiles = FuzzTarget("tiles", sampleCount: 500, seeds: { [TileSeeds.hashes, TileSeeds.bundle] }) {
    input throws(PropertyFailure) in
    let tree = TileTree(head: TileSeeds.head) { path throws(LogError) in
      switch path.content {
      case .hashes(level: 0): input.count == TileSeeds.hashes.count ? input : TileSeeds.hashes
      case .entries: input
      default: nil
      }
    }
    for index in 0..<TileSeeds.entries.count {
      if let proof = accepted({ try tree.inclusionProof(for: UInt64(index)) }) {
        let leaf = MerkleHash.leaf(TileSeeds.entries[index])
        try require(accepted { try proof.verify(leaf, in: TileSeeds.head) } != nil, "a proof that is made holds")
      }
      guard let entry = accepted({ try tree.entry(at: UInt64(index)) }) else { continue }
      try require(entry == TileSeeds.entries[index], "an entry that is given is the one of the head")
    }
  }
}

/// A tree of five entries.
enum TileSeeds {
  static let entries = (0..<5).map { Array("entry \($0)".utf8) }
  static let hashes = entries.flatMap { MerkleHash.leaf($0).bytes }
  static let head = entries.reduce(into: RootAccumulator()) { $0.append(MerkleHash.leaf($1)) }.head
  static let bundle = entries.flatMap { entry -> [UInt8] in [0, UInt8(entry.count)] + entry }
}
