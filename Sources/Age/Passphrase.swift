public import Primitives

/// A passphrase in guarded memory: UTF-8 bytes, taken as they are.
public struct Passphrase: ~Copyable, Sendable {
  /// The bytes.
  public let bytes: SecretBytes

  /// Takes the bytes over; `nil` if there are none.
  public init?(_ bytes: consuming SecretBytes) {
    guard bytes.count > 0 else { return nil }
    self.bytes = bytes
  }

  /// scrypt's cost as age's own program sets it: 2 to the power of 18 blocks, 256 MiB, about a second.
  public static let defaultWorkFactorLog2 = 18
  /// The most that is spent on a file from somebody else: 4 GiB.
  public static let maximumWorkFactorLog2 = 22
}
