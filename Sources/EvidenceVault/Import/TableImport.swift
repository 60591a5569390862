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
      result.add(ImportFault(error))
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
}
