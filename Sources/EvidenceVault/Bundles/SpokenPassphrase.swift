internal import Age
internal import Primitives

extension Passphrase {
  /// The passphrase as this program would have made it of words that were told: in small letters, with one hyphen
  /// between. `nil` if it is written so already, or nothing is left.
  ///
  /// Its letters stay in guarded memory. Where words begin, and what stands between them, is found by branches.
  borrowing func spoken() -> Passphrase? {
    var text = SecretBytes(count: bytes.count)
    var count = 0
    var isBetween = false
    var index = 0
    while index < bytes.count {
      let length = separatorByteCount(at: index)
      index += max(length, 1)
      guard length == 0 else {  // not secret: where a word ends
        isBetween = true
        continue
      }
      if isBetween, count > 0 {  // not secret: where a word begins
        text[count] = UInt8(ascii: "-")
        count += 1
      }
      isBetween = false
      text[count] = Self.small(bytes[index - 1])
      count += 1
    }
    guard count > 0 else { return nil }  // not secret: that there is no word
    let spoken = SecretBytes(copying: text, in: 0..<count)
    return spoken.isEqual(to: bytes) ? nil : Passphrase(spoken)  // not secret: whether a second try makes sense
  }

  /// Bytes of the white space, hyphen, dash, comma or full stop that begins there; none for anything else.
  private borrowing func separatorByteCount(at index: Int) -> Int {
    if "\t ,-.".utf8.contains(bytes[index]) { return 1 }
    // U+00A0, U+2010 to U+2015.
    if index + 1 < bytes.count, bytes[index] == 0xC2, bytes[index + 1] == 0xA0 { return 2 }
    guard index + 2 < bytes.count, bytes[index] == 0xE2, bytes[index + 1] == 0x80 else { return 0 }
    return (0x90...0x95).contains(bytes[index + 2]) ? 3 : 0
  }

  /// Without a branch on the letter.
  private static func small(_ byte: UInt8) -> UInt8 {
    let isBelow = (UInt16(byte) &- 0x41) >> 15
    let isAbove = (0x5A &- UInt16(byte)) >> 15
    let isCapital = (isBelow | isAbove) ^ 1
    return byte | UInt8(truncatingIfNeeded: isCapital << 5)
  }
}
