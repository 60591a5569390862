/// Dates that need not be exact.
///
/// Source: ISO 8601-2 (EDTF), levels 0 and 1, without times of day, seasons and years beyond four digits.
enum EDTF {
  /// Whether `text` is a date, an unspecified or uncertain one, or an interval of two.
  static func isValid(_ text: String) -> Bool {
    let parts = Array(text.utf8).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    switch parts.count {
    case 1: return isDate(parts[0])
    case 2:
      let isOpen = parts.map { $0.isEmpty || Array($0) == Array("..".utf8) }
      guard !(isOpen[0] && isOpen[1]) else { return false }
      return zip(parts, isOpen).allSatisfy { $1 || isDate($0) }
    default: return false
    }
  }

  private static func isDate(_ text: ArraySlice<UInt8>) -> Bool {
    var text = text
    if let last = text.last, Array("?~%".utf8).contains(last) { text.removeLast() }
    let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count), parts[0].count == 4, parts.dropFirst().allSatisfy({ $0.count == 2 }) else {
      return false
    }
    guard let year = digits(parts[0], unspecifiedFrom: 2) else { return false }
    guard parts.count > 1 else { return true }
    guard let month = digits(parts[1], unspecifiedFrom: 0) else { return false }
    // Level 1 leaves digits open from the right only: no month in an open year, no day in an open month.
    if case .number(let month) = month {
      guard case .number = year, (1...12).contains(month) else { return false }
    }
    guard parts.count > 2 else { return true }
    guard let day = digits(parts[2], unspecifiedFrom: 0) else { return false }
    guard case .number(let day) = day else { return true }
    guard case .number(let year) = year, case .number(let month) = month else { return false }
    return (1...dayCount(year: year, month: month)).contains(day)
  }

  private enum Part {
    case number(Int)
    case unspecified
  }

  /// A number, or one whose digits from some place on are `X`.
  private static func digits(_ text: ArraySlice<UInt8>, unspecifiedFrom first: Int) -> Part? {
    let known = text.prefix { $0 != UInt8(ascii: "X") }
    guard known.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      text.dropFirst(known.count).allSatisfy({ $0 == UInt8(ascii: "X") })
    else { return nil }
    if known.count == text.count { return .number(known.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }) }
    return known.count >= first && (first > 0 || known.isEmpty) ? .unspecified : nil
  }

  static func dayCount(year: Int, month: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: (year.isMultiple(of: 4) && !year.isMultiple(of: 100)) || year.isMultiple(of: 400) ? 29 : 28
    default: 31
    }
  }
}
