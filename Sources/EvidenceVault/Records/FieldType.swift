public import StrictJSON
public import Wording

/// What the value of a field may be.
public indirect enum FieldType: Sendable {
  /// Text of at most so many characters.
  case text(maximumLength: Int)
  /// A date that need not be exact (EDTF).
  case date
  /// One of these words.
  case choice([String])
  /// A whole number in a range.
  case integer(ClosedRange<Int64>)
  /// Yes or no.
  case boolean
  /// Any number of these.
  case list(FieldType)

  /// The longest text without a limit of its own, in characters.
  static let defaultTextLength = 100_000
  /// The most elements of a list.
  static let maximumListCount = 10_000

  init?(schema: JSON) {
    if let choices = schema["enum"]?.arrayValue {
      self = .choice(choices.compactMap(\.stringValue))
      return
    }
    switch schema["type"]?.stringValue {
    case "string" where schema["format"]?.stringValue == "edtf": self = .date
    case "string":
      self = .text(maximumLength: Int(schema["maxLength"]?.integerValue ?? Int64(Self.defaultTextLength)))
    case "integer":
      self = .integer((schema["minimum"]?.integerValue ?? 0)...(schema["maximum"]?.integerValue ?? .max))
    case "boolean": self = .boolean
    case "array":
      guard let items = schema["items"], let type = FieldType(schema: items) else { return nil }
      self = .list(type)
    default: return nil
    }
  }

  /// What is expected instead of `value`; `nil` if the value fits.
  func refusal(of value: JSON) -> Phrase? {
    switch (self, value) {
    case (.text(let maximum), .string(let text)):
      return text.count <= maximum ? nil : "at most \(maximum) characters"
    case (.date, .string(let text)): return EDTF.refusal(of: text)
    case (.choice(let words), .string(let text)):
      if words.contains(where: { $0.utf8.elementsEqual(text.utf8) }) { return nil }
      let list = words.joined(separator: ", ")
      guard let nearest = nearestName(to: text, among: words) else { return "one of \(list)" }
      return "one of \(list) (did you mean \(nearest)?)"
    case (.integer(let range), .integer(let number)):
      return range.contains(number) ? nil : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case (.boolean, .bool): return nil
    case (.list(let element), .array(let values)):
      guard values.count <= Self.maximumListCount else { return "at most \(Self.maximumListCount) values" }
      return values.lazy.compactMap(element.refusal).first
    default: return description
    }
  }

  /// The value that `text`, as it is typed, stands for.
  ///
  /// - Throws: `VaultError.invalidValue`.
  public func value(typed text: String, field: String) throws(VaultError) -> JSON {
    let value: JSON? =
      switch self {
      case .text, .date, .choice: .string(text)
      case .integer: Int64(text).map { .integer($0) }
      case .boolean: ["yes": true, "true": true, "no": false, "false": false][text].map { .bool($0) }
      case .list(let element):
        .array(
          try Self.elements(text).map { (part) throws(VaultError) in try element.value(typed: part, field: field) })
      }
    guard let value else { throw .invalidValue(field: field, expected: description) }
    if let expected = refusal(of: value) { throw .invalidValue(field: field, expected: expected) }
    return value
  }

  private static func elements(_ text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: ",")).map { part in
      let trimmed = part.drop { $0 == UInt8(ascii: " ") }
      return String(decoding: trimmed, as: UTF8.self)
    }
  }

  /// The words to choose from; empty if it is no choice.
  public var choices: [String] {
    switch self {
    case .choice(let words): words
    case .list(let element): element.choices
    default: []
    }
  }

  /// What the field takes, in a few words.
  public var description: Phrase {
    switch self {
    case .text: "text"
    case .date: "a date (EDTF)"
    case .choice(let words): "one of \(words.joined(separator: ", "))"
    case .integer(let range):
      range.upperBound == .max ? "a whole number" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .boolean: "yes or no"
    case .list(.text): "texts, separated by commas"
    case .list(let element): "values separated by commas, each \(element.description)"
    }
  }
}
