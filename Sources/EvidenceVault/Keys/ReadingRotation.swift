public import Age
internal import DurableStore
internal import Primitives
internal import StrictJSON
internal import TransparencyLog

/// What came of another reading key for a vault.
public struct ReadingRotation: Sendable {
  /// The vault with its new reader.
  public let vault: Vault
  /// The new identity.
  public let identity: Identity
  /// The entry that says so.
  public let index: UInt64
  /// Caches that could not be removed, which the old identity opens. The next writer tries again.
  public let remaining: [String]
}

extension Vault {
  /// Gives the vault another reading identity of the same kind: it takes the place of the present one among the
  /// readers. The present one is kept with those before it, sealed to the new one. What is in the vault already is
  /// sealed to the present one until it is sealed anew (`VaultReader.reseal`).
  ///
  /// In order, under one lock: the earlier identities, sealed to the new one; the new one, under the passphrase and a
  /// name of its own; the signing seed for recovery, sealed to both; the change of readers, which is the one step that
  /// counts; the final name of the new identity; the signing seed, sealed to that alone. Whoever comes after a crash
  /// gives it the name, or removes it.
  ///
  /// - Throws: `VaultError.needsReadingKey`, `.wrongPassphrase`; `.damagedKey` also if earlier identities are missing;
  ///   as `addReader`.
  ///
  /// Source: FORMAT section 2.
  public func rotateReadingKey(
    _ passphrase: borrowing Passphrase, workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, signer: VaultSigner
  ) throws(VaultError) -> ReadingRotation {
    do {
      let incoming = try root.directory(Self.incomingFolder)
      let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
      try settleNote()
      try requirePlaceForNextNote()
      let present = try readingIdentity(passphrase)
      let kind: Identity.Kind = present.recipient.isPostQuantum ? .hybrid : .x25519
      let next = Identity(generating: kind, from: environment.randomness)
      let new = try note.reading(note.readers.map { $0 == present.recipient ? next.recipient : $0 }, signer: signer)
      do {
        try prepare(next, after: present, passphrase, workFactorLog2: workFactorLog2, signer: signer)
        removeCaches()
        let old = try headToGoOnFrom(signer: signer, in: incoming)
        let vault = Vault(path: path, note: new, root: root, environment: environment)
        let (head, remaining) = try commit(
          [replacing(present, by: next, note: new)], after: old, signer: signer, in: incoming,
          finishing: { try vault.finishRotation(to: next, passphrase, signer: signer) })
        _ = consume lock
        return ReadingRotation(vault: vault, identity: next, index: head.tree.size - 1, remaining: remaining)
      } catch {
        tidyUpAfterFailure(in: incoming)
        throw error
      }
    } catch {
      throw VaultError(error)
    }
  }

  private func prepare(
    _ next: Identity, after present: Identity, _ passphrase: borrowing Passphrase, workFactorLog2: Int,
    signer: VaultSigner
  ) throws {
    try keepEarlier([present] + requiredEarlierIdentities(of: present), for: next.recipient)
    try preparedKey(next.encoded(), sealedWith: passphrase, workFactorLog2: workFactorLog2)
      .place(as: SealedKeyFile.reading(of: next.recipient))
    try resealSigningRecovery(for: [present.recipient, next.recipient], signer: signer)
  }

  private func replacing(_ present: Identity, by next: Identity, note: VaultNote) throws -> PreparedEntry {
    let fields: JSONObject = [
      "event": .string("replaced"), "age_recipients": .array([.string(next.recipient.description)]),
      "replaced_recipients": .array([.string(present.recipient.description)]),
    ]
    let record = try ComposedRecord(
      kind: Self.readersKind, added: environment.now(), fields: Schema.named(Self.readersKind).validated(fields),
      files: [], randomness: environment.randomness)
    return PreparedEntry(record: record, object: nil, newNote: note, endsCaches: true)
  }

  /// Nothing is sealed to a key before it was read back from where it is to stay.
  private func finishRotation(
    to next: Identity, _ passphrase: borrowing Passphrase, signer: VaultSigner
  ) throws {
    try settleNote()
    guard try readingIdentity(passphrase).recipient == next.recipient else {
      throw VaultError.damagedKey(keyFile: "\(SealedKeyFile.folder)/\(SealedKeyFile.reading)")
    }
    try resealSigningRecovery(for: [next.recipient], signer: signer)
  }
}
