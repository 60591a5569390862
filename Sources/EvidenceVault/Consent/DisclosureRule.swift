internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import Tar

/// Why something is not shown.
public enum WithheldReason: Hashable, Sendable {
  /// The sender withholds it.
  case onPurpose
  /// It leads to a person, and was not named.
  case identity
  /// It is restricted, and nobody's consent speaks for the item.
  case noConsent
  /// The witness did not agree to this.
  case consent(Schema.ConsentNeed)
  /// The witness did not agree to this, which a file may be: the record does not answer the question of that name.
  case unanswered(Schema.ConsentNeed, question: String)
  /// The schema does not know it.
  case unknownField
  /// It is what an amendment replaced, or what is not shown of the amendment.
  case superseded
  /// It is consent for a class of recipients for which that was taken back since.
  case takenBack
  /// A paper that cannot be searched for the name of the witness, which may not go.
  case unsearchable
  /// The item was not asked for: what its witness allows goes along with another.
  case conditionsAlone
}

extension WithheldReason {
  /// Whether a witness did not agree to it.
  var isOfWitness: Bool {
    switch self {
    case .consent, .unanswered: true
    default: false
    }
  }
}

/// What becomes of a field or a file.
enum DisclosureDecision: Hashable {
  case disclose
  case withhold(WithheldReason)
  /// It was named on purpose, and the witness did not agree.
  case refuse(Schema.ConsentNeed)
}

extension DisclosureDecision {
  var isWithheld: Bool {
    if case .withhold = self { true } else { false }
  }
}

/// What of one entry is shown.
///
/// Source: FORMAT section 5.
struct DisclosureRule {
  let schema: Schema
  let record: Record
  var choice: DisclosureChoice
  /// The needs that consent meets; `nil` if nobody's consent speaks for the item.
  let consent: Set<Schema.ConsentNeed>?
  /// The record of the item that counts now, whole; `nil` if this is it.
  var current: JSONObject?
  /// What is shown of the record that replaced this one, if one did.
  var amended: JSONObject?
  /// What the files are, by what the item was made from and whom it shows.
  var descent = Descent()
  /// Why files of what the item goes back to are withheld, by their digests: a copy of one is no other file.
  var withheldCopies: [Digest: WithheldReason] = [:]
  /// Why the name of the file of which this is a translation is withheld; `nil` if it is not.
  var withheldFileName: WithheldReason?
  /// The fields that tie this to something else that goes; they go whatever else is said.
  var ties: Set<String> = []
  /// The classes of recipients for which consent was taken back: what the record still says of them holds no more.
  var takenBack: [String] = []

  static let testimony = "testimony"
  static let translation = "translation"
  /// The fields of a translation that have in them what was translated.
  private static let translatedText = ["text", "uncertain_parts"]

  /// Whether a claim is shown, given that all around it is.
  func isDisclosed(_ claim: DisclosedClaims.Claim) -> Bool {
    guard case .name(let name)? = claim.path.first else { return false }
    if name == "files" { return isFileClaimDisclosed(claim.path) }
    if ComposedRecord.reservedNames.contains(name) { return true }
    return decision(onField: name) == .disclose
  }

  /// What becomes of the field of that name.
  func decision(onField name: String) -> DisclosureDecision {
    guard let field = schema.field(name) else { return .withhold(.unknownField) }
    guard !ties.contains(name) else { return .disclose }
    if takenBack.contains(where: { ConsentTerms.isAnswer(name, for: $0) }) { return .withhold(.takenBack) }
    let isNamed = choice.disclosed.contains(name)
    var decision = decide(
      field.sensitivity, need: field.consentNeed, isNamed: isNamed, isWithheld: choice.withheld.contains(name))
    if decision == .disclose, Self.translatedText.contains(name) { decision = decisionOnTranslation(isNamed: isNamed) }
    if decision == .disclose, schema.kind == Self.translation, name == "file", !isNamed, let reason = withheldFileName {
      decision = .withhold(reason)
    }
    if decision == .disclose, let amended, amended[name] != record.fields[name] { return .withhold(.superseded) }
    return decision
  }

  /// What becomes of a translation of a field: what becomes of that field, as long as it says the same.
  func decisionOnTranslation(isNamed: Bool) -> DisclosureDecision {
    guard let field = descent.translated else { return .disclose }
    if field.isChanged, !isNamed { return .withhold(.superseded) }
    return decide(field.sensitivity, need: field.need, isNamed: isNamed, isWithheld: false)
  }

  private func decide(
    _ sensitivity: Schema.Sensitivity, need: Schema.ConsentNeed?, isNamed: Bool, isWithheld: Bool
  ) -> DisclosureDecision {
    Self.decide(
      sensitivity, need: need, consent: consent, isNamed: isNamed,
      isRestrictedNamed: choice.disclosed.contains(DisclosureChoice.restricted), isWithheld: isWithheld,
      isOverridden: choice.overrideReason != nil)
  }

  /// The rule itself: a pure function of what the schema says, what the witness allows and what the sender asks for.
  static func decide(
    _ sensitivity: Schema.Sensitivity, need: Schema.ConsentNeed?, consent: Set<Schema.ConsentNeed>?, isNamed: Bool,
    isRestrictedNamed: Bool, isWithheld: Bool, isOverridden: Bool
  ) -> DisclosureDecision {
    if isWithheld { return .withhold(.onPurpose) }
    // What leads to a person needs consent to be named, whatever it is.
    if let need = need ?? (sensitivity == .identity ? .name : nil), let consent, !consent.contains(need) {
      guard isNamed else { return .withhold(.consent(need)) }
      return isOverridden ? .disclose : .refuse(need)
    }
    switch sensitivity {
    case .identity: return isNamed ? .disclose : .withhold(.identity)
    case .restricted:
      return consent != nil || isNamed || isRestrictedNamed ? .disclose : .withhold(.noConsent)
    case .open: return .disclose
    }
  }

  // MARK: - All of it

  /// The fields that are not shown, and why.
  var withheldFields: [WithheldField] {
    record.fields.names.compactMap { name in
      guard case .withhold(let reason) = decision(onField: name) else { return nil }
      return WithheldField(name: name, reason: reason)
    }
  }

  /// The files that are not shown, and why.
  var withheldFiles: [WithheldField] {
    record.files.compactMap { file in
      guard case .withhold(let reason) = decision(onFile: file), let path = file.path else { return nil }
      return WithheldField(name: path.text, reason: reason)
    }
  }

  /// What was asked for, and the witness did not agree to.
  var refusals: [(what: String, need: Schema.ConsentNeed)] {
    let fields = record.fields.names.map { ($0, decision(onField: $0)) }
    let files = record.files.map { (DisclosureChoice.file($0.path), decision(onFile: $0)) }
    return (fields + files).compactMap { what, decision in
      guard case .refuse(let need) = decision else { return nil }
      return (what, need)
    }
  }

  /// What is shown only because consent was overridden.
  var overridden: [String] {
    guard choice.overrideReason != nil else { return [] }
    var strict = self
    strict.choice.overrideReason = nil
    return strict.refusals.map(\.what)
  }
}

/// A field, or a file by its path, that is not shown.
public struct WithheldField: Hashable, Sendable {
  /// Its name.
  public let name: String
  /// Why.
  public let reason: WithheldReason
}
