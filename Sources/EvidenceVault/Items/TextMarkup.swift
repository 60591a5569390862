/// Bytes that are written as two hexadecimal digits behind a sign.
enum ByteEscape: CaseIterable {
  /// `%D0%90`, in links.
  case percent
  /// `=D0=90`, in mail and vCards; a `=` at the end of a line joins it with the next.
  case quotedPrintable
  /// `\'c0`, in RTF.
  case richText

  private var sign: [UInt8] {
    switch self {
    case .percent: Array("%".utf8)
    case .quotedPrintable: Array("=".utf8)
    case .richText: Array("\\'".utf8)
    }
  }

  /// The bytes that are meant; `nil` if nothing is written so. Lines keep their numbers but for those that are joined.
  func decoded(_ bytes: [UInt8]) -> [UInt8]? {
    let sign = sign
    guard let first = sign.first else { return nil }
    var result: [UInt8] = []
    var place = 0
    var (isChanged, joinedCount) = (false, 0)
    while place < bytes.count {
      if bytes[place] == first, bytes[place...].starts(with: sign) {
        if let byte = Self.byte(bytes, at: place + sign.count) {
          result.append(byte == 0x0A || byte == 0 ? 0x20 : byte)
          place += sign.count + 2
          isChanged = true
          continue
        }
        if self == .quotedPrintable, let count = Self.lineEnd(bytes, at: place + 1) {
          place += 1 + count
          joinedCount += 1
          continue
        }
      }
      result.append(bytes[place])
      if bytes[place] == 0x0A {
        result += [UInt8](repeating: 0x0A, count: joinedCount)
        joinedCount = 0
      }
      place += 1
    }
    return isChanged ? result : nil
  }

  private static func byte(_ bytes: [UInt8], at place: Int) -> UInt8? {
    guard place + 1 < bytes.count, let high = digit(bytes[place]), let low = digit(bytes[place + 1]) else { return nil }
    return high << 4 | low
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  private static func lineEnd(_ bytes: [UInt8], at place: Int) -> Int? {
    let rest = bytes.dropFirst(place)
    if rest.starts(with: [0x0D, 0x0A]) { return 2 }
    return rest.first == 0x0A ? 1 : nil
  }
}

/// What stands in a text for letters, and what stands between them and is not seen.
enum TextMarkup {
  /// The text with `\uXXXX`, `&#NNNN;`, `&#xHHHH;` and the commonest names of characters as what they stand for; also
  /// where that was done twice. In RTF, `\uNNNN?`.
  static func unescaped(_ text: String) -> String {
    let isRichText = text.utf8.starts(with: "{\\rtf".utf8)
    var text = text
    for _ in 0..<3 {
      guard text.utf8.contains(where: { $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: "\\") }) else { break }
      let plain = unescapedOnce(text, isRichText: isRichText)
      if plain == text { break }
      text = plain
    }
    return text
  }

  private static func unescapedOnce(_ text: String, isRichText: Bool) -> String {
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      if scalar == "&" || scalar == "\\",
        let (letter, count) = named(rest) ?? numbered(rest, isRichText: isRichText)
      {
        result.append(letter == "\n" ? " " : letter)
        rest = rest.dropFirst(count)
      } else {
        result.append(scalar)
        rest = rest.dropFirst()
      }
    }
    return String(result)
  }

  private static let names: [(String, Unicode.Scalar)] = [
    ("&amp;", "&"), ("&apos;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", " "),
    ("&shy;", "\u{AD}"),
    ("&zwnj;", "\u{200C}"), ("&zwj;", "\u{200D}"), ("&rsquo;", "'"), ("&lsquo;", "'"), ("&ZeroWidthSpace;", "\u{200B}"),
  ]

  private static func named(_ text: Substring.UnicodeScalarView) -> (Unicode.Scalar, Int)? {
    guard text.first == "&" else { return nil }
    return names.first { text.starts(with: $0.0.unicodeScalars) }.map { ($0.1, $0.0.unicodeScalars.count) }
  }

  /// The letter that a text begins with as a number, and how long that is.
  private static func numbered(
    _ text: Substring.UnicodeScalarView, isRichText: Bool
  ) -> (Unicode.Scalar, Int)? {
    func value(_ prefix: String, _ radix: Int, _ maximum: Int, end: Unicode.Scalar?) -> (Unicode.Scalar, Int)? {
      guard text.starts(with: prefix.unicodeScalars) else { return nil }
      let rest = text.dropFirst(prefix.unicodeScalars.count)
      let digits = rest.prefix(maximum).prefix { $0.isASCII && (Character($0).hexDigitValue ?? radix) < radix }
      guard let number = UInt32(String(digits), radix: radix), let letter = Unicode.Scalar(number) else { return nil }
      let isEnded = end != nil && rest.dropFirst(digits.count).first == end
      return (letter, prefix.unicodeScalars.count + digits.count + (isEnded ? 1 : 0))
    }
    if isRichText, let (letter, count) = value("\\u", 10, 5, end: " ") {
      return (letter, count + fallbackCount(text.dropFirst(count)))
    }
    return value("\\u", 16, 4, end: nil) ?? value("&#x", 16, 6, end: ";") ?? value("&#X", 16, 6, end: ";")
      ?? value("&#", 10, 7, end: ";")
  }

  /// How long is what stands behind a letter in RTF for programs that know no Unicode: a byte as a number, or a letter.
  private static func fallbackCount(_ text: Substring.UnicodeScalarView) -> Int {
    if text.starts(with: "\\'".unicodeScalars) { return text.prefix(4).count }
    return text.first.map { "\\{}\n\r".unicodeScalars.contains($0) } ?? true ? 0 : 1
  }

  /// The text without what stands between `<` and `>`, so that a word is whole that has a tag in it; `nil` if nothing
  /// does. Lines keep their numbers.
  static func withoutTags(_ text: String) -> String? {
    guard text.utf8.contains(UInt8(ascii: "<")), text.utf8.contains(UInt8(ascii: ">")) else { return nil }
    var result = String.UnicodeScalarView()
    var isTag = false
    var lineCount = 0
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": isTag = true
      case ">": isTag = false
      case "\n" where isTag: lineCount += 1
      case _ where !isTag:
        // A word that goes on behind the tag is not to be torn.
        if scalar.properties.isWhitespace {
          result += String.UnicodeScalarView(repeating: "\n", count: lineCount)
          lineCount = 0
        }
        result.append(scalar)
      default: break
      }
    }
    return String(result)
  }
}
