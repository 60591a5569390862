internal import SwiftASN1

/// Reads the two spellings of a time in seconds since 1970.
enum Moment {
  /// A GeneralizedTime in UTC. A part of a second counts as a whole one: the later moment is the one that is certain.
  static func generalized(_ node: ASN1Node) throws -> Int64 {
    let time = try GeneralizedTime(derEncoded: node)
    let seconds = seconds(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
    return seconds + (time.fractionalSeconds > 0 ? 1 : 0)
  }

  /// A UTCTime or GeneralizedTime, as certificates have it.
  ///
  /// Source: RFC 5280 section 4.1.2.5.
  static func ofCertificate(_ node: ASN1Node) throws -> Int64 {
    guard node.identifier == .utcTime else { return try generalized(node) }
    let time = try UTCTime(derEncoded: node)
    return seconds(time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
  }

  /// By the Gregorian calendar, with March as the first month: the leap day is then the last day of a year.
  private static func seconds(_ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int, _ second: Int) -> Int64
  {
    let year = Int64(month <= 2 ? year - 1 : year) + 400  // Positive also for the year 0.
    let dayOfYear = Int64((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1)
    let days = year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468 - 146_097
    return days * 86_400 + Int64(hour * 3600 + minute * 60 + second)
  }
}
