internal import Primitives

/// The words of a share as numbers below 1,024, in guarded memory; together a string of bits, first bit first.
struct WordIndices: ~Copyable {
  private var bytes: SecretBytes
  let count: Int

  /// Makes `count` words, each the first of the list.
  init(count: Int) {
    bytes = SecretBytes(count: 2 * count)
    self.count = count
  }

  subscript(index: Int) -> UInt16 {
    get { UInt16(bytes[2 * index]) << 8 | UInt16(bytes[2 * index + 1]) }
    set {
      bytes[2 * index] = UInt8(truncatingIfNeeded: newValue >> 8)
      bytes[2 * index + 1] = UInt8(truncatingIfNeeded: newValue)
    }
  }

  /// Up to 32 bits from `bit` on; zeros behind the last word.
  borrowing func bits(_ bitCount: Int, at bit: Int) -> UInt32 {
    var value: UInt64 = 0
    let first = bit / ShareWords.bitsPerWord
    for index in first..<(first + 5) {
      value = value << UInt64(ShareWords.bitsPerWord) | (index < count ? UInt64(self[index]) : 0)
    }
    let excess = 5 * ShareWords.bitsPerWord - bit % ShareWords.bitsPerWord - bitCount
    return UInt32(truncatingIfNeeded: value >> UInt64(excess) & (UInt64(1) << UInt64(bitCount) - 1))
  }

  /// Writes up to 32 bits over zeros from `bit` on.
  mutating func put(_ value: UInt32, bitCount: Int, at bit: Int) {
    for offset in 0..<bitCount {
      let place = bit + offset
      let one = UInt16(truncatingIfNeeded: value >> UInt32(bitCount - 1 - offset) & 1)
      self[place / ShareWords.bitsPerWord] |= one << UInt16(9 - place % ShareWords.bitsPerWord)
    }
  }
}

extension WordIndices {
  /// Reads words in lower case with one space between.
  ///
  /// - Throws: `SharingError.notWords`, `.wordCount` if there are more than `limit`, `.unknownWord`.
  static func read(_ text: borrowing SecretBytes, limit: Int) throws(SharingError) -> WordIndices {
    var words = WordIndices(count: try wordCount(of: text, limit: limit))
    var word = 0
    var start = 0
    for place in 0...text.count {
      let isEnd = place == text.count || text[place] == UInt8(ascii: " ")  // not secret: where a word ends
      guard isEnd else { continue }  // not secret: where a word ends
      words[word] = try index(text, start..<place, word)
      word += 1
      start = place + 1
    }
    return words
  }

  private static func wordCount(of text: borrowing SecretBytes, limit: Int) throws(SharingError) -> Int {
    var count = 1
    var last = UInt8(ascii: " ")
    for place in 0..<text.count {
      let letter = text[place]
      let isSpace = letter == UInt8(ascii: " ")
      if isSpace {  // not secret: where a word ends
        guard last != UInt8(ascii: " ") else { throw .notWords }  // not secret: whether it is a share
        count += 1
      } else {
        let isLetter = letter &- UInt8(ascii: "a") < 26
        guard isLetter else { throw .notWords }  // not secret: whether it is a share
      }
      last = letter
    }
    guard last != UInt8(ascii: " ") else { throw .notWords }  // not secret: whether it is a share
    guard count <= limit else { throw .wordCount(count) }
    return count
  }

  private static func index(
    _ text: borrowing SecretBytes, _ range: Range<Int>, _ word: Int
  ) throws(SharingError) -> UInt16 {
    guard range.count <= ShareWords.maximumLetterCount else { throw .unknownWord(wordIndex: word) }
    var packed: UInt64 = 0
    for place in range { packed |= UInt64(text[place]) << UInt64(8 * (7 - place + range.lowerBound)) }
    guard let index = ShareWords.index(of: packed) else {  // not secret: whether it is a share
      throw .unknownWord(wordIndex: word)
    }
    return index
  }
}
