internal import CSodium

/// A private key for Ed25519 signatures, made from a 32-byte seed.
///
/// Source: RFC 8032 section 5.1; `crypto_sign_seed_keypair`, `crypto_sign_detached`.
public struct SigningKey: ~Copyable, Sendable {
  /// Size of the seed in bytes.
  public static let seedByteCount = 32

  private let expanded: SecretBytes
  /// The public half.
  public let verifyingKey: VerifyingKey

  /// Derives the key pair of `seed`, which must have 32 bytes.
  public init(seed: borrowing SecretBytes) {
    precondition(seed.count == Self.seedByteCount, "Primitives: an Ed25519 seed has 32 bytes")
    Sodium.prepare()
    var publicKey = [UInt8](repeating: 0, count: VerifyingKey.byteCount)
    var expanded = SecretBytes(count: Int(crypto_sign_SECRETKEYBYTES))
    _ = unsafe seed.withPointer { seed in
      unsafe expanded.withMutablePointer { unsafe crypto_sign_seed_keypair(&publicKey, $0, seed) }
    }
    self.expanded = expanded
    self.verifyingKey = VerifyingKey(derived: publicKey)
  }

  /// The 64-byte signature of `message`; the same for the same message.
  public borrowing func signature(for message: [UInt8]) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: VerifyingKey.signatureByteCount)
    _ = unsafe expanded.withPointer { key in
      unsafe crypto_sign_detached(&signature, nil, message, UInt64(message.count), key)
    }
    return signature
  }

  /// The X25519 key of the same person: the scalar that Ed25519 makes of the seed.
  ///
  /// Source: RFC 8032 section 5.1.5, steps 1 and 2; `crypto_sign_ed25519_sk_to_curve25519`.
  public borrowing func x25519Key() -> X25519PrivateKey {
    var scalar = SecretBytes(count: X25519PrivateKey.byteCount)
    let status = unsafe expanded.withPointer { expanded in
      unsafe scalar.withMutablePointer { unsafe crypto_sign_ed25519_sk_to_curve25519($0, expanded) }
    }
    precondition(status == 0, "Primitives: an Ed25519 key without a scalar")
    return X25519PrivateKey(scalar)
  }
}

/// A public key for Ed25519 signatures: a point of the prime-order group, canonically encoded.
///
/// Source: RFC 8032 section 5.1; `crypto_sign_verify_detached`, `crypto_core_ed25519_is_valid_point`.
public struct VerifyingKey: Hashable, Sendable {
  /// Size of the key in bytes.
  public static let byteCount = 32
  /// Size of a signature in bytes.
  public static let signatureByteCount = 64

  /// The 32 bytes of RFC 8032.
  public let bytes: [UInt8]

  fileprivate init(derived bytes: [UInt8]) { self.bytes = bytes }

  /// Takes a key from somebody else.
  ///
  /// - Throws: `invalidKey` unless it is canonical and in the prime-order group: a key of mixed order would let its
  ///   owner make signatures on which verifiers disagree.
  public init(_ bytes: some Collection<UInt8>) throws(PrimitiveError) {
    Sodium.prepare()
    let bytes = Array(bytes)
    guard bytes.count == Self.byteCount, unsafe crypto_core_ed25519_is_valid_point(bytes) == 1 else {
      throw .invalidKey
    }
    self.bytes = bytes
  }

  /// Whether `signature` is this key's signature of `message`.
  public func isValid(_ signature: some Collection<UInt8>, for message: [UInt8]) -> Bool {
    let signature = Array(signature)
    guard signature.count == Self.signatureByteCount else { return false }
    return unsafe crypto_sign_verify_detached(signature, message, UInt64(message.count), bytes) == 0
  }

  /// The X25519 key of the same person: 32 bytes, little-endian u-coordinate of the same point.
  ///
  /// Source: RFC 7748 section 4.1; `crypto_sign_ed25519_pk_to_curve25519`.
  public func x25519Key() -> [UInt8] {
    var output = [UInt8](repeating: 0, count: X25519PrivateKey.byteCount)
    // It refuses only what is no point of the prime-order group, and such a key is never made.
    precondition(
      unsafe crypto_sign_ed25519_pk_to_curve25519(&output, bytes) == 0, "Primitives: an Ed25519 key that is no point")
    return output
  }
}
