extension EDTF {
  /// Before every day that a date can name.
  static let beginningOfTime = "0000-01-01"
  /// After every day that a date can name.
  static let endOfTime = "9999-12-31"

  /// The first and the last day that a date can mean, as `YYYY-MM-DD`; `nil` if it is no date. An open or unknown end of
  /// an interval reaches as far as dates go.
  static func days(_ text: String) -> (first: String, last: String)? {
    guard isValid(text) else { return nil }
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard let first = parts.first, let last = parts.last else { return nil }
    return (
      isOpen(first) ? beginningOfTime : day(first, isFirst: true), isOpen(last) ? endOfTime : day(last, isFirst: false)
    )
  }

  private static func isOpen(_ part: Substring.UTF8View) -> Bool { part.isEmpty || part.elementsEqual("..".utf8) }

  private static func day(_ part: Substring.UTF8View, isFirst: Bool) -> String {
    let digits = part.filter { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 == UInt8(ascii: "X") }
    let missing = isFirst ? "00000101" : "99991231"
    let bytes = zip(Array(digits) + missing.utf8.dropFirst(digits.count), missing.utf8).map { digit, filler in
      digit == UInt8(ascii: "X") ? filler : digit
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let (year, month, day) = (text.prefix(4), text.dropFirst(4).prefix(2), text.dropFirst(6))
    guard !isFirst, let number = Int(day), let yearNumber = Int(year), let monthNumber = Int(month) else {
      return "\(year)-\(month)-\(day)"
    }
    let last = min(number, dayCount(year: yearNumber, month: monthNumber))
    return "\(year)-\(month)-\(last < 10 ? "0" : "")\(last)"
  }
}
