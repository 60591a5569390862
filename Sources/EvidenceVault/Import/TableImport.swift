internal import CSV
internal import Streams
internal import StrictJSON
internal import Wording

/// Records from CSV: the first row names the fields, every other row is a record. An empty cell is no value, and a row
/// of empty cells no record.
struct TableImport {
  let rules: ImportRules
  var limits = CSVLimits()

  func read(_ source: any ByteSource) throws -> ImportedRecords {
    var result = ImportedRecords(unit: "row")
    do {
      let reader = try CSVReader(source, limits: limits)
      let fields = ImportColumns(rules.schema).fields(ofHeader: reader.header, into: &result)
      while let row = try reader.next() { read(row, fields, into: &result) }
    } catch let error as CSVError {
      result.add(Self.fault(error))
    }
    return result
  }

  private func read(_ row: CSVRow, _ fields: [Schema.Field?], into result: inout ImportedRecords) {
    guard row.fields.contains(where: { !$0.trimmingSpace().isEmpty }) else { return }
    guard row.fields.count == fields.count else {
      let detail: Phrase = "\(row.fields.count) fields, and the header has \(fields.count)"
      return result.add(ImportFault(row: row.number, detail))
    }
    var record = JSONObject()
    var faults: [ImportFault] = []
    for case (let field?, let text) in zip(fields, row.fields) where !text.trimmingSpace().isEmpty {
      switch rules.value(text, of: field, row: row.number) {
      case .success(let value): record[field.name] = value
      case .failure(let failure): faults.append(failure.fault)
      }
    }
    result.add(record, row: row.number, faults: faults, rules)
  }

  private static func fault(_ error: CSVError) -> ImportFault {
    switch error {
    case .empty: ImportFault(row: 1, "there is no first row that names the fields")
    case .utf16: ImportFault(row: 1, "the file is UTF-16; \(saving)")
    case .notUTF8(let row, let number): ImportFault(row: row, column: number, "this is not UTF-8; \(saving)")
    case .nul(let row, let number):
      ImportFault(row: row, column: number, "a byte 0: the file is UTF-16 or no text; \(saving)")
    case .strayQuote(let row, let number):
      ImportFault(
        row: row, column: number,
        "a quotation mark inside a field; put the field in quotation marks, and double it")
    case .textAfterQuote(let row, let number):
      ImportFault(row: row, column: number, "something follows the closing quotation mark")
    case .unclosedQuote(let row, let number):
      ImportFault(row: row, column: number, "the quotation mark that opens this field is never closed")
    case .strayReturn(let row, let number):
      ImportFault(row: row, column: number, "a carriage return without a line feed")
    case .tooManyColumns(let row, let limit): ImportFault(row: row, "more than \(limit) columns")
    case .tooManyRows(let limit): ImportFault(row: limit + 2, "more than \(limit) rows; make several files")
    case .fieldTooLong(let row, let number, let limit):
      ImportFault(row: row, column: number, "longer than \(limit) bytes")
    case .rowTooLong(let row, let limit): ImportFault(row: row, "longer than \(limit) bytes")
    case .fileTooLong(let limit): ImportFault(row: 1, "the file is longer than \(limit) bytes")
    }
  }

  private static let saving: Phrase = "save it as \"CSV UTF-8\""
}
