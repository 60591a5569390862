internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

/// What became of a vault's names and keys, as its card says it.
enum VaultHistoryText {
  static func lines(_ card: VaultNote) -> [Phrase] {
    card.continuations.map { former in
      former.isKeyReplacement
        ? "signing key replaced at \(former.kept.size) entries, trusted up to \(former.trustedSize)"
        : "restored on purpose: \(former.kept.size) of \(former.lastSeen.size) entries were kept"
    }
  }

  static func json(_ card: VaultNote) -> JSON {
    .array(
      card.continuations.map { former in
        [
          "origin": .string(former.origin.description), "key_replaced": .bool(former.isKeyReplacement),
          "kept": .integer(Int64(clamping: former.kept.size)),
          "last_seen": .integer(Int64(clamping: former.lastSeen.size)),
        ]
      })
  }
}
