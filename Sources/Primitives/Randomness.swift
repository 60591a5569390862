internal import CSodium

/// Where random bytes come from: the system, or a fixed stream in tests that need the same ciphertext twice.
public protocol RandomSource: Sendable {
  /// Overwrites every byte of `bytes`.
  func fill(_ bytes: inout MutableSpan<UInt8>)
}

extension RandomSource {
  /// `count` random bytes that are not secret: salts, nonces, names.
  public func bytes(_ count: Int) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    var span = result.mutableSpan
    fill(&span)
    return result
  }
}

/// The operating system's generator.
///
/// Source: `randombytes_buf`.
public struct SystemRandomness: RandomSource {
  /// Makes the source; it has no state of its own.
  public init() { Sodium.prepare() }

  /// Overwrites every byte of `bytes`.
  public func fill(_ bytes: inout MutableSpan<UInt8>) {
    unsafe bytes.withUnsafeMutableBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      unsafe randombytes_buf(base, bytes.count)
    }
  }

  /// A number below `bound`, every one as likely as the next.
  ///
  /// Source: `randombytes_uniform`.
  public func uniform(below bound: UInt32) -> UInt32 { randombytes_uniform(bound) }
}
