public import EvidenceVault
public import Wording

/// Counts as horizontal bars: one SVG file without script, fonts or links, whose figures are text.
public struct BarChart {
  let table: CountTable
  let title: Phrase
  let language: Language

  private static let rowHeight = 24
  private static let labelWidth = 460
  private static let barWidth = 360
  private static let margin = 20

  /// Draws the counts of `table`.
  public init(_ table: CountTable, title: Phrase, language: Language = .en) {
    self.table = table
    self.title = title
    self.language = language
  }

  /// The file.
  public var svg: String {
    let width = Self.labelWidth + Self.barWidth + 4 * Self.margin
    let height = 4 * Self.margin + (table.rows.count + 2) * Self.rowHeight
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
      role="img" aria-labelledby="title desc" font-family="sans-serif" font-size="14">
      <title id="title">\(Self.escaped(say(title)))</title>
      <desc id="desc">\(Self.escaped(description))</desc>
      <rect width="\(width)" height="\(height)" fill="#ffffff"/>
      \(text(Self.margin, 2 * Self.margin, say(title), "font-size=\"18\" font-weight=\"bold\""))
      \(table.rows.enumerated().map(row).joined(separator: "\n"))
      \(text(Self.margin, height - Self.margin, say(CountReport(table).note), "font-size=\"12\""))
      </svg>

      """
  }

  private var description: String {
    let rows = table.rows.map { "\($0.values.joined(separator: ", ")): \(shown($0.count))" }
    return (rows + [say("cases: \(shown(table.total))")]).joined(separator: "; ") + ". "
      + say(CountReport(table).note)
  }

  private func say(_ phrase: Phrase) -> String { phrase.text(in: language) }

  private func shown(_ count: Int?) -> String { say(CountReport.phrase(count)) }

  private func row(_ place: Int, _ row: CountTable.Row) -> String {
    let top = 3 * Self.margin + place * Self.rowHeight
    let base = top + Self.rowHeight - 8
    let largest = max(1, table.rows.compactMap(\.count).max() ?? 1)
    let width = (row.count ?? 0) * Self.barWidth / largest
    let start = Self.margin + Self.labelWidth
    return """
      \(text(Self.margin, base, row.values.joined(separator: ", ")))
      <rect x="\(start)" y="\(top)" width="\(width)" height="\(Self.rowHeight - 6)" fill="#1f5a99"/>
      \(text(start + width + 6, base, shown(row.count)))
      """
  }

  private func text(_ x: Int, _ y: Int, _ text: String, _ attributes: String = "") -> String {
    "<text x=\"\(x)\" y=\"\(y)\"\(attributes.isEmpty ? "" : " \(attributes)")>\(Self.escaped(text))</text>"
  }

  private static func escaped(_ text: String) -> String { HTMLPage.escaped(Printable.line(text)) }
}
