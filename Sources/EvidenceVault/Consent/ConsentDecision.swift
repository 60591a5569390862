/// Why consent stands in the way of an item.
public enum ConsentReason: Hashable, Sendable {
  /// The witness was not asked about the class, or it is not written down.
  case noAnswer
  /// The witness said no to the class.
  case refused
  /// Consent was taken back, by this entry.
  case withdrawn(by: UInt64)
  /// Consent held until the day before this one.
  case expired(end: String)
  /// The testimony may not be used before this day.
  case tooEarly(start: String)
  /// The witness wants to be asked again first.
  case askAgain(ConsentTerms.Occasion)
  /// Consent was to be talked over again by this day.
  case reviewDue(String)
  /// It came in a bundle, without anybody's consent that speaks for it here.
  case receivedWithoutConsent
  /// It is the record of the person who the witness is, who did not agree to be known by name.
  case notByName
  /// The testimony that speaks for the item is missing, or no testimony.
  case noTestimony(UInt64)
  /// Nobody speaks for the item but a testimony that its sender does not stand by, which gives nothing free.
  case disownedTestimony(UInt64)
}

/// Whether an item may go to a class of recipients.
///
/// A pure function of the terms, of what was withdrawn, of the class, and of the day; a truth table of all of it is
/// under test.
///
/// Source: FORMAT section 5.
public enum ConsentDecision: Hashable, Sendable {
  /// It may go, as far as these needs are concerned with these and no others.
  case allowed(Set<Schema.ConsentNeed>)
  /// It may go once the witness was asked again; then with these needs.
  case afterAsking([ConsentReason], Set<Schema.ConsentNeed>)
  /// It must not go.
  case refused([ConsentReason])

  /// The needs that are met, if it may go at all.
  var needs: Set<Schema.ConsentNeed>? {
    switch self {
    case .allowed(let needs), .afterAsking(_, let needs): needs
    case .refused: nil
    }
  }

  /// Decides on `today`, a day as `YYYY-MM-DD`.
  public static func decide(
    _ terms: ConsentTerms, withdrawnBy withdrawal: UInt64?, for recipient: RecipientTraits, today: String
  ) -> ConsentDecision {
    var refusals: [ConsentReason] = []
    if let withdrawal { refusals.append(.withdrawn(by: withdrawal)) }
    switch terms.identification {
    case nil: refusals.append(.noAnswer)
    case .refused: refusals.append(.refused)
    default: break
    }
    if let end = terms.end, end <= today { refusals.append(.expired(end: end)) }
    if let start = terms.start, today < start { refusals.append(.tooEarly(start: start)) }
    guard refusals.isEmpty else { return .refused(refusals) }
    let questions = questions(terms, recipient, today)
    let needs = needsMet(terms, recipient)
    return questions.isEmpty ? .allowed(needs) : .afterAsking(questions, needs)
  }

  private static func questions(
    _ terms: ConsentTerms, _ recipient: RecipientTraits, _ today: String
  ) -> [ConsentReason] {
    let isDue: [ConsentTerms.Occasion: Bool] = [
      .eachUse: true, .publication: recipient.publishes, .government: recipient.tellsGovernment,
      .courtUse: recipient.isCourt,
    ]
    let occasions = ConsentTerms.Occasion.allCases.filter { terms.askAgainBefore.contains($0) && isDue[$0] == true }
    var reasons = occasions.map(ConsentReason.askAgain)
    if let due = terms.reviewDue, due <= today { reasons.append(.reviewDue(due)) }
    return reasons
  }

  private static func needsMet(_ terms: ConsentTerms, _ recipient: RecipientTraits) -> Set<Schema.ConsentNeed> {
    let identification = terms.identification ?? .refused
    let publicName = recipient.publishes ? terms.publicName : .full
    var needs: Set<Schema.ConsentNeed> = []
    if identification >= .code { needs.insert(.code) }
    if identification >= .initials, publicName != .none { needs.insert(.initials) }
    if identification == .full, publicName == .full, !recipient.tellsGovernment || terms.isNameForGovernment {
      needs.insert(.name)
    }
    if terms.quotes != .none { needs.insert(.paraphrase) }
    if terms.quotes == .verbatim { needs.insert(.verbatim) }
    let places: [Schema.ConsentNeed] = [.region, .district, .place]
    needs.formUnion(places.prefix(terms.placeDetail.rawValue))
    if terms.hasFamilyDetail { needs.insert(.family) }
    if terms.hasVoiceAndImage { needs.insert(.voiceImage) }
    return needs
  }
}
