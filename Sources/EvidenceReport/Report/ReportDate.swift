internal import Wording

/// Dates in words, so that nobody takes a day for a month.
enum ReportDate {
  /// A date of EDTF in words; as it stands if it is none.
  static func phrase(_ text: String) -> Phrase {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case 1: return date(parts[0])
    case 2: return interval(parts[0], parts[1])
    default: return Phrase(verbatim: Printable.line(text))
    }
  }

  /// A moment in UTC, such as `2026-11-23T15:52:26Z`, to the minute.
  static func moment(_ text: String) -> Phrase {
    let parts = text.split(separator: "T")
    guard parts.count == 2, parts[1].utf8.count >= 6, parts[1].hasSuffix("Z") else {
      return Phrase(verbatim: Printable.line(text))
    }
    return "\(date(String(parts[0]))), \(Printable.line(String(parts[1].prefix(5)))) UTC"
  }

  private static func interval(_ start: String, _ end: String) -> Phrase {
    switch (start, end) {
    case ("", _): "until \(date(end)), the beginning is not known"
    case (_, ""): "from \(date(start)), the end is not known"
    case ("..", _): "until \(date(end))"
    case (_, ".."): "from \(date(start)) on"
    default: "from \(date(start)) to \(date(end))"
    }
  }

  /// One date with what is said of its certainty.
  private static func date(_ text: String) -> Phrase {
    switch text.last {
    case "?": "\(plain(text.dropLast())) (not certain)"
    case "~": "about \(plain(text.dropLast()))"
    case "%": "about \(plain(text.dropLast())) (not certain)"
    default: plain(text[...])
    }
  }

  private static func plain(_ text: Substring) -> Phrase {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count), parts[0].utf8.count == 4 else {
      return Phrase(verbatim: Printable.line(String(text)))
    }
    let year = String(parts[0])
    guard !year.utf8.contains(UInt8(ascii: "X")) else {
      return "\(year.replacing("X", with: "0")) to \(year.replacing("X", with: "9"))"
    }
    guard parts.count > 1, parts[1] != "XX" else { return "the year \(Printable.line(year))" }
    guard let month = Int(parts[1]), let names = month.isMonth ? Months.names[month - 1] : nil else {
      return Phrase(verbatim: Printable.line(String(text)))
    }
    guard parts.count > 2, let day = Int(parts[2]) else { return names.month(year) }
    return names.day(String(day), year)
  }
}

extension Int {
  fileprivate var isMonth: Bool { (1...12).contains(self) }
}

/// A phrase for each month, since no two languages put day, month and year together alike.
private enum Months {
  typealias Names = (day: @Sendable (String, String) -> Phrase, month: @Sendable (String) -> Phrase)

  static let names: [Names] = [
    ({ "\($0) January \($1)" }, { "January \($0)" }), ({ "\($0) February \($1)" }, { "February \($0)" }),
    ({ "\($0) March \($1)" }, { "March \($0)" }), ({ "\($0) April \($1)" }, { "April \($0)" }),
    ({ "\($0) May \($1)" }, { "May \($0)" }), ({ "\($0) June \($1)" }, { "June \($0)" }),
    ({ "\($0) July \($1)" }, { "July \($0)" }), ({ "\($0) August \($1)" }, { "August \($0)" }),
    ({ "\($0) September \($1)" }, { "September \($0)" }), ({ "\($0) October \($1)" }, { "October \($0)" }),
    ({ "\($0) November \($1)" }, { "November \($0)" }), ({ "\($0) December \($1)" }, { "December \($0)" }),
  ]
}
