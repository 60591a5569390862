internal import CSodium

/// HMAC with SHA-256.
///
/// Source: RFC 2104; `crypto_auth_hmacsha256_*`.
public struct HMACSHA256: ~Copyable {
  /// Size of the code in bytes.
  public static let byteCount = 32
  private var state = SecretBytes(count: MemoryLayout<crypto_auth_hmacsha256_state>.size)

  /// Starts a code under `key`, which may have any length.
  public init(key: borrowing SecretBytes) {
    let keyByteCount = key.count
    _ = unsafe key.withPointer { key in
      unsafe withState { unsafe crypto_auth_hmacsha256_init($0, key, keyByteCount) }
    }
  }

  /// Adds bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      _ = unsafe withState { unsafe crypto_auth_hmacsha256_update($0, start, UInt64(bytes.count)) }
    }
  }

  /// Adds bytes.
  public mutating func update(_ bytes: [UInt8]) { update(bytes.span) }

  /// The code over all that was added, as a public value.
  public consuming func finalize() -> [UInt8] {
    var code = [UInt8](repeating: 0, count: Self.byteCount)
    _ = unsafe withState { unsafe crypto_auth_hmacsha256_final($0, &code) }
    return code
  }

  /// The code over all that was added, as a secret.
  public consuming func finalizeSecret() -> SecretBytes {
    var code = SecretBytes(count: Self.byteCount)
    _ = unsafe code.withMutablePointer { code in
      unsafe withState { unsafe crypto_auth_hmacsha256_final($0, code) }
    }
    return code
  }

  /// Whether `code` is the code over all that was added, in constant time.
  public consuming func isValid(_ code: [UInt8]) -> Bool {
    let own = finalize()
    guard code.count == own.count else { return false }
    return unsafe sodium_memcmp(code, own, own.count) == 0
  }

  /// The state depends on the key, so it lives in guarded memory as well.
  private mutating func withState<Result>(
    _ body: (UnsafeMutablePointer<crypto_auth_hmacsha256_state>) -> Result
  ) -> Result {
    unsafe state.withMutablePointer { bytes in
      unsafe bytes.withMemoryRebound(to: crypto_auth_hmacsha256_state.self, capacity: 1) { unsafe body($0) }
    }
  }
}

/// HKDF with SHA-256, built on HMAC because libsodium 1.0.18 has no HKDF.
///
/// Source: RFC 5869 sections 2.2 and 2.3.
public enum HKDF {
  /// The longest output: 255 blocks of 32 bytes.
  public static let maximumByteCount = 255 * HMACSHA256.byteCount

  /// Derives `byteCount` secret bytes.
  ///
  /// - Throws: `invalidParameter` beyond `maximumByteCount`.
  public static func derive(
    from inputKey: borrowing SecretBytes, salt: [UInt8], info: [UInt8], byteCount: Int
  ) throws(PrimitiveError) -> SecretBytes {
    guard byteCount > 0, byteCount <= maximumByteCount else { throw .invalidParameter }
    return expand(inputKey, salt: salt, info: info, byteCount: byteCount)
  }

  /// Derives 32 secret bytes, which is always possible.
  public static func derive32(from inputKey: borrowing SecretBytes, salt: [UInt8], info: [UInt8]) -> SecretBytes {
    expand(inputKey, salt: salt, info: info, byteCount: 32)
  }

  private static func expand(
    _ inputKey: borrowing SecretBytes, salt: [UInt8], info: [UInt8], byteCount: Int
  ) -> SecretBytes {
    let pseudorandomKey = extract(inputKey, salt: salt)
    var output = SecretBytes(count: byteCount)
    var block = SecretBytes(count: 0)
    for start in stride(from: 0, to: byteCount, by: HMACSHA256.byteCount) {
      var code = HMACSHA256(key: pseudorandomKey)
      block.withSpan { code.update($0) }
      code.update(info)
      code.update([UInt8(start / HMACSHA256.byteCount + 1)])
      block = code.finalizeSecret()
      for index in start..<min(start + HMACSHA256.byteCount, byteCount) { output[index] = block[index - start] }
    }
    return output
  }

  private static func extract(_ inputKey: borrowing SecretBytes, salt: [UInt8]) -> SecretBytes {
    let saltKey = SecretBytes(count: salt.count) { span in
      for index in salt.indices { span[index] = salt[index] }
    }
    var code = HMACSHA256(key: saltKey)
    inputKey.withSpan { code.update($0) }
    return code.finalizeSecret()
  }
}

/// scrypt with r = 8 and p = 1, the parameters of age.
///
/// Source: RFC 7914; `crypto_pwhash_scryptsalsa208sha256_ll`.
public enum Scrypt {
  /// Derives 32 secret bytes. It takes 1 KiB times 2 to the power of `workFactorLog2` of memory.
  ///
  /// - Throws: `invalidParameter` outside 1...30, or when the memory is not to be had.
  public static func derive(
    from passphrase: borrowing SecretBytes, salt: [UInt8], workFactorLog2: Int
  ) throws(PrimitiveError) -> SecretBytes {
    guard (1...30).contains(workFactorLog2) else { throw .invalidParameter }
    Sodium.prepare()
    var output = SecretBytes(count: 32)
    let passphraseByteCount = passphrase.count
    let status = unsafe passphrase.withPointer { passphrase in
      unsafe output.withMutablePointer { output in
        unsafe crypto_pwhash_scryptsalsa208sha256_ll(  // by design: scrypt
          passphrase, passphraseByteCount, salt, salt.count, 1 << UInt64(workFactorLog2), 8, 1, output, 32)
      }
    }
    guard status == 0 else { throw .invalidParameter }
    return output
  }
}
