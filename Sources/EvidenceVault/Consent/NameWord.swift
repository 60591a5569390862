/// One word of a name, as it may stand in a text: in either alphabet, and with the endings of Tajik and Russian.
///
/// Source: FORMAT section 5.
struct NameWord {
  /// Shorter words of a name are too common to tell of anyone.
  static let shortestCount = 3
  /// Shorter words count only with a capital letter where they are not written as in the record.
  private static let shortestSmallCount = 4
  /// Shorter words tell ж from ҷ, and have the endings of Tajik and Russian alone.
  private static let shortestLooseCount = 5
  /// Of longer words, the last letters may be any.
  private static let shortestFreeCount = 8
  private static let freeCount = 3
  /// Shorter words are not looked for inside of longer words of a text.
  private static let shortestInsideCount = 7
  private static let shortestInsideFileNameCount = 5

  /// The word as it is folded.
  let text: String
  private let sound: String
  private let count: Int
  private let stems: [NameStem]
  /// What of the word stays whatever its ending is, if that may be any.
  private let freeStem: String?
  /// What its forms begin with, loosely.
  private let beginnings: Set<String>

  /// Takes a folded word.
  init(_ text: String) {
    self.text = text
    let readings = NameSpelling.readings(text)
    sound = NameSpelling.sound(readings[0])
    count = sound.unicodeScalars.count
    let hasUzbekEndings = count >= Self.shortestLooseCount
    stems = readings.flatMap { NameStem.all(of: $0, hasUzbekEndings: hasUzbekEndings) }
    freeStem =
      count >= Self.shortestFreeCount
      ? String(NameSpelling.loose(sound).unicodeScalars.prefix(count - Self.freeCount)) : nil
    beginnings = Set(stems.map(\.beginning) + [freeStem].compactMap(\.self))
  }

  /// The sound that all forms of it begin with.
  var beginning: String { NameSpelling.loose(sound) }

  /// Where the text has the word, of longer ones also inside of another if `isInside`. `isOwn` says whether it is of
  /// the very items that would be sent: of other persons, words of every day count only where they stand as a name.
  func place(in searched: NameSearchText, isOwn: Bool, isInside: Bool = true) -> NameSearchText.Place? {
    let candidates = beginnings.flatMap { searched.words(beginningWith: $0) }
    let found = candidates.compactMap { word in
      line(of: word, isOwn: isOwn).map { NameSearchText.Place(word: word.text, line: $0) }
    }
    if let first = found.min(by: { ($0.line, $0.word) < ($1.line, $1.word) }) { return first }
    let shortest = searched.isFileName ? Self.shortestInsideFileNameCount : Self.shortestInsideCount
    guard isInside, count >= shortest else { return nil }
    return searched.place(inside: NameSpelling.loose(sound)) { isOwn || !OrdinaryWords.isOne($0.text) }
  }

  /// Whether a word of a text can be this word of a code name. With others beside it, more of it may be an ending:
  /// Синяя Цапля, Синей Цапли.
  func isOfCode(_ word: NameSearchText.Word, isOne: Bool) -> Bool {
    if word.text == text || isForm(word) { return true }
    guard !isOne, count > Self.freeCount, word.sound.unicodeScalars.count <= count + Self.freeCount else {
      return false
    }
    let stem = String(beginning.unicodeScalars.prefix(max(Self.freeCount, count - Self.freeCount - 1)))
    return word.looseSound.utf8.starts(with: stem.utf8)
  }

  /// The line in which a word of a text is this one; `nil` if it is not.
  private func line(of word: NameSearchText.Word, isOwn: Bool) -> Int? {
    let isSame = word.text == text
    guard isSame || isForm(word) else { return isDistantForm(word) ? distantLine(of: word, isOwn: isOwn) : nil }
    if isOwn {
      if !isSame, OrdinaryWords.isLookalike(word.text) { return word.capitalLine }
    } else if OrdinaryWords.isOne(word.text) {
      return word.nameLine
    }
    return isSame || count >= Self.shortestSmallCount ? word.line : word.capitalLine
  }

  /// A word that only begins alike, or is the name of the father, with a capital letter.
  private func distantLine(of word: NameSearchText.Word, isOwn: Bool) -> Int? {
    if isOwn { return word.capitalLine }
    return OrdinaryWords.isOne(word.text) ? nil : word.nameLine
  }

  private func isForm(_ word: NameSearchText.Word) -> Bool {
    stems.contains { !$0.isDistant && $0.hasForm(word, isLoose: isLoose) }
  }

  private func isDistantForm(_ word: NameSearchText.Word) -> Bool {
    if let freeStem, word.looseSound.utf8.starts(with: freeStem.utf8),
      word.sound.unicodeScalars.count <= count + Self.freeCount
    {
      return true
    }
    return stems.contains { $0.isDistant && $0.hasForm(word, isLoose: isLoose) }
  }

