internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import StrictJSON
internal import Wording

struct Stats: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Count dissolution cases, with small counts hidden."),
    discussion: say(
      """
      A count below the minimum could lead to a person, so it is hidden. The last of the other counts is hidden with it,
      because the number of cases less the rest would tell it; where that is not enough, and where a case may count in
      several rows, the number of cases is hidden.
      Do not publish two tables of the same cases: what one hides, the two together may tell.

      The month is that of the decision; a date less exact than a month counts under unknown. With --reconcile, the
      columns of the file say what is counted by: dimensions, then count, and source.

      Examples:
        evidence stats --by region,mode
        evidence stats --by month --where region=gbao --format svg > months.svg
        evidence stats --reconcile published.csv
      """))

  enum Format: String, ExpressibleByArgument, CaseIterable { case table, csv, json, svg }

  @Option(
    help: about(
      "Count by these: region, mode, sector, month, or fields with words to choose from.",
      valueName: "names"))
  var by: String?

  @Option(help: about("Hide counts below this; 1 hides none.", valueName: "number"))
  var minimum = CountTable.defaultMinimum

  @Option(
    name: .customLong("where"),
    help: about("Count only cases whose field has this value; may be repeated.", valueName: "field=value"))
  var conditions: [String] = []

  @Option(help: about("How the counts are printed: table, csv, json or svg."))
  var format: Format?

  @Option(help: about("Set figures that others published beside ours.", valueName: "file.csv"))
  var reconcile: String?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let conditions = try conditions.map { try FieldCondition($0, kind: CountTable.kind) }
    let figures = try reconcile.map(Self.figures)
    guard figures == nil || (by == nil && format != .svg) else {
      throw UsageFault("the columns of the file say what is counted by, and no chart has two sorts of figures")
    }
    let dimensions = try figures?.dimensions ?? names.map { try Dimension($0) }
    guard Set(dimensions.map(\.name)).count == dimensions.count else { throw UsageFault("a name was given twice") }
    let reader = try options.reader()
    Progress.current.begin("counting")
    let table = try reader.counts(by: dimensions, where: conditions, minimum: minimum)
    if let figures { print(figures.beside(table), table) } else { print(table) }
  }

  private var names: [String] {
    (by ?? "region,mode").utf8.split(separator: UInt8(ascii: ",")).map { String(decoding: $0, as: UTF8.self) }
  }

  private var chosen: Format { format ?? (report.json ? .json : .table) }

  private static func figures(_ path: String) throws -> PublishedFigures {
    do {
      return try PublishedFigures(DescriptorStream(reading: path))
    } catch let fault as ImportFault {
      throw UsageFault("\(Message.shown(path)) cannot be read: row \(fault.row): \(Message.shown(fault.detail))")
    } catch let error as StoreError {
      throw VaultError(error)
    }
  }

  private func print(_ table: CountTable) {
    switch chosen {
    case .table: Output.text(CountReport(table).text(in: .current))
    case .csv: Output.text(CountReport(table).csv)
    case .svg: Output.text(BarChart(table, title: title(table), language: .current).svg)
    case .json: Output.line(data: String(decoding: json(table).serialized(pretty: true), as: UTF8.self))
    }
  }

  private func title(_ table: CountTable) -> Phrase {
    let names = table.dimensions.map(\.name).joined(separator: ", ")
    let title: Phrase = names.isEmpty ? "Dissolution cases" : "Dissolution cases by \(names)"
    return conditions.isEmpty ? title : "\(title) (\(conditions.joined(separator: ", ")))"
  }

  private func json(_ table: CountTable) -> JSONObject {
    [
      "by": .array(table.dimensions.map { .string($0.name) }), "minimum": .integer(Int64(table.minimum)),
      "cases": number(table.total), "several_values": .bool(table.isMultiple),
      "counts": .array(
        table.rows.map { row in
          .object(["values": .array(row.values.map { .string($0) }), "count": number(row.count)])
        }),
    ]
  }

  private func number(_ count: Int?) -> JSON { count.map { .integer(Int64($0)) } ?? .null }

  // MARK: - Beside published figures

  private func print(_ comparisons: [PublishedFigures.Comparison], _ table: CountTable) {
    let head = table.dimensions.map(\.name)
    let rows = comparisons.map { row in
      row.values + [
        ours(row), row.theirs.map(String.init) ?? "", row.difference.map { $0 > 0 ? "+\($0)" : "\($0)" } ?? "",
        row.source,
      ]
    }
    switch chosen {
    case .csv:
      Output.text(([head + ["ours", "published", "difference", "source"]] + rows).map(SpreadsheetLine.text).joined())
    case .json: Output.line(data: String(decoding: json(comparisons, table).serialized(pretty: true), as: UTF8.self))
    case .table, .svg:
      Output.text(TextTable.text([head + ["ours", "published", "difference", "source"].map { say($0) }] + rows))
      Output.line("cases in this vault: \(CountReport.phrase(table.total))")
      Output.line(CountReport(table).note)
    }
  }

  private func ours(_ row: PublishedFigures.Comparison) -> String {
    if case .count(let count) = row.ours { String(count) } else { chosen == .csv ? CountReport.hidden : say("hidden") }
  }

  private func json(_ comparisons: [PublishedFigures.Comparison], _ table: CountTable) -> JSONObject {
    var json = json(table)
    json["counts"] = nil
    json["figures"] = .array(
      comparisons.map { row in
        var ours: Int?
        if case .count(let count) = row.ours { ours = count }
        return .object([
          "values": .array(row.values.map { .string($0) }), "ours": number(ours), "published": number(row.theirs),
          "difference": number(row.difference), "source": .string(row.source),
        ])
      })
    return json
  }
}
