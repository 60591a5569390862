/// Finds the value of an identity field in other text: the whole value, or one word of a name, whatever their case.
struct NameMatch {
  /// Shorter words and values are too common to tell of anyone.
  private static let shortestCount = 3

  private let value: String
  private let words: Set<Substring>

  /// Looks for `value`, and for each of its words if the field is that of a name.
  init(_ value: String, field: String) {
    self.value = value.lowercased()
    words = Self.isName(field) ? Self.words(of: self.value) : []
  }

  /// Whether a field holds names.
  static func isName(_ field: String) -> Bool { field.hasSuffix("name") || field.hasSuffix("names") }

  /// Whether the value is in `text`.
  func isFound(in text: String) -> Bool {
    let text = text.lowercased()
    if value.count >= Self.shortestCount, text.contains(value) { return true }
    return !words.isDisjoint(with: text.split { !$0.isLetter })
  }

  private static func words(of name: String) -> Set<Substring> {
    Set(name.prefix { $0 != "(" }.split { !$0.isLetter }.filter { $0.count >= shortestCount })
  }
}
