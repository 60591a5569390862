internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// What a witness allows the recipients of a bundle, as far as it is disclosed, before it is put into a page or a text.
struct ConsentConditions {
  let item: ReportItem
  /// The classes of the recipients.
  let classes: [String]

  /// What is asked for each class; what has no answer counts as no.
  private static let questions = [
    "quotes", "name_to_government", "name_in_public_report", "place_detail", "voice_image", "family_detail",
  ]
  /// What is told only if something is said.
  private static let terms = ["ask_again_before", "until"]
  /// What is said for all classes, and likewise.
  private static let others = [
    "use.not_before", "consent.review_due", "consent.conditions", "use.restrictions", "use.privileged",
  ]

  static let heading: Phrase = "What the witness allows you"
  static let noAnswer: Phrase = "no answer in this bundle, which counts as no"

  /// What is said before the terms of several classes. None is named, since no recipient is told who the others are.
  var strictest: Phrase? {
    classes.count == 1
      ? nil
      : """
      This bundle goes to recipients of several kinds. What follows is the strictest of what was agreed for them.
      """
  }

  /// The fields with the answers for the one class; none for several.
  var answers: [String] {
    guard classes.count == 1, let recipientClass = classes.first else { return [] }
    let asked = ["consent.\(recipientClass)"] + Self.questions.map { answering($0, recipientClass) }
    let terms = Self.terms.map { answering($0, recipientClass) }
    return asked + (terms + Self.others).filter { item.fields[$0] != nil }
  }

  /// The field with the answer: that for the class alone goes before the general one.
  private func answering(_ question: String, _ recipientClass: String) -> String {
    let own = "consent.\(recipientClass).\(question)"
    return item.fields[own] != nil ? own : "consent.\(question)"
  }

  /// What the recipient has to heed, in sentences.
  var duties: [Phrase] {
    let chosen: [Phrase?] = [
      Self.identity[least(classes, ["none", "code", "initials", "full"]) { "consent.\($0)" }],
      Self.government[least(classes, ["no", "ask", "yes"]) { answering("name_to_government", $0) }],
      Self.publication[least(classes, ["none", "initials", "full"]) { answering("name_in_public_report", $0) }],
      Self.quotes[least(classes, ["none", "paraphrase", "verbatim"]) { answering("quotes", $0) }],
      classes.contains { item.fields[answering("ask_again_before", $0)]?.arrayValue?.isEmpty == false }
        ? "The witness wants to be asked again; turn to the sender first." : nil,
    ]
    return chosen.compactMap { $0 }
  }

  /// The place, among `words`, of the answer that allows least; no answer and an unknown one allow nothing.
  private func least(_ classes: [String], _ words: [String], _ field: (String) -> String) -> Int {
    classes.map { item.fields[field($0)]?.stringValue.flatMap(words.firstIndex) ?? 0 }.min() ?? 0
  }

  private static let identity: [Phrase] = [
    "Do not use even the code name of the witness, and do not try to find out who it is.",
    "Use the code name of the witness only, and do not try to find out who it is.",
    "Use the initials of the witness, not the name.",
    "You may know and use the name. What is said below limits where else it may go.",
  ]
  private static let government: [Phrase?] = [
    "No Government may learn the name of the witness.", "Ask the sender before any Government learns the name.", nil,
  ]
  private static let publication: [Phrase?] = [
    "Do not publish the name of the witness.", "In what is published, use the initials only.", nil,
  ]
  private static let quotes: [Phrase?] = [
    "Neither quote nor retell what the witness said.", "Tell in your own words what the witness said; do not quote.",
    nil,
  ]
}
