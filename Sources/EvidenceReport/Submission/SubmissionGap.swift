public import EvidenceVault
public import Wording

/// An answer that a sheet does not have; for the sender, not for the recipients.
public struct SubmissionGap: Sendable {
  /// Why it is not there.
  public enum State: Sendable {
    /// The record does not say it.
    case missing
    /// No item of the kind is exported; the number of one that is known to exist.
    case noItem(known: UInt64?)
    /// The record says it, and it does not go.
    case withheld(WithheldReason)
    /// It is there in a language that is not accepted, or of which nothing says what it is.
    case untranslated(String?)
  }

  /// The number of the question, from 1.
  public let question: Int
  /// Its heading.
  public let heading: Phrase
  /// The kind of record that would answer.
  public let kind: String
  /// The item; `nil` if there is none.
  public let item: UInt64?
  /// The fields any of which would answer; without an item, all that would be needed.
  public let fields: [String]
  /// How much it is wanted.
  public let need: SubmissionTemplate.Need
  /// Why it is not there.
  public let state: State
  /// What to write, in the words of the template.
  public let ifMissing: Phrase?

  /// Whether the sheet is incomplete for it. What a witness did not agree to is no fault of the sheet: nobody is to
  /// be pressed for it.
  public var isBlocking: Bool {
    guard need == .required else { return false }
    switch state {
    case .withheld(.consent), .untranslated: return false
    default: return true
    }
  }

  private var field: String { fields.first ?? "" }

  /// Question, item, field and why, without full stop.
  public var sentence: Phrase {
    let place: Phrase = item.map { "item \($0)" } ?? "no \(kind)"
    return "question \(question) (\(heading)), \(place): \(cause)"
  }

  private var cause: Phrase {
    switch state {
    case .missing: missing
    case .noItem: "nothing in this export answers \(fields.joined(separator: ", "))"
    case .withheld(.consent(let need)):
      "\(field) is in the record and withheld: the witness did not agree (\(ConsentText.reason(.consent(need))))"
    case .withheld(let reason): "\(field) is in the record and withheld: \(ConsentText.reason(reason))"
    case .untranslated(nil): "\(field) does not say in which language it is, and no translation goes with it"
    case .untranslated(let language?):
      "\(field) is in \(SubmissionValue.language(language)), and no translation that is accepted goes with it"
    }
  }

  private var missing: Phrase {
    let names = fields.dropFirst().reduce(Phrase(verbatim: field)) { "\($0) or \($1)" }
    return ifMissing.map { "\(names) is not in the record: \($0)" } ?? "\(names) is not in the record"
  }

  /// The command that would add it; `nil` if none should.
  public var remedy: Phrase? {
    switch state {
    case .missing: item.map { "evidence amend \($0) --set \(field)=… --reason …" }
    case .noItem(let known?): "evidence export … \(known)"
    case .noItem(nil): "evidence add --kind \(kind) …, or export the one that there is"
    case .withheld(.onPurpose): "evidence export … without --withhold \(field)"
    case .withheld(.noConsent): "evidence export … --disclose \(field)"
    case .withheld(.identity): need == .required ? "evidence export … --disclose \(field)" : nil
    case .withheld: nil
    case .untranslated(let language):
      item.map {
        let add: Phrase = "evidence add --kind translation --set of=\($0) --set field=\(field) --set language=en …"
        return language == nil ? "evidence amend \($0) --set texts.language=en --reason …, or \(add)" : add
      }
    }
  }
}
