internal import CSV

/// Rows of figures, for a spreadsheet.
///
/// Source: RFC 4180; lines end with a line feed alone.
package enum SpreadsheetLine {
  /// A row, with quotes where a field needs them. One that a spreadsheet would take for a formula gets an apostrophe.
  package static func text(_ fields: [String]) -> String {
    let harmless = fields.map { field in
      "=+-@\t\r".utf8.contains(field.utf8.first ?? 0) && Int(field) == nil ? "'\(field)" : field
    }
    return String(decoding: CSVWriter(lineEnd: "\n").row(harmless), as: UTF8.self)
  }
}
