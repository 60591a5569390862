/// Bytes as text, for a search in which nothing may be missed.
enum TextContent {
  /// How many bytes tell whether a file is text.
  static let sampleByteCount = 4096

  /// Whether a file that begins so may be text: no byte in it is zero, unless it is UTF-16.
  static func mayBeText(_ sample: ArraySlice<UInt8>) -> Bool {
    guard sample.contains(0) else { return true }
    return [true, false].contains { isLittleEndian in
      let units = units(sample, isLittleEndian: isLittleEndian)
      return units.count(where: isOfText) * 10 >= units.count * 9
    }
  }

  /// A unit of UTF-16 that texts are made of: Latin, Cyrillic, Arabic, punctuation.
  private static func isOfText(_ unit: UInt16) -> Bool {
    switch unit {
    case 0x09...0x0D, 0x20...0x24F, 0x300...0x6FF, 0x2000...0x206F, 0x20A0...0x20BF, 0x2116, 0xFEFF: true
    default: false
    }
  }

  /// Every way in which bytes may be meant: the encodings below; what mail, links and RTF write as numbers of bytes;
  /// what JSON and HTML write as numbers of letters; each with and without tags.
  static func readings(of bytes: [UInt8]) -> [String] {
    var readings: [String] = []
    forEachReading(of: bytes) { readings.append($0) }
    return readings
  }

  /// The same, one after the other: all of a large file at once would not fit into memory.
  static func forEachReading(of bytes: [UInt8], _ body: (String) -> Void) {
    func read(_ bytes: [UInt8]) {
      forEachText(bytes) { text in
        body(text)
        let plain = TextMarkup.unescaped(text)
        if plain != text { body(plain) }
        if let bare = TextMarkup.withoutTags(plain) { body(bare) }
      }
    }
    read(bytes)
    for escape in ByteEscape.allCases {
      if let decoded = escape.decoded(bytes) { read(decoded) }
    }
  }

  /// Whether a mail or a page may have something in it that nobody decodes here.
  static func hasEncodedPart(_ bytes: [UInt8]) -> Bool {
    let text = String(decoding: bytes.map { $0 < 0x80 ? $0 : 0x20 }, as: UTF8.self).lowercased()
    return ["content-transfer-encoding: base64", ";base64,", ";encoding=b", "?b?"].contains { text.contains($0) }
  }

  /// UTF-8, also if some of it is not valid; UTF-16 in either order, where it can be that; and where it is no UTF-8,
  /// Windows-1251, KOI8-R, CP866 and ISO 8859-5.
  private static func forEachText(_ bytes: [UInt8], _ body: (String) -> Void) {
    let valid = String(validating: bytes, as: UTF8.self)
    body(valid ?? String(decoding: bytes, as: UTF8.self))
    // Half of the bytes of Latin and Cyrillic letters in UTF-16 are 0 and 4, which stand in no other text.
    if valid == nil || bytes.contains(0) || bytes.contains(4) {
      for isLittleEndian in [true, false] {
        body(String(decoding: units(bytes[...], isLittleEndian: isLittleEndian), as: UTF16.self))
      }
    }
    guard valid == nil else { return }
    for encoding in CyrillicEncoding.all {
      body(String(String.UnicodeScalarView(bytes.map { $0 < 0x80 ? Unicode.Scalar($0) : encoding[Int($0) - 0x80] })))
    }
  }

  private static func units(_ bytes: ArraySlice<UInt8>, isLittleEndian: Bool) -> [UInt16] {
    stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { place in
      let (low, high) = isLittleEndian ? (bytes[place], bytes[place + 1]) : (bytes[place + 1], bytes[place])
      return UInt16(low) | UInt16(high) << 8
    }
  }
}

/// Encodings of one byte for each letter: what the bytes from 0x80 on stand for; a space where it is no letter.
private enum CyrillicEncoding {
  static let all: [[Unicode.Scalar]] = [windows1251, koi8, cp866, iso8859].map { letter in
    (UInt32(0x80)...0xFF).map { Unicode.Scalar(letter($0)) ?? " " }
  }

  /// А to я in order from 0xC0 on.
  private static func windows1251(_ byte: UInt32) -> UInt32 {
    switch byte {
    case 0xC0...0xFF: 0x410 + byte - 0xC0
    case 0xA8: 0x401
    case 0xB8: 0x451
    case 0xAD: 0xAD
    default: 0x20
    }
  }

  /// The small letters of KOI8-R, from 0xC0 on; the capital ones stand 0x20 behind them.
  private static let koi8Letters = Array("юабцдефгхийклмнопярстужвьызшэщчъ".unicodeScalars)

  private static func koi8(_ byte: UInt32) -> UInt32 {
    switch byte {
    case 0xC0...0xDF: koi8Letters[Int(byte - 0xC0)].value
    case 0xE0...0xFF: koi8Letters[Int(byte - 0xE0)].value - 0x20
    case 0xA3: 0x451
    case 0xB3: 0x401
    default: 0x20
    }
  }

  /// А to п from 0x80 on, р to я from 0xE0 on.
  private static func cp866(_ byte: UInt32) -> UInt32 {
    switch byte {
    case 0x80...0xAF: 0x410 + byte - 0x80
    case 0xE0...0xEF: 0x440 + byte - 0xE0
    case 0xF0: 0x401
    case 0xF1: 0x451
    default: 0x20
    }
  }

  /// А to я in order from 0xB0 on.
  private static func iso8859(_ byte: UInt32) -> UInt32 {
    switch byte {
    case 0xB0...0xEF: 0x410 + byte - 0xB0
    case 0xA1: 0x401
    case 0xF1: 0x451
    case 0xAD: 0xAD
    default: 0x20
    }
  }
}
