/// A name, or another value that leads to a person, as it may stand in a text: as a whole, or, of a name, one word of
/// it.
struct NameMatch {
  /// Shorter words and values are too common to tell of anyone.
  private static let shortestCount = 3

  let value: String
  private let lowercased: String
  private let words: Set<Substring>

  init(_ value: String, field: String) {
    self.value = value
    lowercased = value.lowercased()
    words =
      Self.isName(field)
      ? Set(lowercased.prefix { $0 != "(" }.split { !$0.isLetter }.filter { $0.count >= Self.shortestCount }) : []
  }

  /// Whether a field holds names, so that each word of it counts.
  static func isName(_ field: String) -> Bool {
    field.split(separator: ".").contains { part in
      ["name", "names"].contains { part == $0 || part.hasSuffix("_\($0)") }
    }
  }

  /// A text in which names are looked for.
  struct Searched {
    fileprivate let text: String
    fileprivate let words: Set<Substring>

    init(_ text: String) {
      let text = text.lowercased()
      self.text = text
      words = Set(text.split { !$0.isLetter })
    }
  }

  /// Whether the whole value stands in the text, or a word of the name, whatever their case.
  func isFound(in searched: Searched) -> Bool {
    if lowercased.count >= Self.shortestCount, searched.text.contains(lowercased) { return true }
    return !words.isDisjoint(with: searched.words)
  }
}
