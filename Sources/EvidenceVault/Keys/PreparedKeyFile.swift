internal import Age
internal import DurableStore
internal import Primitives
internal import Streams

/// A new key file of a vault, whole and on disk in `incoming/`, that has no name in `keys/` yet. Every key file is
/// written like this. One that gets no name is removed when it goes out of use.
///
/// `fsync`; for its name `renameat`, or `renameat2(RENAME_NOREPLACE)`, and `fsync` of `keys/`.
///
/// Source: FORMAT sections 1 and 2.
final class PreparedKeyFile {
  private let incoming: Directory
  private let keys: Directory
  private let temporary: String
  /// The lock on it says that it is not abandoned.
  private let file: FileSink
  private var isPlaced = false

  /// Prepares a file in the vault whose folder is `root`.
  ///
  /// - Parameter seal: Writes what is to be in it.
  init(in root: Directory, environment: VaultEnvironment, _ seal: (FileSink) throws -> Void) throws {
    incoming = try root.directory(Vault.incomingFolder)
    keys = try root.directory(SealedKeyFile.folder)
    temporary = Placement(root: root, incoming: incoming, environment: environment).newName(".part")
    file = try incoming.createFileAmongOthers(temporary)
    try seal(file)
    try file.finish()
  }

  /// Prepares a file with a secret, sealed with a passphrase.
  convenience init(
    in root: Directory, holding secret: borrowing SecretBytes, passphrase: borrowing Passphrase, workFactorLog2: Int,
    environment: VaultEnvironment
  ) throws {
    try self.init(in: root, environment: environment) { file in
      try Sealing.seal(
        secret, to: file, with: passphrase, workFactorLog2: workFactorLog2, options: environment.sealingOptions)
    }
  }

  deinit { if !isPlaced { try? incoming.remove(temporary) } }

  /// Gives the file its name, which is on disk when this returns. It replaces nothing, unless `isReplacing` is set.
  func place(as name: String, isReplacing: Bool = false) throws {
    if isReplacing {
      try incoming.replace(name, in: keys, with: temporary)
    } else {
      try incoming.move(temporary, to: keys, as: name)
    }
    isPlaced = true
    try keys.sync()
  }
}

extension Vault {
  /// Prepares a key file with a secret, sealed with a passphrase.
  func preparedKey(
    _ secret: borrowing SecretBytes, sealedWith passphrase: borrowing Passphrase, workFactorLog2: Int
  ) throws -> PreparedKeyFile {
    try PreparedKeyFile(
      in: root, holding: secret, passphrase: passphrase, workFactorLog2: workFactorLog2, environment: environment)
  }

  /// Prepares a key file with a secret, sealed to keys. Sealed to nobody it is empty.
  func preparedKey(_ secret: borrowing SecretBytes, sealedTo recipients: [Recipient]) throws -> PreparedKeyFile {
    try PreparedKeyFile(in: root, environment: environment) { file in
      if !recipients.isEmpty {
        try Sealing.seal(secret, to: file, for: recipients, options: environment.sealingOptions)
      }
    }
  }

  /// Prepares such a file and gives it its name in `keys/`.
  func placeKey(
    _ secret: borrowing SecretBytes, sealedTo recipients: [Recipient], as name: String, isReplacing: Bool = false
  ) throws {
    try preparedKey(secret, sealedTo: recipients).place(as: name, isReplacing: isReplacing)
  }
}
