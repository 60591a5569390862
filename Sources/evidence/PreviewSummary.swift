internal import EvidenceReport
internal import EvidenceVault
internal import StrictJSON
internal import Wording

/// What a preview comes to, in a few lines before the details: whoever reads no further has read this.
struct PreviewSummary {
  private let plan: ExportPlan
  private let stamps: StampsOfBundle

  init(_ plan: ExportPlan, _ stamps: StampsOfBundle) {
    self.plan = plan
    self.stamps = stamps
  }

  var lines: [Phrase] {
    let what: [Phrase] = [to, purpose, items, names, files]
    let doubtful: [Phrase] = withoutConsent + [againstConsent, unsearched] + nameless
    return ["SUMMARY"] + what + doubtful + stamps.lines + [""]
  }

  private var to: Phrase {
    guard case .recipients(let known) = plan.audience else {
      return "  to whoever has the passphrase: \(plan.audience.classes.joined()); no keys are compared"
    }
    let recipients = known.map { recipient -> Phrase in
      let (name, kind) = (Printable.line(recipient.name), Printable.line(recipient.recipientClass))
      return recipient.comparison == nil ? "\(name) (\(kind)), KEYS NOT COMPARED" : "\(name) (\(kind)), keys compared"
    }
    return "  to: \(Phrase.list(recipients, separator: "; "))"
  }

  private var purpose: Phrase {
    let purpose: Phrase = plan.purpose.isEmpty ? "not stated" : Phrase(verbatim: Printable.line(plan.purpose))
    return "  purpose: \(purpose)"
  }

  private var items: Phrase {
    let numbers = Set(plan.items.map(Self.number))
    let reduced = Set(plan.items.filter(Self.isReduced).map(Self.number))
    let refused = Set(plan.refused.map(\.item))
    return "  items that go: \(numbers.count), of these in part: \(reduced.count); refused: \(refused.count)"
  }

  private var names: Phrase {
    func count(_ fields: (ExportPlan.Item) -> [String]) -> Int {
      plan.items.reduce(0) { count, item in
        let schema = try? Schema.named(item.record.kind)
        return count + fields(item).count { schema?.field($0)?.sensitivity == .identity }
      }
    }
    let withheld = count { $0.withheldFields.filter { $0.reason != .superseded }.map(\.name) }
    return "  fields that lead to a person: withheld \(withheld), sent \(count(\.record.fields.names))"
  }

  private var files: Phrase {
    let files = plan.items.flatMap(\.record.files)
    let size = ByteCount.text(files.reduce(0) { $0 &+ $1.byteCount })
    let withheld = plan.items.reduce(0) { $0 + $1.withheldFiles.count }
    return "  files that go: \(files.count), \(size); withheld: \(withheld)"
  }

  /// Files go whole, and nobody is asked about those of an item for which nobody's consent speaks.
  private var withoutConsent: [Phrase] {
    let unspoken = plan.itemsWithFilesWithoutConsent
    guard !unspoken.isEmpty else { return [] }
    let count = unspoken.reduce(0) { $0 + $1.fileCount }
    let items = Phrase.list(unspoken.map { "item \($0.number)" })
    return ["  FILES OF ITEMS FOR WHICH NOBODY'S CONSENT SPEAKS: \(count) (\(items))"]
  }

  private var againstConsent: Phrase {
    let items = Set(plan.items.filter { !$0.overridden.isEmpty }.map(Self.number))
    return items.isEmpty
      ? "  against consent: nothing" : "  AGAINST CONSENT: \(Phrase.list(items.sorted().map { "item \($0)" }))"
  }

  private var unsearched: Phrase {
    if plan.choice.isNameCheckSkipped { return "  searched for names: NOTHING, as you said" }
    let (count, checked) = (plan.unsearchedFiles.count, plan.choice.checkedNames.sorted())
    guard !checked.isEmpty else { return "  files not searched for names: \(count)" }
    let items = Phrase.list(checked.map { "item \($0)" })
    return "  files not searched for names: \(count); names not searched for: \(items)"
  }

  /// Where a name came from somebody else, or was never written down, no search can be for it.
  private var nameless: [Phrase] {
    guard !plan.namelessTestimonies.isEmpty else { return [] }
    let items = Phrase.list(plan.namelessTestimonies.map { "item \($0)" })
    return ["  NAMES THAT ARE NOT KNOWN HERE, so that nothing looked for them: the witness of \(items)"]
  }

  fileprivate static func number(_ item: ExportPlan.Item) -> UInt64 { item.amends ?? item.record.index }

  private static func isReduced(_ item: ExportPlan.Item) -> Bool {
    (item.withheldFields + item.withheldFiles).contains { $0.reason != .superseded }
  }
}

extension ExportPlan {
  /// The items of which files go and for which nobody's consent speaks, with how many files.
  var itemsWithFilesWithoutConsent: [(number: UInt64, fileCount: Int)] {
    var counts: [UInt64: Int] = [:]
    for item in items where !item.hasSpeaker && !item.record.files.isEmpty {
      counts[PreviewSummary.number(item), default: 0] += item.record.files.count
    }
    return counts.sorted { $0.key < $1.key }.map { (number: $0.key, fileCount: $0.value) }
  }
}
