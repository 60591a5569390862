internal import EvidenceVault
internal import TransparencyLog
internal import Wording

/// What the bundle is: the facts at the top of the page.
struct ReportSummary {
  let say: ReportWords
  let fields: ReportFields
  let plan: ExportPlan

  func facts(_ kinds: ReportKinds) -> [View] {
    func fact(_ label: Phrase, _ values: View...) -> View { ReportFields.fact(say(label), values) }
    func text(_ text: String) -> View { ReportFields.value(lines: Printable.lines(text)) }
    func said(_ phrase: Phrase) -> View { ReportFields.value(said: say(phrase)) }
    var facts = [
      fact("bundle", text(plan.identifier)),
      fact("made, by the sender's clock", fields.moment(plan.created.description)),
      fact("for", said(audience)),
      fact("purpose", plan.purpose.isEmpty ? said("not stated") : text(plan.purpose)),
      fact("signed by the vault", text(plan.sender.origin.description)),
      fact("the eight words of the sender's key", text(plan.sender.fingerprint)),
      fact("size of the index and eight words of its head", text(plan.head.words)),
      ReportFields.fact(say("items on this page"), kinds.all.map { said($0.count($0.items.count)) }),
    ]
    facts.append(ReportFields.fact(say("time-stamps"), plan.times.isEmpty ? [said("none")] : plan.times.flatMap(stamp)))
    let keys = BundleFacts.keys(of: plan.sender)
    if !keys.isEmpty { facts.append(ReportFields.fact(say("earlier keys of the sender"), keys.map(said))) }
    let doubts = DateDoubts(in: plan).phrases
    if !doubts.isEmpty { facts.append(ReportFields.fact(say(BundleFacts.doubts), doubts.map(said))) }
    if !plan.contact.isEmpty { facts.append(fact("to ask the sender", text(plan.contact))) }
    if let item = plan.supplemented {
      facts.append(fact("supplement", said("This bundle adds fields to item \(item), which you already hold.")))
    }
    return facts
  }

  private func stamp(_ time: TrustedTime) -> [View] {
    [fields.moment(time.latest.description), ReportFields.value(said: say(BundleFacts.stamp(time)))]
  }

  /// A recipient does not learn what the vault calls the others.
  private var audience: Phrase {
    if case .passphrase = plan.audience { return "whoever has the passphrase" }
    return "the holders of the keys that bundle.note names"
  }
}

/// Which items belong to which case.
struct ReportCases {
  let say: ReportWords
  let fields: ReportFields
  let items: [ReportItem]

  var view: View {
    // Codes that differ in their bytes alone are two codes.
    let cases = Dictionary(grouping: items) { $0.caseCode.map { Array($0.utf8) } }
    let named = cases.compactMap { code, items in code.map { (code: $0, items: items) } }
      .sorted { $0.code.lexicographicallyPrecedes($1.code) }
    return [
      "heading": say("Cases"), "isEmpty": named.isEmpty, "none": say("No item says which case it belongs to."),
      "code": say("Case"), "what": say("Items"),
      "cases": named.map { code, items in
        ["name": Printable.line(String(decoding: code, as: UTF8.self)), "items": items.map(row)] as View
      },
      "others": cases[nil].map { others in [["items": others.map(row), "label": say("no case is named")] as View] }
        ?? [View](),
    ]
  }

  private func row(_ item: ReportItem) -> View {
    [
      "link": [fields.link(to: item.number)], "kind": say(item.kindLabels), "title": item.title,
      "hasTitle": !item.title.isEmpty,
      "languages": item.language(of: "title").map { [["language": $0]] as [View] } ?? [View](),
    ]
  }
}
