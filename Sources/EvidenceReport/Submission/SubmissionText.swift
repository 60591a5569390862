internal import Wording

/// `SUBMISSION.txt`: a sheet as text to paste, question by question. Lines are not broken: forms break them.
struct SubmissionText {
  /// Stands where something is required.
  static let notStated = "[NOT STATED]"
  private static let nothing = "Nothing is stated here."

  let sheet: SubmissionSheet
  /// Whether it says what only the sender can do: where to hand it in, what to heed before, what to fill in by hand.
  let isForSender: Bool

  var text: String {
    var lines = heading
    for section in sheet.sections { lines += [""] + text(section) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var heading: [String] {
    let template = sheet.template
    var lines = [
      template.title.uppercased(), "", "For:       \(template.mechanism)", "Template:  \(template.name)",
      "Bundle:    \(sheet.bundle), made \(sheet.created) (the sender's clock)",
    ]
    if !sheet.contact.isEmpty { lines += ["Contact:   \(Printable.line(sheet.contact))"] }
    if isForSender { lines += ["Hand in:"] + template.sentTo.map { "- \($0)" } }
    if !sheet.warnings.isEmpty { lines += [""] + sheet.warnings.map { "!! \($0.text(in: .en))" } }
    if isForSender { lines += ["", "Before it is sent:"] + template.reminders.map { "- \($0.text(in: .en))" } }
    if !sheet.isComplete {
      lines += [
        "",
        isForSender
          ? "THIS SHEET IS INCOMPLETE: what is required and lacking is marked \(Self.notStated)."
          : "What the sender did not state is marked \(Self.notStated).",
      ]
    }
    return lines
  }

  private func text(_ section: SubmissionSheet.Section) -> [String] {
    let title = "\(section.number). \(section.heading)"
    var lines = [title, String(repeating: "=", count: title.count), section.question]
    for block in section.blocks { lines += ["", "\(block.title):"] + block.answers.flatMap(text) }
    if isForSender, !section.byHand.isEmpty {
      lines += ["", "To be filled in by hand at the portal:"] + section.byHand.map { "- \($0)" }
    }
    if !section.enclosures.isEmpty { lines += ["", "Enclosed:"] + section.enclosures.map { "- \($0)" } }
    if section.isEmpty(forSender: isForSender) { lines += ["", Self.nothing] }
    return lines
  }

  private func text(_ answer: SubmissionSheet.Answer) -> [String] {
    guard answer.isStated else { return ["\(answer.label): \(Self.notStated)"] }
    return answer.parts.flatMap { part -> [String] in
      let label = answer.label + (part.caption.map { " (\($0))" } ?? "")
      guard part.paragraphs.count > 1 || part.caption != nil else {
        return ["\(label): \(part.paragraphs.first ?? "")"]
      }
      // Set off, so that no line of it can be taken for a heading or an answer of the sheet.
      return ["\(label):"] + part.paragraphs.map { $0.isEmpty ? "" : "  \($0)" }
    }
  }
}

extension SubmissionSheet.Section {
  func isEmpty(forSender isForSender: Bool) -> Bool {
    blocks.isEmpty && enclosures.isEmpty && (byHand.isEmpty || !isForSender)
  }
}
