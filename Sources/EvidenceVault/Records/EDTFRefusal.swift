internal import Wording

/// Why a date is refused. People type dates in the order of their country, and 03/04 is March to some and April to
/// others: it is said what was not understood, and nothing is guessed.
extension EDTF {
  /// What is expected instead of `text`; `nil` if it is a date.
  static func refusal(of text: String) -> Phrase? {
    if isValid(text) { return nil }
    let halves = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    if halves.count == 2, let expected = halves.lazy.compactMap({ expected(for: String($0) ?? "") }).first {
      return expected
    }
    return expected(for: text) ?? "a date such as 2023-05-26, 2023-05, 2023?, or 2022-09/2023-03"
  }

  private static func expected(for text: String) -> Phrase? {
    guard let numbers = numbers(in: text) else { return nil }
    let values = numbers.map(\.value)
    switch numbers.map({ $0.digitCount == 4 ? Number.year : $0.digitCount <= 2 ? .monthOrDay : .neither }) {
    case [.year, .monthOrDay, .monthOrDay]:
      let day = Day(year: values[0], month: values[1], day: values[2])
      return day.fault ?? (isValid(text) ? nil : "\(day.text), with two digits each for month and day")
    case [.monthOrDay, .monthOrDay, .year]:
      return expected(forDayAndMonth: values[0], values[1], year: values[2], typed: text)
    case [.monthOrDay, .monthOrDay, .monthOrDay]: return "a year of four digits, as in 2023-05-26"
    case [.monthOrDay, .year] where (1...12).contains(values[0]):
      let month = Day(year: values[1], month: values[0], day: 1)
      return "\(month.text.prefix(7)) for \(month.monthName) \(values[1])"
    case [.year, .monthOrDay] where !(1...12).contains(values[1]): return "a month from 01 to 12"
    default: return nil
    }
  }

  private enum Number {
    case year
    case monthOrDay
    case neither
  }

  private static func expected(forDayAndMonth first: Int, _ second: Int, year: Int, typed text: String) -> Phrase? {
    let dayFirst = Day(year: year, month: second, day: first)
    let monthFirst = Day(year: year, month: first, day: second)
    switch (dayFirst.fault, monthFirst.fault) {
    case (nil, nil) where first != second:
      return "\(dayFirst.meaning) or \(monthFirst.meaning): \(text) can be read both ways"
    case (nil, _): return dayFirst.meaning
    case (_, nil): return monthFirst.meaning
    default: return (1...12).contains(second) ? dayFirst.fault : monthFirst.fault
    }
  }

  /// The numbers of a text that has nothing but digits and one mark between them.
  private static func numbers(in text: String) -> [(value: Int, digitCount: Int)]? {
    var numbers: [(value: Int, digitCount: Int)] = [(0, 0)]
    for byte in text.utf8.prefix(12) {
      let last = numbers.count - 1
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        numbers[last].value = numbers[last].value * 10 + Int(byte - UInt8(ascii: "0"))
        numbers[last].digitCount += 1
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: " "): numbers.append((0, 0))
      default: return nil
      }
    }
    return text.utf8.count <= 12 && numbers.allSatisfy { $0.digitCount > 0 } ? numbers : nil
  }

  /// A day as it was typed, whether it exists or not.
  private struct Day {
    let year: Int
    let month: Int
    let day: Int

    private static let months: [Phrase] = [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ]

    var monthName: Phrase { Self.months.indices.contains(month - 1) ? Self.months[month - 1] : "" }

    /// Why there is no such day.
    var fault: Phrase? {
      guard (1...12).contains(month) else { return "a month from 01 to 12" }
      let count = EDTF.dayCount(year: year, month: month)
      return (1...count).contains(day) ? nil : "a day that exists: \(monthName) \(year) has \(count) days"
    }

    /// As the format writes it.
    var text: String {
      let year = String(year)
      return String(repeating: "0", count: max(0, 4 - year.utf8.count)) + year + "-\(two(month))-\(two(day))"
    }

    /// The same with a name for the month, which nobody mistakes.
    var meaning: Phrase { "\(text) for \(day) \(monthName) \(year)" }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  }
}
