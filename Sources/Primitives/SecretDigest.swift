internal import CSodium

/// SHA-256 of something secret, whose digest is secret as well: state and digest are in guarded memory.
///
/// Source: FIPS 180-4; `crypto_hash_sha256_*`.
public struct SecretSHA256: ~Copyable {
  private var state = SecretBytes(count: MemoryLayout<crypto_hash_sha256_state>.size)

  /// Starts a digest.
  public init() { _ = unsafe withState { unsafe crypto_hash_sha256_init($0) } }

  /// Adds bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      _ = unsafe withState { unsafe crypto_hash_sha256_update($0, start, UInt64(bytes.count)) }
    }
  }

  /// The digest of all that was added, 32 bytes.
  public consuming func finalize() -> SecretBytes {
    var digest = SecretBytes(count: Digest.byteCount)
    _ = unsafe digest.withMutablePointer { digest in
      unsafe withState { unsafe crypto_hash_sha256_final($0, digest) }
    }
    return digest
  }

  private mutating func withState<Result>(
    _ body: (UnsafeMutablePointer<crypto_hash_sha256_state>) -> Result
  ) -> Result {
    unsafe state.withMutablePointer { bytes in
      unsafe bytes.withMemoryRebound(to: crypto_hash_sha256_state.self, capacity: 1) { unsafe body($0) }
    }
  }
}
