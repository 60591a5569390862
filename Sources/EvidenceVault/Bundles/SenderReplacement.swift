internal import Primitives
internal import TransparencyLog

/// A sender who was known by one key and signs with another: whether the first named the second as the one that
/// follows, and had promised it.
///
/// Source: FORMAT sections 3 and 7.
enum SenderReplacement {
  /// Why a bundle is not from whom it should be. A key that followed is not taken for the other without a person: its
  /// words are compared again.
  static func error(_ expected: ExpectedSender, _ sender: VaultNote) -> VaultError {
    let former = sender.keyPeriods.dropLast()
    let unknown = VaultError.unknownSigner(fingerprint: sender.fingerprint)
    guard let known = former.first(where: { isMeant($0.vaultKey, by: expected) }), let next = known.next else {
      return unknown
    }
    guard case .card(let card) = expected, let promised = card.promised else {
      return .signingKey(.senderReplaced(words: sender.fingerprint, promise: .unknown))
    }
    // What was not promised is not theirs, whoever signed it.
    guard promised == VaultNote.promise(of: next) else { return .signingKey(.notPromised) }
    // A key that was replaced in its turn promised for itself.
    let check: SigningKeyFault.PromiseCheck = next == sender.vaultKey.key ? .kept : .unknown
    return .signingKey(.senderReplaced(words: sender.fingerprint, promise: check))
  }

  private static func isMeant(_ key: VerifyingKey, by expected: ExpectedSender) -> Bool {
    switch expected {
    case .key(let known): known.key == key
    case .card(let card): card.vaultKey.key == key
    case .fingerprint(let typed): KeyFingerprint(of: key).isSame(asTyped: typed)
    case .anyone: false
    }
  }
}
