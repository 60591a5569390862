import CSV
import Streams

extension FuzzTarget {
  /// A table that is read can be written, and is read as the same table.
  static let csv = FuzzTarget(
    "csv",
    seeds: {
      [
        "a,b\r\n1,2\r\n", "\u{feff}title;mode\n\"x\"\"y\";\"p\nq\"\n\n;\n", "a\tb\n1,5\t\"\"\n", "a\n\"\"\n",
        "\"a;b\",c\n1\n1,2,3",
      ].map { Array($0.utf8) }
    }
  ) { input throws(PropertyFailure) in
    guard let table = accepted({ try CSVTable(input) }) else { return }
    let written = table.bytes
    guard let again = accepted({ try CSVTable(written) }) else {
      throw PropertyFailure(description: "a table that was written is read")
    }
    try require(again.rows == table.rows, "a table that was written is read as the same table")
    try require(again.bytes == written, "a table is written in one way")
  }
}

/// All rows of a small file.
private struct CSVTable {
  let rows: [[String]]
  let delimiter: CSVDelimiter

  init(_ bytes: [UInt8]) throws {
    let reader = try CSVReader(MemorySource(bytes))
    var rows = [reader.header]
    while let row = try reader.next() { rows.append(row.fields) }
    self.rows = rows
    delimiter = reader.delimiter
  }

  var bytes: [UInt8] { rows.flatMap(CSVWriter(delimiter: delimiter).row) }
}
