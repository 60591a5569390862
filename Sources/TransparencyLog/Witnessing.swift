/// Whether a witness signs what a log sends to it. It never signs two heads of one log that contradict each other.
///
/// Source: C2SP tlog-witness section "add-checkpoint".
public enum WitnessDecision: Hashable, Sendable {
  /// The head continues what was seen, or is the first one of this log.
  case sign(TreeHead)
  /// No proof leads from the head that was seen: the log has to send one from this size.
  case needsProof(from: UInt64)
  /// The head is smaller than one that was signed before: an older copy, or a fork.
  case olderHead(seen: TreeHead)
  /// The log shows another history than before.
  case fork(seen: TreeHead)

  /// Decides about a checkpoint whose signature and origin were checked.
  ///
  /// - Parameters:
  ///   - request: What the log sent; `head` is in its note.
  ///   - seen: The last head of this log that the witness signed; `nil` if there is none.
  public static func decide(on request: AddCheckpointRequest, head: TreeHead, seen: TreeHead?) -> WitnessDecision {
    guard let seen, seen.size > 0 else { return .sign(head) }
    if head.size < seen.size { return .olderHead(seen: seen) }
    if head.size == seen.size { return head == seen ? .sign(head) : .fork(seen: seen) }
    guard request.oldSize == seen.size else { return .needsProof(from: seen.size) }
    do { try request.proof.verify(from: seen, to: head) } catch { return .fork(seen: seen) }
    return .sign(head)
  }
}
