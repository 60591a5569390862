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
    } catch let error as StoreError {
      switch error {
      case .notAFile, .symbolicLink: throw VaultError.damaged(.obstacle(path))
      case .notADirectory: throw VaultError.damaged(.obstacle(folder))
      default: throw error
      }
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
