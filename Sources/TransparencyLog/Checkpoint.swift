internal import Primitives

/// What a log signs: who it is, and its tree head.
///
/// Source: C2SP tlog-checkpoint section "Note text".
public struct Checkpoint: Hashable, Sendable {
  /// The identity of the log.
  public let origin: NoteLine
  /// Size and root of the tree.
  public let head: TreeHead
  /// Further lines, which no monitor checks.
  public let extensions: [NoteLine]
  /// The text to be signed.
  public let text: NoteText

  /// States a tree head.
  ///
  /// - Throws: `beyondLimit(.text)` if the lines do not fit into a note.
  public init(origin: NoteLine, head: TreeHead, extensions: [NoteLine] = []) throws(LogError) {
    self.origin = origin
    self.head = head
    self.extensions = extensions
    let numbers = "\n\(head.size)\n\(Base64.padded.encode(head.root.bytes))\n"
    self.text = try NoteText(origin.bytes + numbers.utf8 + extensions.flatMap { $0.bytes + [ASCII.lineFeed] })
  }

  /// Reads the text of a note.
  ///
  /// - Throws: `malformed`, or `beyondLimit(.treeHead)` for a size above 2^63 - 1.
  public init(_ text: NoteText) throws(LogError) {
    var lines = LineReader(text.bytes[...])
    guard let origin = lines.next(), let size = lines.next(), let root = lines.next(),
      let size = Decimal.parse(size), let root = Base64.padded.decode(root), let root = Digest(root)
    else { throw .malformed(.checkpoint) }
    var extensions: [NoteLine] = []
    while let line = lines.next() { extensions.append(try NoteLine(line)) }
    try self.init(origin: NoteLine(origin), head: TreeHead(size: size, root: root), extensions: extensions)
  }
}

/// A checkpoint whose signatures were checked.
public struct VerifiedCheckpoint: Hashable, Sendable {
  /// What was signed.
  public let checkpoint: Checkpoint
  /// The known keys that signed it, each once; at least one.
  public let signers: [VerifierKey]

  fileprivate init(checkpoint: Checkpoint, signers: [VerifierKey]) {
    self.checkpoint = checkpoint
    self.signers = signers
  }
}

extension SignedNote {
  /// Checks the note as a checkpoint of the log named `origin`, signed by at least one of `keys`.
  ///
  /// - Throws: As `verified(by:)`; `malformed(.checkpoint)`; `otherOrigin`.
  public func verifiedCheckpoint(
    of origin: NoteLine, by keys: [VerifierKey]
  ) throws(LogError) -> VerifiedCheckpoint {
    let signers = try verified(by: keys)
    let checkpoint = try Checkpoint(text)
    guard checkpoint.origin == origin else { throw .otherOrigin(checkpoint.origin) }
    return VerifiedCheckpoint(checkpoint: checkpoint, signers: signers)
  }
}
