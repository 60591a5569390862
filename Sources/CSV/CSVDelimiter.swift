/// What stands between two fields.
public enum CSVDelimiter: UInt8, CaseIterable, Sendable {
  /// As RFC 4180 has it.
  case comma = 0x2c
  /// As spreadsheets write where the comma is the decimal sign.
  case semicolon = 0x3b
  /// As tables are copied.
  case tab = 0x09

  /// The delimiter of a file, told by its first row: a tab if there is one outside quotation marks, otherwise a
  /// semicolon if there is one, otherwise a comma. Names of columns have commas in them rather than semicolons, and
  /// semicolons rather than tabs.
  init(ofHeader bytes: some Sequence<UInt8>) {
    var isQuoted = false
    var found: Set<UInt8> = []
    for byte in bytes {
      if byte == CSVByte.quote { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == CSVByte.lineFeed { break }
      found.insert(byte)
    }
    self = [.tab, .semicolon].first { found.contains($0.rawValue) } ?? .comma
  }
}

/// The bytes that mean something.
enum CSVByte {
  static let quote = UInt8(ascii: "\"")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let mark: [UInt8] = [0xef, 0xbb, 0xbf]
}
