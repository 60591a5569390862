internal import Primitives

/// The key of one file: 16 random bytes that every stanza wraps. It lives as long as its file is being read or written.
///
/// Source: c2sp.org/age, "File key".
struct FileKey: ~Copyable {
  static let byteCount = 16
  /// Size of a file key sealed in a stanza, in bytes.
  static let wrappedByteCount = byteCount + ChaChaPolyKey.tagByteCount

  let bytes: SecretBytes

  /// Makes a new key.
  init(from randomness: any RandomSource) { bytes = SecretBytes(randomCount: Self.byteCount, from: randomness) }

  /// Takes an unwrapped key over; `nil` if it has another size.
  init?(_ bytes: consuming SecretBytes) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = bytes
  }

  /// Seals the key under a key used for nothing else, so the nonce is zero.
  borrowing func wrapped(under key: borrowing ChaChaPolyKey) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: Self.wrappedByteCount)
    bytes.withSpan { bytes in
      var span = output.mutableSpan
      key.seal(bytes, nonce: Self.zeroNonce, into: &span)
    }
    return output
  }

  /// Opens what `wrapped` made; `nil` if the key does not fit.
  init?(unwrapping body: [UInt8], under key: borrowing ChaChaPolyKey) {
    // The size is checked before opening, against partitioning oracles.
    guard body.count == Self.wrappedByteCount else { return nil }
    var bytes = SecretBytes(count: Self.byteCount)
    let isOpen = bytes.withMutableSpan { span in
      (try? key.open(body.span, nonce: Self.zeroNonce, into: &span)) != nil
    }
    guard isOpen else { return nil }
    self.bytes = bytes
  }

  /// The key of the payload whose nonce is `nonce`.
  borrowing func payloadKey(nonce: [UInt8]) -> ChaChaPolyKey { ChaChaPolyKey(derived(salt: nonce, info: "payload")) }

  /// The code over a header.
  borrowing func headerCode(over bytes: [UInt8]) -> [UInt8] {
    var code = HMACSHA256(key: derived(salt: [], info: "header"))
    code.update(bytes)
    return code.finalize()
  }

  /// Whether `code` is the code over a header, in constant time.
  borrowing func isHeaderCode(_ code: [UInt8], over bytes: [UInt8]) -> Bool {
    var own = HMACSHA256(key: derived(salt: [], info: "header"))
    own.update(bytes)
    return own.isValid(code)
  }

  private borrowing func derived(salt: [UInt8], info: String) -> SecretBytes {
    HKDF.derive32(from: bytes, salt: salt, info: Array(info.utf8))
  }

  private static let zeroNonce = [UInt8](repeating: 0, count: ChaChaPolyKey.nonceByteCount)
}
