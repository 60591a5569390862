/// The days that a date of EDTF may mean: the first and the last of them as the number `yyyymmdd`. An interval that is
/// open on one side has no limit there.
package struct EDTFSpan: Hashable, Sendable, Comparable {
  /// The first day.
  package let first: Int
  /// The last day.
  package let last: Int

  /// Reads a date; `nil` if the text is none.
  package init?(_ text: String) {
    guard EDTF.isValid(text) else { return nil }
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map(Array.init)
    guard let start = parts.first, let end = parts.last else { return nil }
    let days = (start: Self.days(start), end: Self.days(end))
    self.first = days.start?.first ?? Int.min
    self.last = days.end?.last ?? Int.max
  }

  /// In the order of their first days.
  package static func < (left: EDTFSpan, right: EDTFSpan) -> Bool {
    (left.first, left.last) < (right.first, right.last)
  }

  /// Whether every day of this one is one of `other`.
  package func isWithin(_ other: EDTFSpan) -> Bool { first >= other.first && last <= other.last }

  /// The month, if all days are of one: `yyyymm`.
  package var month: Int? {
    guard first > 0, last < 100_000_000, first / 100 == last / 100 else { return nil }
    return first / 100
  }

  /// What one date of a valid text may mean; `nil` for an open end.
  private static func days(_ text: [UInt8]) -> (first: Int, last: Int)? {
    let parts = text.filter { !"?~%".utf8.contains($0) }.split(separator: UInt8(ascii: "-")).map(Array.init)
    guard let year = parts.first, year.count == 4 else { return nil }
    let years = number(year, x: 0)...number(year, x: 9)
    var (firstMonth, lastMonth, firstDay, lastDay) = (1, 12, 1, 31)
    if parts.count > 1, parts[1].first != UInt8(ascii: "X") {
      firstMonth = number(parts[1], x: 0)
      lastMonth = firstMonth
    }
    if parts.count > 2, parts[2].first != UInt8(ascii: "X") {
      firstDay = number(parts[2], x: 0)
      lastDay = firstDay
    }
    return (
      years.lowerBound * 10_000 + firstMonth * 100 + firstDay, years.upperBound * 10_000 + lastMonth * 100 + lastDay
    )
  }

  /// The digits as a number, with `x` where one is open.
  private static func number(_ digits: [UInt8], x: Int) -> Int {
    digits.reduce(0) { $0 * 10 + ($1 == UInt8(ascii: "X") ? x : Int($1 &- UInt8(ascii: "0"))) }
  }
}
