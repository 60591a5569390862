/// A name, or another value that leads to a person, as it may stand in a text: as a whole, or, of a name, one word of
/// it, also with another ending, as languages decline names.
struct NameMatch {
  /// Shorter words and values are too common to tell of anyone.
  private static let shortestCount = 3
  /// Shorter words are looked for as they are.
  private static let shortestInflected = 5
  /// Shorter values without a digit, of fields that are no names, may stand anywhere.
  private static let shortestValueCount = 8
  /// How many letters of a word may be another ending.
  private static let endingCount = 3

  let value: String
  /// The words of the value, with a space around each.
  private let phrase: String
  /// The words of a name: the part that stays, and how long a word with it may be.
  private let stems: [(stem: Substring, maximumCount: Int)]

  /// Looks for `value`; for each of its words too if the field is that of a name.
  init(_ value: String, field: String) {
    self.value = value
    let words = Self.words(value)
    phrase = Self.phrase(words)
    stems = Self.isName(field) ? Self.words(String(value.prefix { $0 != "(" })).compactMap(Self.stem) : []
  }

  /// Whether a field holds names, so that each word of it counts.
  static func isName(_ field: String) -> Bool {
    field.split(separator: ".").contains { part in
      ["name", "names", "interpreter", "submitted_by"].contains { part == $0 || part.hasSuffix("_\($0)") }
        || part.hasPrefix("name_")
    }
  }

  private static func stem(_ word: Substring) -> (stem: Substring, maximumCount: Int)? {
    guard word.count >= shortestCount, word.contains(where: \.isLetter) else { return nil }
    guard word.count >= shortestInflected else { return (word, word.count) }
    return (word.prefix(max(shortestInflected - 1, word.count - endingCount)), word.count + endingCount)
  }

  /// The words of a text, with letters that people type for one another made alike.
  private static func words(_ text: String) -> [Substring] {
    String(decoding: TextFold.fold(text), as: UTF8.self).split { !$0.isLetter && !$0.isNumber }
  }

  private static func phrase(_ words: [Substring]) -> String { " \(words.joined(separator: " ")) " }

  /// A text in which names are looked for.
  struct Searched {
    fileprivate let phrase: String
    fileprivate let words: Set<Substring>

    init(_ text: String) {
      let words = NameMatch.words(text)
      phrase = NameMatch.phrase(words)
      self.words = Set(words)
    }
  }

  /// Whether the whole value stands in the text, or a word of the name.
  func isFound(in searched: Searched) -> Bool {
    if isTelling, searched.phrase.contains(phrase) { return true }
    return stems.contains { stem, maximumCount in
      searched.words.contains { $0.count <= maximumCount && $0.hasPrefix(stem) }
    }
  }

  /// Whether the value as a whole tells of somebody.
  private var isTelling: Bool {
    let count = phrase.count - 2
    if !stems.isEmpty { return count >= Self.shortestCount }
    return count >= (phrase.contains(where: \.isNumber) ? Self.shortestInflected : Self.shortestValueCount)
  }

  /// Whether every word of the name stands in the text: what is asked of names that have nothing to do with the items.
  func isFoundWhole(in searched: Searched) -> Bool {
    stems.count > 1
      && stems.allSatisfy { stem, maximumCount in
        searched.words.contains { $0.count <= maximumCount && $0.hasPrefix(stem) }
      }
  }
}
