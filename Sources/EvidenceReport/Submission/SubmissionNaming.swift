internal import StrictJSON

/// Whom a letter to the Government and a public report may not name. A question that nobody answered counts as no.
struct SubmissionNaming {
  let recipientClass: String
  let items: [SubmissionItem]

  var warnings: [String] {
    let testimonies = items.filter { $0.kind == "testimony" }
    guard !testimonies.isEmpty else {
      return ["DO NOT NAME anybody to the Government, nor in public: nothing here says that anybody agreed."]
    }
    let government = testimonies.compactMap { item -> String? in
      switch answer("consent.name_to_government", item) {
      case "yes": nil
      case "ask": "\(item.witness), who has to be asked first"
      default: item.witness
      }
    }
    let unnamed = testimonies.filter { !["initials", "full"].contains(answer("consent.name_in_public_report", $0)) }
    let initials = testimonies.filter { answer("consent.name_in_public_report", $0) == "initials" }
    return [
      warning(
        government, "DO NOT NAME to the Government: ",
        ". Where the form asks whether the name may be given to the Government, answer NO."),
      warning(unnamed.map(\.witness), "DO NOT NAME in public reports: ", "."),
      warning(initials.map(\.witness), "INITIALS ONLY in public reports: ", "."),
    ].compactMap { $0 }
  }

  private func warning(_ people: [String], _ start: String, _ end: String) -> String? {
    people.isEmpty ? nil : start + people.joined(separator: "; ") + end
  }

  private func answer(_ question: String, _ item: SubmissionItem) -> String {
    item.fields[item.name(of: question, for: recipientClass)]?.stringValue ?? ""
  }
}
