internal import StrictJSON
internal import Wording

/// Whom a letter to the Government and a public report may not name. A question that nobody answered counts as no.
struct SubmissionNaming {
  let recipientClass: String
  let items: [SubmissionItem]

  var warnings: [Phrase] {
    let testimonies = items.filter { $0.kind == "testimony" }
    guard !testimonies.isEmpty else {
      return ["DO NOT NAME anybody to the Government, nor in public: nothing here says that anybody agreed."]
    }
    let government = testimonies.compactMap { item -> Phrase? in
      switch answer("consent.name_to_government", item) {
      case "yes": nil
      case "ask": "\(item.witness), who has to be asked first"
      default: item.witness
      }
    }
    let unnamed = testimonies.filter { !["initials", "full"].contains(answer("consent.name_in_public_report", $0)) }
    let initials = testimonies.filter { answer("consent.name_in_public_report", $0) == "initials" }
    var warnings: [Phrase] = []
    if !government.isEmpty {
      let people = Phrase.list(government, separator: "; ")
      warnings.append(
        """
        DO NOT NAME to the Government: \(people). Where the form asks whether the name may be given to the Government, \
        answer NO.
        """)
    }
    if !unnamed.isEmpty { warnings.append("DO NOT NAME in public reports: \(Self.list(unnamed)).") }
    if !initials.isEmpty { warnings.append("INITIALS ONLY in public reports: \(Self.list(initials)).") }
    return warnings
  }

  private static func list(_ items: [SubmissionItem]) -> Phrase { .list(items.map(\.witness), separator: "; ") }

  private func answer(_ question: String, _ item: SubmissionItem) -> String {
    item.fields[item.name(of: question, for: recipientClass)]?.stringValue ?? ""
  }
}
