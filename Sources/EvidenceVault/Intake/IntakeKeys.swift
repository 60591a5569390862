internal import Primitives
internal import TransparencyLog

/// Which of the intake vaults that were made here one is, also when its signing key was replaced.
///
/// Source: FORMAT section 16.
struct IntakeKeys {
  private let found: Vault
  private let head: Vault.Head
  private let maker: VaultNote

  init(_ found: Vault, _ head: Vault.Head, maker: VaultNote) {
    (self.found, self.head, self.maker) = (found, head, maker)
  }

  /// - Throws: `VaultError.intake`: `.unknownVault`, `.forgotten`, `.keyNotPromised`; `.signingKey(.replacedSince)` for
  ///   a copy from before a key was replaced, `.notPromised` for a key in the place of the one that was promised.
  func intake(among known: [KnownIntake], isOverridden: Bool) throws -> KnownIntake {
    let key = found.note.vaultKey.key
    if let intake = known.last(where: { $0.presentKey.key == key }) { return intake }
    if known.contains(where: { $0.keys.contains { $0.key == key } }) {
      throw VaultError.signingKey(.replacedSince)
    }
    guard let intake = known.last(where: { found.note.vaultKeys.contains($0.presentKey.key) }) else {
      let words = found.note.fingerprint
      guard try found.keyMade(by: maker) == nil else { throw VaultError.intake(.forgotten(fingerprint: words)) }
      throw VaultError.intake(.unknownVault(fingerprint: words))
    }
    if !isOverridden { try requirePromises(of: intake) }
    return intake
  }

  /// Requires that each key is the one that the key before it had promised. Of the key that is known, the head counts
  /// that was collected last: whoever seized it could promise a key of their own after that. Of each that was promised,
  /// its own entries count.
  private func requirePromises(of intake: KnownIntake) throws {
    let periods = found.note.keyPeriods.drop { $0.vaultKey != intake.presentKey.key }
    for period in periods {
      guard let next = period.next else { return }
      let isKnown = period.vaultKey == intake.presentKey.key
      guard let promised = try isKnown ? keptPromise(of: intake) : found.firstPromise(in: period, of: head) else {
        throw VaultError.intake(.keyNotPromised(name: intake.name, fingerprint: found.note.fingerprint))
      }
      guard promised == VaultNote.promise(of: next) else { throw VaultError.signingKey(.notPromised) }
    }
  }

  /// What the known key had promised when something was collected last. That the head is of this vault, collecting
  /// checks.
  private func keptPromise(of intake: KnownIntake) -> Digest? {
    guard let kept = intake.collectedHead, let checkpoint = try? Checkpoint(kept.text),
      found.note.key(.vault, of: checkpoint.origin)?.key == intake.presentKey.key
    else { return nil }
    return try? HeadLines(checkpoint).promised
  }
}
