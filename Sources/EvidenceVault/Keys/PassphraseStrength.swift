public import Age
internal import Glibc
internal import Primitives

/// How hard a passphrase is to guess, at best.
public struct PassphraseStrength: Sendable, Equatable {
  /// Below this, in bits, a passphrase is called weak: six words that were drawn have more, five have less.
  public static let weakBelowBits = 60

  /// The most bits it can have: as many as if each of its words, or of its letters, had been drawn at random. Whoever
  /// thought it up chose among far fewer.
  public let bits: Int

  /// Whether it is weak even at best.
  public var isWeak: Bool { bits < Self.weakBelowBits }

  /// Passphrases that `WordList` draws.
  public init(drawnWords count: Int) { bits = count * WordList.bitsPerWord }

  /// Words with spaces or marks between count for 11 bits each, short ones for less; other text counts by its letters
  /// and the sorts of them, where repeated ones count little. It is looked at once, when it is new.
  public init(of passphrase: borrowing Passphrase) {
    let letters = Letters(passphrase.bytes)
    bits = min(letters.bitsOfWords ?? .max, letters.bits)
  }

  private struct Letters {
    private static let gaps = Array(" -_.,".utf8)
    private static let bitsPerLetter = 5

    /// What it is worth if it is of two words or more, and of nothing else.
    let bitsOfWords: Int?
    let bits: Int

    init(_ text: borrowing SecretBytes) {
      var lengths = [0]
      var counts = [Int](repeating: 0, count: 256)
      var isOfWords = true
      var count = 0
      for place in 0..<text.count {
        let byte = text[place]
        counts[Int(byte)] += 1
        if byte & 0xc0 != 0x80 { count += 1 }
        if Self.gaps.contains(byte) { lengths.append(0) } else { lengths[lengths.count - 1] += 1 }
        if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { isOfWords = false }
      }
      let words = lengths.filter { $0 > 0 }
      let worth = words.map { min(WordList.bitsPerWord, $0 * Self.bitsPerLetter) }.reduce(0, +)
      bitsOfWords = isOfWords && words.count > 1 ? worth : nil
      let distinct = counts.count { $0 > 0 }
      bits = Int(Double(min(count, 2 * distinct)) * log2(Double(Self.alphabet(counts))))
    }

    /// How many letters there are of the sorts that occur.
    private static func alphabet(_ counts: [Int]) -> Int {
      let sorts: [(ClosedRange<Int>, Int)] = [
        (0x30...0x39, 10), (0x41...0x5a, 26), (0x61...0x7a, 26), (0x80...0xff, 64),
      ]
      let others = [0x00...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7f]
      let known = sorts.filter { counts[$0.0].contains { $0 > 0 } }.map(\.1).reduce(0, +)
      return max(2, known + (others.contains { counts[$0].contains { $0 > 0 } } ? 33 : 0))
    }
  }
}
