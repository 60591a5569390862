public import Age
internal import DurableStore
internal import Primitives
internal import Streams
internal import TransparencyLog

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
  public var fingerprint: String { publicHalf.fingerprint.words }

  /// What is enough to promise it.
  public var publicHalf: NextPublicKey { NextPublicKey(signer.key(for: .vault).verifyingKey) }

  /// By what it is promised: SHA-256 of its `vault` key.
  var promise: Digest { publicHalf.promise }
}

/// The public half of a signing key that is to follow. It can be sent to whoever promises the key, while the key itself
/// never comes near the vault before it is needed.
///
/// Source: FORMAT section 2.
public struct NextPublicKey: Hashable, Sendable, CustomStringConvertible {
  private static let name = "evidence-vault/next"

  private let key: VerifyingKey
  /// As it is sent: the form of verifier keys, whose key ID tells a mistyped one.
  public let description: String

  init(_ key: VerifyingKey) {
    self.key = key
    description = (try? KeyName(Array(Self.name.utf8))).map { VerifierKey(name: $0, key: key).description } ?? ""
  }

  /// Reads what `description` gives; `nil` for anything else.
  public init?(_ text: String) {
    guard let named = try? VerifierKey(text), named.name.bytes.elementsEqual(Self.name.utf8) else { return nil }
    self.init(named.key)
  }

  /// What is compared by voice with whoever made the key.
  public var fingerprint: KeyFingerprint { KeyFingerprint(of: key) }

  /// By what the key is promised: SHA-256 of its 32 bytes.
  var promise: Digest { VaultNote.promise(of: key) }
}
