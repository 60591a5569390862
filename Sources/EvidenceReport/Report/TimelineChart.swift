internal import EvidenceVault
internal import Wording

/// The numbers of a chart of dates; the template draws it.
///
/// Up to sixty dates have a row each. More of them are counted in equal spans of time.
struct TimelineChart {
  private static let maximumRowCount = 60
  private static let maximumTickCount = 7
  private static let maximumBarCount = 36
  private static let width = 720
  private static let labelWidth = 270
  private static let rowHeight = 22
  private static let top = 26

  private let entries: [ReportTimeline.Entry]
  /// The months from which and up to which the axis goes, counted from the year 0.
  private let first: Int
  private let last: Int
  /// How many months lie between two lines.
  private let step: Int

  init(_ entries: [ReportTimeline.Entry]) {
    self.entries = entries
    let months = entries.flatMap { [$0.span.first, $0.span.last] }.filter { $0 != .min && $0 != .max }.map(Self.month)
    let (low, high) = (months.min() ?? 0, (months.max() ?? 0) + 1)
    let most = entries.count > Self.maximumRowCount ? Self.maximumBarCount : Self.maximumTickCount
    let step = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200].first { (high - low) / $0 < most } ?? 6000
    self.step = step
    first = low / step * step
    last = max((high + step - 1) / step * step, first + step)
  }

  /// Whether dates are counted rather than drawn one by one.
  var isCounted: Bool { entries.count > Self.maximumRowCount }

  func view(_ say: ReportWords) -> View {
    let rows = isCounted ? counts(say) : entries.enumerated().map { row($1, $0, say) }
    let height = Self.top + rows.count * Self.rowHeight + 10
    return [
      "width": Self.width, "height": height, "rows": rows,
      "ticks": stride(from: first, through: isCounted ? first - 1 : last, by: step).map { month in
        ["x": x(Double(month)), "top": Self.top - 4, "bottom": height - 6, "year": Self.text(month)] as View
      },
    ]
  }

  private func row(_ entry: ReportTimeline.Entry, _ place: Int, _ say: ReportWords) -> View {
    let span = entry.span
    let isOpen = span.first == .min || span.last == .max
    let start = span.first == .min ? x(Double(first)) : x(Self.position(span.first))
    let end = span.last == .max ? x(Double(last)) : x(Self.position(span.last) + 1.0 / 31)
    return bar(
      place, label: say(entry.field.labels), number: "\(entry.item.number)", start: start, width: max(end - start, 6),
      style: isOpen || entry.isUncertain ? "pale" : "dark", count: "")
  }

  /// A row for each span of time: how many dates begin in it. What begins nobody knows when is left out.
  private func counts(_ say: ReportWords) -> [View] {
    let starts = entries.map(\.span.first).filter { $0 != .min }.map(Self.month)
    var counts: [Int: Int] = [:]
    for month in starts { counts[(month - first) / step, default: 0] += 1 }
    let largest = max(counts.values.max() ?? 1, 1)
    let room = Self.width - Self.labelWidth - 60
    return (0..<max((last - first) / step, 1)).map { place in
      let count = counts[place] ?? 0
      return bar(
        place, label: say("beginning in \(Self.text(first + place * step, isYearEnough: step >= 12))"), number: "",
        start: Self.labelWidth,
        width: count * room / largest, style: "dark", count: "\(count)")
    }
  }

  private func bar(
    _ place: Int, label: [View], number: String, start: Int, width: Int, style: String, count: String
  ) -> View {
    let y = Self.top + place * Self.rowHeight
    return [
      "y": y, "base": y + 14, "label": label, "number": number, "hasNumber": !number.isEmpty, "start": start,
      "width": width, "style": style, "count": count, "afterBar": start + width + 5,
    ]
  }

  private func x(_ month: Double) -> Int {
    let room = Double(Self.width - Self.labelWidth - 30)
    return Self.labelWidth + Int(((month - Double(first)) / Double(last - first) * room).rounded())
  }

  /// The month of a day `yyyymmdd`.
  private static func month(_ day: Int) -> Int { day / 10_000 * 12 + (day / 100 % 100 - 1) }

  /// Where in its month a day is; months count alike.
  private static func position(_ day: Int) -> Double { Double(month(day)) + Double(day % 100 - 1) / 31 }

  /// A month as `YYYY-MM`, or only as a year where it begins one.
  private static func text(_ month: Int, isYearEnough: Bool = true) -> String {
    let year = String(String(month / 12 + 10_000).dropFirst())
    return month % 12 == 0 && isYearEnough ? year : "\(year)-\(String(month % 12 + 101).dropFirst())"
  }
}
