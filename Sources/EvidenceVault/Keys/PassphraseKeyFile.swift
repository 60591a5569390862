public import Age
internal import Primitives
public import Streams

/// A file that goes with a passphrase, on a stick for example: who has only one of the two opens nothing. What the
/// key files of a vault are sealed with is the passphrase, a space, and the SHA-256 of the file as 64 hexadecimal
/// digits, which can be typed to any program for age.
///
/// Source: FORMAT section 2.
public final class PassphraseKeyFile: Sendable {
  /// A shorter file is none, in bytes.
  public static let minimumByteCount = 32
  /// A longer one is not read to its end, in bytes: a device may have none.
  public static let maximumByteCount = 1 << 30
  /// What `evidence key file` makes, in bytes.
  public static let madeByteCount = 64
  private static let batchByteCount = 65_536

  /// The digits of the digest.
  private let digits: SecretBytes

  /// Reads the file to its end; `nil` if it is too short.
  ///
  /// - Throws: `StreamError.tooLong`, and whatever `source` throws.
  public init?(reading source: any ByteSource) throws {
    var hasher = SecretSHA256()
    var batch = SecretBytes(count: Self.batchByteCount)
    var byteCount = 0
    while true {
      let count = try batch.withMutableSpan { try source.read(into: &$0) }
      guard count > 0 else { break }
      byteCount += count
      guard byteCount <= Self.maximumByteCount else { throw StreamError.tooLong(limit: Self.maximumByteCount) }
      batch.withSpan { hasher.update($0.extracting(0..<count)) }
    }
    guard byteCount >= Self.minimumByteCount else { return nil }
    digits = Hex.encode(hasher.finalize())
  }

  /// What age is given: both as one passphrase.
  public func joined(to passphrase: borrowing Passphrase) -> Passphrase {
    var text = SecretText(capacity: passphrase.bytes.count + 1 + digits.count)
    text.append(passphrase.bytes, in: 0..<passphrase.bytes.count)
    text.append(" ")
    text.append(digits, in: 0..<digits.count)
    guard let joined = Passphrase(text.finish()) else {
      preconditionFailure("EvidenceVault: a passphrase with a key file is never empty")
    }
    return joined
  }
}
