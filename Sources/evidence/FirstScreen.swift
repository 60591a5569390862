internal import Wording

/// The first screen in the language of this run: commands stay as they are, what is said of them is translated.
enum FirstScreen {
  /// Each line is a phrase, or a command with two spaces or more between it and a phrase; lines that stand together at
  /// the margin are one phrase.
  static func text(_ english: String) -> String {
    guard Language.current != .en else { return english }
    return english.split(separator: "\n\n", omittingEmptySubsequences: false).map(paragraph).joined(separator: "\n\n")
  }

  private static func paragraph(_ text: Substring) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.contains(where: { $0.hasPrefix("  ") }) else { return say(Phrase(stringLiteral: String(text))) }
    return lines.map(line).joined(separator: "\n")
  }

  private static func line(_ text: Substring) -> String {
    guard text.hasPrefix("  ") else { return say(Phrase(stringLiteral: String(text))) }
    guard let gap = gap(in: text) else { return String(text) }
    return text[..<gap] + say(Phrase(stringLiteral: String(text[gap...])))
  }

  /// Where the phrase begins behind the last spaces that stand together.
  private static func gap(in text: Substring) -> Substring.Index? {
    var found: Substring.Index?
    var spaceCount = 0
    for index in text.dropFirst(2).indices {
      if spaceCount > 1, text[index] != " " { found = index }
      spaceCount = text[index] == " " ? spaceCount + 1 : 0
    }
    return found
  }
}
