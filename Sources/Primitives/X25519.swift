internal import CSodium

/// A private scalar for X25519.
///
/// Source: RFC 7748 section 5; `crypto_scalarmult`.
public struct X25519PrivateKey: ~Copyable, Sendable {
  /// Size of private and public keys, in bytes.
  public static let byteCount = 32

  private let scalar: SecretBytes

  /// Takes 32 secret bytes over; they are clamped at use, as the RFC says.
  public init(_ scalar: consuming SecretBytes) {
    precondition(scalar.count == Self.byteCount, "Primitives: an X25519 key has 32 bytes")
    self.scalar = scalar
  }

  /// The public key: 32 bytes, little-endian u-coordinate.
  public borrowing func publicKey() -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Self.byteCount)
    _ = unsafe scalar.withPointer { unsafe crypto_scalarmult_base(&output, $0) }
    return output
  }

  /// The secret shared with the holder of `publicKey`.
  ///
  /// - Throws: `invalidKey` for another length, or for a point of small order (the result would be zero for everyone).
  public borrowing func sharedSecret(with publicKey: [UInt8]) throws(PrimitiveError) -> SecretBytes {
    guard publicKey.count == Self.byteCount else { throw .invalidKey }
    var output = SecretBytes(count: Self.byteCount)
    let status = unsafe scalar.withPointer { scalar in
      unsafe output.withMutablePointer { unsafe crypto_scalarmult($0, scalar, publicKey) }
    }
    guard status == 0 else { throw .invalidKey }  // not secret: whether the point is of small order
    return output
  }
}
