internal import Wording

/// The days that a date means as people type it, as the limit of a search: a day, a month or a year.
public struct TypedDays: Sendable {
  /// The first day, as `2023-05-26`.
  let first: String
  /// The last day; of a month that is shorter, the thirty-first all the same.
  let last: String

  /// Reads `2023-05-26`, `26.05.2023`, `2023-05`, `05.2023` or `2023`.
  ///
  /// - Throws: `VaultError.invalidValue` for all else: what no date fits would pass for a search that found nothing.
  public init(_ typed: String, option: String) throws(VaultError) {
    guard let date = try? TypedDate.edtf(typed, order: nil), Self.isExact(date), let span = EDTFSpan(date) else {
      throw .invalidValue(field: option, expected: ConsentDeadline.expected)
    }
    (first, last) = (span.firstDay, span.lastDay)
  }

  /// Whether a valid date has neither a mark of doubt nor an open digit nor a second date.
  private static func isExact(_ date: String) -> Bool {
    date.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-") }
  }
}
