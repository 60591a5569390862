import CSV
@testable import EvidenceVault
import EvidenceReport
import Streams
import StrictJSON
import Testing
import Wording

@Suite struct CountTableTests {
  /// What is printed of a table: the rows with their counts, and the number of cases.
  private struct Printed: Hashable {
    let rows: [CountTable.Row]
    let total: Int?
  }

  /// For each row that is hidden in some table, the counts that all tables printed alike have there.
  private func possibleCounts(
    _ tables: [(counts: [[String]: Int], cases: Int)], by dimension: Dimension, minimum: Int
  ) throws -> [(printed: Printed, values: [[String]: Set<Int>])] {
    var groups: [Printed: [[String]: Set<Int>]] = [:]
    for (counts, cases) in tables {
      let table = try CountTable(counts, of: cases, by: [dimension], minimum: minimum)
      let printed = Printed(rows: table.rows, total: table.total)
      for row in table.rows where row.count == nil {
        groups[printed, default: [:]][row.values, default: []].insert(counts[row.values] ?? 0)
      }
    }
    return groups.map { ($0.key, $0.value) }
  }

  /// Tables whose alternatives are not all among those that were made prove nothing.
  private func requireOpen(
    _ groups: [(printed: Printed, values: [[String]: Set<Int>])], minimum: Int, isWhole: (Printed, Int) -> Bool
  ) {
    for (printed, values) in groups where isWhole(printed, values.values.compactMap { $0.max() }.max() ?? 0) {
      for (row, counts) in values where counts.contains(where: { $0 < minimum }) {
        #expect(counts.count > 1, "\(row) can only be \(counts) in \(printed)")
      }
    }
  }

  /// Whoever knows the rules as well as the output cannot tell a small count: every table of up to three sorts is made,
  /// and those that are printed alike have at least two counts in each hidden place.
  @Test(arguments: [3, 4, 5]) func noHiddenCountFollowsFromWhatIsPrinted(minimum: Int) throws {
    let dimension = try Dimension("scope")
    let names = ["local", "regional", "national"]
    var tables: [(counts: [[String]: Int], cases: Int)] = []
    for first in 0...14 {
      for second in 0...14 {
        for third in 0...14 {
          var counts: [[String]: Int] = [:]
          for (name, count) in zip(names, [first, second, third]) where count > 0 { counts[[name]] = count }
          tables.append((counts, first + second + third))
        }
      }
    }
    try requireOpen(possibleCounts(tables, by: dimension, minimum: minimum), minimum: minimum) { $1 < 14 }
  }

  /// The same where cases can count in two rows, one row, or as not given.
  @Test(arguments: [3, 4]) func noHiddenCountFollowsWhereCasesCountTwice(minimum: Int) throws {
    let dimension = try Dimension("sector")
    var tables: [(counts: [[String]: Int], cases: Int)] = []
    for first in 0...8 {
      for second in 0...8 {
        for both in 0...8 {
          for none in 0...8 {
            var counts = [["housing"]: first + both, ["youth"]: second + both, [Dimension.notGiven]: none]
            counts = counts.filter { $0.value > 0 }
            tables.append((counts, first + second + both + none))
          }
        }
      }
    }
    try requireOpen(possibleCounts(tables, by: dimension, minimum: minimum), minimum: minimum) { printed, _ in
      printed.rows.allSatisfy { $0.count ?? 0 <= 8 }
    }
  }

  @Test func countsFromTheMinimumOnAreShown() throws {
    let table = try CountTable(
      [["local"]: 5, ["regional"]: 17], of: 22, by: [Dimension("scope")], minimum: 5)
    #expect(table.rows.map(\.count) == [5, 17])
    #expect(table.total == 22)
  }

  @Test func aSmallCountIsHiddenWithTheLastOfTheOthers() throws {
    let table = try CountTable(
      [["local"]: 3, ["regional"]: 17, ["national"]: 30], of: 50, by: [Dimension("scope")], minimum: 5)
    #expect(table.rows.map(\.count) == [nil, 17, nil])
    #expect(table.total == 50)
    #expect(throws: VaultError.self) { try CountTable([:], of: 0, by: [], minimum: 2) }
  }

