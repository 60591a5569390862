internal import Crypto
internal import FoundationEssentials

/// A private key for X-Wing (ML-KEM-768 with X25519), used through HPKE in base mode with HKDF-SHA-256 and
/// ChaCha20-Poly1305.
///
/// swift-crypto holds seed and expanded key in ordinary memory while it decapsulates: libsodium 1.0.18 has no ML-KEM.
/// What it leaves on the stack is overwritten here; what it leaves on the heap, only where the process has the C
/// library overwrite freed memory, as `evidence` does. SECURITY.md names the exception.
///
/// Source: RFC 9180 section 6.1; draft-connolly-cfrg-xwing-kem.
public struct XWingPrivateKey: ~Copyable, Sendable {
  /// Size of the seed in bytes.
  public static let seedByteCount = 32

  private let seed: SecretBytes
  /// The public key that belongs to the seed.
  public let publicKey: XWingPublicKey

  /// Takes a 32-byte seed over.
  ///
  /// - Throws: `invalidKey` if swift-crypto refuses the seed.
  public init(seed: consuming SecretBytes) throws(PrimitiveError) {
    precondition(seed.count == Self.seedByteCount, "Primitives: an X-Wing seed has 32 bytes")
    defer { Sodium.clearStack() }
    self.publicKey = try Self.publicKey(of: seed)
    self.seed = seed
  }

  /// Opens one HPKE message.
  ///
  /// - Throws: `notAuthentic` if the message is for another key or was changed, `invalidKey` for a malformed
  ///   `encapsulatedKey`.
  public borrowing func open(
    _ ciphertext: [UInt8], encapsulatedKey: [UInt8], info: [UInt8]
  ) throws(PrimitiveError) -> SecretBytes {
    guard encapsulatedKey.count == XWingPublicKey.encapsulatedKeyByteCount else { throw .invalidKey }
    defer { Sodium.clearStack() }
    return try opened(ciphertext, encapsulatedKey: encapsulatedKey, info: info)
  }

  @inline(never) private borrowing func opened(
    _ ciphertext: [UInt8], encapsulatedKey: [UInt8], info: [UInt8]
  ) throws(PrimitiveError) -> SecretBytes {
    let key = try Self.expand(seed)
    guard
      var recipient = try? HPKE.Recipient(
        privateKey: key, ciphersuite: .hybridChaCha, info: Data(info), encapsulatedKey: Data(encapsulatedKey))
    else { throw .invalidKey }
    guard var plaintext = try? recipient.open(Data(ciphertext)) else { throw .notAuthentic }
    defer { plaintext.resetBytes(in: plaintext.startIndex..<plaintext.endIndex) }
    // An iterator over Data would leave a copy on the stack.
    var secret = SecretBytes(count: plaintext.count)
    unsafe plaintext.withUnsafeBytes { bytes in unsafe secret.replace(with: bytes) }
    return secret
  }

  @inline(never) private static func publicKey(
    of seed: borrowing SecretBytes
  ) throws(PrimitiveError) -> XWingPublicKey {
    XWingPublicKey(derived: Array(try expand(seed).publicKey.rawRepresentation))
  }

  private static func expand(_ seed: borrowing SecretBytes) throws(PrimitiveError) -> XWingMLKEM768X25519.PrivateKey {
    let key = seed.withSpan { span in
      unsafe span.withUnsafeBytes { bytes in
        try? unsafe XWingMLKEM768X25519.PrivateKey(seedRepresentation: bytes, publicKey: nil)
      }
    }
    guard let key else { throw .invalidKey }
    return key
  }
}

/// A public key for X-Wing: the ML-KEM-768 encapsulation key, then the X25519 share.
public struct XWingPublicKey: Hashable, Sendable {
  /// Size of the key in bytes.
  public static let byteCount = 1216
  /// Size of the encapsulated key in bytes.
  public static let encapsulatedKeyByteCount = 1120

  /// The bytes of the key.
  public let bytes: [UInt8]

  fileprivate init(derived bytes: [UInt8]) { self.bytes = bytes }

  /// Takes a key from somebody else.
  ///
  /// - Throws: `invalidKey` for another length, or a coefficient out of range (FIPS 203 section 7.2).
  public init(_ bytes: [UInt8]) throws(PrimitiveError) {
    // swift-crypto looks at the coefficients only when the key is used, so it is used once here.
    guard bytes.count == Self.byteCount, let key = try? XWingMLKEM768X25519.PublicKey(rawRepresentation: bytes),
      (try? HPKE.Sender(recipientKey: key, ciphersuite: .hybridChaCha, info: Data())) != nil
    else { throw .invalidKey }
    self.bytes = bytes
  }

  /// Seals one HPKE message to the key.
  ///
  /// - Throws: `invalidKey` if the key has no valid point in it.
  public func seal(
    _ plaintext: borrowing SecretBytes, info: [UInt8]
  ) throws(PrimitiveError) -> (encapsulatedKey: [UInt8], ciphertext: [UInt8]) {
    defer { Sodium.clearStack() }
    return try sealed(plaintext, info: info)
  }

  @inline(never) private func sealed(
    _ plaintext: borrowing SecretBytes, info: [UInt8]
  ) throws(PrimitiveError) -> (encapsulatedKey: [UInt8], ciphertext: [UInt8]) {
    guard
      let key = try? XWingMLKEM768X25519.PublicKey(rawRepresentation: bytes),
      var sender = try? HPKE.Sender(recipientKey: key, ciphersuite: .hybridChaCha, info: Data(info))
    else { throw .invalidKey }
    let ciphertext = plaintext.withSpan { span in
      unsafe span.withUnsafeBytes { bytes in try? unsafe sender.seal(bytes) }
    }
    guard let ciphertext else { throw .invalidKey }
    return (Array(sender.encapsulatedKey), Array(ciphertext))
  }
}

extension HPKE.Ciphersuite {
  fileprivate static let hybridChaCha = HPKE.Ciphersuite(
    kem: .XWingMLKEM768X25519, kdf: .HKDF_SHA256, aead: .chaChaPoly)
}
