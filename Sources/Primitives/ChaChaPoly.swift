internal import CSodium

/// Why a primitive refused.
public enum PrimitiveError: Error, Equatable, Sendable {
  /// A tag or signature does not fit: wrong key, or changed bytes.
  case notAuthentic
  /// A public key is of small order or not a valid encoding.
  case invalidKey
  /// A length or parameter is out of the bounds of the primitive.
  case invalidParameter
}

/// A key for ChaCha20-Poly1305 with 96-bit nonces.
///
/// Source: RFC 8439; `crypto_aead_chacha20poly1305_ietf_*`.
public struct ChaChaPolyKey: ~Copyable, Sendable {
  /// Key size in bytes.
  public static let byteCount = 32
  /// Nonce size in bytes.
  public static let nonceByteCount = 12
  /// Size of the authentication tag behind each ciphertext, in bytes.
  public static let tagByteCount = 16

  private let bytes: SecretBytes

  /// Takes 32 secret bytes over.
  public init(_ bytes: consuming SecretBytes) {
    precondition(bytes.count == Self.byteCount, "Primitives: a ChaCha20-Poly1305 key has 32 bytes")
    self.bytes = bytes
  }

  /// Writes ciphertext and tag of `plaintext` to the start of `output`, which must be 16 bytes longer than `plaintext`.
  public borrowing func seal(_ plaintext: Span<UInt8>, nonce: [UInt8], into output: inout MutableSpan<UInt8>) {
    precondition(nonce.count == Self.nonceByteCount, "Primitives: a nonce has 12 bytes")
    precondition(output.count >= plaintext.count + Self.tagByteCount, "Primitives: no room for the tag")
    unsafe output.withUnsafeMutableBufferPointer { out in
      guard let output = out.baseAddress else { return }
      unsafe plaintext.withUnsafeBufferPointer { input in
        _ = unsafe bytes.withPointer { key in
          unsafe crypto_aead_chacha20poly1305_ietf_encrypt(
            output, nil, input.baseAddress, UInt64(input.count), nil, 0, nil, nonce, key)
        }
      }
    }
  }

  /// Writes the plaintext of `ciphertext` to the start of `output`, which must have room for all but the tag.
  ///
  /// - Throws: `notAuthentic`, with nothing of the plaintext left in `output`.
  public borrowing func open(
    _ ciphertext: Span<UInt8>, nonce: [UInt8], into output: inout MutableSpan<UInt8>
  ) throws(PrimitiveError) {
    precondition(nonce.count == Self.nonceByteCount, "Primitives: a nonce has 12 bytes")
    guard ciphertext.count >= Self.tagByteCount else { throw .notAuthentic }
    precondition(output.count >= ciphertext.count - Self.tagByteCount, "Primitives: no room for the plaintext")
    let status = unsafe output.withUnsafeMutableBufferPointer { out in
      unsafe ciphertext.withUnsafeBufferPointer { input -> Int32 in
        guard let start = input.baseAddress else { return -1 }
        return unsafe bytes.withPointer { key in
          unsafe crypto_aead_chacha20poly1305_ietf_decrypt(  // not secret: whether it fits
            out.baseAddress, nil, nil, start, UInt64(input.count), nil, 0, nonce, key)
        }
      }
    }
    guard status == 0 else { throw .notAuthentic }  // not secret: whether it fits
  }
}
