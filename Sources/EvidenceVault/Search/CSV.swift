package import Wording

/// Text in rows and columns, with commas between.
///
/// Source: RFC 4180; lines may also end with a line feed alone.
package enum CSV {
  /// What is wrong, and in which line, from 1.
  package struct Fault: Error, Hashable {
    /// What is wrong.
    package let detail: Phrase
    /// The line, from 1.
    package let line: Int
  }

  /// The rows of a text; each has as many fields as the first. Empty lines do not count.
  ///
  /// - Throws: `CSV.Fault`.
  package static func parse(_ bytes: [UInt8]) throws(Fault) -> [[String]] {
    var rest = Array(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...])
    guard String(validating: rest, as: UTF8.self) != nil else { throw Fault(detail: "the text is not UTF-8", line: 1) }
    if rest.last != UInt8(ascii: "\n") { rest.append(UInt8(ascii: "\n")) }
    var reader = Reader(bytes: rest)
    var rows: [[String]] = []
    while reader.position < rest.count {
      let line = reader.line
      let row = try reader.row()
      if row == [""] { continue }
      guard row.count == rows.first?.count ?? row.count else {
        throw Fault(detail: "\(row.count) columns instead of \(rows.first?.count ?? 0)", line: line)
      }
      rows.append(row)
    }
    return rows
  }

  /// A row, with quotes where a field needs them. One that a spreadsheet would take for a formula gets an apostrophe.
  package static func line(_ fields: [String]) -> String {
    fields.map { field in
      let text = "=+-@\t\r".utf8.contains(field.utf8.first ?? 0) && Int(field) == nil ? "'\(field)" : field
      let needsQuotes = text.utf8.contains { "\",\r\n".utf8.contains($0) }
      return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }.joined(separator: ",") + "\n"
  }

  /// A place in a text that ends with a line feed.
  private struct Reader {
    let bytes: [UInt8]
    var position = 0
    var line = 1

    mutating func row() throws(Fault) -> [String] {
      var row: [String] = []
      while true {
        row.append(try field())
        let end = bytes[position]
        position += 1
        if end == UInt8(ascii: "\n") {
          line += 1
          return row
        }
      }
    }

    /// A field, up to the comma or line feed behind it.
    private mutating func field() throws(Fault) -> String {
      if bytes[position] == UInt8(ascii: "\"") { return try quoted() }
      let start = position
      while bytes[position] != UInt8(ascii: ","), bytes[position] != UInt8(ascii: "\n") { position += 1 }
      var text = bytes[start..<position]
      if bytes[position] == UInt8(ascii: "\n"), text.last == UInt8(ascii: "\r") { text.removeLast() }
      guard !text.contains(UInt8(ascii: "\"")) else { throw Fault(detail: "a quote within a field", line: line) }
      return String(decoding: text, as: UTF8.self)
    }

    private mutating func quoted() throws(Fault) -> String {
      let first = line
      var text: [UInt8] = []
      position += 1
      while position < bytes.count {
        let byte = bytes[position]
        position += 1
        if byte != UInt8(ascii: "\"") {
          if byte == UInt8(ascii: "\n") { line += 1 }
          text.append(byte)
        } else if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
          text.append(byte)
          position += 1
        } else {
          if position < bytes.count, bytes[position] == UInt8(ascii: "\r") { position += 1 }
          guard position < bytes.count, ",\n".utf8.contains(bytes[position]) else { break }
          return String(decoding: text, as: UTF8.self)
        }
      }
      throw Fault(detail: "a quote that is not closed, or text behind one", line: first)
    }
  }
}
