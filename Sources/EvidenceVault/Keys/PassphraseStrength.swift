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

  /// Words with spaces or marks between count for 11 bits each, short ones for less, and digits for themselves; a text
  /// in one piece counts by its letters and the sorts of them, where repeated ones count little. It is looked at once,
  /// when it is new.
  public init(of passphrase: borrowing Passphrase) {
    let letters = Letters(passphrase.bytes)
    bits = min(letters.bitsOfPieces ?? .max, letters.bits)
  }

  private struct Letters {
    private static let gaps = Array(" -_.,".utf8)

    /// What it is worth by its pieces, if there are two or more.
    let bitsOfPieces: Int?
    let bits: Int

    init(_ text: borrowing SecretBytes) {
      var pieces = [Piece()]
      var seen = [Bool](repeating: false, count: 256)
      var count = 0
      for place in 0..<text.count {
        let byte = text[place]
        seen[Int(byte)] = true
        if byte & 0xc0 != 0x80 { count += 1 }
        if Self.gaps.contains(byte) { pieces.append(Piece()) } else { pieces[pieces.count - 1].take(byte) }
      }
      let worth = pieces.filter { $0.count > 0 }.map(\.bits)
      bitsOfPieces = worth.count > 1 ? worth.reduce(0, +) : nil
      let distinct = seen.count { $0 }
      bits = Int(Double(min(count, 2 * distinct)) * log2(Double(Self.alphabet(seen))))
    }

    /// How many letters there are of the sorts that occur.
    private static func alphabet(_ seen: [Bool]) -> Int {
      let sorts: [(ClosedRange<Int>, Int)] = [
        (0x30...0x39, 10), (0x41...0x5a, 26), (0x61...0x7a, 26), (0x80...0xff, 64),
      ]
      let others = [0x00...0x2f, 0x3a...0x40, 0x5b...0x60, 0x7b...0x7f]
      let known = sorts.filter { seen[$0.0].contains(true) }.map(\.1).reduce(0, +)
      return max(2, known + (others.contains { seen[$0].contains(true) } ? 33 : 0))
    }
  }

  /// What stands between two gaps.
  private struct Piece {
    private(set) var count = 0
    private var digitCount = 0
    private var markCount = 0

    mutating func take(_ byte: UInt8) {
      count += 1
      switch byte {
      case 0x30...0x39: digitCount += 1
      case 0x41...0x5a, 0x61...0x7a, 0x80...0xff: break
      default: markCount += 1
      }
    }

    /// A word, a number, or something in between.
    var bits: Int {
      if digitCount == count { return count * 10 / 3 }
      return digitCount + markCount == 0 ? min(WordList.bitsPerWord, count * 5) : count * 6
    }
  }
}
