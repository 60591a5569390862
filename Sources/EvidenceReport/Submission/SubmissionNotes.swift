internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// What a sender should look at again although nothing is missing.
struct SubmissionNotes {
  let items: [SubmissionItem]
  let sections: [SubmissionSheet.Section]

  /// A longer answer is more than forms take, in characters.
  private static let longAnswer = 10_000

  var notes: [Phrase] { mixedCases + itemsNotHere + longAnswers }

  private var mixedCases: [Phrase] {
    let cases = Set(items.compactMap { $0.fields["case"]?.stringValue.map(Printable.line) }).sorted()
    guard cases.count > 1 else { return [] }
    let list = cases.joined(separator: ", ")
    return ["these items belong to \(cases.count) cases, and a submission is about one: \(list)"]
  }

  /// What items point to, such as the events of a case, and is not exported.
  private var itemsNotHere: [Phrase] {
    items.compactMap { item -> Phrase? in
      guard let schema = try? Schema.named(item.kind) else { return nil }
      let links = schema.fields.filter { !$0.links.isEmpty && !$0.isSetByProgram }
      let pointed = Set(links.flatMap { numbers(item.fields[$0.name]) })
      let absent = pointed.filter { number in !items.contains { $0.isCalled(number) } }.sorted()
      guard !absent.isEmpty else { return nil }
      let list = absent.map(String.init).joined(separator: ", ")
      return "item \(item.number) points to what is not in this export: item \(list)"
    }
  }

  private func numbers(_ value: JSON?) -> [UInt64] {
    switch value {
    case .integer(let number): UInt64(exactly: number).map { [$0] } ?? []
    case .array(let values): values.flatMap { numbers($0) }
    default: []
    }
  }

  private var longAnswers: [Phrase] {
    sections.flatMap { section in
      section.blocks.flatMap { block in
        block.answers.compactMap { answer -> Phrase? in
          let count = answer.parts.map { $0.paragraphs.reduce(0) { $0 + $1.count } }.max() ?? 0
          guard count > Self.longAnswer else { return nil }
          return """
            question \(section.number), \(block.title): \(answer.label) has \(count) characters; paste a summary and \
            enclose the whole
            """
        }
      }
    }
  }
}
