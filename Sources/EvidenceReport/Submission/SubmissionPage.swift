internal import CEmbedded
internal import Embedded
internal import Wording

/// `SUBMISSION.html`: a sheet to read and print. It runs nothing and fetches nothing.
struct SubmissionPage {
  private static let templates = HTMLPage([
    "submission": EmbeddedFile.submission_mustache.bytes, "style": EmbeddedFile.submission_css.bytes,
  ])

  let sheet: SubmissionSheet
  /// Whether it says what only the sender can do.
  let isForSender: Bool

  var text: String {
    let template = sheet.template
    return Self.templates.render(
      "submission",
      [
        "sourceOfStyle": HTMLPage.sourceOfStyle(EmbeddedFile.submission_css.bytes),
        "title": template.title, "mechanism": template.mechanism, "template": template.name, "bundle": sheet.bundle,
        "created": sheet.created, "sentTo": template.sentTo, "warnings": sheet.warnings.map { $0.text(in: .en) },
        "hasWarnings": !sheet.warnings.isEmpty, "reminders": template.reminders.map { $0.text(in: .en) },
        "isForSender": isForSender, "isIncomplete": !sheet.isComplete && isForSender,
        "isUnstated": !sheet.isComplete && !isForSender, "hasContact": !sheet.contact.isEmpty,
        "contact": Printable.line(sheet.contact),
        "sections": sheet.sections.map(values),
      ])
  }

  private func values(_ section: SubmissionSheet.Section) -> [String: Any] {
    [
      "number": "\(section.number)", "heading": section.heading, "question": section.question,
      "blocks": section.blocks.map { block -> [String: Any] in
        ["title": block.title, "answers": block.answers.map(values)]
      },
      "byHand": section.byHand, "hasByHand": isForSender && !section.byHand.isEmpty,
      "enclosures": section.enclosures, "hasEnclosures": !section.enclosures.isEmpty,
      "isEmpty": section.isEmpty(forSender: isForSender),
    ]
  }

  private func values(_ answer: SubmissionSheet.Answer) -> [String: Any] {
    [
      "label": answer.label, "isStated": answer.isStated, "isBeside": answer.parts.count > 1,
      "parts": answer.parts.map { part -> [String: Any] in
        [
          "hasCaption": part.caption != nil, "caption": part.caption ?? "", "language": part.language,
          "paragraphs": part.paragraphs.filter { !$0.isEmpty },
        ]
      },
    ]
  }
}
