/// A name, or another value that leads to a person, as it may stand in a text: as a whole, or, of a name, one word of
/// it, also with another ending, as languages decline names; a telephone number by its digits.
struct NameMatch {
  /// Shorter words and values are too common to tell of anyone.
  private static let shortestCount = 3
  /// Shorter words are looked for as they are.
  private static let shortestInflected = 5
  /// Shorter values without a digit, of fields that are no names, may stand anywhere.
  private static let shortestValueCount = 8
  /// How many letters of a word may be another ending.
  private static let endingCount = 3
  /// Shorter words of a name are not looked for inside of longer words of a text.
  private static let shortestInsideCount = 7

  /// The value as the record has it.
  let value: String
  /// The words of the value, with a space around each.
  private let phrase: [UInt8]
  private let isTelling: Bool
  /// The words of a name: as a whole, the part that stays, and how long a word with it may be.
  private let stems: [(word: String, stem: String, maximumCount: Int)]
  private let numbers: [String]

  /// Looks for `value`; for each of its words too if the field is that of a name.
  init(_ value: String, field: String) {
    self.value = value
    let words = Self.words(value)
    let isName = Self.isName(field)
    stems = isName ? Self.words(String(value.prefix { $0 != "(" })).compactMap(Self.stem) : []
    numbers = DigitRuns.numbers(in: value)
    phrase = Array(" \(words.joined(separator: " ")) ".utf8)
    let count = words.reduce(words.count - 1) { $0 + $1.unicodeScalars.count }
    let shortest =
      words.contains { $0.unicodeScalars.contains { $0.properties.numericType != nil } }
      ? Self.shortestInflected : Self.shortestValueCount
    isTelling = count >= (stems.isEmpty ? shortest : Self.shortestCount)
  }

  /// Whether a field holds names, so that each word of it counts.
  static func isName(_ field: String) -> Bool {
    field.split(separator: ".").contains { part in
      ["name", "names", "interpreter", "submitted_by"].contains { part == $0 || part.hasSuffix("_\($0)") }
        || part.hasPrefix("name_")
    }
  }

  /// Whether a telephone number or the like is in the value.
  var hasNumber: Bool { !numbers.isEmpty }

  private static func stem(_ word: String) -> (word: String, stem: String, maximumCount: Int)? {
    let count = word.unicodeScalars.count
    guard count >= shortestCount, word.unicodeScalars.contains(where: \.properties.isAlphabetic),
      !CommonWords.isCommon(word)
    else { return nil }
    guard count >= shortestInflected else { return (word, word, count) }
    let stem = word.unicodeScalars.prefix(max(shortestInflected - 1, count - endingCount))
    return (word, String(stem), count + endingCount)
  }

  private static func words(_ text: String) -> [String] {
    var words: [String] = []
    NameFold.forEachWord(text, isJoined: true) { word, _ in words.append(word) }
    return words
  }

  /// Whether the whole value stands in the text, or a word of the name.
  func isFound(in searched: NameSearchText) -> Bool { place(in: searched) != nil }

  /// Where the whole value stands in the text, or a word of the name.
  func place(in searched: NameSearchText) -> NameSearchText.Place? {
    if isTelling, let line = searched.line(ofPhrase: phrase) { return NameSearchText.Place(word: value, line: line) }
    for number in numbers {
      if let line = searched.line(ofDigits: number) { return NameSearchText.Place(word: number, line: line) }
    }
    return stems.lazy.compactMap { place(of: $0, in: searched) }.first
  }

  private func place(
    of part: (word: String, stem: String, maximumCount: Int), in searched: NameSearchText
  ) -> NameSearchText.Place? {
    if let place = searched.place(ofStem: part.stem, maximumCount: part.maximumCount) { return place }
    let shortest = searched.isFileName ? Self.shortestInflected : Self.shortestInsideCount
    return part.word.unicodeScalars.count >= shortest ? searched.place(inside: part.word) : nil
  }

  /// Where every word of the name stands in the text, or its number: what is asked of names that have nothing to do
  /// with the items.
  func wholePlace(in searched: NameSearchText) -> NameSearchText.Place? {
    for number in numbers {
      if let line = searched.line(ofDigits: number) { return NameSearchText.Place(word: number, line: line) }
    }
    let places = stems.compactMap { searched.place(ofStem: $0.stem, maximumCount: $0.maximumCount) }
    guard stems.count > 1, places.count == stems.count, let first = places.first else { return nil }
    return NameSearchText.Place(word: places.map(\.word).joined(separator: " "), line: first.line)
  }
}

/// Words that stand in names of organisations, and between words, and tell of nobody by themselves.
private enum CommonWords {
  /// Words as they are folded; with other endings, too.
  private static let beginnings = [
    "ташкилот", "созмон", "чамъият", "жамъият", "иттиходия", "бунед", "марказ", "шабака", "гурух", "байналмилал",
    "чумхури", "организаци", "ассоциаци", "обществ", "общественн", "фонд", "центр", "комитет", "союз", "международн",
    "объединени", "associat", "organisat", "organizat", "foundation", "public", "society", "center", "centre", "union",
    "committee", "network", "group", "international",
  ]

  private static let words: Set<String> = [
    "the", "and", "for", "from", "with", "that", "this", "not", "note", "was", "are", "для", "при", "что", "как", "или",
    "его", "барои", "дар", "аст", "бар",
  ]

  static func isCommon(_ word: String) -> Bool {
    words.contains(word)
      || beginnings.contains { word.hasPrefix($0) && word.unicodeScalars.count <= $0.unicodeScalars.count + 4 }
  }
}
