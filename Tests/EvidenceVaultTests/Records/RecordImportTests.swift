import CSV
@testable import EvidenceVault
import Streams
import StrictJSON
import Testing

/// Many records from one file.
@Suite struct RecordImportTests {
  private static let header = "title,organisation.pseudonym,region,mode"
  private static let row = "A,Organisation Juniper 001,gbao,unknown"

  private func read(
    _ text: String, _ format: RecordImport.Format = .csv, areNamesChecked: Bool = false
  ) throws -> ImportedRecords {
    try RecordImport.read(
      MemorySource(Array(text.utf8)), format: format, kind: "dissolution_case", areNamesChecked: areNamesChecked)
  }

  private func faults(_ text: String, _ format: RecordImport.Format = .csv) throws -> [String] {
    try read(text, format).faults.map { "\($0.row) \($0.field ?? "-")" }
  }

  @Test func rowsBecomeRecordsAndEmptyCellsNoValues() throws {
    let read = try read("\(Self.header),district\n\(Self.row),\n,,,,\n\n\(Self.row),Sample\n")
    #expect(read.faults.isEmpty)
    #expect(read.records.map(\.count) == [4, 5])
    #expect(read.records.last?["district"] == "Sample")
  }

  @Test func labelsNameFieldsInEveryLanguage() throws {
    let read = try read("Title;Псевдоним организации;Вилоят;mode\nA;B;gbao;unknown\n")
    #expect(read.faults.isEmpty)
    #expect(read.records.first?.names == ["title", "organisation.pseudonym", "region", "mode"])
  }

