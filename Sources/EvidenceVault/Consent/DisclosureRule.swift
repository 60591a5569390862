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
  /// A paper that cannot be searched for the name of the witness, which may not go.
  case unsearchable
  /// The item was not asked for: what its witness allows goes along with another.
  case conditionsAlone
}

/// What becomes of a field or a file.
enum DisclosureDecision: Hashable {
  case disclose
  case withhold(WithheldReason)
  /// It was named on purpose, and the witness did not agree.
  case refuse(Schema.ConsentNeed)
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
  /// Whether the item is the recording of an interview, as a testimony says.
  var isRecording = false
  /// The fields that tie something else that goes to this testimony; they go whatever else is said.
  var ties: Set<String> = []

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
    let isNamed = choice.disclosed.contains(name)
    let decision = Self.decide(
      field.sensitivity, need: field.consentNeed, consent: consent, isNamed: isNamed,
      isRestrictedNamed: choice.disclosed.contains(DisclosureChoice.restricted),
      isWithheld: choice.withheld.contains(name), isOverridden: choice.overrideReason != nil)
    if decision == .disclose, let amended, amended[name] != record.fields[name] { return .withhold(.superseded) }
    return decision
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

  // MARK: - Files

  private func isFileClaimDisclosed(_ path: [DisclosedClaims.Step]) -> Bool {
    guard !choice.withheld.contains(DisclosureChoice.files) else { return false }
    guard path.count > 1, case .index(let index) = path[1], record.files.indices.contains(index) else { return true }
    let file = record.files[index]
    guard decision(onFile: file) == .disclose else { return false }
    return path.count == 2 || !isNameWithheld(file)
  }

  /// Whether a file goes without its name and time.
  private func isNameWithheld(_ file: FileRecord) -> Bool {
    choice.withheld.contains(DisclosureChoice.names)
      || file.path.map { choice.withheld.contains(DisclosureChoice.name($0)) } ?? false
  }

  /// What becomes of a file.
  func decision(onFile file: FileRecord) -> DisclosureDecision {
    guard let path = file.path else { return .withhold(.onPurpose) }
    let name = DisclosureChoice.file(path)
    if choice.withheld.contains(DisclosureChoice.files) || choice.withheld.contains(name) {
      return .withhold(.onPurpose)
    }
    let isNamed = choice.disclosed.contains(name)
    // It has every field of the lost record in it, also those that lead to a person.
    if SalvagedRecord.isOne(path), !isNamed { return .withhold(.identity) }
    if ReceivedProofs.isOne(path) { return decisionOnProofs(isNamed: isNamed) }
    // A passport beside a code name joins face and code, whoever speaks for it.
    let isOfPerson = schema.kind == CustodyBook.person
    guard let consent else { return isOfPerson && !isNamed ? .withhold(.identity) : .disclose }
    if let missing = fileNeeds(file).first(where: { !consent.contains($0.need) }) {
      guard isNamed else {
        return .withhold(missing.question.map { .unanswered(missing.need, question: $0) } ?? .consent(missing.need))
      }
      return choice.overrideReason == nil ? .refuse(missing.need) : .disclose
    }
    if isOfPerson, !isNamed { return .withhold(.identity) }
    let isSearched = MediaType.isText(file.mediaType) && file.byteCount <= NameCheck.maximumByteCount
    if schema.kind == Self.testimony, !isSearched, !MediaType.isMedia(file.mediaType), !consent.contains(.name) {
      return isNamed ? .disclose : .withhold(.unsearchable)
    }
    return .disclose
  }

  /// In the proofs of a received item stands all that was disclosed to this vault, in a form that no program searches
  /// for names.
  private func decisionOnProofs(isNamed: Bool) -> DisclosureDecision {
    guard isNamed else { return .withhold(.identity) }
    if let consent, !consent.contains(.name), choice.overrideReason == nil { return .refuse(.name) }
    return .disclose
  }

  static let testimony = "testimony"
  private static let translation = "translation"

  /// What a file needs consent to, and the question of the record that was not answered, if it is for that.
  private typealias FileNeed = (need: Schema.ConsentNeed, question: String?)

  /// The consent that a file needs: a recording of the witness, a text in the words of the witness, what shows a
  /// person, a picture of people or of a place, as the record says that counts now. What may be any of them needs all.
  private func fileNeeds(_ file: FileRecord) -> [FileNeed] {
    let type = file.mediaType
    let mayBeMedia = MediaType.mayBeMedia(type)
    var needs: [FileNeed] = []
    if schema.kind == CustodyBook.person { needs.append((.name, nil)) }
    if schema.kind == Self.testimony || isRecording {
      if mayBeMedia { needs.append((.voiceImage, nil)) }
      if !MediaType.isMedia(type) { needs.append((.verbatim, nil)) }
    }
    if schema.kind == Self.translation { needs.append((.verbatim, nil)) }
    if schema.kind == CustodyBook.person, mayBeMedia { needs.append((.voiceImage, nil)) }
    guard mayBeMedia, schema.field(Self.showsPeople) != nil else { return needs }
    let kinds = said("document.kind").compactMap(\.stringValue)
    let isVideo = MediaType.isVideo(type) || kinds.contains("video") || kinds.contains("photo")
    let hasVoice = isVideo || MediaType.isAudio(type) || kinds.contains("audio")
    if let need = need(.voiceImage, Self.showsPeople, ["people_shown", "people_shown.persons"], isDoubtful: hasVoice) {
      needs.append(need)
    }
    if let need = need(.place, "shows_place", ["place_shown"], isDoubtful: isVideo) { needs.append(need) }
    return needs
  }

  private static let showsPeople = "shows_people"

  /// What this entry, and the record that counts now, say in a field.
  private func said(_ field: String) -> [JSON] { [record.fields, current].compactMap { $0?[field] } }

  /// Whether a picture or recording needs `need`: where the record says that there is something of the kind in it, or
  /// what; and where that can be and nobody answered.
  private func need(
    _ need: Schema.ConsentNeed, _ question: String, _ shown: [String], isDoubtful: Bool
  ) -> FileNeed? {
    if said(question).contains(where: { $0.boolValue == true }) { return (need, nil) }
    if shown.contains(where: { said($0).contains { $0.arrayValue?.isEmpty != true } }) { return (need, nil) }
    return isDoubtful && (current ?? record.fields)[question] == nil ? (need, question) : nil
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
