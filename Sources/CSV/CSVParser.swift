/// Takes rows apart, byte by byte.
final class CSVParser {
  private enum State {
    /// Nothing of the field was read yet.
    case start
    /// In a field without quotation marks.
    case plain
    /// Behind an opening quotation mark.
    case quoted
    /// Behind a quotation mark that closes the field, or is the first of two.
    case quoteInQuoted
    /// Behind a carriage return that must be followed by a line feed.
    case returned
  }

  private let input: CSVInput
  private let delimiter: UInt8
  private let limits: CSVLimits
  private var state = State.start
  private var row = 0
  private var rowByteCount = 0
  private var wasQuoted = false
  private var field: [UInt8] = []
  private var fields: [String] = []

  init(_ input: CSVInput, delimiter: CSVDelimiter, limits: CSVLimits) {
    self.input = input
    self.delimiter = delimiter.rawValue
    self.limits = limits
  }

  private var column: Int { fields.count + 1 }

  /// The next row that is not an empty line, or `nil` at the end.
  func nextRow() throws -> CSVRow? {
    while true {
      row += 1
      rowByteCount = 0
      fields = []
      wasQuoted = false
      guard let isEnded = try readRow() else { return nil }
      guard row - 1 <= limits.rowCount else { throw CSVError.tooManyRows(limit: limits.rowCount) }
      let isEmptyLine = fields.count == 1 && fields[0].isEmpty && !wasQuoted
      if !isEmptyLine { return CSVRow(number: row, fields: fields) }
      if isEnded { return nil }
    }
  }

  /// Reads up to the end of a row, and says whether the file ended there; `nil` if there was nothing more.
  private func readRow() throws -> Bool? {
    state = .start
    while let byte = try input.next() {
      rowByteCount += 1
      guard rowByteCount <= limits.rowByteCount else {
        throw CSVError.rowTooLong(row: row, limit: limits.rowByteCount)
      }
      guard byte != 0 else { throw CSVError.nul(row: row, column: column) }
      if try take(byte) { return false }
    }
    guard rowByteCount > 0 else { return nil }
    switch state {
    case .quoted: throw CSVError.unclosedQuote(row: row, column: column)
    case .returned: throw CSVError.strayReturn(row: row, column: column)
    case .start, .plain, .quoteInQuoted: try endField()
    }
    return true
  }

  /// Takes one byte, and says whether it ended the row.
  private func take(_ byte: UInt8) throws(CSVError) -> Bool {
    switch (state, byte) {
    case (.quoted, CSVByte.quote): state = .quoteInQuoted
    case (.quoted, _): try append(byte)
    case (.quoteInQuoted, CSVByte.quote):
      state = .quoted
      try append(byte)
    case (.returned, CSVByte.lineFeed), (.start, CSVByte.lineFeed), (.plain, CSVByte.lineFeed),
      (.quoteInQuoted, CSVByte.lineFeed):
      try endField()
      return true
    case (.returned, _): throw .strayReturn(row: row, column: column)
    case (_, delimiter):
      try endField()
      guard column <= limits.columnCount else { throw .tooManyColumns(row: row, limit: limits.columnCount) }
      state = .start
    case (_, CSVByte.carriageReturn): state = .returned
    case (.quoteInQuoted, _): throw .textAfterQuote(row: row, column: column)
    case (.start, CSVByte.quote):
      state = .quoted
      wasQuoted = true
    case (.plain, CSVByte.quote): throw .strayQuote(row: row, column: column)
    default:
      state = .plain
      try append(byte)
    }
    return false
  }

  private func append(_ byte: UInt8) throws(CSVError) {
    guard field.count < limits.fieldByteCount else {
      throw .fieldTooLong(row: row, column: column, limit: limits.fieldByteCount)
    }
    field.append(byte)
  }

  private func endField() throws(CSVError) {
    guard let text = String(validating: field, as: UTF8.self) else { throw .notUTF8(row: row, column: column) }
    field.removeAll(keepingCapacity: true)
    fields.append(text)
  }
}
