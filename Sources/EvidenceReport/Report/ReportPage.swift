internal import CEmbedded
internal import Embedded
internal import EvidenceVault
internal import Wording

/// `REPORT.html`: everything that is disclosed, as one page that needs no script and fetches nothing.
///
/// Source: FORMAT section 7.
struct ReportPage {
  /// The most bytes that the page has. Items that do not fit any more are named, and their records linked.
  static let maximumByteCount = 32 << 20
  /// Room for an item of which only number, kind and title are told, in bytes.
  private static let briefByteCount = 1_500

  private let plan: ExportPlan
  private let items: [ReportItem]
  private let fields: ReportFields
  private let files: ReportFiles
  private let limit: Int
  /// The fixed words, and which were used.
  let say = ReportWords()

  init(_ plan: ExportPlan, images: ReportImages = ReportImages(), limit: Int = maximumByteCount) {
    self.plan = plan
    self.limit = limit
    items = ReportItem.all(in: plan)
    fields = ReportFields(
      say: say, numbers: Set(items.map(\.number)), translations: ReportItem.translations(among: items))
    files = ReportFiles(say: say, fields: fields, images: images)
  }

  /// The page.
  var bytes: [UInt8] {
    let kinds = ReportKinds(items)
    var bytes = render("report", beginning(kinds))
    let end = render("report-end", ReportEnd(say: say, plan: plan).view)
    let itemViews = ReportItemView(say: say, fields: fields, files: files, plan: plan)
    var remaining = items.count
    var isFull = false
    var leftOut = 0
    for kind in kinds.all {
      bytes += render("report-kind", ["anchor": kind.anchor, "heading": say(kind.heading)])
      for item in kind.items {
        remaining -= 1
        func fits(_ part: [UInt8]) -> Bool {
          bytes.count + part.count + end.count + remaining * Self.briefByteCount <= limit
        }
        var part = isFull ? [] : render("report-item", itemViews.view(item))
        if isFull || !fits(part) {
          isFull = true
          part = render("report-item", itemViews.brief(item))
        }
        if bytes.count + part.count + end.count <= limit { bytes += part } else { leftOut += 1 }
      }
    }
    if leftOut > 0 { bytes += render("report-left-out", ["leftOut": say(Self.leftOut(leftOut))]) }
    return bytes + end
  }

  private static func leftOut(_ count: Int) -> Phrase {
    .counted(
      count, one: "\(count) more item is in this bundle and not on this page; it is in REPORT.txt.",
      other: "\(count) more items are in this bundle and not on this page; they are in REPORT.txt.")
  }

  private func beginning(_ kinds: ReportKinds) -> View {
    let timeline = ReportTimeline(items)
    return [
      "policy": Self.policy,
      "languages": inAllLanguages("Language"), "choices": choices,
      "titles": inAllLanguages("Report on disclosed evidence"), "title": say("Report on disclosed evidence"),
      "banner": say("Treat this as confidential: it may put people in danger. Do not pass it on by open e-mail."),
      "reading": [
        """
        This page shows everything that the sender disclosed to you. The files themselves lie beside it, in \
        the folder data.
        """,
        """
        Words in the language of this page come from fixed lists. What people said or wrote stands as it was \
        taken down, in its own language.
        """,
        BundleFacts.clocks,
        "The page has no script in it and fetches nothing from the network.",
      ].map { ["line": say($0)] as View },
      "readingHeading": say("How to read this page"), "contents": say("Contents"), "summary": say("Summary"),
      "places": places(kinds),
      "facts": ReportSummary(say: say, fields: fields, plan: plan).facts(kinds),
      "cases": [ReportCases(say: say, fields: fields, items: items).view],
      "timeline": [timeline.view(say, fields)],
    ]
  }

  /// For what is read before a language was chosen.
  private func inAllLanguages(_ phrase: Phrase) -> String {
    Language.allCases.map { phrase.text(in: $0) }.joined(separator: " · ")
  }

  private var choices: [View] {
    Language.allCases.map { ["language": $0.rawValue, "name": $0.name, "isFirst": $0 == .en] }
  }

  private func places(_ kinds: ReportKinds) -> [View] {
    let parts: [(String, Phrase)] =
      [("summary", "Summary"), ("cases", "Cases"), ("timeline", "Timeline")]
      + kinds.all.map { ($0.anchor, $0.heading) }
      + [("withheld", "What was withheld, and why"), ("check", "How to check"), ("prints", "Fingerprints")]
    return parts.map { ["anchor": $0, "name": say($1)] as View }
  }
}

extension ReportPage {
  /// The style is named by its digest; whatever else a page could load or run is refused.
  static var policy: String {
    let style = HTMLPage.sourceOfStyle(EmbeddedFile.report_css.bytes)
    return "default-src 'none'; style-src '\(style)'; img-src data:; base-uri 'none'; form-action 'none'"
  }

  private func render(_ name: String, _ view: View) -> [UInt8] { Array(Self.templates.render(name, view).utf8) }

  private static let templates = HTMLPage([
    "report": EmbeddedFile.report_mustache.bytes, "report-kind": EmbeddedFile.report_kind_mustache.bytes,
    "report-item": EmbeddedFile.report_item_mustache.bytes, "report-end": EmbeddedFile.report_end_mustache.bytes,
    "report-left-out": EmbeddedFile.report_left_out_mustache.bytes, "say": EmbeddedFile.report_say_mustache.bytes,
    "say-in-chart": EmbeddedFile.report_say_in_chart_mustache.bytes,
    "value": EmbeddedFile.report_value_mustache.bytes, "field": EmbeddedFile.report_field_mustache.bytes,
    "timeline": EmbeddedFile.report_timeline_mustache.bytes, "style": EmbeddedFile.report_css.bytes,
  ])
}
