internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// The fields of items as views: labels and values in the words of the schemas, free text as it stands.
struct ReportFields {
  let say: ReportWords
  /// The items that the page has, so that their numbers can be links.
  let numbers: Set<UInt64>

  /// The texts that stand in translation beside the field of an item: by item, then by field.
  var translations: [UInt64: [String: [ReportItem]]] = [:]

  /// A field: its label and its values.
  func view(_ name: String, _ value: JSON, of item: ReportItem) -> View {
    let field = item.schema?.field(name)
    var values = values(value, field: field, language: item.language(of: name))
    if item.kind == ReportItem.translation, name == "text", let original = original(of: item) {
      values = [link(to: original)]
    }
    let others = translations[item.number]?[name] ?? []
    return Self.fact(
      field.map { say($0.labels) } ?? ReportWords.verbatim(Printable.line(name)), values + others.map(beside))
  }

  /// A field of an event.
  func view(_ name: String, _ value: JSON, kind: String) -> View {
    let field = (try? Schema.named(kind))?.field(name)
    return Self.fact(
      field.map { say($0.labels) } ?? ReportWords.verbatim(Printable.line(name)),
      values(value, field: field, language: nil))
  }

  /// A label and what belongs to it.
  static func fact(_ label: [View], _ values: [View]) -> View { ["label": label, "values": values] }

  /// A translation beside its original: where it is from, and its text.
  private func beside(_ translation: ReportItem) -> View {
    Self.value(
      linked: say("translation: item \(translation.number)"), target: translation.number,
      lines: Printable.lines(translation.fields["text"]?.stringValue ?? ""),
      language: translation.language(of: "text"), isBeside: true)
  }

  /// The item beside whose text a translation stands.
  private func original(of translation: ReportItem) -> UInt64? {
    translations.first { $0.value.values.joined().contains { $0.number == translation.number } }?.key
  }

  func values(_ value: JSON, field: Schema.Field?, language: String?) -> [View] {
    switch value {
    case .string(let text): [string(text, field: field, language: language)]
    case .bool(let value): [Self.value(said: say(value ? "yes" : "no"))]
    case .integer(let number): [integer(number, field: field)]
    case .array([]): [Self.value(said: say("none"))]
    case .array(let values): values.flatMap { self.values($0, field: field, language: language) }
    default:
      [Self.value(lines: Printable.lines(String(decoding: value.serialized(), as: UTF8.self)))]
    }
  }

  private func string(_ text: String, field: Schema.Field?, language: String?) -> View {
    if let words = field?.valueLabels[text] { return Self.value(said: say(words)) }
    if case .date = field?.type { return date(text) }
    return Self.value(lines: Printable.lines(text), language: language)
  }

  /// A date as it is written, and in words.
  func date(_ text: String) -> View {
    Self.value(said: say(ReportDate.phrase(text)), written: Printable.line(text))
  }

  /// A moment as it is written, and in words.
  func moment(_ text: String) -> View {
    Self.value(said: say(ReportDate.moment(text)), written: Printable.line(text))
  }

  private func integer(_ number: Int64, field: Schema.Field?) -> View {
    guard let target = UInt64(exactly: number), field?.links.isEmpty == false else {
      return Self.value(lines: ["\(number)"])
    }
    return link(to: target)
  }

  /// The number of an item; a link if the page has it.
  func link(to number: UInt64) -> View {
    guard number != .missingEntry else { return Self.value(said: say("an item that did not come along")) }
    let phrase: Phrase = "item \(number)"
    return numbers.contains(number)
      ? Self.value(linked: say(phrase), target: number) : Self.value(said: say(phrase))
  }

  /// A value: fixed words, a link to an item, or lines of text.
  static func value(
    said: [View] = [], written: String? = nil, linked: [View] = [], target: UInt64 = 0, lines: [String] = [],
    language: String? = nil, isBeside: Bool = false
  ) -> View {
    [
      "isBeside": isBeside,
      "said": said, "isWritten": written != nil, "written": written ?? "", "isLink": !linked.isEmpty, "linked": linked,
      "target": "\(target)", "lines": lines.map { ["line": $0] as View }, "hasLanguage": language != nil,
      "language": language ?? "",
    ]
  }
}
