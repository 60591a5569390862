/// What of a value that leads to a person is looked for by itself.
///
/// Source: FORMAT section 5.
enum NameParts {
  /// The words of a name. Of what is in brackets, a maiden name or a note, those with a capital letter.
  static func words(of value: String) -> [String] {
    var (outside, inside) = ("", "")
    var depth = 0
    for character in value {
      switch character {
      case "(": depth += 1
      case ")": depth = max(0, depth - 1)
      default: if depth > 0 { inside.append(character) } else { outside.append(character) }
      }
      if character == "(" || character == ")" {
        outside.append(" ")
        inside.append(" ")
      }
    }
    let open = FoldedWord.all(in: outside).map(\.text)
    let bracketed = FoldedWord.all(in: inside)
    return open + bracketed.filter { $0.isCapitalized || open.isEmpty }.map(\.text)
  }

  /// What stands in a value from the first of some words to the last.
  static func span(of words: [String], in value: String) -> String {
    let all = FoldedWord.all(in: value).map(\.text)
    guard let first = all.firstIndex(where: words.contains), let last = all.lastIndex(where: words.contains) else {
      return value
    }
    return all[first...last].joined(separator: " ")
  }

  /// How the words of a name sound, whatever their alphabet.
  static func sounds(of name: String) -> Set<String> {
    Set(words(of: name).map { NameSpelling.loose(NameSpelling.sound(NameSpelling.latin($0))) })
  }

  /// The addresses of mail, and names in networks that begin with @.
  static func addresses(in value: String) -> [(value: String, words: [String])] {
    value.split { $0.isWhitespace || ",;|()<>".contains($0) }.compactMap { token in
      guard token.contains("@") else { return nil }
      let words = FoldedWord.all(in: token).map(\.text)
      let count = words.reduce(0) { $0 + $1.unicodeScalars.count }
      return count >= shortestAddressCount ? (String(token), words) : nil
    }
  }

  /// The names of persons in how somebody is reached: two or three words with capital letters.
  static func names(in value: String) -> [(value: String, words: [String])] {
    value.split { $0.isNewline || ",;:|/()".contains($0) }.compactMap { part in
      let words = FoldedWord.all(in: part)
      let isName = (2...3).contains(words.count) && words.allSatisfy(\.isCapitalized)
      return isName ? (part.split(whereSeparator: \.isWhitespace).joined(separator: " "), words.map(\.text)) : nil
    }
  }

  /// Shorter ones are too common to tell of anyone.
  private static let shortestAddressCount = 4
}
