internal import ArgumentParser
internal import EvidenceVault
internal import StrictJSON
internal import Wording

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: say("Explain the kinds of records and their fields."))

  @Argument(help: about("A kind; otherwise all are named."))
  var kind: String?

  @Option(help: about("The language of labels and explanations.", valueName: "language"))
  var language: Language?

  @OptionGroup var report: ReportOptions

  private var words: SchemaWords { SchemaWords(language ?? .current) }

  func run() throws {
    guard let kind else {
      let kinds = Schema.all.map { JSON.object(summary($0)) }
      return report.print(["kinds": .array(kinds)]) {
        for schema in Schema.all { Output.line(data: "\(schema.kind): \(words.own(schema.summaries))") }
      }
    }
    let schema = try Schema.named(kind)
    report.print(json(schema)) { printText(schema) }
  }

  private func printText(_ schema: Schema) {
    Output.line(data: "\(schema.kind): \(words.own(schema.summaries))")
    for field in schema.fields where field.generalName == nil {
      let marks = words.marks(field, isRequired: schema.required.contains(field.name))
      Output.line(data: "  \(field.name) (\(marks)): \(words.own(field.labels))")
      let help = words.own(field.help)
      Output.line(data: "    \(words.type(field.type))\(help.isEmpty ? "" : ". \(help)")")
      for value in field.type.choices {
        Output.line(data: "      \(value): \(words.own(field.valueLabels[value] ?? [:]))")
      }
      if field.isPerClass { Output.line(data: "    \(words.perClass(field))") }
    }
    for (template, fields) in schema.neededFor.sorted(by: { $0.key < $1.key }) {
      Output.line(data: "\(words.needed(by: template)): \(fields.joined(separator: ", "))")
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
      "name": .string(field.name), "type": .string(field.type.description.text(in: .en)),
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
    for language in Language.allCases {
      if let text = texts[language.rawValue] { object[language.rawValue] = .string(text) }
    }
    return .object(object)
  }

  private func list(_ words: [String]) -> JSON { .array(words.map { .string($0) }) }
}
