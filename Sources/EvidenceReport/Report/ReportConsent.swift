internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// What a witness allows the recipients of the bundle, as far as the bundle discloses it.
struct ReportConsent {
  let say: ReportWords
  let fields: ReportFields
  let item: ReportItem

  /// The terms for the recipients.
  func view(for classes: [String]) -> View {
    let conditions = ConsentConditions(item: item, classes: classes)
    let answers = conditions.answers
    return [
      "heading": say(ConsentConditions.heading),
      "strictest": conditions.strictest.map { say($0) } ?? [View](),
      "duties": conditions.duties.map { ["duty": say($0)] as View },
      "hasFields": !answers.isEmpty, "fields": answers.map(answer),
    ]
  }

  private func answer(_ name: String) -> View {
    if let value = item.fields[name] { return fields.view(name, value, of: item) }
    return ReportFields.fact(
      say(item.schema?.field(name)?.labels ?? [:]), [ReportFields.value(said: say(ConsentConditions.noAnswer))])
  }
}
