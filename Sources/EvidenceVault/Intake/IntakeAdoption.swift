internal import Primitives
internal import StrictJSON
internal import TransparencyLog

/// An intake vault that is known again.
public struct AdoptedIntake: Sendable {
  /// The entry here that makes it known.
  public let entry: UInt64
  /// The key by which it is known.
  public let fingerprint: KeyFingerprint
}

extension VaultReader {
  /// Makes an intake vault at `path` known again that this vault certified, and whose entry it lost when it went on
  /// from a backup.
  ///
  /// What was revoked does not come back: neither what is known here, nor what an entry revokes that is left of it.
  ///
  /// - Throws: `VaultError.intake`: `.unknownVault` without a certificate of this vault that verifies; `.known`,
  ///   `.revokedBefore`, `.exists`; `.grownMeanwhile` if another process added entries: read again then.
  ///
  /// Source: FORMAT section 16.
  public func adoptIntake(
    _ path: String, name: String, reason: String, signer: VaultSigner
  ) throws(VaultError) -> AdoptedIntake {
    do {
      var environment = vault.environment
      environment.stateFolder = nil
      let found = try Vault(opening: path, environment: environment)
      guard let key = try found.keyMade(by: vault.note) else {
        throw VaultError.intake(.unknownVault(fingerprint: found.note.fingerprint))
      }
      try requireForgotten(Set(found.note.vaultKeys))
      if try intakes().contains(where: { $0.name.utf8.elementsEqual(name.utf8) && $0.revocation == nil }) {
        throw VaultError.intake(.exists(name: name))
      }
      let fields: JSONObject = [
        "name": .string(name), "verifying_key": .string(key.description), "reason": .string(reason),
      ]
      let entry = try vault.addEvents(IntakeEvent.made, [fields], after: head.tree, signer: signer).indices.lowerBound
      return AdoptedIntake(entry: entry, fingerprint: KeyFingerprint(key))
    } catch {
      throw VaultError(error)
    }
  }

  private func requireForgotten(_ keys: Set<VerifyingKey>) throws {
    if let known = try intakes().last(where: { $0.keys.contains { keys.contains($0.key) } }) {
      throw VaultError.intake(.known(name: known.name))
    }
    let revocation = try custody().events.last { event in
      let text = event.kind == IntakeEvent.revoked ? event.eventFields["verifying_key"]?.stringValue : nil
      return text.flatMap { try? VerifierKey($0) }.map { keys.contains($0.key) } ?? false
    }
    if let revocation { throw VaultError.intake(.revokedBefore(by: revocation.index)) }
  }
}
