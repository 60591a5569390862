internal import Age
internal import DurableStore
internal import Primitives
internal import Streams

/// The files under `keys/`: a secret text sealed with a passphrase.
///
/// Source: FORMAT section 2.
enum SealedKeyFile {
  static let folder = "keys"
  static let reading = "reading.age"
  static let signing = "signing.age"
  static let signingRecovery = "signing-recovery.age"
  /// No key file is longer, in bytes.
  static let maximumByteCount = 65_536

  /// Writes a new key file; it is on disk when this returns.
  static func create(
    _ name: String, in keys: Directory, holding secret: borrowing SecretBytes, passphrase: borrowing Passphrase,
    workFactorLog2: Int, environment: VaultEnvironment
  ) throws {
    let file = try keys.createFile(name)
    try Sealing.seal(
      secret, to: file, with: passphrase, workFactorLog2: workFactorLog2, options: environment.sealingOptions)
    try file.finish()
    try keys.sync()
  }

  /// Opens a key file.
  ///
  /// - Throws: `VaultError.wrongPassphrase`, also if the salt, the wrapped key or the work factor was changed into
  ///   another that can be, which cryptography cannot tell apart; `.damagedKey` for everything else.
  static func open(_ name: String, in root: Directory, passphrase: borrowing Passphrase) throws -> SecretBytes {
    let path = "\(folder)/\(name)"
    do {
      let bytes = try root.directory(folder).contents(of: name, limit: maximumByteCount)
      let file = try SealedFile(reading: MemorySource(bytes))
      guard file.needsPassphrase else { throw VaultError.damagedKey(keyFile: path) }
      return try file.openSecret(with: passphrase)
    } catch AgeError.noMatch {
      throw VaultError.wrongPassphrase(keyFile: path)
    } catch is AgeError {
      throw VaultError.damagedKey(keyFile: path)
    } catch StoreError.tooLong {
      throw VaultError.damagedKey(keyFile: path)
    } catch StoreError.notFound {
      throw VaultError.incompleteVault(part: path)
    }
  }
}

extension SealedKeyFile {
  /// Requires that `bytes` begin as a file sealed with a passphrase.
  ///
  /// - Throws: `AgeError`.
  static func requireSealed(_ bytes: [UInt8]) throws {
    guard try SealedFile(bytes).needsPassphrase else { throw AgeError.noMatch }
  }
}

extension Vault {
  /// Seals a secret to keys and gives the file its name in `keys/`, when it is on disk.
  func placeKey(
    _ secret: borrowing SecretBytes, sealedTo recipients: [Recipient], as name: String, isReplacing: Bool = false
  ) throws {
    try placeKey(as: name, isReplacing: isReplacing) { file in
      try Sealing.seal(secret, to: file, for: recipients, options: environment.sealingOptions)
    }
  }

  /// Seals a secret with a passphrase and gives the file its name in `keys/`, when it is on disk.
  func placeKey(
    _ secret: borrowing SecretBytes, sealedWith passphrase: borrowing Passphrase, workFactorLog2: Int, as name: String
  ) throws {
    try placeKey(as: name, isReplacing: false) { file in
      try Sealing.seal(
        secret, to: file, with: passphrase, workFactorLog2: workFactorLog2, options: environment.sealingOptions)
    }
  }

  private func placeKey(as name: String, isReplacing: Bool, _ seal: (FileSink) throws -> Void) throws {
    let keys = try root.directory(SealedKeyFile.folder)
    let incoming = try root.directory(Self.incomingFolder)
    let temporary = placement(incoming).newName(".part")
    let file = try incoming.createFileAmongOthers(temporary)
    do {
      try seal(file)
      try file.finish()
      // The lock on the file says that it is not abandoned.
      try withExtendedLifetime(file) {
        if isReplacing {
          try incoming.replace(name, in: keys, with: temporary)
        } else {
          try incoming.move(temporary, to: keys, as: name)
        }
      }
    } catch {
      try? incoming.remove(temporary)
      throw error
    }
    try keys.sync()
  }
}
