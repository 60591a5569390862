/// Why something about a log was refused.
public enum LogError: Error, Hashable, Sendable {
  /// Bytes or values that do not have the form that the format prescribes.
  case malformed(LogPart)
  /// More than the named limit of the part allows.
  case beyondLimit(LogPart)
  /// A signature in the name of a known key is not that key's signature of the text.
  case invalidSignature(by: KeyName)
  /// None of the known keys signed the note.
  case notSigned
  /// Two different keys share a name and a key ID: it would be undecided which of them a signature belongs to.
  case ambiguousKeys(KeyName)
  /// The checkpoint is of another log.
  case otherOrigin(NoteLine)
  /// The hashes do not lead from what is to be proven to the tree head.
  case notProven
  /// The index or size lies beyond the tree.
  case beyondTree(size: UInt64)
  /// Neither the tile nor the full tile that would replace it is there.
  case missingTile(TilePath)
  /// The reader could not say whether the tile is there.
  case unreadableTile(TilePath)
  /// The tile has another width than its path says, or its entries do not have the hashes of the tree.
  case damagedTile(TilePath)
  /// Tiles of the right form that do not add up to the tree head.
  case tilesDisagree(with: TreeHead)
}

/// The parts of a log that have a form or a limit of their own.
public enum LogPart: Hashable, Sendable {
  /// The name of a signing key.
  case keyName
  /// The textual form of a public key.
  case verifierKey
  /// One line of a note.
  case line
  /// The signed text of a note.
  case text
  /// One signature line of a note.
  case signature
  /// A whole signed note.
  case note
  /// A size with a root.
  case treeHead
  /// The text of a checkpoint.
  case checkpoint
  /// The path of a tile.
  case tilePath
  /// One leaf of the tree.
  case entry
  /// Up to 256 entries in one file.
  case entryBundle
  /// An inclusion or consistency proof.
  case proof
  /// A proof file.
  case proofFile
  /// A request to a witness.
  case witnessRequest
  /// Which witnesses are trusted.
  case policy
}
