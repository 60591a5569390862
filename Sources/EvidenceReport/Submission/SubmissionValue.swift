internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// The value of a field as paragraphs in English words, fit to be shown.
enum SubmissionValue {
  /// A text this long may be prose, which has to be translated; anything shorter is a code, a name or a number.
  private static let proseLength = 500

  /// Whether somebody wrote the value in words of their own.
  static func isText(_ field: Schema.Field) -> Bool {
    switch field.type {
    case .text, .list(.text): true
    default: false
    }
  }

  static func isProse(_ field: Schema.Field) -> Bool {
    guard case .text(let maximum) = field.type else { return false }
    return maximum >= proseLength
  }

  static func paragraphs(_ value: JSON, of field: Schema.Field) -> [String] {
    switch value {
    case .string(let text) where isProse(field):
      text.split(separator: "\n", omittingEmptySubsequences: false).map { Printable.line(String($0)) }
    case .string(let text): [word(text, of: field)]
    case .array(let values): [values.flatMap { paragraphs($0, of: field) }.joined(separator: ", ")]
    case .bool(let value): [value ? "yes" : "no"]
    case .integer(let number): [field.links.isEmpty ? "\(number)" : item(number)]
    default: [Printable.line(String(decoding: value.serialized(), as: UTF8.self))]
    }
  }

  private static func item(_ number: Int64) -> String {
    number == .max ? "an item that did not come along" : "item \(number)"
  }

  private static func word(_ text: String, of field: Schema.Field) -> String {
    if case .date = field.type { return date(text) }
    return Printable.line(field.valueLabels[text]?["en"] ?? text)
  }

  /// A date in words, since 03/04 is read both ways, and as it is written.
  static func date(_ text: String) -> String {
    let (words, written) = (ReportDate.phrase(text).text(in: .en), Printable.line(text))
    return words == written ? written : "\(words) (\(written))"
  }

  /// The English name of a language, as the schemas have it.
  static func languageName(_ code: String) -> String { language(code).text(in: .en) }

  /// What a language is called.
  static func language(_ code: String) -> Phrase {
    let labels = others[code] ?? (try? Schema.named("translation").field("language"))?.valueLabels[code]
    return labels.map(Phrase.init(labels:)) ?? Phrase(verbatim: Printable.line(code))
  }

  /// Whether the schemas know the language, so that its code may stand where programs read it.
  static func tag(_ code: String?) -> String {
    guard let code, code != "other" else { return "und" }
    if others[code] != nil { return code }
    return (try? Schema.named("translation").field("language"))?.valueLabels[code] != nil ? code : "und"
  }

  private static let others = [
    "fr": ["en": "French", "ru": "французский", "tg": "фаронсавӣ"],
    "es": ["en": "Spanish", "ru": "испанский", "tg": "испанӣ"],
  ]
}
