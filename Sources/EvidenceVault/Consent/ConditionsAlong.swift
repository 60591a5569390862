internal import SelectiveDisclosure
internal import StrictJSON
internal import Tar

/// The entries of testimonies that were not asked for, and speak for items that were: with what the witness allows, and
/// nothing else of them. Without these the conditions would end at the first recipient.
///
/// Source: FORMAT section 5.
struct ConditionsAlong {
  let reader: VaultReader
  let gate: ConsentGate
  let choice: DisclosureChoice

  private static let alwaysShown: Set<String> = ["kind", "amends"]
  /// What tells whether something was made from words, a signature or a recording.
  private static let descent: Set<String> = ["document.kind", "derived.purpose"]

  /// What goes along with the entries that are shown.
  func entries(with shown: [ExportPlan.Item]) throws -> [ExportPlan.Item] {
    let companions = try Companions(of: Set(shown.map { $0.amends ?? $0.record.index }), gate)
    let all = try companions.items.map { item in
      let consent = try gate.consent(for: item)
      let ties = try companions.ties(of: item)
      let whole = [item.records[0]] + (item.records.count > 1 ? [item.current] : [])
      return try whole.map { try part($0, of: item, consent, ties: ties) }
    }
    return try RepeatedCompanions.remaining(of: all, with: shown, in: reader.custody()).flatMap { $0 }
  }

  private func part(
    _ whole: Record, of item: CurrentItem, _ consent: ItemConsent, ties: Set<String>
  ) throws -> ExportPlan.Item {
    var own = DisclosureChoice()
    own.withheld = choice.withheld
    let rule = DisclosureRule(
      schema: try Schema.named(whole.kind), record: whole, choice: own, consent: consent.needs,
      takenBack: consent.takenBack)
    func isShown(_ name: String) -> Bool {
      if Self.alwaysShown.contains(name) { return true }
      guard whole.index == item.current.index else { return false }
      return ties.contains(name) || Self.isCondition(name) && rule.decision(onField: name) == .disclose
    }
    let shown = try Record(
      index: whole.index,
      presentation: whole.presentation.keeping { claim in
        guard case .name(let name)? = claim.path.first else { return false }
        return isShown(name)
      })
    return ExportPlan.Item(
      record: shown,
      withheldFields: whole.fields.names.filter { !isShown($0) }.map {
        WithheldField(name: $0, reason: .conditionsAlone)
      },
      withheldFiles: whole.files.compactMap { file in
        file.path.map { WithheldField(name: $0.text, reason: .conditionsAlone) }
      },
      amends: whole.index == item.first ? nil : item.first, overridden: [], bagPaths: [],
      entry: try reader.entry(at: whole.index), whole: whole, isAlong: true)
  }

  /// What a witness says of use, and what leads to the witness and tells what was made from what; what a testimony
  /// names, only where it is a tie.
  static func isCondition(_ name: String) -> Bool {
    ConsentLineage.fields.contains(name) || descent.contains(name)
      || (name.hasPrefix("consent.") || name.hasPrefix("use.")) && !TestimonyLinks.fields.contains(name)
  }
}
