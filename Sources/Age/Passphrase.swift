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

  /// The first line of `text`, without its end and without a mark of UTF-8 before it, which editors put there and
  /// nobody types; `nil` if it is empty.
  public init?(firstLineOf text: borrowing SecretBytes) {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let isMarked = text.count >= 3 && mark.indices.allSatisfy { text[$0] == mark[$0] }  // not secret: how it begins
    let start = isMarked ? 3 : 0
    var end = start
    while end < text.count, text[end] != UInt8(ascii: "\n") { end += 1 }  // not secret: where the line ends
    if end > start, end < text.count, text[end - 1] == UInt8(ascii: "\r") { end -= 1 }  // not secret: how it ends
    self.init(SecretBytes(copying: text, in: start..<end))
  }

  /// scrypt's cost as age's own program sets it: 2 to the power of 18 blocks, 256 MiB, about a second.
  public static let defaultWorkFactorLog2 = 18
  /// The most that is spent on a file from somebody else: 4 GiB.
  public static let maximumWorkFactorLog2 = 22
}
