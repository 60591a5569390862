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
