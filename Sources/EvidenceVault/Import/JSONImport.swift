internal import Streams
internal import StrictJSON
internal import Wording

/// Records from JSON: an array of records, or one in each line.
struct JSONImport {
  /// What is taken at most.
  struct Limits: Sendable {
    /// The longest array, and the longest line, in bytes.
    var byteCount = 64 << 20
    /// The longest file of lines, in bytes.
    var fileByteCount = 1 << 30
    /// The most records, as of a table.
    var recordCount = 100_000
  }

  let rules: ImportRules
  let limits: Limits
  let columns: ImportColumns

  init(rules: ImportRules, limits: Limits = Limits()) {
    self.rules = rules
    self.limits = limits
    columns = ImportColumns(rules.schema)
  }

  func readArray(_ source: any ByteSource) throws -> ImportedRecords {
    var result = ImportedRecords(unit: "record")
    let json: JSON
    do {
      let bytes = try source.readAll(limit: limits.byteCount)
      json = try JSON.parse(bytes, limits: JSON.Limits(byteCount: limits.byteCount, depth: 8, valueCount: .max))
    } catch let error as JSONError {
      result.add(ImportFault(row: 1, "this is not JSON: \(error.explanation)"))
      return result
    }
    guard let values = json.arrayValue else {
      result.add(ImportFault(row: 1, "expected an array of records"))
      return result
    }
    for (index, value) in values.enumerated() {
      guard hasRoom(for: index + 1, in: &result) else { break }
      read(value, row: index + 1, into: &result)
    }
    return result
  }

  func readLines(_ source: any ByteSource) throws -> ImportedRecords {
    var result = ImportedRecords(unit: "line")
    let lines = LineReader(source, limit: limits.fileByteCount, lineLimit: limits.byteCount)
    var row = 0
    while let line = try lines.next() {
      row += 1
      if line.isEmpty { continue }
      guard hasRoom(for: row, in: &result) else { break }
      do throws(JSONError) {
        let json = try JSON.parse(line, limits: JSON.Limits(byteCount: limits.byteCount, depth: 8))
        read(json, row: row, into: &result)
      } catch {
        result.add(ImportFault(row: row, "this is not JSON: \(error.kind.explanation)"))
      }
    }
    return result
  }

  /// Whether one more record is taken; that it is not is said once.
  private func hasRoom(for row: Int, in result: inout ImportedRecords) -> Bool {
    if result.records.count < limits.recordCount { return true }
    result.add(ImportFault(row: row, "more than \(limits.recordCount) records; make several files"))
    return false
  }

  private func read(_ value: JSON, row: Int, into result: inout ImportedRecords) {
    guard let object = value.objectValue else { return result.add(ImportFault(row: row, "expected an object")) }
    var record = JSONObject()
    var faults: [ImportFault] = []
    for member in object.members {
      switch columns.field(member.name) {
      case .failure(let fault): faults.append(ImportFault(row: row, field: member.name, fault.description))
      case .success(let field):
        switch self.value(member.value, of: field, row: row) {
        case .failure(let failure): faults.append(failure.fault)
        case .success(let value):
          if !record.append(field.name, value) {
            faults.append(ImportFault(row: row, field: member.name, "two values for the field \(field.name)"))
          }
        }
      }
    }
    result.add(record, row: row, faults: faults, rules)
  }

  /// Texts are taken as in a table, but for the elements of a list, which stand apart already.
  private func value(_ json: JSON, of field: Schema.Field, row: Int) -> Result<JSON, ImportFailure> {
    if case .string(let text) = json, !field.type.isList { return rules.value(text, of: field, row: row) }
    if let expected = field.type.refusal(of: json) {
      return .failure(ImportFailure(fault: ImportFault(row: row, field: field.name, "expected \(expected)")))
    }
    return .success(json)
  }
}

extension FieldType {
  /// Whether the field holds several values.
  var isList: Bool { if case .list = self { true } else { false } }
}

/// The lines of a stream.
private final class LineReader {
  private let source: any ByteSource
  private let limit: Int
  private let lineLimit: Int
  private var buffer: [UInt8] = []
  private var searched = 0
  private var readCount = 0
  private var isAtEnd = false

  init(_ source: any ByteSource, limit: Int, lineLimit: Int) {
    self.source = source
    self.limit = limit
    self.lineLimit = lineLimit
  }

  /// - Throws: `StreamError.tooLong`, or what the source throws.
  func next() throws -> [UInt8]? {
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer {
          buffer.removeSubrange(...end)
          searched = 0
        }
        return Array(buffer[..<end])
      }
      searched = buffer.count
      guard searched <= lineLimit else { throw StreamError.tooLong(limit: lineLimit) }
      if isAtEnd {
        defer { buffer = [] }
        searched = 0
        return buffer.isEmpty ? nil : buffer
      }
      var piece = [UInt8](repeating: 0, count: 64 << 10)
      var span = piece.mutableSpan
      let count = try source.read(into: &span)
      readCount += count
      guard readCount <= limit else { throw StreamError.tooLong(limit: limit) }
      isAtEnd = count == 0
      buffer += piece[..<count]
    }
  }
}
