/// One JSON value.
///
/// Two strings are equal only if their UTF-8 bytes are: Swift's own comparison takes the composed and the decomposed
/// form of a letter for the same text, and a digest or a signature does not.
///
/// Source: RFC 8259.
public enum JSON: Sendable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction and exponent, other than `-0`, that fits into 64 bits.
  case integer(Int64)
  /// Every other number. It is written back as the shortest decimal that reads as the same value, always with a point
  /// or an exponent, so it stays a `number`. It must be finite.
  case number(Double)
  /// A text without lone surrogates.
  case string(String)
  /// Values in order.
  case array([JSON])
  /// Members in order, no two of one name.
  case object(JSONObject)
}

extension JSON: Hashable {
  /// Whether two values are the same: kind for kind, strings byte for byte, members in the same order.
  public static func == (left: JSON, right: JSON) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.integer(let left), .integer(let right)): left == right
    case (.number(let left), .number(let right)): left == right
    case (.string(let left), .string(let right)): ExactText(left) == ExactText(right)
    case (.array(let left), .array(let right)): left == right
    case (.object(let left), .object(let right)): left == right
    default: false
    }
  }

  /// Feeds the value to a hash table.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .integer(let value): hasher.combine(value)
    case .number(let value): hasher.combine(value)
    case .string(let value): hasher.combine(ExactText(value))
    case .array(let value): hasher.combine(value)
    case .object(let value): hasher.combine(value)
    }
  }
}

extension JSON {
  /// The truth value, if this is one.
  public var boolValue: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The integer, if this is one; a number with fraction or exponent is none.
  public var integerValue: Int64? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The integer, if this is one that is not negative: a number of an entry, a count of bytes.
  public var unsignedValue: UInt64? { integerValue.flatMap { UInt64(exactly: $0) } }

  /// The text, if this is a string.
  public var stringValue: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The elements, if this is an array.
  public var arrayValue: [JSON]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The members, if this is an object.
  public var objectValue: JSONObject? {
    if case .object(let value) = self { value } else { nil }
  }

  /// The member with exactly these UTF-8 bytes as its name, if this is an object that has one.
  public subscript(name: String) -> JSON? { objectValue?[name] }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  /// Makes a string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// Makes an integer.
  public init(integerLiteral value: Int64) { self = .integer(value) }
  /// Makes a truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSON: ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
  /// Makes an array.
  public init(arrayLiteral elements: JSON...) { self = .array(elements) }
  /// Makes an object; writing one name twice is a mistake in the program.
  public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(JSONObject(distinct: elements)) }
}
