/// Letters made alike for the search for names: as in `TextFold`, and letters with marks as those without, whether the
/// mark is part of the letter or stands behind it, but for й. Apostrophes and invisible characters are within words.
enum NameFold {
  /// The mark that makes й of и.
  static let breve: Unicode.Scalar = "\u{306}"

  /// Whether a text has a character that may be left out within words.
  static func hasJoints(_ text: String) -> Bool { text.unicodeScalars.contains(where: isWithinWords) }

  static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar.isASCII { return TextFold.fold(scalar) }
    if (0xFF01...0xFF5E).contains(scalar.value), let plain = Unicode.Scalar(scalar.value - 0xFEE0) {
      return TextFold.fold(plain)
    }
    let folded = TextFold.fold(scalar)
    return folded == "й" ? folded : bases[folded] ?? folded
  }

  /// Whether a character is of a word: a letter or a digit.
  static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x80: ("a"..."z") ~= scalar || ("A"..."Z") ~= scalar || ("0"..."9") ~= scalar
    case 0x400...0x481: true
    default:
      !isWithinWords(scalar) && !isMark(scalar)
        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
    }
  }

  /// Whether a character is a mark on the letter before it.
  static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x300 && scalar.properties.generalCategory == .nonspacingMark
  }

  /// Apostrophes in every form that keyboards make of them, the soft hyphen, and what is not seen at all.
  static func isWithinWords(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x27, 0x60, 0xAD, 0xB4, 0x2B9...0x2BF, 0x2C8, 0x2CA, 0x2CB, 0x34F, 0x55A, 0x180E, 0x200B...0x200F,
      0x2018...0x201B, 0x202A...0x202E, 0x2032, 0x2060...0x2069, 0xFE00...0xFE0F, 0xFEFF, 0xFF07:
      true
    default: false
    }
  }

  /// Letters with marks, and the letter without: strings are equal if they are so by canonical equivalence.
  private static let bases: [Unicode.Scalar: Unicode.Scalar] = {
    let letters = Array("abcdefghijklmnopqrstuvwxyzабвгдежзиклмнопрстухчэыіү".unicodeScalars)
    let marks = (UInt32(0x300)...0x331).compactMap(Unicode.Scalar.init)
    var composed: [String: Unicode.Scalar] = [:]
    for letter in letters {
      for mark in marks { composed[String(String.UnicodeScalarView([letter, mark]))] = letter }
    }
    var bases: [Unicode.Scalar: Unicode.Scalar] = [:]
    for range in [UInt32(0xC0)...0x24F, 0x400...0x52F, 0x1E00...0x1EFF] {
      for scalar in range.compactMap(Unicode.Scalar.init) { bases[scalar] = composed[String(scalar)] }
    }
    return bases
  }()
}

/// Telephone numbers and the like: digits alone, without what people put between them.
enum DigitRuns {
  /// The runs of digits of a text, each with its line.
  static func all(in text: String) -> [(digits: String, line: Int)] {
    var runs: [(digits: String, line: Int)] = []
    var run = ""
    var line = 1
    for scalar in text.unicodeScalars {
      if let digit = value(scalar) {
        run.append(digit)
      } else if !isSeparator(scalar) {
        if run.utf8.count >= shortestCount { runs.append((run, line)) }
        run = ""
        if scalar == "\n" { line += 1 }
      }
    }
    if run.utf8.count >= shortestCount { runs.append((run, line)) }
    return runs
  }

  /// The numbers in a value that lead to a person, as they are looked for. One with a code of its country is also
  /// looked for without; of more digits than a number has, such as two numbers beside each other, every part.
  static func numbers(in value: String) -> [String] {
    // A plus begins a number, whatever stands before it.
    let runs = value.split(separator: "+").flatMap { all(in: String($0)).map(\.digits) }.filter { !isDate($0) }
    return runs.flatMap { run -> [String] in
      guard run.utf8.count > longestCount else {
        return run.utf8.count > nationalCount + 1 ? [run, String(run.suffix(nationalCount))] : [run]
      }
      let starts = 0...min(run.utf8.count - nationalCount, maximumPartCount)
      return [run] + starts.map { String(run.dropFirst($0).prefix(nationalCount)) }
    }
  }

  private static let shortestCount = 7
  private static let longestCount = 15
  private static let nationalCount = 9
  private static let maximumPartCount = 64

  private static func value(_ scalar: Unicode.Scalar) -> Character? {
    if ("0"..."9") ~= scalar { return Character(scalar) }
    guard !scalar.isASCII, scalar.properties.generalCategory == .decimalNumber,
      let value = scalar.properties.numericValue
    else { return nil }
    return Character(Unicode.Scalar(UInt8(ascii: "0") + UInt8(value)))
  }

  private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x20, 0x28, 0x29, 0x2B, 0x2D, 0x2E, 0xA0, 0x2000...0x2015, 0x202F, 0x2212: true
    default: NameFold.isWithinWords(scalar)
    }
  }

  /// Whether eight digits are those of a day.
  private static func isDate(_ digits: String) -> Bool {
    guard digits.utf8.count == 8 else { return false }
    func isDay(_ year: Substring, _ month: Substring, _ day: Substring) -> Bool {
      (Int(year).map { (1900...2099).contains($0) } ?? false) && (Int(month).map { (1...12).contains($0) } ?? false)
        && (Int(day).map { (1...31).contains($0) } ?? false)
    }
    return isDay(digits.prefix(4), digits.dropFirst(4).prefix(2), digits.suffix(2))
      || isDay(digits.suffix(4), digits.dropFirst(2).prefix(2), digits.prefix(2))
  }
}
