internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// What the text says of an item beside its record: what its witness allows, and what happened to it.
extension TextReport {
  /// What a witness allows the recipients; of nothing but testimonies.
  func consent(of entry: ExportPlan.Item) -> [String] {
    guard entry.record.kind == "testimony", let item = wholeItems[entry.amends ?? entry.record.index] else { return [] }
    let conditions = ConsentConditions(item: item, classes: plan.audience.classes)
    let sentences = ([conditions.strictest] + conditions.duties).compactMap { $0 }
    return [say("\(ConsentConditions.heading):")] + sentences.map { "  \(say($0))" }
      + conditions.answers.flatMap { name -> [String] in
        let field = item.schema?.field(name)
        let label = "  \(field.map { say(Phrase(labels: $0.labels)) } ?? name)"
        guard let value = item.fields[name] else { return ["\(label): \(say(ConsentConditions.noAnswer))"] }
        return self.field(label, value, of: field)
      }
  }

  func custody(_ item: UInt64) -> [String] {
    let lines = plan.custody(of: item).flatMap { line -> [String] in
      let date: Phrase = line.at.map { "\(Printable.line($0))" } ?? "no date"
      let event = Printable.line(line.event)
      let first: Phrase =
        plan.sender.isTrusted(line.entry)
        ? "  \(date)  \(event) (entry \(line.entry))"
        : "  \(date)  \(event) (entry \(line.entry)), NOT TRUSTED: a key that was revoked signed it"
      let result = line.isResultWithheld ? ["      \(say(BundleFacts.resultWithheld))"] : []
      let count = plan.withheldFieldCount(of: line.entry)
      return [say(first)] + result + details(of: line) + (count > 0 ? [say("      withheld: \(count) field(s)")] : [])
    }
    return lines.isEmpty
      ? [say("custody: nothing is entered")] : [say("custody, as the sender entered it:")] + lines
  }

  private func details(of line: CustodyLine) -> [String] {
    let schema = try? Schema.named(ReportItemView.kind(of: line.event))
    let fields = line.fields.members.filter { $0.name != "event" }.flatMap { member -> [String] in
      let field = schema?.field(member.name)
      let label = field.map { say(Phrase(labels: $0.labels)) } ?? Printable.line(member.name)
      return self.field("      \(label)", member.value, of: field)
    }
    return (line.event == "receipt" ? ["      \(say(BundleFacts.receipt))"] : []) + fields
  }

  /// A value in the words of its field, where the schema has words for it.
  private func field(_ label: String, _ value: JSON, of field: Schema.Field?) -> [String] {
    guard let words = field?.valueLabels, !words.isEmpty else { return self.field(label, value) }
    let values = value.arrayValue ?? [value]
    let texts = values.map { value -> String in
      guard let text = value.stringValue else {
        return Printable.line(String(decoding: value.serialized(), as: UTF8.self))
      }
      return words[text].map { say(Phrase(labels: $0)) } ?? Printable.line(text)
    }
    return ["\(label): \(texts.joined(separator: ", "))"]
  }
}
