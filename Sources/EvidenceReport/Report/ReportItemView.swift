internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// An item as a view: what is disclosed of its record, its files, its history, and how much is withheld.
struct ReportItemView {
  let say: ReportWords
  let fields: ReportFields
  let files: ReportFiles
  let plan: ExportPlan

  /// All of it.
  func view(_ item: ReportItem) -> View {
    var view = heading(item)
    let files = files.views(of: item)
    let names = item.fields.members.filter { $0.name != "title" }
    view["isBrief"] = false
    view["consents"] =
      item.kind == "testimony" && plan.supplemented == nil
      ? [ReportConsent(say: say, fields: fields, item: item).view(for: plan.audience.classes)] : [View]()
    view["hasFields"] = !names.isEmpty
    view["fields"] = names.map { fields.view($0.name, $0.value, of: item) }
    view["filesHeading"] = say("Files")
    view["files"] = files
    view["hasFiles"] = !files.isEmpty
    view["noFiles"] = say("No file of this item is in the bundle.")
    // A supplement is a part of an item, and says nothing of the rest of it.
    view["isWhole"] = plan.supplemented == nil
    view["custodyHeading"] = say("Custody, as the sender entered it")
    view["custody"] = [custody(item)]
    view["withheldHeading"] = say("Withheld")
    view["withheld"] = item.parts.map { ["line": say(withheld($0))] as View }
    return view
  }

  /// Number, kind, title and where to find the rest.
  func brief(_ item: ReportItem) -> View {
    var view = heading(item)
    view["isBrief"] = true
    view["brief"] = say("This page would be too large with this item; what is disclosed of it is in the folder data.")
    let path = "data/item-\(item.parts.last?.record.index ?? item.number)/record.json"
    view["path"] = path
    return view
  }

  private func heading(_ item: ReportItem) -> View {
    let amendments = item.parts.filter { $0.amends != nil }.map { "\($0.record.index)" }
    return [
      "number": "\(item.number)", "name": say("Item \(item.number)"),
      "kind": item.schema == nil ? say("kind withheld") : say(item.kindLabels), "title": item.title,
      "hasTitle": !item.title.isEmpty,
      "languages": item.language(of: "title").map { [["language": $0]] as [View] } ?? [View](),
      "amended": amendments.isEmpty
        ? [View]() : say("It stands as it was amended, by entry: \(amendments.joined(separator: ", "))"),
    ]
  }

  private func custody(_ item: ReportItem) -> View {
    let lines = plan.custody(of: item.number)
    return [
      "isEmpty": lines.isEmpty, "none": say("nothing is entered"), "when": say("When"), "what": say("What happened"),
      "entry": say("Entry"),
      "lines": lines.map(row),
    ]
  }

  private func row(_ line: CustodyLine) -> View {
    let more = line.fields.members.filter { $0.name != "event" }
    let doubt =
      plan.sender.isTrusted(line.entry)
      ? [] : ReportWords.verbatim("; ") + say("NOT TRUSTED: a key that was revoked signed it")
    return [
      "whens": [line.at.map(fields.moment) ?? ReportFields.value(said: say("not disclosed"))],
      "event": event(line.event) + reserve(line) + doubt, "number": "\(line.entry)", "hasFields": !more.isEmpty,
      "fields": more.map { fields.view($0.name, $0.value, kind: Self.kind(of: line.event)) },
    ]
  }

  /// What is not said of an event: what a check found, and how much else.
  private func reserve(_ line: CustodyLine) -> [View] {
    let count = plan.withheldFieldCount(of: line.entry)
    let withheld: Phrase = .counted(count, one: "\(count) field is withheld", other: "\(count) fields are withheld")
    let phrases = (line.isResultWithheld ? [BundleFacts.resultWithheld] : []) + (count > 0 ? [withheld] : [])
    return phrases.flatMap { ReportWords.verbatim("; ") + say($0) }
  }

  private func event(_ name: String) -> [View] {
    switch name {
    case "sealed": say("sealed into the vault")
    case "amended": say("amended")
    case "exported": say("sent in a bundle")
    case "disclosed": say("fields were disclosed later")
    case "consent_withdrawn": say("consent was withdrawn")
    case "receipt":
      say((try? Schema.named("receipt"))?.labels ?? [:]) + ReportWords.verbatim("; ") + say(BundleFacts.receipt)
    default:
      ((try? Schema.named("custody"))?.field("event")?.valueLabels[name]).map { say($0) }
        ?? ReportWords.verbatim(Printable.line(name))
    }
  }

  /// The kind of the entry behind an event. What people enter as having happened is of the kind custody.
  static func kind(of event: String) -> String {
    switch event {
    case "exported": "export"
    case "disclosed": "disclosure"
    case "consent_withdrawn": "withdrawal"
    case "receipt": "receipt"
    default: "custody"
    }
  }

  /// How much is withheld; never what, and never why: either could lead to a person.
  private func withheld(_ part: ExportPlan.Item) -> Phrase {
    let fields = part.withheldFields.count
    let files = part.withheldFiles.count
    guard fields + files > 0 else { return "entry \(part.record.index): nothing" }
    let ofFields: Phrase = .counted(fields, one: "\(fields) field", other: "\(fields) fields")
    let ofFiles: Phrase = .counted(files, one: "\(files) file", other: "\(files) files")
    return "entry \(part.record.index): \(ofFields), \(ofFiles)"
  }
}
