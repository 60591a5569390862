internal import StrictJSON
internal import Wording

/// Answers of a witness that cannot both be meant.
///
/// Source: FORMAT section 5.
struct ConsentContradiction: Hashable {
  /// The fields that do not go together.
  let fields: [String]
  /// Why.
  let reason: Phrase

  /// What contradicts itself in a record; nothing in one that has no consent of its own.
  static func all(in fields: JSONObject) -> [ConsentContradiction] {
    refusedClasses(fields) + spans(fields)
  }

  /// A class that gets nothing needs no answer to a question of its own.
  private static func refusedClasses(_ fields: JSONObject) -> [ConsentContradiction] {
    Schema.recipientClasses.flatMap { name -> [ConsentContradiction] in
      let answer = "consent.\(name)"
      guard (fields[answer]?.stringValue ?? "refused") == "refused" else { return [] }
      let questions = fields.names.filter { $0.hasPrefix("\(answer).") }
      return questions.isEmpty
        ? []
        : [
          ConsentContradiction(fields: [answer] + questions, reason: "nothing goes to \(name), and yet it is said how")
        ]
    }
  }

  /// Consent that ends before it begins.
  private static func spans(_ fields: JSONObject) -> [ConsentContradiction] {
    func span(_ name: String) -> EDTFSpan? { fields[name]?.stringValue.flatMap { EDTFSpan($0) } }
    guard let end = span("consent.until") else { return [] }
    return ["consent.date", "use.not_before"].compactMap { name in
      guard let start = span(name), end.last < start.first else { return nil }
      return ConsentContradiction(fields: [name, "consent.until"], reason: "consent ends before it begins")
    }
  }
}