  @Test func casesAreCountedByTheirCurrentRecords() throws {
    let fixture = try VaultFixture()
    for number in 0..<6 {
      try fixture.addCase(
        "c\(number)",
        [
          "date_decision": .string(number < 3 ? "2023-05-1\(number)" : "2023"), "sectors": ["youth", "media"],
        ])
    }
    try fixture.amend(0, "c0", ["region": "sughd", "date_decision": "2023-05?"])
    let reader = try fixture.reader()
    func counts(_ names: String..., where conditions: String...) throws -> CountTable {
      try reader.counts(
        by: names.map { try Dimension($0) }, where: conditions.map { try FieldCondition($0, kind: CountTable.kind) },
        minimum: 1)
    }
    #expect(try counts("region").rows.map(\.values) == [["gbao"], ["sughd"]])
    #expect(try counts("region").rows.map(\.count) == [5, 1])
    #expect(try counts("month").rows.map(\.values) == [["2023-05"], ["unknown"]])
    #expect(try counts("month").rows.map(\.count) == [3, 3])
    #expect(try counts("sector").rows.map(\.count) == [5, 5, 1])
    #expect(try counts("sector").total == 6)
    #expect(try counts("region", "sector", where: "region=sughd").rows.map(\.count) == [1])
    #expect(try counts("scope").rows.map(\.values) == [[Dimension.notGiven]])
    #expect(throws: VaultError.self) { try counts("regon") }
  }

  @Test func publishedFiguresStandBesideOurs() throws {
    let text = "region,mode,count,source\r\ngbao,court_ordered,12,\"Ministry, 2023\"\r\nsughd,court_ordered,,\r\n"
    let figures = try PublishedFigures(MemorySource(Array(text.utf8)))
    let table = try CountTable(
      [["gbao", "court_ordered"]: 15, ["khatlon", "unknown"]: 2, ["khatlon", "suspended"]: 9], of: 26,
      by: figures.dimensions, minimum: 5)
    let rows = figures.beside(table)
    #expect(rows.map(\.ours) == [.count(15), .count(0), .hidden, .hidden])
    #expect(rows.map(\.theirs) == [12, nil, nil, nil])
    #expect(rows.map(\.difference) == [-3, nil, nil, nil])
    #expect(rows.first?.source == "Ministry, 2023")
    for bad in ["region\ngbao", "regio,count\n", "region,count\nmars,1", "region,count\ngbao,-1", "count,count\n1,1"] {
      #expect(throws: (any Error).self) { try PublishedFigures(MemorySource(Array(bad.utf8))) }
    }
  }

  @Test func aChartIsTextThatNeedsNothingElse() throws {
    let table = try CountTable(
      [["local"]: 3, ["regional"]: 17, ["national"]: 30], of: 50, by: [Dimension("scope")], minimum: 5)
    let svg = BarChart(table, title: "Cases <by> \"scope\"").svg
    #expect(svg.contains("<title id=\"title\">Cases &lt;by&gt; &quot;scope&quot;</title>"))
    #expect(svg.contains("<desc id=\"desc\">local: hidden; regional: 17; national: hidden; cases: 50."))
    for foreign in ["script", "href", "url(", "style", "@import"] { #expect(!svg.contains(foreign)) }
  }
}

@Suite struct SpreadsheetLineTests {
  @Test func whatIsWrittenIsReadBackAndIsNoFormula() throws {
    let rows = [["plain", "a,b", "a\"b", "a\nb", ""], ["=1+1", "-3", "+x", "@y", "z"]]
    let reader = try CSVReader(MemorySource(Array(rows.map(SpreadsheetLine.text).joined().utf8)))
    #expect(reader.header == rows[0])
    #expect(try reader.next()?.fields == ["'=1+1", "-3", "'+x", "'@y", "z"])
    #expect(try reader.next() == nil)
  }
}

@Suite struct EDTFSpanTests {
  @Test(arguments: [
    ("2023-05-12", 20_230_512, 20_230_512), ("2023-05", 20_230_501, 20_230_531), ("2023", 20_230_101, 20_231_231),
    ("202X", 20_200_101, 20_291_231), ("2023-XX-XX", 20_230_101, 20_231_231), ("2023-05-XX", 20_230_501, 20_230_531),
    ("2022-09/2023-03", 20_220_901, 20_230_331), ("2023-05~", 20_230_501, 20_230_531), ("../2023", Int.min, 20_231_231),
    ("2023/", 20_230_101, Int.max),
  ])
  func aDateMeansTheseDays(text: String, first: Int, last: Int) throws {
    let span = try #require(EDTFSpan(text))
    #expect((span.first, span.last) == (first, last))
  }
}
