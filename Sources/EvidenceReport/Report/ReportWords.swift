internal import Wording

/// What a template shows: names to values. The templates ask the innermost of them alone, by a full stop before a name.
typealias View = [String: Any]

/// Fixed words in all languages, as the templates show them, and which of them were used.
///
/// Every fixed word of `REPORT.html` comes through here, from the lists of phrases or from the schemas.
final class ReportWords {
  /// The phrases that were used.
  private(set) var used: Set<Phrase> = []
  private var views: [Phrase: [View]] = [:]
  private var labels: [String: [View]] = [:]

  /// A phrase in each language.
  func callAsFunction(_ phrase: Phrase) -> [View] {
    if let view = views[phrase] { return view }
    used.insert(phrase)
    let view = Self.view { phrase.text(in: $0) }
    views[phrase] = view
    return view
  }

  /// The words of a schema, by language; in English where a language is missing.
  func callAsFunction(_ words: [String: String]) -> [View] {
    // The English words do not tell which others they go with: two schemas may translate one word differently.
    let key = Language.allCases.map { words[$0.rawValue] ?? "" }.joined(separator: "\n")
    if let view = labels[key] { return view }
    let view = Self.view { Printable.line(words[$0.rawValue] ?? words["en"] ?? "") }
    labels[key] = view
    return view
  }

  /// A text that is the same in each language.
  static func verbatim(_ text: String) -> [View] { [["isOne": false, "text": text]] }

  private static func view(_ text: (Language) -> String) -> [View] {
    let texts = Language.allCases.map { ($0.rawValue, text($0)) }
    guard let first = texts.first, texts.contains(where: { $0.1 != first.1 }) else {
      return verbatim(texts.first?.1 ?? "")
    }
    return texts.map { ["isOne": true, "language": $0, "text": $1] }
  }
}
