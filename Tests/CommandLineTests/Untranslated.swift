import EvidenceVault

/// Finds English in what the program said in another language.
///
/// Commands, options, names of fields and files, keys and words of heads are the same in every language. English is
/// told by the small words without which it has no sentence, and by two words of small Latin letters in a row that are
/// none of the former.
struct Untranslated {
  private static let smallWords: Set<Substring> = [
    "the", "is", "are", "was", "were", "of", "to", "not", "no", "and", "or", "by", "that", "this", "with", "for", "has",
    "have", "had", "in", "it", "its", "an", "as", "at", "be", "on", "what", "whoever", "nobody", "nothing", "your",
    "item", "entry",
  ]

  /// Words of commands, kinds, fields and values; and data of the desks.
  private let names: Set<Substring>
  private let data: [String]

  init(data: [String]) {
    self.data = data.sorted { $0.count > $1.count }
    let schemas = Schema.all
    let fields = schemas.flatMap(\.fields)
    let words =
      schemas.map(\.kind) + fields.map(\.name) + fields.flatMap(\.type.choices) + [
        "evidence", "age", "case", "key", "recipient", "witness", "policy", "schema", "text", "sha", "vault", "index",
        "unknown", "jws", "signer", "file", "table", "csv", "json", "svg", "bash", "zsh", "fish", "sector", "month",
        "hrd", "foaa", "ohchr", "communication",
      ]
    names = Set(words.flatMap { $0.split { !$0.isLetter } })
  }

  /// The lines that have English in them.
  func lines(of text: String) -> [String] { text.split(separator: "\n").map(String.init).filter(hasEnglish) }

  private func hasEnglish(_ line: String) -> Bool {
    var line = line
    for text in data { line = line.replacing(text, with: "·") }
    // Heads, paths, options with their values, commands, names with dots, and what is quoted.
    line = line.replacing(/\d+(?: [a-z]+){8}/, with: "·").replacing(/evidence [a-z-]+(?: [a-z]+)?/, with: "·")
    line = line.replacing(/(?:[a-z]+ ){7}[a-z]+/) { Self.areWordsOfAFingerprint($0.output) ? "·" : $0.output }
    line = line.replacing(/\S*[\/=_.@+-][a-zA-Z0-9]\S*/, with: "·").replacing(/\[[^\]]*\]|<[^>]*>/, with: "·")
    line = line.replacing(/\S*[0-9]\S*/, with: "·").replacing(/[a-z]+="/, with: "·")
    let words = line.split { !($0.isLetter || $0 == "·") }
    if words.contains(where: { Self.smallWords.contains($0) }) { return true }
    return zip(words, words.dropFirst()).contains { isEnglish($0) && isEnglish($1) }
  }

  private static let fingerprintWords = Set(WordList.words)

  private static func areWordsOfAFingerprint(_ text: Substring) -> Bool {
    text.split(separator: " ").allSatisfy { fingerprintWords.contains(String($0)) }
  }

  private func isEnglish(_ word: Substring) -> Bool {
    word.count > 1 && word.allSatisfy { $0.isASCII && $0.isLowercase } && !names.contains(word)
  }
}
