internal import FoundationEssentials

/// A moment as the clock of this machine tells it, in whole seconds. Order in a vault is by index, never by clock.
public struct Timestamp: Hashable, Sendable, CustomStringConvertible {
  /// Seconds since 1970-01-01T00:00:00Z, without leap seconds.
  public let secondsSince1970: Int64

  /// The moment so many seconds after 1970 began.
  public init(secondsSince1970: Int64) { self.secondsSince1970 = secondsSince1970 }

  /// Reads a moment in the one form that `description` has; `nil` for any other, and for one that no calendar has.
  public init?(_ text: String) {
    guard let date = try? Date(text, strategy: .iso8601) else { return nil }
    self.init(secondsSince1970: Int64(date.timeIntervalSince1970))
    // Before the Gregorian calendar, libraries name days differently.
    guard Self.range.contains(secondsSince1970), description.utf8.elementsEqual(text.utf8) else { return nil }
  }

  /// The moment now.
  public static func now() -> Timestamp { Timestamp(secondsSince1970: Int64(Date().timeIntervalSince1970)) }

  /// From 1583, the first whole year of the Gregorian calendar, to 9999, the last of four digits. Clocks and file
  /// systems may be further off.
  private static let range: ClosedRange<Int64> = -12_212_553_600...253_402_300_799

  /// The form of RFC 3339 in UTC, such as `2023-05-26T09:30:00Z`.
  ///
  /// Source: RFC 3339 section 5.6.
  public var description: String {
    let seconds = min(max(secondsSince1970, Self.range.lowerBound), Self.range.upperBound)
    return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
  }

  /// The day in UTC, such as `2023-05-26`.
  public var day: String { String(description.prefix { $0 != "T" }) }
}
