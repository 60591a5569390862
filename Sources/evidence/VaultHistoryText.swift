internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

/// What became of a vault's names and keys, as its card says it.
enum VaultHistoryText {
  /// Of somebody else's vault, whose index is not here: nothing proves it beside their signature.
  static func lines(ofSender card: VaultNote) -> [Phrase] { lines(card).map { "the sender's card says: \($0)" } }

  static func lines(_ card: VaultNote) -> [Phrase] {
    card.continuations.map { former in
      former.isKeyReplacement
        ? "signing key replaced at \(Count.entries(former.kept.size)), trusted up to \(former.trustedSize)"
        : "restored on purpose: \(former.kept.size) of \(former.lastSeen.size) entries were kept"
    }
  }

  /// `trusted` is how many entries a key is trusted for that was replaced: fewer than were kept if it was revoked.
  static func json(_ card: VaultNote) -> JSON {
    .array(
      card.continuations.map { former in
        [
          "origin": .string(former.origin.description), "key_replaced": .bool(former.isKeyReplacement),
          "kept": .integer(Int64(clamping: former.kept.size)),
          "trusted": .integer(Int64(clamping: former.trustedSize)),
          "last_seen": .integer(Int64(clamping: former.lastSeen.size)),
        ]
      })
  }
}
