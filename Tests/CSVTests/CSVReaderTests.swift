import CSV
import Streams
import Testing

@Suite struct CSVReaderTests {
  private func rows(_ bytes: [UInt8], limits: CSVLimits = CSVLimits()) throws -> [(number: Int, fields: [String])] {
    let reader = try CSVReader(MemorySource(bytes), limits: limits)
    var rows = [(number: 1, fields: reader.header)]
    while let row = try reader.next() { rows.append((row.number, row.fields)) }
    return rows
  }

  private func fields(_ text: String) throws -> [[String]] { try rows(Array(text.utf8)).map(\.fields) }

  private func refusal(_ bytes: [UInt8], limits: CSVLimits = CSVLimits()) -> CSVError? {
    do {
      _ = try rows(bytes, limits: limits)
      return nil
    } catch { return error as? CSVError }
  }

  private func refusal(_ text: String) -> CSVError? { refusal(Array(text.utf8)) }

  @Test(arguments: [
    ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
    ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
    ("a\tb\n1;5\t2\n", [["a", "b"], ["1;5", "2"]]),
    ("\"x, y\";\"p;q\"\n\"1\"\"2\";\"3\r\n4\"\n", [["x, y", "p;q"], ["1\"2", "3\r\n4"]]),
    ("a,b\n,\n\"\",\n", [["a", "b"], ["", ""], ["", ""]]),
    ("a\n\"\"\n", [["a"], [""]]),
    ("a,b\n1\n1,2,3\n", [["a", "b"], ["1"], ["1", "2", "3"]]),
    ("\u{feff}имя,b\n1,2\n", [["имя", "b"], ["1", "2"]]),
  ]) func rowsAreTakenApart(text: String, expected: [[String]]) throws { #expect(try fields(text) == expected) }

  @Test func emptyLinesAreNoRowsButCount() throws {
    #expect(try rows(Array("a\n\n\r\n1\n\n".utf8)).map(\.number) == [1, 4])
  }

  @Test(arguments: [
    ("", CSVError.empty), ("\n1,2\n", .empty),
    ("a,b\n1,x\"y\n", .strayQuote(row: 2, column: 2)),
    ("a,b\n\"1\"x,2\n", .textAfterQuote(row: 2, column: 1)),
    ("a,b\n1,\"2\n3,4\n", .unclosedQuote(row: 2, column: 2)),
    ("a,b\r1,2\r", .strayReturn(row: 1, column: 2)),
    ("a,b\n1,2\r", .strayReturn(row: 2, column: 2)),
    ("a,b\n1,\u{0}\n", .nul(row: 2, column: 2)),
  ]) func brokenFilesAreRefusedByRowAndColumn(text: String, error: CSVError) { #expect(refusal(text) == error) }

  @Test func otherEncodingsAreRefused() {
    #expect(refusal([0xff, 0xfe, 0x61, 0]) == .utf16)
    #expect(refusal([0xfe, 0xff, 0, 0x61]) == .utf16)
    #expect(refusal([0x61, 0, 0x2c, 0]) == .nul(row: 1, column: 1))
    #expect(refusal(Array("a,b\n1,".utf8) + [0xcc, 0xec, 0x0a]) == .notUTF8(row: 2, column: 2))
  }

  @Test func limitsAreKept() {
    var limits = CSVLimits()
    limits.columnCount = 2
    limits.rowCount = 1
    limits.fieldByteCount = 3
    limits.rowByteCount = 6
    func refusal(_ text: String) -> CSVError? { self.refusal(Array(text.utf8), limits: limits) }
    #expect(refusal("a,b\n1,2\n") == nil)
    #expect(refusal("a,b,c\n") == .tooManyColumns(row: 1, limit: 2))
    #expect(refusal("a\n1\n2\n") == .tooManyRows(limit: 1))
    #expect(refusal("a\n1234\n") == .fieldTooLong(row: 2, column: 1, limit: 3))
    #expect(refusal("a,b\n123,456\n") == .rowTooLong(row: 2, limit: 6))
    limits.fileByteCount = 5
    #expect(refusal("a,b\n1,2\n") == .fileTooLong(limit: 5))
  }

  /// Letters without end, which no test could hold in memory.
  private final class Endless: ByteSource {
    let byte: UInt8
    private(set) var byteCount = 0

    init(_ character: Unicode.Scalar) { byte = UInt8(ascii: character) }

    func read(into buffer: inout MutableSpan<UInt8>) -> Int {
      for index in 0..<buffer.count { buffer[index] = byte }
      byteCount += buffer.count
      return buffer.count
    }
  }

  @Test(arguments: [",", "a", "\"", "\n", "\u{0}"] as [Unicode.Scalar])
  func whatNeverEndsIsRefusedAtOnce(character: Unicode.Scalar) {
    let source = Endless(character)
    #expect(throws: CSVError.self) {
      let reader = try CSVReader(source)
      while try reader.next() != nil {}
    }
    #expect(source.byteCount <= 3 << 20)
  }

  @Test func whatIsWrittenIsReadAsTheSame() throws {
    let rows = [["a", "b;c"], ["", "\u{feff}x\"y\""], ["line\nline\r", "\t"], [""]]
    for delimiter in CSVDelimiter.allCases {
      let writer = CSVWriter(delimiter: delimiter)
      #expect(try self.rows(rows.flatMap(writer.row)).map(\.fields) == rows)
    }
  }
}
