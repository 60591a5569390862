/// Letters made alike for searching: capital and small ones, and letters that people type for one another. A keyboard
/// without Tajik letters has only their Russian look-alikes, and few write ё where е is read.
enum TextFold {
  /// The folded letter.
  static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.value {
    case 0x41...0x5A: Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value) + 0x20)
    case 0..<0x80: scalar
    case 0x400...0x4FF: cyrillic[Int(scalar.value - 0x400)]
    default: lowercased(scalar)
    }
  }

  /// The folded text, as UTF-8.
  static func fold(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars { append(fold(scalar), to: &bytes) }
    return bytes
  }

  static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    if scalar.isASCII {
      bytes.append(UInt8(truncatingIfNeeded: scalar.value))
    } else {
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }

  private static func lowercased(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let mapping = scalar.properties.lowercaseMapping.unicodeScalars
    // The sign of the kelvin, which would become a k, stays: a line is searched by its bytes first.
    guard let first = mapping.first, mapping.count == 1, !first.isASCII else { return scalar }
    return first
  }

  /// ғ ӣ қ ӯ ҳ ҷ, the letters that Tajik has and Russian has not, and ё.
  private static let lookAlikes: [Unicode.Scalar: Unicode.Scalar] = [
    "ғ": "г", "ӣ": "и", "қ": "к", "ӯ": "у", "ҳ": "х", "ҷ": "ч", "ё": "е",
  ]

  /// The same for U+0400 to U+04FF as numbers.
  fileprivate static let cyrillicUnits = cyrillic.map { UInt16(truncatingIfNeeded: $0.value) }

  private static let cyrillic: [Unicode.Scalar] = (UInt32(0x400)...0x4FF).map { value in
    guard let scalar = Unicode.Scalar(value) else { return "\u{FFFD}" }
    let small = lowercased(scalar)
    return lookAlikes[small] ?? small
  }
}

/// A text that is searched for.
struct Needle: Sendable {
  /// What people typed.
  let text: String
  private let folded: [UInt8]
  /// The folded letters, if all are below U+0500.
  private let units: [UInt16]
  /// Whether the text can stand in compact JSON otherwise than as itself.
  private let isWrittenPlain: Bool

  init(_ text: String) {
    self.text = text
    folded = TextFold.fold(text)
    units = text.unicodeScalars.map { UInt16(truncatingIfNeeded: TextFold.fold($0).value) }
    isWrittenPlain = text.unicodeScalars.allSatisfy { scalar in
      scalar != "\"" && scalar != "\\"
        && (scalar.value >= 0x20 && scalar.value < 0x7F || (0x400...0x4FF) ~= scalar.value)
    }
  }

  /// The first place in `text`, in letters (Unicode scalars): where it begins and how many they are.
  func place(in text: String) -> (start: Int, count: Int)? {
    guard !folded.isEmpty else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars { TextFold.append(TextFold.fold(scalar), to: &bytes) }
    guard let found = Self.firstPlace(of: folded, in: bytes, 0..<bytes.count) else { return nil }
    func letterCount(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $1 & 0xC0 == 0x80 ? $0 : $0 + 1 } }
    return (letterCount(0..<found), letterCount(found..<(found + folded.count)))
  }

  /// Whether a line of JSON may have the text in one of its strings; where it has not, it need not be read.
  ///
  /// ASCII folds to ASCII and U+0400 to U+04FF, two bytes each, to letters of the same range.
  func mayStand(in bytes: [UInt8], _ line: Range<Int>) -> Bool {
    guard isWrittenPlain, let first = units.first else { return true }
    var position = line.lowerBound
    while position < line.upperBound {
      if Self.unit(bytes, &position) == first, isBehind(position, in: bytes, line.upperBound) { return true }
    }
    return false
  }

  /// Whether the text goes on at `start` behind its first letter.
  private func isBehind(_ start: Int, in bytes: [UInt8], _ end: Int) -> Bool {
    var position = start
    for unit in units.dropFirst() where position >= end || Self.unit(bytes, &position) != unit { return false }
    return true
  }

  /// The folded letter at a place, which moves behind it; of letters beyond U+04FF, a byte that is none.
  @inline(__always)
  private static func unit(_ bytes: [UInt8], _ position: inout Int) -> UInt16 {
    let byte = bytes[position]
    position += 1
    if byte < 0x80 { return UInt16(byte &- 0x41 < 26 ? byte | 0x20 : byte) }
    guard byte & 0xFC == 0xD0, position < bytes.count else { return 0xFF00 | UInt16(byte) }
    let place = Int(byte & 0x03) << 6 | Int(bytes[position] & 0x3F)
    position += 1
    return TextFold.cyrillicUnits[place]
  }

  /// The first place in a range at which bytes stand.
  static func firstPlace(of needle: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> Int? {
    guard let first = needle.first, range.count >= needle.count else { return nil }
    var start = range.lowerBound
    let last = range.upperBound - needle.count
    while start <= last {
      if bytes[start] == first, matches(needle, bytes, at: start) { return start }
      start += 1
    }
    return nil
  }

  private static func matches(_ needle: [UInt8], _ bytes: [UInt8], at start: Int) -> Bool {
    for offset in 1..<needle.count where bytes[start + offset] != needle[offset] { return false }
    return true
  }
}
