/// How names are compared across alphabets: each word is written in Latin letters, as passports write it, and what
/// different spellings write for one sound is made one letter. Джамшед, Чамшед, Jamshed and Dzhamshed are equal then.
///
/// Source: FORMAT section 5.
enum NameSpelling {
  /// A folded word in small Latin letters; letters of other alphabets than these two stay.
  static func latin(_ word: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for scalar in word.unicodeScalars {
      if let letters = cyrillic[scalar] { bytes += letters } else { TextFold.append(scalar, to: &bytes) }
    }
    return bytes
  }

  /// The sounds of a word in Latin letters. j stands for j, ch, ч and ҷ, x for zh and ж, w for sh, ш and щ, h for kh
  /// too; i for y and й, e for yo, ye and ё. A letter that is doubled counts once.
  static func sound(_ latin: [UInt8]) -> String {
    var sounds = replacing(replacing(latin, Self.single), Self.combined)
    var count = 0
    for letter in sounds where count == 0 || letter != sounds[count - 1] || !isLetter(letter) {
      sounds[count] = letter
      count += 1
    }
    sounds.removeSubrange(count...)
    return String(decoding: sounds, as: UTF8.self)
  }

  /// The same without the difference of ж and ҷ, which Uzbek and Russian spellings do not make.
  static func loose(_ sound: String) -> String {
    String(decoding: sound.utf8.map { $0 == UInt8(ascii: "x") ? UInt8(ascii: "j") : $0 }, as: UTF8.self)
  }

  /// The ways to read a word of a name: x is х in Uzbek and кс elsewhere.
  static func readings(_ word: String) -> [[UInt8]] {
    let latin = latin(word)
    var readings = [latin]
    for rule in [Rule("x", "ks"), Rule("ks", "x")] {
      let other = replacing(latin, [rule])
      if !readings.contains(other) { readings.append(other) }
    }
    return readings
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

  private struct Rule {
    let from: [UInt8]
    let to: [UInt8]

    init(_ from: String, _ to: String) { (self.from, self.to) = (Array(from.utf8), Array(to.utf8)) }
  }

  /// What of two letters, or of another letter, is one: longer ones first.
  private static let single = [
    Rule("kh", "h"), Rule("gh", "g"), Rule("yo", "e"), Rule("ye", "e"), Rule("ou", "u"), Rule("x", "h"), Rule("w", "v"),
    Rule("q", "k"), Rule("y", "i"),
  ]
  private static let combined = [
    Rule("shch", "w"), Rule("sch", "w"), Rule("sh", "w"), Rule("dzh", "j"), Rule("dj", "j"), Rule("tch", "j"),
    Rule("ch", "j"), Rule("zh", "x"), Rule("c", "k"),
  ]

  /// The bytes from left to right, at each place the first rule that fits.
  private static func replacing(_ bytes: [UInt8], _ rules: [Rule]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var rest = bytes[...]
    while let first = rest.first {
      if let rule = rules.first(where: { $0.from[0] == first && rest.starts(with: $0.from) }) {
        result += rule.to
        rest = rest.dropFirst(rule.from.count)
      } else {
        result.append(first)
        rest = rest.dropFirst()
      }
    }
    return result
  }

  /// Folded Cyrillic letters as passports write them; the letters of Tajik are their look-alikes already.
  private static let cyrillic: [Unicode.Scalar: [UInt8]] = {
    let letters: [Unicode.Scalar: String] = [
      "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
      "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h",
      "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
      "і": "i", "є": "e", "ґ": "g", "ө": "o", "ү": "u", "ұ": "u", "ә": "a", "ң": "n", "һ": "h",
    ]
    return letters.mapValues { Array($0.utf8) }
  }()
}
