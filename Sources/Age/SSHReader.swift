internal import Primitives

/// Reads SSH's fields from guarded memory one after the other, and tells where a string lies instead of copying it.
///
/// Source: RFC 4251 section 5.
struct SSHReader: ~Copyable {
  let bytes: SecretBytes
  private var position = 0

  init(_ bytes: consuming SecretBytes) { self.bytes = bytes }

  var remainingCount: Int { bytes.count - position }

  /// Four bytes, big-endian.
  mutating func number() -> Int? {
    guard remainingCount >= 4 else { return nil }
    var value = 0
    for index in position..<position + 4 { value = value << 8 | Int(bytes[index]) }
    position += 4
    return value
  }

  /// Where the bytes of a string are; its length stands before them.
  mutating func string() -> Range<Int>? {
    guard let count = number(), count <= remainingCount else { return nil }
    defer { position += count }
    return position..<position + count
  }

  /// Whether the next bytes are these, which are then behind.
  mutating func skip(_ expected: [UInt8]) -> Bool {
    guard remainingCount >= expected.count, holds(position..<position + expected.count, expected) else { return false }
    position += expected.count
    return true
  }

  /// Whether a string is this.
  borrowing func holds(_ range: Range<Int>, _ expected: [UInt8]) -> Bool {
    range.count == expected.count && starts(range, with: expected)
  }

  /// Whether a string starts with this. What is compared is public: names, numbers and public keys.
  borrowing func starts(_ range: Range<Int>, with expected: [UInt8]) -> Bool {
    guard range.count >= expected.count else { return false }
    for index in expected.indices where bytes[range.lowerBound + index] != expected[index] { return false }
    return true
  }
}
