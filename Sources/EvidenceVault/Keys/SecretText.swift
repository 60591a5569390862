internal import Primitives

/// A text that is put together in guarded memory.
struct SecretText: ~Copyable {
  private var bytes: SecretBytes
  private(set) var count = 0

  /// Begins an empty text with room for `capacity` bytes.
  init(capacity: Int) { bytes = SecretBytes(count: capacity) }

  mutating func append(_ text: String) {
    for byte in text.utf8 { append(byte) }
  }

  mutating func append(_ other: borrowing SecretBytes, in range: Range<Int>) {
    for place in range { append(other[place]) }
  }

  mutating func append(_ byte: UInt8) {
    bytes[count] = byte
    count += 1
  }

  /// What was put together.
  consuming func finish() -> SecretBytes { SecretBytes(copying: bytes, in: 0..<count) }
}
