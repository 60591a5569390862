/// Writes rows as CSV.
///
/// Source: RFC 4180 section 2.
public struct CSVWriter: Sendable {
  /// What stands between two fields.
  public let delimiter: CSVDelimiter

  /// What stands behind a row.
  public let lineEnd: String

  /// Sets what stands between two fields, and behind a row: CR LF as RFC 4180 has it, or a line feed alone.
  public init(delimiter: CSVDelimiter = .comma, lineEnd: String = "\r\n") {
    (self.delimiter, self.lineEnd) = (delimiter, lineEnd)
  }

  /// One row, with its line end. The first row of a file tells its reader the delimiter, so that a field with any of
  /// the three in it is put between quotation marks.
  public func row(_ fields: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(delimiter.rawValue) }
      append(field, isAlone: fields.count == 1, to: &bytes)
    }
    return bytes + Array(lineEnd.utf8)
  }

  private func append(_ field: String, isAlone: Bool, to bytes: inout [UInt8]) {
    guard needsQuotes(field.utf8) || (isAlone && field.isEmpty) else {
      bytes += field.utf8
      return
    }
    bytes.append(CSVByte.quote)
    for byte in field.utf8 {
      if byte == CSVByte.quote { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(CSVByte.quote)
  }

  private func needsQuotes(_ field: String.UTF8View) -> Bool {
    field.starts(with: CSVByte.mark)
      || field.contains { byte in
        byte == CSVByte.quote || byte == CSVByte.lineFeed || byte == CSVByte.carriageReturn
          || CSVDelimiter(rawValue: byte) != nil
      }
  }
}
