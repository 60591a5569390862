public import EvidenceVault
internal import StrictJSON
public import Wording

/// What a plan discloses, in the order in which a mechanism asks for it, and what is lacking.
///
/// It is made from what the plan discloses alone: the sheet can show nothing that the bundle does not.
public struct SubmissionSheet: Sendable {
  /// A text in one language.
  struct Part: Sendable {
    /// What language it is, and whose words; `nil` where there is nothing to say.
    let caption: String?
    /// The language as in HTML.
    let language: String
    let paragraphs: [String]
  }

  /// What one field says: a translation first, the original behind it.
  struct Answer: Sendable {
    let label: String
    let parts: [Part]
    /// Whether anything is said; what is not is marked.
    let isStated: Bool
  }

  /// What one item answers.
  struct Block: Sendable {
    let title: String
    let answers: [Answer]
  }

  /// A question with all answers to it.
  struct Section: Sendable {
    let number: Int
    let heading: String
    let question: String
    let blocks: [Block]
    /// What is left to be filled in by hand.
    let byHand: [String]
    /// Paths of files in the bundle.
    let enclosures: [String]
  }

  /// The questions.
  public let template: SubmissionTemplate
  /// What is lacking, in the order of the questions; not for the recipients.
  public let gaps: [SubmissionGap]
  /// Whom the Government and the public may not hear named.
  public let warnings: [Phrase]
  /// What else the sender should know; not for the recipients.
  public let notes: [Phrase]
  let sections: [Section]
  let bundle: String
  let created: String

  /// Whether everything is there that the mechanism cannot do without.
  public var isComplete: Bool { !gaps.contains(where: \.isBlocking) }

  /// Fills in `template` from what `plan` discloses.
  public init(_ template: SubmissionTemplate, plan: ExportPlan) {
    self.init(
      template, items: SubmissionItem.items(of: plan), bundle: plan.identifier, created: plan.created.description)
  }

  init(_ template: SubmissionTemplate, items: [SubmissionItem], bundle: String, created: String) {
    let filling = SubmissionFilling(template: template, items: items)
    let filled = template.questions.enumerated().map { filling.section($0.element, number: $0.offset + 1) }
    self.template = template
    self.bundle = bundle
    self.created = created
    sections = filled.map(\.section)
    gaps = filled.flatMap(\.gaps)
    notes = SubmissionNotes(items: items, sections: sections).notes
    warnings = SubmissionNaming(recipientClass: template.recipientClass, items: items).warnings
  }

  /// The sheet as pages of a bundle, or files of a folder: text to paste, and the same to print.
  public var pages: [BundlePage] {
    [
      BundlePage(path: "SUBMISSION.txt", text: SubmissionText(sheet: self).text),
      BundlePage(path: "SUBMISSION.html", text: SubmissionPage(sheet: self).text),
    ]
  }

  /// The sheet as text to paste.
  public var text: String { SubmissionText(sheet: self).text }
}
