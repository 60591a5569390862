public import Age
internal import DurableStore
internal import Primitives
internal import TransparencyLog

/// The files that hold the signing key, from the instant at which a new one is sealed to that at which it has the name
/// of the old one. A key that is to follow lies under the digest of its `vault` key: whether it came to count, the note
/// says, and no passphrase is needed to find out.
///
/// Source: FORMAT sections 1 and 2.
extension SealedKeyFile {
  static let signingPrefix = "signing-"
  static let recoveryPrefix = "signing-recovery-"
  static let ending = ".age"

  static func signing(of key: VerifyingKey) -> String { signingPrefix + VaultNote.promise(of: key).hex + ending }

  static func recovery(of key: VerifyingKey) -> String { recoveryPrefix + VaultNote.promise(of: key).hex + ending }

  /// Whether a file holds a signing key that is to follow, or may not have.
  static func isOfNextKey(_ name: String) -> Bool {
    [recoveryPrefix, reasonPrefix, signingPrefix].contains { prefix in
      name.hasPrefix(prefix) && name.hasSuffix(ending)
        && Digest(hex: name.dropFirst(prefix.count).dropLast(ending.count)) != nil
    }
  }
}

extension VaultNote {
  /// The files of keys that came to count and may have no final name yet, and those of the reading keys before them.
  var pendingKeyPaths: [String] {
    let signing = [SealedKeyFile.signing, SealedKeyFile.recovery, SealedKeyFile.reason].map { $0(vaultKey.key) }
    return (signing + nextReadingFiles + earlierReadingFiles).map { "\(SealedKeyFile.folder)/\($0)" }
  }

  /// The file that holds the signing key of the vault: one that has no final name yet goes first.
  func signingFile(in root: Directory) -> String {
    let own = SealedKeyFile.signing(of: vaultKey.key)
    guard let keys = try? root.directory(SealedKeyFile.folder) else { return SealedKeyFile.signing }
    return SealedKeyFile.isSealed(own, in: keys) ? own : SealedKeyFile.signing
  }
}

extension Vault {
  /// The file that holds the signing key of the note.
  var signingFile: String { note.signingFile(in: root) }

  /// Whether the passphrase opens the signing key file, and what is in it is not the key of `vault.note`.
  public func holdsForeignSigningKey(_ passphrase: borrowing Passphrase) -> Bool {
    guard let text = try? SealedKeyFile.open(signingFile, in: root, passphrase: passphrase) else { return false }
    return VaultSigner(encoded: text)?.verifierKeys(origin: note.origin) != note.keys
  }

  /// Requires that a passphrase opens the signing key still: whoever waited for the lock may have waited for a change
  /// of the passphrase, and a key sealed with the old one would bring that back.
  ///
  /// - Throws: as `SealedKeyFile.open`.
  func requirePassphrase(_ passphrase: borrowing Passphrase) throws {
    _ = try SealedKeyFile.open(signingFile, in: root, passphrase: passphrase)
  }

  /// Gives a signing key that came to count the name of the old one, and removes one that did not; by whoever holds the
  /// lock. An empty file in the place of the copy for those who have shares says that the old copy is to go.
  ///
  /// In order: `renameat` over `signing.age`, and `fsync`; `renameat` over `signing-recovery.age`, or its removal, and
  /// `fsync`.
  func settleKeys() throws {
    try settleReadingKeys()
    let keys = try root.directory(SealedKeyFile.folder)
    let own = SealedKeyFile.signing(of: note.vaultKey.key)
    let ownRecovery = SealedKeyFile.recovery(of: note.vaultKey.key)
    let ownNames = [own, ownRecovery, SealedKeyFile.reason(of: note.vaultKey.key)]
    let files = try keys.entries().filter { $0.kind == .file }.compactMap(\.name)
    for name in files where SealedKeyFile.isOfNextKey(name) {
      if !ownNames.contains(name) { try keys.remove(name) }
    }
    try settleReason(in: keys)
    if SealedKeyFile.isSealed(own, in: keys) {
      let old = try? keys.file(SealedKeyFile.signing)
      try keys.replace(SealedKeyFile.signing, in: keys, with: own)
      try keys.sync()
      _ = old?.overwriteOnceNameless()
    }
    guard files.contains(ownRecovery) else { return }
    let recovery = try keys.contents(of: ownRecovery, limit: SealedKeyFile.maximumByteCount)
    guard recovery.isEmpty || (try? SealedFile(recovery)) != nil else { return }
    if !recovery.isEmpty {
      try keys.replace(SealedKeyFile.signingRecovery, in: keys, with: ownRecovery)
    } else {
      if keys.contains(SealedKeyFile.signingRecovery) { try keys.remove(SealedKeyFile.signingRecovery) }
      try keys.remove(ownRecovery)
    }
    try keys.sync()
  }

  /// Seals what is to be the signing key, the reason for it, and its copy for those who have shares if there is a copy
  /// of the present one that one of `identities` opens. None of it counts before the note does.
  func prepare(
    _ next: VaultSigner, reason: String?, passphrase: borrowing Passphrase, workFactorLog2: Int,
    identities: [Identity]
  ) throws -> SigningKeyReceipt.RecoveryCopy {
    let key = next.key(for: .vault).verifyingKey
    if let reason { try keepReason(reason, for: next) }
    try preparedKey(next.encoded(), sealedWith: passphrase, workFactorLog2: workFactorLog2)
      .place(as: SealedKeyFile.signing(of: key))
    guard root.contains("\(SealedKeyFile.folder)/\(SealedKeyFile.signingRecovery)") else { return .none }
    let reader = identities.first { (try? signerOfRecovery($0)) != nil }
    try placeKey(
      next.encoded(), sealedTo: reader.map { [$0.recipient] } ?? [], as: SealedKeyFile.recovery(of: key))
    return reader == nil ? .removed : .sealedAnew
  }
}
