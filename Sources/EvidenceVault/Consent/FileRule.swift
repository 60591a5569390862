internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import Tar

/// What becomes of files.
///
/// Source: FORMAT section 5.
extension DisclosureRule {
  /// Whether a claim about files is shown.
  func isFileClaimDisclosed(_ path: [DisclosedClaims.Step]) -> Bool {
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

  /// What becomes of a file. What is withheld of an item that this one goes back to is withheld here as well.
  func decision(onFile file: FileRecord) -> DisclosureDecision {
    guard let path = file.path else { return .withhold(.onPurpose) }
    let name = DisclosureChoice.file(path)
    if choice.withheld.contains(DisclosureChoice.files) || choice.withheld.contains(name) {
      return .withhold(.onPurpose)
    }
    let ofItem = DisclosureChoice.file(path, of: record.amends ?? record.index)
    let isNamed = !choice.disclosed.isDisjoint(with: [name, ofItem])
    let decision = decision(onFile: file, at: path, isNamed: isNamed)
    guard decision == .disclose, let reason = withheldCopies[file.digest] else { return decision }
    guard isNamed else { return .withhold(reason) }
    switch reason {
    case .consent(let need), .unanswered(let need, _): return choice.overrideReason == nil ? .refuse(need) : .disclose
    default: return .disclose
    }
  }

  /// The names of the files that are not withheld only because these names were given.
  var filesByNameAlone: [String] {
    record.files.compactMap { file in
      let name = DisclosureChoice.file(file.path)
      guard choice.disclosed.contains(name), !decision(onFile: file).isWithheld else { return nil }
      var unnamed = self
      unnamed.choice.disclosed.remove(name)
      return unnamed.decision(onFile: file).isWithheld ? name : nil
    }
  }

  private func decision(onFile file: FileRecord, at path: ArchivePath, isNamed: Bool) -> DisclosureDecision {
    // It has every field of the lost record in it, also those that lead to a person.
    if SalvagedRecord.isOne(path), !isNamed { return .withhold(.identity) }
    if ReceivedProofs.isOne(path) { return decisionOnProofs(isNamed: isNamed) }
    let ofTranslation = decisionOnTranslation(isNamed: isNamed)
    guard ofTranslation == .disclose else { return ofTranslation }
    if let consent, let missing = fileNeeds(file).first(where: { !consent.contains($0.need) }) {
      guard isNamed else {
        return .withhold(missing.question.map { .unanswered(missing.need, question: $0) } ?? .consent(missing.need))
      }
      return choice.overrideReason == nil ? .refuse(missing.need) : .disclose
    }
    // A passport beside a code name joins face and code, whoever speaks for it.
    if schema.kind == CustodyBook.person, !isNamed { return .withhold(.identity) }
    // Nobody was asked whether this face may go.
    if descent.showsUnspoken, !MediaType.isText(file.mediaType), !isNamed { return .withhold(.identity) }
    // Whoever gets it would know nothing of what that witness refused.
    if descent.hasUntiedWitness, !MediaType.isText(file.mediaType), !isNamed { return .withhold(.identity) }
    guard let consent else { return descent.isConsentForm && !isNamed ? .withhold(.identity) : .disclose }
    return consent.contains(.name) || isNamed || !mayShowName(file) ? .disclose : .withhold(.unsearchable)
  }

  /// Whether the name of the witness can stand in a file, where no program finds it: on a paper with a signature, or
  /// in one of a testimony. What is seen and heard is a matter of voice and image.
  private func mayShowName(_ file: FileRecord) -> Bool {
    let type = file.mediaType
    let isSmall = file.byteCount <= NameCheck.maximumByteCount
    // A page can have the picture of a signature in it.
    if descent.isSigned, !MediaType.isRecording(type) { return !isSmall || !MediaType.isPlainText(type) }
    if isSmall, MediaType.isText(type) { return false }
    return !MediaType.isMedia(type) && (schema.kind == Self.testimony || descent.isRecording)
  }

  /// In the proofs of a received item stands all that was disclosed to this vault, in a form that no program searches
  /// for names.
  private func decisionOnProofs(isNamed: Bool) -> DisclosureDecision {
    guard isNamed else { return .withhold(.identity) }
    if let consent, !consent.contains(.name), choice.overrideReason == nil { return .refuse(.name) }
    return .disclose
  }

  // MARK: - Needs

  /// What a file needs consent to, and the question of the record that was not answered, if it is for that.
  private typealias FileNeed = (need: Schema.ConsentNeed, question: String?)

  /// The consent that a file needs: a recording of the witness, a text in the words of the witness, what shows a
  /// person, a picture of people or of a place, as the record says that counts now. What may be any of them needs all.
  private func fileNeeds(_ file: FileRecord) -> [FileNeed] {
    let type = file.mediaType
    let mayBeMedia = MediaType.mayBeMedia(type)
    let isOfPerson = schema.kind == CustodyBook.person
    var needs: [FileNeed] = []
    if isOfPerson { needs.append((.name, nil)) }
    if mayBeMedia, schema.kind == Self.testimony || descent.isRecording || isOfPerson {
      needs.append((.voiceImage, nil))
    }
    if areWords, schema.kind == Self.translation || !MediaType.isMedia(type) { needs.append((.verbatim, nil)) }
    guard schema.field(Self.showsPeople) != nil else {
      // Nobody can say of such a record whether people are heard.
      return MediaType.isRecording(type) ? needs + [(.voiceImage, nil)] : needs
    }
    return MediaType.isText(type) ? needs : needs + needsOfMedia(type)
  }

  /// Whether files that are no media have the words of a witness in them.
  private var areWords: Bool {
    if [Self.testimony, Self.translation].contains(schema.kind) || descent.isOfWords { return true }
    return !Set(documentKinds).isDisjoint(with: ["statement", Self.translation])
  }

  private func needsOfMedia(_ type: String) -> [FileNeed] {
    let kinds = documentKinds
    let isVideo = MediaType.isVideo(type) || kinds.contains("video") || kinds.contains("photo")
    let hasVoice = isVideo || MediaType.isAudio(type) || kinds.contains("audio") || descent.isOfRedactedRecording
    // Whoever sent it may have said what it shows in a field that did not come along.
    let isUnsaid = ReceivedField.isReceived(record.fields) && MediaType.mayBeMedia(type)
    let shown = ["people_shown", TestimonyLinks.shown]
    let people = need(.voiceImage, Self.showsPeople, shown, isDoubtful: hasVoice || isUnsaid)
    return [people, need(.place, "shows_place", ["place_shown"], isDoubtful: isVideo || isUnsaid)].compactMap(\.self)
  }

  private static let showsPeople = "shows_people"

  private var documentKinds: [String] { said("document.kind").compactMap(\.stringValue) }

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
}
