internal import CSodium
internal import CryptoExtras
internal import Crypto

/// PBKDF2 with HMAC-SHA-256, for formats that prescribe it; scrypt serves everything else.
///
/// It comes from swift-crypto because libsodium keeps its own to itself. swift-crypto takes password and salt from
/// ordinary memory: both copies are overwritten when it returns; what it leaves on the heap, only where the process has
/// the C library overwrite freed memory, as `evidence` does. SECURITY.md names the exception.
///
/// Source: RFC 8018 section 5.2; `KDF.Insecure.PBKDF2`.
public enum PBKDF2 {
  /// Derives `byteCount` secret bytes. Password and salt are both taken for secret.
  ///
  /// - Throws: `invalidParameter` if either is empty, or a count is not above 0 and below 2 to the power of 31.
  public static func derive(
    from password: borrowing SecretBytes, salt: borrowing SecretBytes, iterationCount: Int, byteCount: Int
  ) throws(PrimitiveError) -> SecretBytes {
    let counts = 1...Int(Int32.max)
    guard password.count > 0, salt.count > 0, counts.contains(iterationCount), counts.contains(byteCount) else {
      throw .invalidParameter
    }
    defer { Sodium.clearStack() }
    return try derived(from: password, salt, iterationCount, byteCount)
  }

  @inline(never) private static func derived(
    from password: borrowing SecretBytes, _ salt: borrowing SecretBytes, _ iterationCount: Int, _ byteCount: Int
  ) throws(PrimitiveError) -> SecretBytes {
    var passwordBytes = copy(of: password)
    var saltBytes = copy(of: salt)
    defer {
      wipe(&passwordBytes)
      wipe(&saltBytes)
    }
    let key = try? KDF.Insecure.PBKDF2.deriveKey(
      from: passwordBytes, salt: saltBytes, using: .sha256, outputByteCount: byteCount,
      unsafeUncheckedRounds: iterationCount)
    guard let key else { throw .invalidParameter }
    var output = SecretBytes(count: byteCount)
    unsafe key.withUnsafeBytes { bytes in unsafe output.replace(with: bytes) }
    return output
  }

  private static func copy(of secret: borrowing SecretBytes) -> [UInt8] {
    secret.withSpan { span in
      unsafe span.withUnsafeBufferPointer { bytes in unsafe Array(bytes) }
    }
  }

  private static func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { bytes in
      guard let start = bytes.baseAddress else { return }
      unsafe sodium_memzero(start, bytes.count)
    }
  }
}
