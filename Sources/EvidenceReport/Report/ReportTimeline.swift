internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// What happened when, as the disclosed records say: a list, and a chart of it.
struct ReportTimeline {
  /// One date of one item.
  struct Entry {
    let item: ReportItem
    let field: Schema.Field
    let text: String
    let span: EDTFSpan

    /// Whether the record says that the date is not certain.
    var isUncertain: Bool { text.contains { "?~%X".contains($0) } }
  }

  /// The dates that belong to what happened, by kind; others are of the work on the record.
  private static let fields: [String: [String]] = [
    "dissolution_case": [
      "inspection.began_on", "inspection.ended_on", "warning.date", "date_pressure_began", "date_application",
      "court.filed_on", "court.notified_on", "date_decision", "appeal.filed_on", "appeal.decided_on",
      "date_struck_off",
    ],
    "pressure_event": ["date", "deadline"], "document": ["document_date", "captured_on"],
    "testimony": ["interview.date"],
  ]
  /// The most dates that the list has.
  static let maximumCount = 5_000

  let entries: [Entry]
  /// How many dates are not in the list.
  let leftOut: Int

  init(_ items: [ReportItem]) {
    let all = items.flatMap(Self.entries).sorted { ($0.span, $0.item.number) < ($1.span, $1.item.number) }
    entries = Array(all.prefix(Self.maximumCount))
    leftOut = all.count - entries.count
  }

  private static func entries(of item: ReportItem) -> [Entry] {
    (fields[item.kind] ?? []).compactMap { name in
      guard let field = item.schema?.field(name), let text = item.fields[name]?.stringValue,
        let span = EDTFSpan(text)
      else { return nil }
      return Entry(item: item, field: field, text: text, span: span)
    }
  }

  /// The section of the page.
  func view(_ say: ReportWords, _ fields: ReportFields) -> View {
    let chart = TimelineChart(entries)
    return [
      "isEmpty": entries.isEmpty, "heading": say("Timeline"), "none": say("No disclosed record has a date."),
      "legend": say(
        """
        A dark bar is the time in which something happened, as exactly as the records say. A pale bar with a \
        broken line is not certain, or open at one end. Below the chart, the same is told in a table.
        """
      ),
      "chart": [chart.view(say)], "isCounted": chart.isCounted,
      "counted": say("There are too many dates to draw each one; the bars show how many begin in each span of time."),
      "date": say("Date"), "what": say("What"), "where": say("Where it is told"),
      "rows": entries.map { row($0, say, fields) },
      "leftOut": leftOut == 0
        ? [View]()
        : say(
          .counted(
            leftOut, one: "\(leftOut) more date is not in this table; it is in REPORT.txt.",
            other: "\(leftOut) more dates are not in this table; they are in REPORT.txt.")),
    ]
  }

  private func row(_ entry: Entry, _ say: ReportWords, _ fields: ReportFields) -> View {
    let kinds = entry.item.schema?.kind == "pressure_event" ? entry.item.fields["pressure.kind"]?.stringValue : nil
    let kind = kinds.flatMap { entry.item.schema?.field("pressure.kind")?.valueLabels[$0] }
    return [
      "when": [fields.date(entry.text)], "label": say(entry.field.labels),
      "kind": kind.map { say($0) } ?? [View](), "hasKind": kind != nil, "link": [fields.link(to: entry.item.number)],
      "title": entry.item.title,
      "languages": entry.item.language(of: "title").map { [["language": $0]] as [View] } ?? [View](),
    ]
  }
}
