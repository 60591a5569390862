internal import StrictJSON

/// What the files of an item are, by what it was made from and by whom it shows.
///
/// Source: FORMAT section 5.
struct Descent: Hashable {
  /// Whether it is the recording of an interview, or a copy of one or of a testimony that nobody redacted.
  var isRecording = false
  /// Whether it is a copy of one of these that was redacted, or was made from such a copy.
  var isOfRedactedRecording = false
  /// Whether it is a paper that a witness signed, a form of consent or a statement, or a copy that nobody redacted.
  var isSigned = false
  /// Whether it is a form of consent, or a copy of one that nobody redacted.
  var isConsentForm = false
  /// Whether it was made from a testimony or from the recording of one.
  var isOfWords = false
  /// Whether it shows a person for whom nobody's consent speaks.
  var showsUnspoken = false
  /// Whether a witness speaks for it only because it shows a person, beside others, and nothing in a bundle may say so.
  var hasUntiedWitness = false
  /// What it is a translation of; `nil` if of no field.
  var translated: TranslatedField?

  /// Takes it to be made from something of which nothing is known.
  fileprivate mutating func addUnknown(isRedacted: Bool) {
    isOfWords = true
    if isRedacted { isOfRedactedRecording = true } else { (isRecording, isSigned) = (true, true) }
  }
}

/// A field of another item, of which there is a translation.
struct TranslatedField: Hashable {
  /// How closely the field is held.
  var sensitivity = Schema.Sensitivity.identity
  /// What the witness has to have agreed to before it is shown.
  var need: Schema.ConsentNeed?
  /// Whether it was changed since the translation was made.
  var isChanged = false
}

extension ConsentLineage {
  private static let purpose = "derived.purpose"

  /// Follows an item, and what came from the same place, to all that it was made from as it stands.
  mutating func descent(of number: UInt64) -> Descent {
    var descent = Descent(translated: translated(number))
    var seen: Set<[UInt64]> = []
    var waiting = [(number: number, isRedacted: false, isStart: true)]
    while let next = waiting.popLast() {
      for twin in twins(of: next.number) where seen.insert([twin, next.isRedacted ? 1 : 0]).inserted {
        guard case .success(let item) = self.item(twin) else {
          // What cannot be read may have been anything.
          if !next.isStart { descent.addUnknown(isRedacted: next.isRedacted) }
          continue
        }
        let isTestimony = item.current.kind == DisclosureRule.testimony && !next.isStart
        if isTestimony || isNamedRecording(twin) {
          descent.isOfWords = true
          if next.isRedacted { descent.isOfRedactedRecording = true } else { descent.isRecording = true }
        }
        if !next.isRedacted {
          if showsUnspoken(item) { descent.showsUnspoken = true }
          if hasWitnessByPersonAlone(item) { descent.hasUntiedWitness = true }
        }
        let isRedacted = next.isRedacted || item.current.fields[Self.purpose]?.stringValue == "redacted"
        if !isRedacted {
          let kinds = item.records.compactMap { $0.fields["document.kind"]?.stringValue }
          if isNamedConsentForm(twin) || kinds.contains("consent_form") { descent.isConsentForm = true }
          // Of what kind it is, whoever sent it may have withheld.
          let isUnsaid = item.isReceived && item.current.kind == "document" && kinds.isEmpty
          if descent.isConsentForm || kinds.contains("statement") || isUnsaid { descent.isSigned = true }
        }
        waiting += sources(of: item.current).map { ($0, isRedacted, false) }
      }
    }
    return descent
  }

  /// Whether a document shows a person for whom nobody's consent speaks.
  private mutating func showsUnspoken(_ item: CurrentItem) -> Bool {
    persons(in: item).contains { speakers(of: $0).isEmpty }
  }

  /// The field that a translation says to be of; of one that cannot be found, what protects most.
  private mutating func translated(_ number: UInt64) -> TranslatedField? {
    guard case .success(let item) = self.item(number), let name = item.current.fields["field"]?.stringValue,
      item.current.kind == DisclosureRule.translation
    else { return nil }
    guard let source = sources(of: item.current).first, case .success(let whole) = self.item(source),
      let field = try? Schema.named(whole.current.kind).field(name)
    else { return TranslatedField() }
    let then = whole.records.last { $0.index < item.current.index } ?? whole.current
    return TranslatedField(
      sensitivity: field.sensitivity, need: field.consentNeed,
      isChanged: then.fields[name] != whole.current.fields[name])
  }
}
