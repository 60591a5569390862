internal import Age
internal import DurableStore
internal import Primitives
internal import Streams

/// `keys/signing-recovery.age`: the signing seed, sealed to the reading identity. It is there once shares of that
/// identity were made: whoever brings the identity back can then sign again, under the same name.
///
/// Source: FORMAT section 2.
extension Vault {
  private static let signingRecoveryPath = "\(SealedKeyFile.folder)/\(SealedKeyFile.signingRecovery)"

  /// Prepares the file; `nil` if it is there and holds what it should.
  ///
  /// - Throws: as `signerOfRecovery`.
  func preparedSigningRecovery(for identity: Identity, signer: VaultSigner) throws -> PreparedKeyFile? {
    if try signerOfRecovery(identity) != nil { return nil }
    return try preparedKey(signer.encoded(), sealedTo: [identity.recipient])
  }

  /// Gives the file its name, unless somebody who was quicker made it; by whoever holds the lock.
  func placeSigningRecovery(_ file: PreparedKeyFile?) throws {
    guard let file, !root.contains(Self.signingRecoveryPath) else { return }
    try file.place(as: SealedKeyFile.signingRecovery)
  }

  /// Seals the seed to other reading identities, if the file is there. The old file is overwritten as far as the file
  /// system lets it be.
  func resealSigningRecovery(for recipients: [Recipient], signer: VaultSigner) throws {
    guard root.contains(Self.signingRecoveryPath) else { return }
    let old = try root.file(Self.signingRecoveryPath)
    try placeKey(signer.encoded(), sealedTo: recipients, as: SealedKeyFile.signingRecovery, isReplacing: true)
    _ = old.overwriteOnceNameless()
  }

  /// Closes the file to reading identities that are none any more, and kept: a rotation that died at its end leaves it
  /// open to both. A file that opens to readers alone, or to nobody of `identities`, stays as it is.
  ///
  /// - Throws: `StoreError.busy`, `.changed`.
  func closeSigningRecovery(_ identities: [Identity], signer: VaultSigner) throws {
    let former = identities.filter { !note.readers.contains($0.recipient) }
    guard let reader = identities.first(where: { note.readers.contains($0.recipient) }),
      former.contains(where: { (try? signerOfRecovery($0)) != nil })
    else { return }
    let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
    try settleNote()
    try resealSigningRecovery(for: [reader.recipient], signer: signer)
    _ = consume lock
  }

  /// The signing key in the file; `nil` if there is no file.
  ///
  /// - Throws: `VaultError.damagedKey` if it does not open, or holds another key than that of `vault.note`.
  func signerOfRecovery(_ identity: Identity) throws -> VaultSigner? {
    guard root.contains(Self.signingRecoveryPath) else { return nil }
    let bytes = try root.directory(SealedKeyFile.folder)
      .contents(of: SealedKeyFile.signingRecovery, limit: SealedKeyFile.maximumByteCount)
    do {
      let text = try SealedFile(reading: MemorySource(bytes)).openSecret(with: [identity])
      if let signer = VaultSigner(encoded: text), signer.verifierKeys(origin: note.origin) == note.keys {
        return signer
      }
    } catch {
      throw VaultError.damagedKey(keyFile: Self.signingRecoveryPath)
    }
    throw VaultError.damagedKey(keyFile: Self.signingRecoveryPath)
  }
}
