extension Phrase {
  /// An enumeration, such as names with commas between them. It is no way to make a sentence.
  public static func list(_ phrases: [Phrase], separator: String = ", ") -> Phrase {
    guard phrases.count > 1 else { return phrases.first ?? Phrase(verbatim: "") }
    // Halves of halves: one within the other as often as there are elements would be too deep.
    let (start, end) = (phrases.prefix(phrases.count / 2), phrases.dropFirst(phrases.count / 2))
    let halves = (list(Array(start), separator: separator), list(Array(end), separator: separator))
    return "\(halves.0)\(separator)\(halves.1)"
  }
}

extension Phrase.StringInterpolation {
  /// A value as it describes itself: a key, a time, a number with a fraction.
  public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
    appendInterpolation(value.description)
  }
}

extension DefaultStringInterpolation {
  /// A phrase has no text before it is said in a language.
  @available(*, unavailable, message: "a phrase in a String: say it in a language, with text(in:)")
  public mutating func appendInterpolation(_ phrase: Phrase) {}

  /// A phrase has no text before it is said in a language.
  @available(*, unavailable, message: "a phrase in a String: say it in a language, with text(in:)")
  public mutating func appendInterpolation(_ phrase: Phrase?) {}
}
