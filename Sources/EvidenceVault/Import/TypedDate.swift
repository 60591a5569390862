internal import Wording

/// Dates as people write them, as EDTF.
///
/// With full stops the day stands first, as it does wherever dates are written so. With strokes both orders are in
/// use, and a guess would move an event by months.
enum TypedDate {
  static func edtf(_ text: String, order: DateOrder?) throws(TypedFault) -> String {
    if EDTF.isValid(text) { return text }
    if let parts = numbers(in: text, between: ".") {
      switch parts.count {
      case 3: return try date(day: parts[0], month: parts[1], year: parts[2])
      case 2: return try month(parts[0], year: parts[1])
      default: break
      }
    }
    if let parts = numbers(in: text, between: "/"), parts.count == 3 {
      return try strokes(first: parts[0], second: parts[1], year: parts[2], order: order)
    }
    if let parts = numbers(in: text, between: "-"), parts.count == 3, parts[0].count == 4 {
      throw .unfit("there is no such day")
    }
    throw .unfit("expected a date such as 26.05.2023, 2023-05-26, 2023-05, 2023?, or 2022-09/2023-03")
  }

  private static func strokes(
    first: Substring, second: Substring, year: Substring, order: DateOrder?
  ) throws(TypedFault) -> String {
    if let order {
      return try order == .dayFirst
        ? date(day: first, month: second, year: year) : date(day: second, month: first, year: year)
    }
    let dayFirst = try? date(day: first, month: second, year: year)
    let monthFirst = try? date(day: second, month: first, year: year)
    if let dayFirst, let monthFirst, dayFirst != monthFirst {
      throw .ambiguousDate(dayFirst: dayFirst, monthFirst: monthFirst)
    }
    guard let date = dayFirst ?? monthFirst else { throw .unfit("there is no such day") }
    return date
  }

  private static func date(day: Substring, month: Substring, year: Substring) throws(TypedFault) -> String {
    guard year.count == 4 else { throw .unfit("the year has to have four digits") }
    let date = "\(year)-\(twoDigits(month))-\(twoDigits(day))"
    guard EDTF.isValid(date) else { throw .unfit("there is no such day") }
    return date
  }

  private static func month(_ month: Substring, year: Substring) throws(TypedFault) -> String {
    let date = "\(year)-\(twoDigits(month))"
    guard EDTF.isValid(date) else { throw .unfit("there is no such month") }
    return date
  }

  private static func twoDigits(_ text: Substring) -> String { text.count == 1 ? "0\(text)" : String(text) }

  /// The parts, if each is a number of one to four digits.
  private static func numbers(in text: String, between separator: Character) -> [Substring]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    let areNumbers = parts.allSatisfy { part in
      (1...4).contains(part.utf8.count) && part.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
    return areNumbers ? parts : nil
  }
}
