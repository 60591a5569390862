internal import CEmbedded
internal import Embedded
internal import Primitives

/// The words of shares: 1,024 of them, ten bits each.
///
/// Looking one up takes as long whichever it is: all words are gone through, and none of them decides a branch.
///
/// Source: SLIP-0039, "Wordlist"; `Words/slip39.txt`.
public enum ShareWords {
  /// Bits that one word stands for.
  public static let bitsPerWord = 10
  /// The longest word, in letters.
  public static let maximumLetterCount = 8

  /// The words, sorted.
  public static let all: [String] = EmbeddedFile.slip39_txt.bytes.split(separator: UInt8(ascii: "\n")).map {
    String(decoding: $0, as: UTF8.self)
  }

  /// The letters of each word, the first one in the highest byte, zeros behind the last.
  private static let packed: [UInt64] = all.map { word in
    pack(word.utf8.count) { Array(word.utf8)[$0] }
  }

  /// Packs up to eight letters.
  static func pack(_ count: Int, letter: (Int) -> UInt8) -> UInt64 {
    (0..<count).reduce(0) { $0 | UInt64(letter($1)) << UInt64(8 * (7 - $1)) }
  }

  /// The number of a word, or `nil` if there is no such word.
  static func index(of word: UInt64) -> UInt16? {
    var found: UInt16 = 0
    var index: UInt16 = 0
    var isFound: UInt16 = 0
    for other in packed {
      let isIt = UInt16(truncatingIfNeeded: mask(word, other))
      found |= index & isIt
      isFound |= isIt
      index += 1
    }
    guard isFound != 0 else { return nil }  // not secret: whether it is a word
    return found
  }

  /// The letters of a word, packed.
  static func letters(of index: UInt16) -> UInt64 {
    var letters: UInt64 = 0
    var place: UInt64 = 0
    for word in packed {
      letters |= word & mask(UInt64(index), place)
      place += 1
    }
    return letters
  }

  /// All bits if two numbers are equal, none if not.
  private static func mask(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let difference = one ^ other
    return ((difference | (0 &- difference)) >> 63) &- 1
  }
}
