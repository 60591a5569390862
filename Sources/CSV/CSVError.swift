/// Why a file was refused as CSV. Rows and columns count from 1, the header being row 1, as a spreadsheet shows them.
public enum CSVError: Error, Equatable, Sendable {
  /// There is no first row.
  case empty
  /// It begins with the mark of UTF-16.
  case utf16
  /// A field is not UTF-8.
  case notUTF8(row: Int, column: Int)
  /// A byte 0, which no text has; UTF-16 without a mark has many.
  case nul(row: Int, column: Int)
  /// A quotation mark inside a field that does not begin with one.
  case strayQuote(row: Int, column: Int)
  /// Something between the closing quotation mark of a field and its end.
  case textAfterQuote(row: Int, column: Int)
  /// A field that begins with a quotation mark and has no closing one.
  case unclosedQuote(row: Int, column: Int)
  /// A carriage return outside quotation marks without a line feed after it.
  case strayReturn(row: Int, column: Int)
  /// More columns than `limit`.
  case tooManyColumns(row: Int, limit: Int)
  /// More rows than `limit`, beside the header.
  case tooManyRows(limit: Int)
  /// A field is longer than `limit` bytes.
  case fieldTooLong(row: Int, column: Int, limit: Int)
  /// A row is longer than `limit` bytes.
  case rowTooLong(row: Int, limit: Int)
  /// The file is longer than `limit` bytes.
  case fileTooLong(limit: Int)
}
