public import Age
internal import DurableStore
internal import Primitives
internal import Streams

/// What came of another reading key for a vault.
public struct ReadingRotation: Sendable {
  /// The vault with its new reader.
  public let vault: Vault
  /// The new identity.
  public let identity: Identity
  /// The entry that says so; `nil` if that was made before an interruption.
  public let index: UInt64?
}

extension Vault {
  private static let readingPath = "\(SealedKeyFile.folder)/\(SealedKeyFile.reading)"
  private static let readingNextPath = "\(SealedKeyFile.folder)/\(SealedKeyFile.readingNext)"

  /// Gives the vault another reading identity of the same kind: it takes the place of the present one among the
  /// readers. The present one is kept with those before it, sealed to the new one. What is in the vault already is
  /// sealed to the present one until it is sealed anew (`VaultReader.reseal`).
  ///
  /// In order: the earlier identities, sealed to the new one; the new one, under the passphrase, as `reading-next.age`;
  /// the change of readers, which is the one step that counts; the signing seed for recovery, sealed anew;
  /// `reading-next.age` over `reading.age`. Run again after an interruption, it completes what counts, and begins anew
  /// what does not.
  ///
  /// - Throws: `VaultError.needsReadingKey`, `.wrongPassphrase`, `.damagedKey`; as `addReader`.
  ///
  /// Source: FORMAT section 2.
  public func rotateReadingKey(
    _ passphrase: borrowing Passphrase, workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, signer: VaultSigner
  ) throws(VaultError) -> ReadingRotation {
    let present = try readingIdentity(passphrase)
    do {
      if try finishReadingRotation(to: present, passphrase, signer: signer) {
        return ReadingRotation(vault: self, identity: present, index: nil)
      }
      let kind: Identity.Kind = present.recipient.isPostQuantum ? .hybrid : .x25519
      let next = Identity(generating: kind, from: environment.randomness)
      try prepare(next, after: present, passphrase, workFactorLog2: workFactorLog2)
      let receipt = try replaceReader(present.recipient, by: next.recipient, signer: signer)
      guard try receipt.vault.finishReadingRotation(to: next, passphrase, signer: signer) else {
        throw StoreError.changed(path: root.displayPath(Self.readingPath))
      }
      try? receipt.vault.remove(earlierKeysOf: present.recipient)
      return ReadingRotation(vault: receipt.vault, identity: next, index: receipt.index)
    } catch {
      throw VaultError(error)
    }
  }

  /// Completes a rotation that was interrupted after the readers were changed, or removes what is left of one that was
  /// interrupted before. The caller has the lock.
  ///
  /// - Throws: `VaultError.wrongPassphrase`, `.damagedKey`.
  func settleReadingKey(_ passphrase: borrowing Passphrase) throws {
    guard root.contains(Self.readingNextPath) else { return }
    let keys = try root.directory(SealedKeyFile.folder)
    if try identity(in: SealedKeyFile.reading, passphrase) == nil,
      try identity(in: SealedKeyFile.readingNext, passphrase) != nil
    {
      try keys.replace(SealedKeyFile.reading, in: keys, with: SealedKeyFile.readingNext)
    } else {
      let file = try keys.file(SealedKeyFile.readingNext)
      try keys.remove(SealedKeyFile.readingNext)
      _ = file.overwriteOnceNameless()
    }
    try keys.sync()
  }

  /// The identity in a key file, if it is that of a reader.
  ///
  /// - Throws: as `SealedKeyFile.open`.
  func identity(in name: String, _ passphrase: borrowing Passphrase) throws -> Identity? {
    let text = try SealedKeyFile.open(name, in: root, passphrase: passphrase)
    guard let identity = try? KeyFile.identities(in: text).first, note.readers.contains(identity.recipient) else {
      return nil
    }
    return identity
  }

  /// Whether the readers were changed for the identity in `reading-next.age`: then it is put in its place.
  private func finishReadingRotation(
    to identity: Identity, _ passphrase: borrowing Passphrase, signer: VaultSigner
  ) throws -> Bool {
    let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
    try settleNote()
    let isNext = try self.identity(in: SealedKeyFile.reading, passphrase) == nil
    if isNext { try resealSigningRecovery(for: identity.recipient, signer: signer) }
    try settleReadingKey(passphrase)
    _ = consume lock
    return isNext
  }

  private func prepare(
    _ next: Identity, after present: Identity, _ passphrase: borrowing Passphrase, workFactorLog2: Int
  ) throws {
    let earlier = try [present] + earlierIdentities(of: present)
    let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
    try settleNote()
    try keepEarlier(earlier, for: next.recipient)
    try placeKey(
      next.encoded(), sealedWith: passphrase, workFactorLog2: workFactorLog2, as: SealedKeyFile.readingNext)
    _ = consume lock
  }

  private func remove(earlierKeysOf recipient: Recipient) throws {
    try root.remove("\(SealedKeyFile.folder)/\(Self.earlierKeysName(for: recipient))")
  }
}
