/// A word of a text in which names are looked for.
struct FoldedWord {
  /// Its letters, made alike.
  var text = ""
  /// The line in which it stands.
  var line = 1
  /// Whether it begins with a capital letter.
  var isCapitalized = false
  /// Whether a capital letter is followed by another: then it says nothing of the word.
  var isAllCapital = false
  /// Whether it begins a sentence that goes on in small letters: then every word would have a capital letter.
  var isBeginning = false

  /// The words of a text in order.
  static func all(in text: some StringProtocol) -> [FoldedWord] {
    var words: [FoldedWord] = []
    NameFold.forEachWord(text, isJoined: true) { words.append($0) }
    return words
  }
}

extension NameFold {
  /// The words of a text in order; `isJoined` says whether an apostrophe or an invisible character within a word is
  /// left out, or ends it.
  static func forEachWord(_ text: some StringProtocol, isJoined: Bool, _ body: (FoldedWord) -> Void) {
    var scanner = WordScanner()
    for scalar in text.unicodeScalars { scanner.read(scalar, isJoined: isJoined, body) }
    scanner.finish(body)
  }
}

/// Reads words, each of which is given once it is known what stands behind it.
private struct WordScanner {
  private var letters = String.UnicodeScalarView()
  private var letterCount = 0
  private var word = FoldedWord()
  /// The word before, and whether but spaces stand behind it.
  private var last: FoldedWord?
  private var isSpaceBehind = false
  private var isSentenceNew = true
  private var newlineCount = 0

  /// Shorter words before a full stop are mostly cut short: Mr., гр., an initial.
  private static let shortestLastCount = 3

  mutating func read(_ scalar: Unicode.Scalar, isJoined: Bool, _ body: (FoldedWord) -> Void) {
    if NameFold.isOfWord(scalar) {
      if letterCount == 0 { begin(isCapital: Self.isCapital(scalar), isDigit: Self.isDigit(scalar), body) }
      if letterCount == 1, word.isCapitalized { word.isAllCapital = Self.isCapital(scalar) }
      letters.append(NameFold.fold(scalar))
      letterCount += 1
    } else if NameFold.isMark(scalar) {
      if scalar == NameFold.breve, letters.last == "и" {
        letters.removeLast()
        letters.append("й")
      }
    } else if !(isJoined && NameFold.isWithinWords(scalar)) {
      end()
      separate(scalar)
    }
  }

  mutating func finish(_ body: (FoldedWord) -> Void) {
    end()
    give(goesOn: false, body)
  }

  private mutating func begin(isCapital: Bool, isDigit: Bool, _ body: (FoldedWord) -> Void) {
    give(goesOn: isSpaceBehind && !isCapital && !isDigit, body)
    word.isCapitalized = isCapital
    word.isAllCapital = false
    word.isBeginning = isSentenceNew
  }

  private mutating func end() {
    guard letterCount > 0 else { return }
    word.text = String(letters)
    last = word
    letters = String.UnicodeScalarView()
    letterCount = 0
    isSpaceBehind = true
    isSentenceNew = false
    newlineCount = 0
  }

  private mutating func give(goesOn: Bool, _ body: (FoldedWord) -> Void) {
    guard var last else { return }
    last.isBeginning = last.isBeginning && goesOn
    self.last = nil
    body(last)
  }

  private mutating func separate(_ scalar: Unicode.Scalar) {
    switch scalar {
    case " ", "\u{A0}", "\r": break
    case "\n":
      word.line += 1
      newlineCount += 1
      // One can stand within a sentence.
      if newlineCount > 1 { isSentenceNew = true }
    case ".":
      isSpaceBehind = false
      if last?.text.unicodeScalars.count ?? 0 >= Self.shortestLastCount { isSentenceNew = true }
    case "!", "?", "…":
      isSpaceBehind = false
      isSentenceNew = true
    default:
      if !NameFold.isWithinWords(scalar) { isSpaceBehind = false }
    }
  }

  private static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? ("A"..."Z") ~= scalar : scalar.properties.isUppercase
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType != nil }
}
