internal import StrictJSON
internal import Wording

/// What a field of a record must say: `region=gbao`, `sectors=youth`, `date_decision<2023-05`.
public struct FieldCondition: Sendable {
  /// How the value is compared.
  enum Comparison: String {
    case equal = "="
    case less = "<"
    case lessOrEqual = "<="
    case more = ">"
    case moreOrEqual = ">="
  }

  /// The name of the field.
  public let field: String
  private let comparison: Comparison
  private let text: String
  private let folded: [UInt8]
  private let span: EDTFSpan?
  private let number: Int64?
  /// By kind, what the field takes there.
  private let types: [String: FieldType]

  /// Reads a condition as it is typed.
  ///
  /// - Throws: `VaultError.unknownField` with the nearest that is known, `.invalidValue` where no kind of record can
  ///   have such a value.
  public init(_ typed: String, kind: String? = nil) throws(VaultError) {
    guard let (field, comparison, text) = Self.parts(typed) else {
      throw .invalidValue(field: typed, expected: "FIELD=VALUE, or <, <=, > or >= with a date or number")
    }
    self.field = field
    self.comparison = comparison
    self.text = text
    folded = TextFold.fold(text)
    span = EDTFSpan(text)
    number = Int64(text)
    let schemas = try kind.map { (kind) throws(VaultError) in [try Schema.named(kind)] } ?? Schema.all
    var types: [String: FieldType] = [:]
    for schema in schemas { types[schema.kind] = schema.field(field)?.type }
    guard !types.isEmpty else {
      let names = Set(schemas.flatMap { $0.fields.map(\.name) }).sorted()
      throw .unknownField(field, kind: kind ?? "", nearest: nearestName(to: field, among: names))
    }
    self.types = types
    let refusals = types.values.compactMap { Self.refusal(of: text, comparison, $0) }
    if refusals.count == types.count, let expected = refusals.min(by: { $0.text(in: .en) < $1.text(in: .en) }) {
      throw .invalidValue(field: field, expected: expected)
    }
  }

  /// Whether a record meets the condition. Of a date that is not exact, all days that it may mean must meet it.
  public func isMet(by entry: EntryFields) -> Bool {
    guard let type = types[entry.kind], let value = entry.fields[field] else { return false }
    return isMet(by: value, type)
  }

  private func isMet(by value: JSON, _ type: FieldType) -> Bool {
    switch (type, value) {
    case (.list(let element), .array(let values)): values.contains { isMet(by: $0, element) }
    case (.date, .string(let text)): EDTFSpan(text).map(isMet) ?? false
    case (.choice, .string(let word)): comparison == .equal && word.utf8.elementsEqual(text.utf8)
    case (.text, .string(let text)): comparison == .equal && TextFold.fold(text) == folded
    case (.integer, .integer(let value)): number.map { isMet(by: value, $0) } ?? false
    case (.boolean, .bool(let value)): comparison == .equal && Self.truth[text] == value
    default: false
    }
  }

  private func isMet(by value: EDTFSpan) -> Bool {
    guard let span else { return false }
    return switch comparison {
    case .equal: value.isWithin(span)
    case .less: value.last < span.first
    case .lessOrEqual: value.last <= span.last
    case .more: value.first > span.last
    case .moreOrEqual: value.first >= span.first
    }
  }

  private func isMet(by value: Int64, _ number: Int64) -> Bool {
    switch comparison {
    case .equal: value == number
    case .less: value < number
    case .lessOrEqual: value <= number
    case .more: value > number
    case .moreOrEqual: value >= number
    }
  }

  private static let truth = ["yes": true, "true": true, "no": false, "false": false]

  private static func parts(_ typed: String) -> (field: String, Comparison, text: String)? {
    let bytes = Array(typed.utf8)
    guard let start = bytes.firstIndex(where: { "=<>".utf8.contains($0) }), start > 0 else { return nil }
    let isLong = bytes[start] != UInt8(ascii: "=") && bytes.dropFirst(start + 1).first == UInt8(ascii: "=")
    let end = start + (isLong ? 2 : 1)
    guard let comparison = Comparison(rawValue: String(decoding: bytes[start..<end], as: UTF8.self)) else { return nil }
    return (
      String(decoding: bytes[..<start], as: UTF8.self), comparison, String(decoding: bytes[end...], as: UTF8.self)
    )
  }

  /// What is expected instead of `text` in a condition on such a field; `nil` if it fits.
  private static func refusal(of text: String, _ comparison: Comparison, _ type: FieldType) -> Phrase? {
    switch type {
    case .list(let element): return refusal(of: text, comparison, element)
    case .date: return EDTFSpan(text) == nil ? "a date such as 2023-05-26, 2023-05 or 2023" : nil
    case .integer: return Int64(text) == nil ? "a whole number" : nil
    case .boolean where comparison == .equal: return truth[text] == nil ? "yes or no" : nil
    case .choice where comparison == .equal: return type.refusal(of: .string(text))
    case .text where comparison == .equal: return nil
    default: return "FIELD=VALUE: only dates and numbers have an order"
    }
  }
}
