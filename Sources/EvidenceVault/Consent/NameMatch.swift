/// A name, or another value that leads to a person, as it may stand in a text: as a whole, or, of a name, one word of
/// it, in another alphabet and with other endings too; a telephone number by its digits, each address in it, and of
/// emergency contacts each name.
struct NameMatch {
  /// Shorter values are too common to tell of anyone.
  private static let shortestCount = 3
  /// The same for values that are no names, with a digit and without.
  private static let shortestValueCount = (withDigit: 5, without: 8)

  /// Whether it is of the very items that would be sent.
  private let isOwn: Bool
  private let wholes: [Whole]
  private let words: [NameWord]
  /// Of an organisation with several words, all of them, one behind the other.
  private let organisation: CodeMatch?
  private let numbers: [String]

  /// What is looked for as a whole.
  private struct Whole {
    let value: String
    /// How its words sound.
    let sounds: [String]

    init(_ value: String, _ words: [String]) {
      self.value = value
      sounds = words.map { NameSpelling.sound(NameSpelling.latin($0)) }
    }
  }

  /// Looks for `value`; for each of its words too if the field is that of a name.
  init(_ value: String, field: String, isOwn: Bool = true) {
    self.isOwn = isOwn
    let isOrganisation = Self.isOfOrganisations(field)
    let telling = Self.isName(field) ? Self.telling(NameParts.words(of: value), isOrganisation: isOrganisation) : []
    organisation = isOrganisation && telling.count > 1 ? CodeMatch(NameParts.span(of: telling, in: value)) : nil
    words = organisation == nil ? telling.map(NameWord.init) : []
    numbers = DigitRuns.numbers(in: value)
    let all = FoldedWord.all(in: value).map(\.text)
    let count = all.reduce(all.count - 1) { $0 + $1.unicodeScalars.count }
    let shortest = all.contains(where: \.hasDigit) ? Self.shortestValueCount.withDigit : Self.shortestValueCount.without
    // A single word of a name is looked for as such.
    let isTelling =
      count >= (telling.isEmpty ? shortest : Self.shortestCount) && !(all.count == 1 && telling.count == 1)
    wholes =
      (isTelling ? [Whole(value, all)] : [])
      + NameParts.addresses(in: value).map { Whole($0.value, $0.words) }
      + (Self.isOfContacts(field) ? NameParts.names(in: value) : []).flatMap { name in
        [Whole(name.value, name.words), Whole(name.value, name.words.reversed())]
      }
  }

  /// Whether a field holds names, so that each word of it counts.
  static func isName(_ field: String) -> Bool {
    field.split(separator: ".").contains { part in
      ["name", "names", "interpreter", "submitted_by"].contains { part == $0 || part.hasSuffix("_\($0)") }
        || part.hasPrefix("name_")
    }
  }

  /// Whether the names in a field can be those of organisations.
  private static func isOfOrganisations(_ field: String) -> Bool {
    field.split(separator: ".").contains { $0 == "organisation" || $0 == "submitted_by" }
  }

  /// Whether a field says through whom somebody is reached. Where others have two words with capital letters, it is
  /// mostly a place.
  private static func isOfContacts(_ field: String) -> Bool { field == "protection.emergency_contact" }

  /// Whether a telephone number or the like is in the value.
  var hasNumber: Bool { !numbers.isEmpty }

  /// The words of a name that tell of somebody. A word of organisations does, too, where the name is a person's, such
  /// as Бунёд, or has no other.
  private static func telling(_ words: [String], isOrganisation: Bool) -> [String] {
    let words = words.filter { word in
      word.unicodeScalars.count >= NameWord.shortestCount && !CommonWords.isSmall(word)
        && word.unicodeScalars.contains(where: \.properties.isAlphabetic)
    }
    guard isOrganisation, words.count > 1 else { return words }
    return words.filter { !CommonWords.isOfOrganisations($0) }
  }

  /// Whether the words of a name are among those of one of `others`, in whatever alphabet.
  static func isSame(_ name: String, asOneOf others: [String]) -> Bool {
    let sounds = NameParts.sounds(of: name)
    return !sounds.isEmpty && others.contains { sounds.isSubset(of: NameParts.sounds(of: $0)) }
  }

  /// Whether the whole value stands in the text, or a word of the name.
  func isFound(in searched: NameSearchText) -> Bool { place(in: searched) != nil }

  /// Where the whole value stands in the text, or a word of the name.
  func place(in searched: NameSearchText) -> NameSearchText.Place? {
    for whole in wholes {
      if let line = searched.line(ofPhrase: whole.sounds) { return NameSearchText.Place(word: whole.value, line: line) }
    }
    return numberPlace(in: searched) ?? organisation?.place(in: searched)
      ?? words.lazy.compactMap { $0.place(in: searched, isOwn: isOwn) }.first
  }

  /// Where every word of the name stands in the text, or its number: what is asked of names that have nothing to do
  /// with the items.
  func wholePlace(in searched: NameSearchText) -> NameSearchText.Place? {
    if let place = numberPlace(in: searched) ?? organisation?.place(in: searched) { return place }
    guard words.count > 1 else { return nil }
    var places: [NameSearchText.Place] = []
    for word in words {
      guard let place = word.place(in: searched, isOwn: isOwn, isInside: false) else { return nil }
      places.append(place)
    }
    return places.first.map {
      NameSearchText.Place(word: places.map(\.word).joined(separator: " "), line: $0.line)
    }
  }

  private func numberPlace(in searched: NameSearchText) -> NameSearchText.Place? {
    numbers.lazy.compactMap { number in
      searched.line(ofDigits: number).map { NameSearchText.Place(word: number, line: $0) }
    }.first
  }
}

/// A code name that may not go either: all its words, one behind the other or run together, with other endings too.
struct CodeMatch {
  /// The value as the record has it.
  let value: String
  private let words: [NameWord]
  private let joined: NameWord?
  private let isTelling: Bool

  /// Shorter codes are too common to tell of anyone; one with a digit is less so.
  private static let shortestCount = (withDigit: 2, without: 3)
  /// Shorter ones are not looked for run together.
  private static let shortestJoinedCount = 6

  init(_ value: String) {
    self.value = value
    let texts = FoldedWord.all(in: value).map(\.text)
    words = texts.map(NameWord.init)
    let count = texts.reduce(0) { $0 + $1.unicodeScalars.count }
    joined = texts.count > 1 && count >= Self.shortestJoinedCount ? NameWord(texts.joined()) : nil
    isTelling =
      count >= (texts.contains(where: \.hasDigit) ? Self.shortestCount.withDigit : Self.shortestCount.without)
  }

  /// Where the code stands in a text.
  func place(in searched: NameSearchText) -> NameSearchText.Place? {
    guard isTelling else { return nil }
    let isOne = words.count == 1
    let line = searched.line(
      ofWords: words.map { word in (word.beginning, { word.isOfCode($0, isOne: isOne) }) })
    return line.map { NameSearchText.Place(word: value, line: $0) } ?? joined?.place(in: searched, isOwn: true)
  }
}

extension String {
  fileprivate var hasDigit: Bool { unicodeScalars.contains { $0.properties.numericType != nil } }
}
