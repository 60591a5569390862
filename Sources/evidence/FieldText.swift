internal import EvidenceReport
internal import StrictJSON
internal import Wording

/// A value of a field on one line.
enum FieldText {
  static func line(_ value: JSON) -> String {
    if case .string(let text) = value { return Printable.line(text) }
    return Printable.line(String(decoding: value.serialized(), as: UTF8.self))
  }

  private static let longestTextCount = 500

  /// A long list or text by its length.
  static func short(_ value: JSON) -> String {
    if let count = value.arrayValue?.count, count > 8 { return say("\(count) values; --json shows them") }
    if let count = value.stringValue?.count, count > longestTextCount {
      return say("\(count) characters; --json shows them")
    }
    return line(value)
  }
}
