internal import Primitives

/// What a log sends to a witness: a checkpoint, and the proof that its tree begins with one that the witness has seen.
///
/// Source: C2SP tlog-witness section "add-checkpoint".
public struct AddCheckpointRequest: Hashable, Sendable {
  /// The longest proof, in hashes.
  public static let maximumHashCount = 63
  /// The largest request, in bytes: a note of the largest size, and room for the lines before it.
  public static let maximumByteCount = SignedNote.maximumByteCount + 10_000
  private static let oldMark = Array("old ".utf8)

  /// The size of the tree that the receiver has seen; 0 if none.
  public let oldSize: UInt64
  /// The way from that tree to this one, yet to be verified.
  public let proof: ConsistencyProof
  /// The signed head of the log, yet to be verified.
  public let note: SignedNote

  /// Joins a proof with the note of its checkpoint.
  ///
  /// - Throws: `malformed` if the note is not a checkpoint, or a proof from the empty tree or between equal sizes has
  ///   hashes; `beyondTree` if the old tree is the larger one; `beyondLimit(.proof)` for more than 63 hashes.
  public init(oldSize: UInt64, proof: ConsistencyProof, note: SignedNote) throws(LogError) {
    guard proof.hashes.count <= Self.maximumHashCount else { throw .beyondLimit(.proof) }
    let head = try Checkpoint(note.text).head
    guard oldSize <= head.size else { throw .beyondTree(size: head.size) }
    guard proof.hashes.isEmpty == (oldSize == 0 || oldSize == head.size) else { throw .malformed(.witnessRequest) }
    self.oldSize = oldSize
    self.proof = proof
    self.note = note
  }

  /// Reads a whole request.
  ///
  /// - Throws: `malformed`, `beyondLimit` or `beyondTree`.
  public init(_ bytes: [UInt8]) throws(LogError) {
    guard bytes.count <= Self.maximumByteCount else { throw .beyondLimit(.witnessRequest) }
    var lines = LineReader(bytes[...])
    guard let first = lines.next(), first.starts(with: Self.oldMark),
      let oldSize = Decimal.parse(first.dropFirst(Self.oldMark.count))
    else { throw .malformed(.witnessRequest) }
    let proof = try ConsistencyProof(hashes: lines.takeHashes(atMost: Self.maximumHashCount, of: .witnessRequest))
    try self.init(oldSize: oldSize, proof: proof, note: SignedNote(Array(lines.rest)))
  }

  /// The request as it is sent.
  public var bytes: [UInt8] {
    let hashes = proof.hashes.map { Base64.padded.encode($0.bytes) + "\n" }.joined()
    return Self.oldMark + "\(oldSize)\n\(hashes)\n".utf8 + note.bytes
  }
}