  @Test func everythingThatIsWrongIsTold() throws {
    let text = """
      \(Self.header),date_decision,nothing,title,inspection.act_received
      \(Self.row),31.02.2023,,,maybe
      \(Self.row)
      ,B,gabo,unknown,03/04/2023,,,
      """
    #expect(
      try faults(text) == [
        "1 nothing", "1 title", "2 date_decision", "2 inspection.act_received", "3 -", "4 region", "4 date_decision",
        "4 title",
      ])
    #expect(try read(text).records.isEmpty)
  }

  @Test func faultsAreBoundedAndCounted() throws {
    let read = try read("\(Self.header)\n" + String(repeating: "A,B,gbao,nothing\n", count: 1_500))
    #expect(read.faults.count == 1_000)
    #expect(read.faultCount == 1_500)
  }

  @Test func aNameInAnotherFieldIsAFaultUnlessItWasChecked() throws {
    let text = "\(Self.header),organisation.name\nClosing of Tamarisk,B,gbao,unknown,Tamarisk Society\n"
    #expect(try faults(text) == ["2 title"])
    #expect(try read(text, areNamesChecked: true).faults.isEmpty)
  }

  @Test func brokenQuotingNamesRowAndColumn() throws {
    #expect(try faults("\(Self.header)\n\(Self.row)\nA,\"B,gbao\n") == ["3 column 2"])
  }

  @Test func whatIsNoJSONIsToldInWords() throws {
    func details(_ text: String, _ format: RecordImport.Format) throws -> [String] {
      try read(text, format).faults.map { "\($0.row): \($0.detail.english)" }
    }
    #expect(try details("[\n{\"a\":1,\"a\":2}]", .json) == ["1: this is not JSON: a stands in it twice (line 2)"])
    #expect(try details("\(Self.record)\n{\n", .jsonl) == ["2: this is not JSON: it ends too early"])
  }

  @Test func twoSpellingsOfOneFieldAreAFault() throws {
    let record =
      #"{"title":"A","Title":"C","organisation.pseudonym":"B","region":"gbao","mode":"unknown"}"#
    let read = try read("[\(record)]", .json)
    #expect(read.records.isEmpty && read.faults.map(\.field) == ["Title"])
    #expect(read.faults.first?.detail.english == "two values for the field title")
  }

  private func rules() throws -> ImportRules {
    ImportRules(schema: try Schema.named("dissolution_case"), text: TypedText(), areNamesChecked: false)
  }

  private static let record = #"{"title":"A","organisation.pseudonym":"B","region":"gbao","mode":"unknown"}"#

  /// That there are too many is said once, and nothing is read behind that.
  @Test func moreRecordsThanTheLimitAreRefused() throws {
    let imported = JSONImport(rules: try rules(), limits: JSONImport.Limits(recordCount: 2))
    for (count, rows) in [(2, []), (3, [3]), (9, [3])] {
      let all = [String](repeating: Self.record, count: count)
      for read in [
        try imported.readArray(MemorySource(Array("[\(all.joined(separator: ","))]".utf8))),
        try imported.readLines(MemorySource(Array(all.joined(separator: "\n").utf8))),
      ] {
        #expect(read.records.count == 2 && read.faults.map(\.row) == rows)
        #expect(read.faults.allSatisfy { $0.detail.english == "more than 2 records; make several files" })
      }
    }
  }

  @Test func longFilesAndLinesAreRefused() throws {
    let line = Self.record.utf8.count
    func read(byteCount: Int = 1 << 20, fileByteCount: Int = 1 << 20, _ text: String) throws -> ImportedRecords {
      let limits = JSONImport.Limits(byteCount: byteCount, fileByteCount: fileByteCount)
      return try JSONImport(rules: rules(), limits: limits).readLines(MemorySource(Array(text.utf8)))
    }
    let two = "\(Self.record)\n\(Self.record)\n"
    #expect(try read(byteCount: line, fileByteCount: two.utf8.count, two).records.count == 2)
    #expect(throws: StreamError.tooLong(limit: two.utf8.count - 1)) {
      try read(fileByteCount: two.utf8.count - 1, two)
    }
    let long = String(repeating: " ", count: 200_000)
    #expect(throws: StreamError.tooLong(limit: 100_000)) { try read(byteCount: 100_000, long) }
    #expect(throws: StreamError.tooLong(limit: 10)) {
      try JSONImport(rules: rules(), limits: JSONImport.Limits(byteCount: 10)).readArray(
        MemorySource(Array("[\(Self.record)]".utf8)))
    }
  }

  @Test func tablesBeyondALimitNameTheRow() throws {
    func fault(_ change: (inout CSVLimits) -> Void) throws -> [String] {
      var limits = CSVLimits()
      change(&limits)
      let text = "\(Self.header)\n\(Self.row)\n\(Self.row)\n"
      let read = try TableImport(rules: rules(), limits: limits).read(MemorySource(Array(text.utf8)))
      return read.faults.map { "\($0.row) \($0.field ?? "-"): \($0.detail.english)" }
    }
    #expect(try fault { $0.rowCount = 2 }.isEmpty)
    #expect(try fault { $0.rowCount = 1 } == ["3 -: more than 1 rows; make several files"])
    #expect(try fault { $0.fieldByteCount = 23 } == ["2 column 2: longer than 23 bytes"])
    #expect(try fault { $0.rowByteCount = 40 } == ["1 -: longer than 40 bytes"])
    #expect(try fault { $0.columnCount = 3 } == ["1 -: more than 3 columns"])
    #expect(try fault { $0.fileByteCount = 60 } == ["1 -: the file is longer than 60 bytes"])
  }

  @Test func arraysAndLinesOfRecordsAreReadAlike() throws {
    let record =
      #"{"title":"A","organisation.pseudonym":"B","region":"gbao","mode":"unknown","date_decision":"26.05.2023"}"#
    for read in [try read("[\(record),\(record)]", .json), try read("\(record)\n\n\(record)", .jsonl)] {
      #expect(read.faults.isEmpty)
      #expect(read.records.map { $0["date_decision"] } == ["2023-05-26", "2023-05-26"])
    }
    #expect(
      try faults("\(record)\n[]\n{\"title\":1}\n{", .jsonl).prefix(3) == ["2 -", "3 title", "3 organisation.pseudonym"])
    #expect(try faults("[{\"amends\":1}]", .json).first == "1 amends")
    #expect(try faults("{}", .json) == ["1 -"])
  }
}
