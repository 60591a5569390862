internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// Finds the answers to the questions of a template, and what is lacking.
struct SubmissionFilling {
  let template: SubmissionTemplate
  let items: [SubmissionItem]

  func section(
    _ question: SubmissionTemplate.Question, number: Int
  ) -> (section: SubmissionSheet.Section, gaps: [SubmissionGap]) {
    var blocks: [SubmissionSheet.Block] = []
    var gaps: [SubmissionGap] = []
    for kind in kinds(question) {
      let wanted = question.answers.filter { $0.kind == kind }
      let found = items.filter { $0.kind == kind }
      if found.isEmpty { gaps += noItem(wanted, question, number) }
      for item in found {
        let filled = wanted.map { answer($0, item, question, number) }
        gaps += filled.flatMap(\.gaps)
        let answers = filled.compactMap(\.answer)
        guard !answers.isEmpty else { continue }
        blocks.append(SubmissionSheet.Block(title: Self.title(of: item), answers: answers))
      }
    }
    let section = SubmissionSheet.Section(
      number: number, heading: question.heading.text(in: .en), question: question.text, blocks: blocks,
      byHand: byHand(question),
      enclosures: items.filter { question.fileKinds.contains($0.kind) }
        .flatMap { item in item.files.map { "item \(item.number): \(Printable.line($0))" } })
    return (section, gaps)
  }

  /// The kinds in the order in which the question first names them.
  private func kinds(_ question: SubmissionTemplate.Question) -> [String] {
    var seen: Set<String> = []
    return question.answers.map(\.kind).filter { seen.insert($0).inserted }
  }

  private static func title(of item: SubmissionItem) -> String {
    "Item \(item.number), \(label(ofKind: item.kind))"
  }

  private static func label(ofKind kind: String) -> String {
    ((try? Schema.named(kind))?.labels["en"] ?? kind).lowercased()
  }

  /// What is to be filled in by hand, as far as no item says it.
  private func byHand(_ question: SubmissionTemplate.Question) -> [String] {
    question.answers.filter { answer in
      answer.need == .portal && !items.contains { $0.kind == answer.kind && $0.fields[answer.field] != nil }
    }
    .map { answer in
      let label = (try? Schema.named(answer.kind))?.field(answer.field)?.labels["en"] ?? answer.field
      return label + (answer.ifMissing.map { ": \($0.text(in: .en))" } ?? "")
    }
  }

  private func noItem(
    _ wanted: [SubmissionTemplate.Answer], _ question: SubmissionTemplate.Question, _ number: Int
  ) -> [SubmissionGap] {
    let required = wanted.filter { $0.need == .required }
    guard let first = required.first else { return [] }
    // A testimony that speaks for an item of the export exists, and only has to come along.
    let spokesmen = items.compactMap { $0.fields["consent.by"]?.unsignedValue }
    return [
      SubmissionGap(
        question: number, heading: question.heading, kind: first.kind, item: nil, fields: required.map(\.field),
        need: .required, state: .noItem(known: first.kind == "testimony" ? spokesmen.first : nil), ifMissing: nil)
    ]
  }

  // MARK: - One answer

  private typealias Filled = (answer: SubmissionSheet.Answer?, gaps: [SubmissionGap])

