internal import Primitives

/// A file that proves one entry to be in a log, to anyone who has the entry and knows the log's key.
///
/// Source: C2SP tlog-proof.
public struct TlogProof: Hashable, Sendable {
  /// The most opaque data, in bytes.
  public static let maximumExtraByteCount = 65_536
  /// The largest file, in bytes: a note of the largest size, and room for the lines before it.
  public static let maximumByteCount = SignedNote.maximumByteCount + 100_000
  private static let firstLine = Array("c2sp.org/tlog-proof@v1".utf8)
  private static let extraMark = Array("extra ".utf8)
  private static let indexMark = Array("index ".utf8)

  /// Data of the application, which nothing authenticates.
  public let extra: [UInt8]?
  /// The way from the entry to the root.
  public let inclusion: InclusionProof
  /// The signed head of the log, yet to be verified.
  public let note: SignedNote

  /// Joins a proof with the note of its checkpoint.
  ///
  /// - Throws: `beyondLimit(.proofFile)` for too much extra data; `malformed` if the note is not a checkpoint;
  ///   `beyondTree` if its tree has no such entry.
  public init(extra: [UInt8]? = nil, inclusion: InclusionProof, note: SignedNote) throws(LogError) {
    guard (extra?.count ?? 0) <= Self.maximumExtraByteCount else { throw .beyondLimit(.proofFile) }
    let head = try Checkpoint(note.text).head
    guard inclusion.index < head.size else { throw .beyondTree(size: head.size) }
    self.extra = extra
    self.inclusion = inclusion
    self.note = note
  }

  /// Checks the note, and that `entry` is the one at the index that the proof names.
  ///
  /// - Throws: As `SignedNote.verifiedCheckpoint(of:by:)` and `InclusionProof.verify(_:in:)`.
  public func verify(
    _ entry: [UInt8], in origin: NoteLine, by keys: [VerifierKey]
  ) throws(LogError) -> VerifiedCheckpoint {
    let verified = try note.verifiedCheckpoint(of: origin, by: keys)
    try inclusion.verify(MerkleHash.leaf(entry), in: verified.checkpoint.head)
    return verified
  }
}

extension TlogProof {
  /// Reads a whole proof file.
  ///
  /// - Throws: `malformed` or `beyondLimit`.
  public init(_ bytes: [UInt8]) throws(LogError) {
    guard bytes.count <= Self.maximumByteCount else { throw .beyondLimit(.proofFile) }
    var lines = LineReader(bytes[...])
    guard lines.next()?.elementsEqual(Self.firstLine) == true, var line = lines.next() else {
      throw .malformed(.proofFile)
    }
    var extra: [UInt8]?
    if line.starts(with: Self.extraMark) {
      extra = Base64.padded.decode(line.dropFirst(Self.extraMark.count))
      guard extra != nil, let next = lines.next() else { throw .malformed(.proofFile) }
      line = next
    }
    guard line.starts(with: Self.indexMark), let index = Decimal.parse(line.dropFirst(Self.indexMark.count)) else {
      throw .malformed(.proofFile)
    }
    let inclusion = try InclusionProof(
      index: index, hashes: lines.takeHashes(atMost: InclusionProof.maximumHashCount, of: .proofFile))
    try self.init(extra: extra, inclusion: inclusion, note: SignedNote(Array(lines.rest)))
  }

  /// The proof as it is stored.
  public var bytes: [UInt8] {
    let extraLine = extra.map { Self.extraMark + Base64.padded.encode($0).utf8 + [ASCII.lineFeed] } ?? []
    let hashes = inclusion.hashes.map { Base64.padded.encode($0.bytes) + "\n" }.joined()
    return Self.firstLine + [ASCII.lineFeed] + extraLine + Self.indexMark
      + "\(inclusion.index)\n\(hashes)\n".utf8 + note.bytes
  }
}
