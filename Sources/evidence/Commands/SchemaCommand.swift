internal import ArgumentParser
internal import EvidenceVault
internal import StrictJSON

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Explain the kinds of records and their fields.")

  @Argument(help: "A kind; otherwise all are named.")
  var kind: String?

  @Option(help: ArgumentHelp("The language of labels and explanations: en, ru or tg.", valueName: "language"))
  var language = SchemaWords.Language.en

  @OptionGroup var report: ReportOptions

  func run() throws {
    guard let kind else {
      let kinds = Schema.all.map { JSON.object(summary($0)) }
      return report.print(["kinds": .array(kinds)]) {
        for schema in Schema.all { Output.line("\(schema.kind): \(schema.summaries[language.rawValue] ?? "")") }
      }
    }
    let schema = try Schema.named(kind)
    report.print(json(schema)) { printText(schema) }
  }

  private func printText(_ schema: Schema) {
    let words = SchemaWords(language)
    Output.line("\(schema.kind): \(schema.summaries[language.rawValue] ?? "")")
    for field in schema.fields where field.generalName == nil {
      let marks = words.marks(field, isRequired: schema.required.contains(field.name))
      Output.line("  \(field.name) (\(marks)): \(field.labels[language.rawValue] ?? "")")
      Output.line("    \(words.type(field.type))\(field.help[language.rawValue].map { ". \($0)" } ?? "")")
      for value in field.type.choices {
        Output.line("      \(value): \(field.valueLabels[value]?[language.rawValue] ?? "")")
      }
      if field.isPerClass { Output.line("    \(words.perClass(field))") }
    }
    for (template, fields) in schema.neededFor.sorted(by: { $0.key < $1.key }) {
      Output.line("\(words.needed(by: template)): \(fields.joined(separator: ", "))")
    }
  }
}

// What programs read: everything in all languages at once.
extension SchemaCommand {
  private func summary(_ schema: Schema) -> JSONObject {
    [
      "kind": .string(schema.kind), "entry": schema.isItem ? "item" : "event", "summary": .string(schema.summary),
      "labels": texts(schema.labels), "summaries": texts(schema.summaries),
    ]
  }

  private func json(_ schema: Schema) -> JSONObject {
    var object = summary(schema)
    object["fields"] = .array(
      schema.fields.map { .object(json($0, isRequired: schema.required.contains($0.name))) })
    var needed = JSONObject()
    for (template, fields) in schema.neededFor.sorted(by: { $0.key < $1.key }) { needed[template] = list(fields) }
    object["needed_for"] = .object(needed)
    return object
  }

  private func json(_ field: Schema.Field, isRequired: Bool) -> JSONObject {
    var object: JSONObject = [
      "name": .string(field.name), "type": .string(field.type.description),
      "sensitivity": .string(field.sensitivity.rawValue), "required": .bool(isRequired),
      "label": .string(field.labels["en"] ?? ""), "labels": texts(field.labels), "help": texts(field.help),
    ]
    if !field.type.choices.isEmpty {
      object["values"] = .array(
        field.type.choices.map { value in
          .object(["value": .string(value), "labels": texts(field.valueLabels[value] ?? [:])])
        })
    }
    if let need = field.consentNeed { object["consent"] = .string(need.rawValue) }
    if !field.links.isEmpty { object["links"] = list(field.links) }
    if field.isSetByProgram { object["set_by"] = "program" }
    if field.isPerClass { object["per_class"] = true }
    if let general = field.generalName { object["answers_for_one_class"] = .string(general) }
    return object
  }

  private func texts(_ texts: [String: String]) -> JSON {
    var object = JSONObject()
    for language in SchemaWords.Language.allCases {
      if let text = texts[language.rawValue] { object[language.rawValue] = .string(text) }
    }
    return .object(object)
  }

  private func list(_ words: [String]) -> JSON { .array(words.map { .string($0) }) }
}
