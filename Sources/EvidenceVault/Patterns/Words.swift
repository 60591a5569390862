/// A text divided into words: letters and digits, with the marks that belong to them. Capitals, and letters that stand
/// for one another (section on folding in `TextFold`), count as the same.
struct Words {
  /// The words, folded.
  let folded: [[UInt8]]
  /// Where each word stands in the text.
  let ranges: [Range<String.Index>]

  init(_ text: String) {
    var folded: [[UInt8]] = []
    var ranges: [Range<String.Index>] = []
    var word: [UInt8] = []
    var start: String.Index?
    let scalars = text.unicodeScalars
    for index in scalars.indices {
      let scalar = scalars[index]
      if Self.isOfWord(scalar) {
        start = start ?? index
        TextFold.append(TextFold.fold(scalar), to: &word)
      } else if let first = start {
        folded.append(word)
        ranges.append(first..<index)
        word = []
        start = nil
      }
    }
    if let start {
      folded.append(word)
      ranges.append(start..<text.endIndex)
    }
    self.folded = folded
    self.ranges = ranges
  }

  private static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      true
    default: false
    }
  }
}

/// Plain text as it comes out of files.
enum PlainText {
  /// The text of a file: UTF-8, or UTF-16 that begins with a byte order mark. `nil` if it is neither.
  static func read(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xFF, 0xFE]) { return utf16(bytes) { UInt16($0) | UInt16($1) << 8 } }
    if bytes.starts(with: [0xFE, 0xFF]) { return utf16(bytes) { UInt16($0) << 8 | UInt16($1) } }
    let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    return String(validating: isMarked ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
  }

  private static func utf16(_ bytes: [UInt8], _ unit: (UInt8, UInt8) -> UInt16) -> String? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    let units = stride(from: 2, to: bytes.count, by: 2).map { unit(bytes[$0], bytes[$0 + 1]) }
    return String(validating: units, as: UTF16.self)
  }
}
