internal import ArgumentParser
internal import EvidenceReport
internal import EvidenceVault
internal import StrictJSON
internal import Wording

struct CaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case",
    abstract: say("Show the cases, or all there is about one."),
    discussion: say(
      """
      Without a code, a line for each case. With one: its record, people by code, the dates in its records and those of
      exports in order, what proves what, what the templates still need, and what the witnesses agreed to.
      """))

  @Argument(help: about("The code of a case."))
  var code: String?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let reader = try options.reader()
    Progress.current.begin("reading")
    guard let code else { return printAll(try reader.cases()) }
    let file = try reader.caseFile(code)
    guard !file.items.isEmpty else {
      throw UsageFault("no item belongs to the case \(Message.shown(code))", hint: "evidence case shows the cases")
    }
    report.print(file.json) { printText(file) }
  }

  private func printAll(_ cases: [CaseOverview]) {
    let json: JSONObject = ["cases": .array(cases.map { .object($0.json) })]
    report.print(json) {
      let head = ["case", "title", "region", "mode", "testimonies", "documents", "events"].map { say($0) }
      let rows = cases.map { item in
        [item.code, item.title ?? "", item.region ?? "", item.mode ?? ""]
          + [item.testimonyCount, item.documentCount, item.eventCount].map(String.init)
      }
      if cases.isEmpty { Message.note("no item belongs to a case") } else { Output.text(TextTable.text([head] + rows)) }
    }
  }

  private func printText(_ file: CaseFile) {
    Output.line("case \(Printable.line(file.code)): \(Count.items(file.items.count))")
    for record in file.records {
      Output.line("  item \(record.index): \(Printable.line(record.title))")
      for name in ["region", "mode", "official_ground", "verification"] {
        if let text = record.text(name) { Output.line(data: "    \(name): \(Printable.line(text))") }
      }
    }
    section("people", file.people.map { [$0.code, say(Phrase.list($0.items.map { "item \($0)" }))] })
    section(
      "in order of time",
      file.timeline.map {
        $0.field == "added"
          ? [$0.date, say("entry \($0.entry)"), $0.kind, say("entered"), $0.title]
          : [$0.date, say("item \($0.entry)"), $0.kind, $0.field, $0.title]
      })
    section("what points to what", file.links.map { [say("item \($0.item)"), $0.field, say("item \($0.target)")] })
    section("missing", file.gaps.map { [say("item \($0.item)"), $0.template, $0.fields.joined(separator: ", ")] })
    section("consent", file.consent.map(consent))
  }

  private func consent(_ state: CaseFile.Consent) -> [String] {
    func names(_ classes: [String]) -> String { classes.joined(separator: ", ") }
    var parts: [Phrase] = []
    if !state.given.isEmpty { parts.append("given: \(names(state.given))") }
    if !state.takenBack.isEmpty { parts.append("taken back: \(names(state.takenBack))") }
    if !state.refused.isEmpty { parts.append("refused: \(names(state.refused))") }
    if !state.unanswered.isEmpty { parts.append("not asked: \(names(state.unanswered))") }
    var answers = Phrase.list(parts, separator: "; ")
    if let until = state.until { answers = "\(answers); until \(until)" }
    for end in state.ends { answers = "\(answers); until \(end.until) for \(end.recipientClass)" }
    if let due = state.reviewDue { answers = "\(answers); ask again \(due)" }
    return [say("item \(state.item)"), state.witness, say(answers)]
  }

  private func section(_ title: Phrase, _ rows: [[String]]) {
    guard !rows.isEmpty else { return }
    Output.line()
    Output.line(title)
    // A text table has its last column to the right; here that is a sentence.
    Output.text(TextTable.text(rows, isLastToTheRight: false))
  }
}

extension CaseOverview {
  fileprivate var json: JSONObject {
    var json: JSONObject = ["case": .string(code)]
    for (name, text) in [("title", title), ("region", region), ("mode", mode)] {
      if let text { json[name] = .string(text) }
    }
    for (name, count) in [
      ("testimonies", testimonyCount), ("documents", documentCount), ("events", eventCount),
    ] { json[name] = .integer(Int64(count)) }
    return json
  }
}

extension CaseFile.Consent {
  fileprivate var endsJSON: JSONObject {
    var json = JSONObject()
    for end in ends { json[end.recipientClass] = .string(end.until) }
    return json
  }
}

extension CaseFile {
  fileprivate var json: JSONObject {
    func texts(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
    func number(_ number: UInt64) -> JSON { .integer(Int64(clamping: number)) }
    return [
      "case": .string(code), "records": .array(records.map { .object($0.json) }),
      "items": .array(items.map { number($0.index) }),
      "people": .array(people.map { .object(["code": .string($0.code), "items": .array($0.items.map(number))]) }),
      "timeline": .array(
        timeline.map {
          .object([
            "date": .string($0.date), "entry": number($0.entry), "kind": .string($0.kind),
            "field": .string($0.field), "title": .string($0.title),
          ])
        }),
      "links": .array(
        links.map { .object(["item": number($0.item), "field": .string($0.field), "target": number($0.target)]) }),
      "missing": .array(
        gaps.map {
          .object(["item": number($0.item), "template": .string($0.template), "fields": texts($0.fields)])
        }),
      "consent": .array(
        consent.map { state in
          var json: JSONObject = [
            "item": number(state.item), "witness": .string(state.witness), "given": texts(state.given),
            "taken_back": texts(state.takenBack), "refused": texts(state.refused),
            "unanswered": texts(state.unanswered),
          ]
          if let until = state.until { json["until"] = .string(until) }
          if !state.ends.isEmpty { json["until_for"] = .object(state.endsJSON) }
          if let due = state.reviewDue { json["review_due"] = .string(due) }
          return .object(json)
        }),
    ]
  }
}
