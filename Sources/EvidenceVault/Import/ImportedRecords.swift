public import StrictJSON
public import Wording

/// One thing that is wrong with a file of records.
public struct ImportFault: Error, Equatable {
  /// The row, line or record, from 1; of a table the header is row 1.
  public let row: Int
  /// The field, or the name of the column; `nil` if the whole row is meant.
  public let field: String?
  /// The column, from 1, where no more is known of it; `field` says so in English.
  public let column: Int?
  /// What is wrong. It quotes no free text.
  public let detail: Phrase

  init(row: Int, field: String? = nil, _ detail: Phrase) {
    self.row = row
    self.field = field
    column = nil
    self.detail = detail
  }

  init(row: Int, column: Int, _ detail: Phrase) {
    self.row = row
    field = "column \(column)"
    self.column = column
    self.detail = detail
  }
}

/// The records of a file, and all that is wrong with them.
public struct ImportedRecords: Sendable {
  /// How many faults are kept; the others are counted.
  public static let maximumFaultCount = 1_000

  /// What a number of a fault counts: `row`, `line` or `record`.
  public let unit: String
  /// The sound records, in order.
  public private(set) var records: [JSONObject] = []
  /// Which row, line or record each of them is, counted as in `ImportFault`.
  private(set) var rows: [Int] = []
  /// The first faults.
  public private(set) var faults: [ImportFault] = []
  /// How many there are.
  public private(set) var faultCount = 0

  init(unit: String) { self.unit = unit }

  mutating func add(_ fault: ImportFault) {
    faultCount += 1
    if faults.count < Self.maximumFaultCount { faults.append(fault) }
  }

  /// Takes a record in, unless it has faults of its own.
  mutating func add(_ record: JSONObject, row: Int, faults: [ImportFault], _ rules: ImportRules) {
    let all = faults + rules.faults(of: record, row: row, besides: faults)
    all.forEach { add($0) }
    guard all.isEmpty else { return }
    records.append(record)
    rows.append(row)
  }

  /// Makes faults of the records in which a number leads to no entry of the vault, or to one of another kind.
  public mutating func checkLinks(in reader: VaultReader, of schema: Schema) {
    let all = zip(records, rows)
    (records, rows) = ([], [])
    for (record, row) in all {
      let wrong = reader.linkFaults(record, of: schema)
      for fault in wrong { add(ImportFault(row: row, field: fault.field, "expected \(fault.expected)")) }
      guard wrong.isEmpty else { continue }
      records.append(record)
      rows.append(row)
    }
  }
}

/// What is asked of every record, whatever file it comes from.
struct ImportRules: Sendable {
  let schema: Schema
  let text: TypedText
  let areNamesChecked: Bool

  /// What is wrong with a record as a whole.
  func faults(of record: JSONObject, row: Int, besides known: [ImportFault]) -> [ImportFault] {
    let missing = schema.required.filter { name in record[name] == nil && !known.contains { $0.field == name } }
    var faults = missing.map { ImportFault(row: row, field: $0, "a \(schema.kind) needs this field") }
    faults += ConsentContradiction.all(in: record).map {
      ImportFault(row: row, field: $0.fields.joined(separator: ", "), $0.reason)
    }
    if missing.isEmpty, !schema.isWhole(withoutFiles: record) {
      faults.append(
        ImportFault(row: row, "a \(schema.kind) like this is nothing without its files: add it with evidence add"))
    }
    if !areNamesChecked, let found = NamesInRecord(schema: schema, fields: record).first {
      faults.append(ImportFault(row: row, field: found.place.text(in: .en), "words of \(found.field) also stand here"))
    }
    return faults
  }

  /// The value that a text stands for, or what is wrong with it.
  func value(_ text: String, of field: Schema.Field, row: Int) -> Result<JSON, ImportFailure> {
    do throws(TypedFault) {
      return .success(try self.text.value(text, of: field))
    } catch {
      var detail = error.description
      if case .ambiguousDate = error { detail = "\(detail); say --dates day-first or --dates month-first" }
      return .failure(ImportFailure(fault: ImportFault(row: row, field: field.name, detail)))
    }
  }
}

/// A fault as an error.
struct ImportFailure: Error { let fault: ImportFault }
