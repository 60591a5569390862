internal import CSV
internal import Wording

/// What an error in a table is called to whoever has to mend it.
extension ImportFault {
  init(_ error: CSVError) {
    switch error {
    case .empty: self.init(row: 1, "there is no first row that names the fields")
    case .utf16: self.init(row: 1, "the file is UTF-16; \(Self.saving)")
    case .notUTF8(let row, let number): self.init(row: row, column: number, "this is not UTF-8; \(Self.saving)")
    case .nul(let row, let number):
      self.init(row: row, column: number, "a byte 0: the file is UTF-16 or no text; \(Self.saving)")
    case .strayQuote(let row, let number):
      self.init(
        row: row, column: number,
        "a quotation mark inside a field; put the field in quotation marks, and double it")
    case .textAfterQuote(let row, let number):
      self.init(row: row, column: number, "something follows the closing quotation mark")
    case .unclosedQuote(let row, let number):
      self.init(row: row, column: number, "the quotation mark that opens this field is never closed")
    case .strayReturn(let row, let number):
      self.init(row: row, column: number, "a carriage return without a line feed")
    case .tooManyColumns(let row, let limit): self.init(row: row, "more than \(limit) columns")
    case .tooManyRows(let limit): self.init(row: limit + 2, "more than \(limit) rows; make several files")
    case .fieldTooLong(let row, let number, let limit):
      self.init(row: row, column: number, "longer than \(limit) bytes")
    case .rowTooLong(let row, let limit): self.init(row: row, "longer than \(limit) bytes")
    case .fileTooLong(let limit): self.init(row: 1, "the file is longer than \(limit) bytes")
    }
  }

  private static let saving: Phrase = "save it as \"CSV UTF-8\""
}
