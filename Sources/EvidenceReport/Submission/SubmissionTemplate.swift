internal import CEmbedded
internal import Embedded
internal import EvidenceVault
internal import StrictJSON
public import Wording

/// The questions of one UN mechanism in its own order, read from `Templates/`. Adding a question is editing a file
/// there.
///
/// The files are part of the program, so a fault in them is a fault of the program; the tests read every one.
public struct SubmissionTemplate: Sendable {
  /// How much a question wants this answer.
  public enum Need: String, Sendable {
    /// Without it the sheet is incomplete.
    case required
    /// Its absence is reported.
    case recommended
    /// It is shown where there is one.
    case optional
    /// It is filled in by hand where the sheet is pasted, unless the sender discloses it on purpose.
    case portal
  }

  /// One field that answers a question.
  public struct Answer: Sendable {
    /// The kind of record that has it.
    public let kind: String
    /// The name of the field.
    public let field: String
    /// The names of other fields of the kind that answer as well.
    public let alternatives: [String]
    /// How much it is wanted.
    public let need: Need
    /// What to do if it is missing, in words for the sender.
    public let ifMissing: Phrase?

    /// All fields that answer, the best one first.
    public var fields: [String] { [field] + alternatives }
  }

  /// One question.
  public struct Question: Sendable {
    /// A few words.
    public let heading: Phrase
    /// What is asked, in a sentence or two.
    public let text: String
    /// The kinds of items whose files are listed as enclosures.
    public let fileKinds: [String]
    /// What answers it, in the order of the sheet.
    public let answers: [Answer]
  }

  /// The name on the command line and in `x-needed-for` of the schemas.
  public let name: String
  /// What stands on top of the sheet.
  public let title: String
  /// Who reads it.
  public let mechanism: String
  /// Where it is handed in.
  public let sentTo: [String]
  /// The class of recipients whose consent it needs.
  public let recipientClass: String
  /// The languages that are accepted, as codes, the best one first.
  public let languages: [String]
  /// What whoever sends it has to know.
  public let reminders: [Phrase]
  /// The questions in the order of the mechanism.
  public let questions: [Question]

  // What is read stays: a constant, made once by whoever comes first.
  private static let communication = SubmissionTemplate(EmbeddedFile.ohchr_communication_json.bytes)
  private static let defenders = SubmissionTemplate(EmbeddedFile.hrd_json.bytes)
  private static let association = SubmissionTemplate(EmbeddedFile.foaa_json.bytes)

  private static let all: [(name: String, template: @Sendable () -> SubmissionTemplate)] = [
    ("ohchr-communication", { communication }), ("hrd", { defenders }), ("foaa", { association }),
  ]

  /// The names of all templates.
  public static let names = all.map(\.name)

  /// The template of that name.
  ///
  /// - Throws: `UnknownTemplate`.
  public static func named(_ name: String) throws(UnknownTemplate) -> SubmissionTemplate {
    guard let known = all.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      throw UnknownTemplate(name: name, nearest: nearestName(to: name, among: names))
    }
    return known.template()
  }

  init(_ bytes: [UInt8]) {
    guard let json = try? JSON.parse(bytes), let name = json["name"]?.stringValue,
      let title = json["title"]?.stringValue, let mechanism = json["mechanism"]?.stringValue,
      let recipientClass = json["class"]?.stringValue, let sections = json["sections"]?.arrayValue
    else { preconditionFailure("EvidenceReport: a template is not as Templates/README.md says") }
    self.name = name
    self.title = title
    self.mechanism = mechanism
    self.recipientClass = recipientClass
    sentTo = Self.words(json["sent_to"])
    languages = Self.words(json["languages"])
    reminders = Self.words(json["reminders"]).map(Phrase.init(stringLiteral:))
    questions = sections.map(Self.question)
  }

  private static func question(_ json: JSON) -> Question {
    guard let heading = json["heading"]?.stringValue, let text = json["question"]?.stringValue,
      let answers = json["answers"]?.arrayValue
    else { preconditionFailure("EvidenceReport: a question is not as Templates/README.md says") }
    return Question(
      heading: Phrase(stringLiteral: heading), text: text, fileKinds: words(json["files"]), answers: answers.map(answer)
    )
  }

  private static func answer(_ json: JSON) -> Answer {
    guard let kind = json["kind"]?.stringValue, let field = json["field"]?.stringValue,
      let need = Need(rawValue: json["need"]?.stringValue ?? Need.optional.rawValue)
    else { preconditionFailure("EvidenceReport: an answer is not as Templates/README.md says") }
    return Answer(
      kind: kind, field: field, alternatives: words(json["or"]), need: need,
      ifMissing: json["missing"]?.stringValue.map(Phrase.init(stringLiteral:)))
  }

  private static func words(_ json: JSON?) -> [String] { json?.arrayValue?.compactMap(\.stringValue) ?? [] }
}

/// There is no template of that name.
public struct UnknownTemplate: Error {
  /// What was asked for.
  public let name: String
  /// The one that may be meant.
  public let nearest: String?
}
