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
  /// How the recipients reach the sender; it may be empty.
  let contact: String

  /// Whether everything is there that the mechanism cannot do without.
  public var isComplete: Bool { !gaps.contains(where: \.isBlocking) }

  /// Fills in `template` from what `plan` discloses.
  public init(_ template: SubmissionTemplate, plan: ExportPlan) {
    self.init(
      template, items: SubmissionItem.items(of: plan), along: SubmissionItem.items(of: plan, areAlong: true),
      bundle: plan.identifier, created: plan.created.description, contact: plan.contact)
  }

  init(
    _ template: SubmissionTemplate, items: [SubmissionItem], along: [SubmissionItem] = [], bundle: String,
    created: String, contact: String = ""
  ) {
    let filling = SubmissionFilling(template: template, items: items)
    let filled = template.questions.enumerated().map { filling.section($0.element, number: $0.offset + 1) }
    self.template = template
    self.bundle = bundle
    self.created = created
    self.contact = contact
    sections = filled.map(\.section)
    gaps = filled.flatMap(\.gaps)
    notes = SubmissionNotes(items: items, sections: sections).notes
    // Who speaks for a document may have said no, also where the testimony itself was not asked for.
    warnings = SubmissionNaming(recipientClass: template.recipientClass, items: items + along).warnings
  }

  /// The sheet as pages of a bundle: text, and the same to print. What is addressed to the sender is not there.
  public var pages: [BundlePage] { pages(forSender: false) }

  /// The sheet as files for the sender, who pastes it: with where to hand it in, what to heed before, and what to fill
  /// in by hand.
  public var senderPages: [BundlePage] { pages(forSender: true) }

  private func pages(forSender isForSender: Bool) -> [BundlePage] {
    [
      BundlePage(path: "SUBMISSION.txt", text: SubmissionText(sheet: self, isForSender: isForSender).text),
      BundlePage(path: "SUBMISSION.html", text: SubmissionPage(sheet: self, isForSender: isForSender).text),
    ]
  }

  /// The sheet as the recipients read it.
  public var text: String { SubmissionText(sheet: self, isForSender: false).text }
}
