public import Wording

/// Why what somebody wrote is no value of a field.
public enum TypedFault: Error, Equatable, Sendable {
  /// A date that two people would read as two days.
  case ambiguousDate(dayFirst: String, monthFirst: String)
  /// What is wrong, or what is expected instead.
  case unfit(Phrase)

  /// What is wrong, in a few words.
  public var description: Phrase {
    switch self {
    case .ambiguousDate(let dayFirst, let monthFirst):
      "this date can be \(dayFirst), if the day stands first, or \(monthFirst), if the month does"
    case .unfit(let detail): detail
    }
  }
}

/// How a date with strokes, such as 03/04/2023, is meant.
public enum DateOrder: String, CaseIterable, Sendable {
  /// 3 April.
  case dayFirst = "day-first"
  /// 4 March.
  case monthFirst = "month-first"
}