  private var isLoose: Bool { count >= Self.shortestLooseCount }
}

/// What stays of a word with other endings, and which these are.
struct NameStem {
  /// The letters that no ending changes, loosely.
  let beginning: String
  /// Whether the word is another name with this stem: that of the father.
  let isDistant: Bool
  private let latin: [UInt8]
  private let endings: [[UInt8]]

  private init(_ latin: some Sequence<UInt8>, _ endings: [[UInt8]], isDistant: Bool = false) {
    self.latin = Array(latin)
    self.endings = endings
    self.isDistant = isDistant
    let sound = NameSpelling.loose(NameSpelling.sound(self.latin))
    beginning = String(sound.unicodeScalars.prefix(max(2, sound.unicodeScalars.count - 1)))
  }

  /// Whether a word of a text is the stem with one of its endings.
  func hasForm(_ word: NameSearchText.Word, isLoose: Bool) -> Bool {
    guard word.looseSound.utf8.starts(with: beginning.utf8) else { return false }
    let wanted = isLoose ? word.looseSound : word.sound
    return endings.contains { ending in
      let form = NameSpelling.sound(latin + ending)
      return form.utf8.count >= NameWord.shortestCount && (isLoose ? NameSpelling.loose(form) : form) == wanted
    }
  }

  /// The stems of a word: itself, what stays where Russian declines the -а, and a surname without -ов and -ев.
  static func all(of latin: [UInt8], hasUzbekEndings: Bool) -> [NameStem] {
    let count = NameSpelling.sound(latin).unicodeScalars.count
    let isVowel = latin.last.map { vowels.contains($0) } ?? false
    var stems = [NameStem(latin, (isVowel ? behindVowel : behindConsonant) + (hasUzbekEndings ? uzbek : []))]
    guard count > NameWord.shortestCount else { return stems }
    if !isVowel { stems.append(NameStem(latin, soft)) }
    if latin.last == UInt8(ascii: "a") { stems.append(NameStem(latin.dropLast(), instead)) }
    if let ending = childEndings.first(where: { latin.count > $0.count && latin.suffix($0.count) == $0[...] }) {
      let father = latin.dropLast(ending.count)
      let fatherCount = NameSpelling.sound(Array(father)).unicodeScalars.count
      return stems + (fatherCount >= NameWord.shortestCount ? [NameStem(father, surnames)] : [])
    }
    guard let ending = surnameEndings.first(where: { latin.count > $0.count && latin.suffix($0.count) == $0[...] })
    else { return stems }
    let isFeminine = ending.last == UInt8(ascii: "a")
    stems.append(NameStem(isFeminine ? latin.dropLast() : latin[...], isFeminine ? behindConsonant : feminine))
    let father = latin.dropLast(ending.count)
    let fatherCount = NameSpelling.sound(Array(father)).unicodeScalars.count
    if fatherCount >= NameWord.shortestCount { stems.append(NameStem(father, child)) }
    if fatherCount >= shortestFatherCount { stems.append(NameStem(father, [[], latinEnding("и")], isDistant: true)) }
    return stems
  }

  /// Shorter names of a father are found only with -зода: Саидов is no Саид.
  private static let shortestFatherCount = 5

  private static let vowels = Array("aeiou".utf8)

  private static func latinEnding(_ text: String) -> [UInt8] {
    var latin: [UInt8] = []
    for word in FoldedWord.all(in: text) { latin += NameSpelling.latin(word.text) }
    return latin
  }

  private static func endings(_ text: String) -> [[UInt8]] {
    text.split(separator: " ").map { latinEnding(String($0)) }
  }

  /// Cases of Russian; in Tajik ezafe, -ро, plural, whose it is, and what is said to friends.
  private static let behindConsonant =
    [[]]
    + endings(
      "а у ом ем е ы и им ым ых ам ами ах ро иро ҳо ҳои ҳоро он они онро ат аш амро атро ашро амон атон ашон ҷон ҷони "
        + "ҷонро хон")
  private static let behindVowel =
    [[]]
    + endings("и у ю ро ву ям ят яш ямро ятро яшро ямон ятон яшон ҳо ҳои ҳоро ҷон ҷони ҷонро хон")
  /// Instead of -а.
  private static let instead = endings("ы е у ой ей ою")
  /// Instead of -ь, which is not told apart.
  private static let soft = endings("я ю")
  private static let feminine = endings("ой")
  private static let child = endings("зод зода зодаи зодаро зоды зоде зоду зодой")
  private static let uzbek = endings("ни нинг га да дан лар лари ларни")

  /// What a surname in -зода was before, or is in other papers.
  private static let surnames = endings(
    "ов ова ову овым ове овой ови ев ева еву евым еве евой еви")
  private static let childEndings = ["zoda", "zod"].map { Array($0.utf8) }
  private static let surnameEndings = ["ova", "eva", "ov", "ev"].map { Array($0.utf8) }
}