  private func answer(
    _ wanted: SubmissionTemplate.Answer, _ item: SubmissionItem, _ question: SubmissionTemplate.Question, _ number: Int
  ) -> Filled {
    func gap(_ fields: [String], _ state: SubmissionGap.State) -> SubmissionGap {
      SubmissionGap(
        question: number, heading: question.heading, kind: item.kind, item: item.number, fields: fields,
        need: wanted.need, state: state, ifMissing: wanted.ifMissing)
    }
    let schema = try? Schema.named(item.kind)
    for name in wanted.fields {
      let name = item.name(of: name, for: template.recipientClass)
      guard let value = item.fields[name], let field = schema?.field(name) else { continue }
      // What stands in for another field is shown once, where the question asks for it itself.
      guard name == wanted.field || !question.answers.contains(where: { $0.kind == item.kind && $0.field == name })
      else { return (nil, []) }
      let parts = parts(value, field, item)
      let lacking = parts.isTranslated ? [] : [gap([name], .untranslated(item.language(of: name)))]
      return (
        SubmissionSheet.Answer(label: field.labels["en"] ?? name, parts: parts.parts, isStated: true), lacking
      )
    }
    let withheld = wanted.fields.first { item.withheld[$0] != nil }
    if let withheld, let reason = item.withheld[withheld] {
      return lacking(wanted, schema, gap([withheld], .withheld(reason)))
    }
    return lacking(wanted, schema, gap(wanted.fields, .missing))
  }

  /// The recipients see that an answer is lacking, and not why.
  private func lacking(_ wanted: SubmissionTemplate.Answer, _ schema: Schema?, _ gap: SubmissionGap) -> Filled {
    switch wanted.need {
    case .optional, .portal: return (nil, [])
    case .recommended: return (nil, [gap])
    case .required:
      let label = schema?.field(wanted.field)?.labels["en"] ?? wanted.field
      return (SubmissionSheet.Answer(label: label, parts: [], isStated: false), [gap])
    }
  }

  private func parts(
    _ value: JSON, _ field: Schema.Field, _ item: SubmissionItem
  ) -> (parts: [SubmissionSheet.Part], isTranslated: Bool) {
    let paragraphs = SubmissionValue.paragraphs(value, of: field)
    guard SubmissionValue.isText(field) else {
      return ([SubmissionSheet.Part(caption: nil, language: "en", paragraphs: paragraphs)], true)
    }
    let language = item.language(of: field.name)
    let tag = SubmissionValue.tag(language)
    let name = language.map(SubmissionValue.languageName) ?? "language not stated"
    let translation = translation(of: field.name, item)
    // A code or a name in Latin letters can be read as it is.
    let isPlain = !SubmissionValue.isProse(field) && paragraphs.allSatisfy { $0.utf8.allSatisfy { $0 < 0x80 } }
    if isPlain && translation == nil || language.map(template.languages.contains) == true {
      let caption = isPlain || language == template.languages.first ? nil : name
      return ([SubmissionSheet.Part(caption: caption, language: tag, paragraphs: paragraphs)], true)
    }
    let original = SubmissionSheet.Part(caption: "original, \(name)", language: tag, paragraphs: paragraphs)
    let isEnough = translation != nil || !SubmissionValue.isProse(field)
    return ((translation.map { [$0] } ?? []) + [original], isEnough)
  }

  /// A translation of a field into one of the accepted languages, the best of them first.
  private func translation(of field: String, _ item: SubmissionItem) -> SubmissionSheet.Part? {
    let candidates = items.filter { candidate in
      candidate.kind == "translation" && candidate.fields["field"]?.stringValue == field
        && candidate.fields["of"]?.unsignedValue.map(item.isCalled) == true
    }
    for language in template.languages {
      guard
        let found = candidates.first(where: {
          $0.fields["language"]?.stringValue == language && $0.fields["text"] != nil
        }), let schema = try? Schema.named("translation"), let text = schema.field("text"),
        let value = found.fields["text"]
      else { continue }
      let method = found.fields["method"]?.stringValue.flatMap { schema.field("method")?.valueLabels[$0]?["en"] }
      let name = SubmissionValue.languageName(language)
      let details = (method.map { [$0] } ?? []) + ["item \(found.number)"]
      return SubmissionSheet.Part(
        caption: "\(name), translated \(details.joined(separator: ", "))", language: SubmissionValue.tag(language),
        paragraphs: SubmissionValue.paragraphs(value, of: text))
    }
    return nil
  }
}

extension SubmissionItem {
  /// Whether a number is that of the item, or of any entry of it.
  func isCalled(_ number: UInt64) -> Bool { number == self.number || entries.contains(number) }
}
