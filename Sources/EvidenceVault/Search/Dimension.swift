/// What cases are counted by.
public struct Dimension: Hashable, Sendable {
  /// What it is called on the command line and above a column: `region`, `mode`, `sector`, `month`, or a field.
  public let name: String
  /// The field of a dissolution case that it is made from.
  let field: String
  /// The values that the field can have, in the order of the schema; none for months.
  let words: [String]
  /// Whether a case can have several values, and counts in each.
  public let isMultiple: Bool

  /// What stands for a value that a record does not state.
  public static let notGiven = "not_given"
  /// What stands for the month of a date that is less exact than a month.
  public static let unknownMonth = "unknown"

  private static let month = "month"
  private static let aliases = [month: "date_decision", "sector": "sectors"]

  /// Reads the name of a dimension.
  ///
  /// - Throws: `VaultError.unknownField` if there is no such field with words to choose from.
  public init(_ name: String) throws(VaultError) {
    let schema = try Schema.named(CountTable.kind)
    let field = Self.aliases[name] ?? name
    self.name = name
    self.field = field
    switch schema.field(field)?.type {
    case .choice(let words):
      self.words = words
      isMultiple = false
    case .list(.choice(let words)):
      self.words = words
      isMultiple = true
    case .date where name == Self.month:
      words = []
      isMultiple = false
    default:
      let names = Self.aliases.keys + schema.fields.filter { $0.type.isOfWords }.map(\.name)
      throw .unknownField(name, kind: CountTable.kind, nearest: nearestName(to: name, among: names.sorted()))
    }
  }

  /// The values that a case has: one, or of a field with several values each.
  func values(of entry: EntryFields) -> [String] {
    guard name == Self.month else {
      let values = entry.texts(field)
      return values.isEmpty ? [Self.notGiven] : Array(Set(values))
    }
    guard let month = entry.text(field).flatMap({ EDTFSpan($0) })?.month else { return [Self.unknownMonth] }
    let digits = String(month % 100)
    return ["\(month / 100)-\(digits.utf8.count < 2 ? "0" : "")\(digits)"]
  }

  /// Whether a value can occur.
  func has(_ value: String) -> Bool {
    guard name == Self.month else { return value == Self.notGiven || words.contains(value) }
    return value == Self.unknownMonth || value.utf8.count == 7 && EDTFSpan(value)?.month != nil
  }

  /// The place of a value among all: that of its word in the schema, months by time, and what is not known last.
  func precedes(_ left: String, _ right: String) -> Bool {
    guard name != Self.month else { return Array(left.utf8).lexicographicallyPrecedes(right.utf8) }
    return (words.firstIndex(of: left) ?? words.count) < (words.firstIndex(of: right) ?? words.count)
  }
}

extension FieldType {
  fileprivate var isOfWords: Bool {
    switch self {
    case .choice, .list(.choice): true
    default: false
    }
  }
}
