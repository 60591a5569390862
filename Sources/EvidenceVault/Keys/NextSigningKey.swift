public import Age
internal import DurableStore
internal import Primitives
internal import Streams

/// A signing key that is to follow the present one, and lies elsewhere: in a key file like `keys/signing.age`, under a
/// passphrase of its own.
///
/// Source: FORMAT section 2.
public struct NextSigningKey: Sendable {
  let signer: VaultSigner

  init(signer: VaultSigner) { self.signer = signer }

  /// Makes a new key.
  ///
  /// - Parameter environment: Where randomness comes from.
  public init(generating environment: VaultEnvironment) {
    signer = VaultSigner(generatingFrom: environment.randomness)
  }

  /// Opens the key file at `path`.
  ///
  /// - Throws: `VaultError.wrongPassphrase`, `.damagedKey`; `.invalidKey` if it is not sealed with a passphrase; what
  ///   the file system throws.
  public init(opening path: String, passphrase: borrowing Passphrase) throws(VaultError) {
    do {
      let bytes = try FileSource(opening: path).contents(limit: SealedKeyFile.maximumByteCount)
      let file = try SealedFile(reading: MemorySource(bytes))
      guard file.needsPassphrase else { throw VaultError.invalidKey(what: path) }
      guard let signer = VaultSigner(encoded: try file.openSecret(with: passphrase)) else {
        throw VaultError.invalidKey(what: path)
      }
      self.signer = signer
    } catch AgeError.noMatch {
      throw .wrongPassphrase(keyFile: path)
    } catch AgeError.header(.notAnAgeFile) {
      throw .invalidKey(what: path)
    } catch let error as AgeError {
      _ = error
      throw .damagedKey(keyFile: path)
    } catch {
      throw VaultError(error)
    }
  }

  /// Seals the key into a new file at `path`, which is on disk when this returns.
  ///
  /// - Throws: what the file system throws, also if there is anything at `path`.
  public func save(
    at path: String, passphrase: borrowing Passphrase, workFactorLog2: Int = Passphrase.defaultWorkFactorLog2,
    environment: VaultEnvironment
  ) throws(VaultError) {
    do {
      let file = try OutputFile(for: path, nonce: Hex.encode(environment.randomness.bytes(8)))
      try Sealing.seal(
        signer.encoded(), to: file, with: passphrase, workFactorLog2: workFactorLog2,
        options: environment.sealingOptions)
      try file.finish()
      try file.publish()
    } catch {
      throw VaultError(error)
    }
  }

  /// The `vault` key, in the eight words that it will have.
  public var fingerprint: String { WordList.fingerprint(of: promise) }

  /// By what it is promised: SHA-256 of its `vault` key.
  var promise: Digest { VaultNote.promise(of: signer.key(for: .vault).verifyingKey) }
}
