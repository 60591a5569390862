internal import Streams
internal import Tar

extension VaultReader {
  /// The content of a file of text in an item, read in every way in which it may be meant.
  ///
  /// - Throws: as `ObjectReader.read`; `StreamError` for a file larger than `NameCheck.maximumByteCount`.
  func texts(of path: ArchivePath, in entry: Entry, _ record: Record) throws -> [String] {
    let receiver = MemoryReceiver()
    try readObject(entry, record, only: path, into: receiver)
    return TextContent.readings(of: receiver.sink.bytes)
  }
}

/// Bytes as text, for a search in which nothing may be missed.
enum TextContent {
  /// UTF-8, with and without what JSON and HTML write as numbers; of bytes that are no UTF-8 all of UTF-16,
  /// Windows-1251 and KOI8-R.
  static func readings(of bytes: [UInt8]) -> [String] {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      return [
        utf16(bytes, isLittleEndian: true), utf16(bytes, isLittleEndian: false), letters(bytes, windows1251),
        letters(bytes, koi8),
      ]
    }
    let hasNumbers = ["\\u", "&#"].contains { text.contains($0) }
    return hasNumbers ? [text, unescaped(text)] : [text]
  }

  private static func utf16(_ bytes: [UInt8], isLittleEndian: Bool) -> String {
    let units = stride(from: 0, to: bytes.count - 1, by: 2).map { place in
      let (low, high) = isLittleEndian ? (bytes[place], bytes[place + 1]) : (bytes[place + 1], bytes[place])
      return UInt16(low) | UInt16(high) << 8
    }
    return String(decoding: units, as: UTF16.self)
  }

  private static func letters(_ bytes: [UInt8], _ letter: (UInt8) -> UInt32) -> String {
    String(String.UnicodeScalarView(bytes.map { Unicode.Scalar(letter($0)) ?? " " }))
  }

  /// The letters of Windows-1251: А to я in order from 0xC0 on.
  private static func windows1251(_ byte: UInt8) -> UInt32 {
    switch byte {
    case 0xC0...0xFF: 0x410 + UInt32(byte - 0xC0)
    case 0xA8: 0x401
    case 0xB8: 0x451
    case 0x80...0xFF: 0x20
    default: UInt32(byte)
    }
  }

  /// The small letters of KOI8-R, from 0xC0 on; the capital ones stand 0x20 behind them.
  private static let koi8Letters = Array("юабцдефгхийклмнопярстужвьызшэщчъ".unicodeScalars)

  private static func koi8(_ byte: UInt8) -> UInt32 {
    switch byte {
    case 0xC0...0xDF: koi8Letters[Int(byte - 0xC0)].value
    case 0xE0...0xFF: koi8Letters[Int(byte - 0xE0)].value - 0x20
    case 0x80...0xFF: 0x20
    default: UInt32(byte)
    }
  }

  /// The text with `\uXXXX`, `&#NNNN;` and `&#xHHHH;` as the letters that they stand for.
  private static func unescaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var rest = text.unicodeScalars[...]
    while let scalar = rest.first {
      if let (letter, count) = numbered(rest) {
        result.append(letter)
        rest = rest.dropFirst(count)
      } else {
        result.append(scalar)
        rest = rest.dropFirst()
      }
    }
    return String(result)
  }

  /// The letter that a text begins with as a number, and how long that is.
  private static func numbered(_ text: Substring.UnicodeScalarView) -> (Unicode.Scalar, Int)? {
    func value(_ prefix: String, _ radix: Int, _ maximum: Int, ends: Bool) -> (Unicode.Scalar, Int)? {
      guard text.starts(with: prefix.unicodeScalars) else { return nil }
      let digits = text.dropFirst(prefix.unicodeScalars.count).prefix(maximum)
        .prefix { $0.properties.numericType != nil || ($0.isASCII && Character($0).isHexDigit) }
      guard let number = UInt32(String(digits), radix: radix), let letter = Unicode.Scalar(number) else { return nil }
      return (letter, prefix.unicodeScalars.count + digits.count + (ends ? 1 : 0))
    }
    return value("\\u", 16, 4, ends: false) ?? value("&#x", 16, 6, ends: true) ?? value("&#", 10, 7, ends: true)
  }
}

/// Keeps one small file in memory.
private final class MemoryReceiver: ItemReceiver {
  let sink = MemorySink(limit: Int(NameCheck.maximumByteCount))

  func begin(_ file: FileRecord, path: ArchivePath) -> (any ByteSink)? { sink }
  func end(_ file: FileRecord, path: ArchivePath) {}
}
