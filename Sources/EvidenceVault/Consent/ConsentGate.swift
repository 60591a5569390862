internal import Primitives
internal import StrictJSON
internal import Tar

/// One reason for which an item does not go.
public struct ConsentRefusal: Hashable, Sendable {
  /// What stands in the way.
  public enum Cause: Hashable, Sendable {
    /// Something about the whole item.
    case item(ConsentReason)
    /// A field or file that was named on purpose.
    case part(String, Schema.ConsentNeed)
  }

  /// The number of the item.
  public let item: UInt64
  /// The class of recipients that it was for; of a part of an item, all classes.
  public let recipientClass: String
  /// What stands in the way.
  public let cause: Cause
  /// The testimony whose witness decides, if that is another item.
  public internal(set) var speaker: UInt64?
}

/// What consent says of an item for all recipients of a bundle.
struct ItemConsent {
  /// The needs that are met for every recipient; `nil` if nobody's consent speaks for the item.
  var needs: Set<Schema.ConsentNeed>?
  var refusals: [ConsentRefusal] = []
  /// What the files are.
  var descent = Descent()
  /// Why files of what it goes back to are withheld, by their digests.
  var withheldCopies: [Digest: WithheldReason] = [:]
  /// Why the name of the file of which it is a translation is withheld; `nil` if it is not.
  var withheldFileName: WithheldReason?
  /// What the witness wants to be asked about first.
  var questions: [ConsentRefusal] = []
  /// All classes of recipients for which consent was taken back.
  var takenBack: [String] = []

  /// What each witness who speaks for it allows, by the number of the testimony.
  private var answers: [(speaker: UInt64, needs: Set<Schema.ConsentNeed>)] = []

  /// The first testimony whose witness did not agree to something.
  func speaker(without need: Schema.ConsentNeed) -> UInt64? { answers.first { !$0.needs.contains(need) }?.speaker }

  mutating func refuse(
    _ item: UInt64, _ recipient: RecipientTraits, _ reason: ConsentReason, by speaker: UInt64? = nil
  ) {
    let refusal = ConsentRefusal(
      item: item, recipientClass: recipient.name, cause: .item(reason), speaker: speaker == item ? nil : speaker)
    if !refusals.contains(refusal) { refusals.append(refusal) }
  }

  /// Adds what one witness says for one recipient: a need is met if it is for all.
  mutating func take(
    _ decision: ConsentDecision, by speaker: UInt64, _ item: UInt64, _ recipient: RecipientTraits
  ) {
    let met: Set<Schema.ConsentNeed>
    switch decision {
    case .allowed(let needs): met = needs
    case .afterAsking(let reasons, let needs):
      questions += reasons.map {
        ConsentRefusal(
          item: item, recipientClass: recipient.name, cause: .item($0), speaker: speaker == item ? nil : speaker)
      }
      met = needs
    case .refused(let reasons):
      for reason in reasons { refuse(item, recipient, reason, by: speaker) }
      met = []
    }
    answers.append((speaker, met))
    needs = needs.map { $0.intersection(met) } ?? met
  }
}

/// Finds whose consent speaks for an item, and asks it for every class of recipients.
///
/// Source: FORMAT section 5.
struct ConsentGate {
  let reader: VaultReader
  let recipients: [RecipientTraits]
  let today: String
  private let items = ItemCache()
  private let answers = Answers()

  /// What was found, by item.
  private final class Answers {
    var consents: [UInt64: ItemConsent] = [:]
  }

  init(reader: VaultReader, recipients: [RecipientTraits], today: String) {
    (self.reader, self.recipients, self.today) = (reader, recipients, today)
  }

  /// What an item goes back to, as this gate has read it.
  func lineage() throws(VaultError) -> ConsentLineage { try ConsentLineage(reader, items: items) }

  /// What consent says of an item; worked out once.
  func consent(for item: CurrentItem) throws -> ItemConsent {
    if let known = answers.consents[item.first] { return known }
    let found = try findConsent(for: item)
    answers.consents[item.first] = found
    return found
  }

  private func findConsent(for item: CurrentItem) throws -> ItemConsent {
    var result = ItemConsent()
    var lineage = try lineage()
    // Whoever took consent back is heard, whatever an amendment says now.
    let everything = lineage.ancestors(of: item.first)
    let speakers = lineage.speakers(of: item.first)
    let book = try reader.custody()
    let disowned = speakers.allSatisfy { book.disowningEntry(of: $0) != nil } ? speakers.first : nil
    result.descent = lineage.descent(of: item.first)
    result.takenBack = Schema.recipientClasses.filter { lineage.withdrawal(of: everything, for: $0) != nil }
    for recipient in recipients {
      if lineage.hasUnspoken { result.refuse(item.first, recipient, .receivedWithoutConsent) }
      if let disowned { result.refuse(item.first, recipient, .disownedTestimony(disowned)) }
      if let entry = lineage.withdrawal(of: everything, for: recipient.name) {
        result.refuse(item.first, recipient, .withdrawn(by: entry))
        continue
      }
      for speaker in speakers {
        guard let fields = Self.testimony(speaker, &lineage) else {
          result.refuse(item.first, recipient, .noTestimony(speaker))
          continue
        }
        let terms = ConsentTerms(fields, for: recipient.name)
        let decision = ConsentDecision.decide(terms, withdrawnBy: nil, for: recipient, today: today)
        // What came of one testimony in several bundles is one witness.
        let twins = lineage.twins(of: speaker)
        let witness = twins.contains(item.first) ? item.first : twins.min() ?? speaker
        result.take(decision, by: witness, item.first, recipient)
        // The record of a person says who a witness is.
        let isOfWitness = item.current.kind == CustodyBook.person && lineage.isWitness(item.first, of: speaker)
        if isOfWitness, let needs = decision.needs, !needs.contains(.name) {
          result.refuse(item.first, recipient, .notByName, by: witness)
        }
      }
    }
    // A person on it is told where all may be known by name.
    if result.needs?.contains(.name) == true { result.descent.hasUntiedWitness = false }
    return result
  }

  /// All that items go back to, or once did, as far as it can be read, without the items themselves.
  func ancestors(of items: [CurrentItem]) throws -> [CurrentItem] {
    let known = Set(items.map(\.first))
    var lineage = try lineage()
    let numbers = Set(items.flatMap { lineage.ancestors(of: $0.first) }).subtracting(known)
    return numbers.sorted().compactMap { try? lineage.item($0).get() }
  }

  /// The files that are withheld of what an item goes back to, by their digests, and why.
  func withheldFiles(behind item: CurrentItem) throws -> [Digest: WithheldReason] {
    var found: [Digest: WithheldReason] = [:]
    for ancestor in try ancestors(of: [item]) where ancestor.records.contains(where: { !$0.files.isEmpty }) {
      let consent = try consent(for: ancestor)
      for record in ancestor.records {
        let rule = DisclosureRule(
          schema: try Schema.named(record.kind), record: record, choice: DisclosureChoice(), consent: consent.needs,
          current: ancestor.current.fields, descent: consent.descent)
        // An empty file is a copy of nothing.
        for file in record.files where file.byteCount > 0 {
          guard case .withhold(let reason) = rule.decision(onFile: file) else { continue }
          // What a witness did not agree to stays refused, also if it was named.
          if found[file.digest].map(\.isOfWitness) != true { found[file.digest] = reason }
        }
      }
    }
    return found
  }

  /// Why the name of the file of which an item is a translation is withheld, if it is: as that file is.
  func withheldFileName(in item: CurrentItem, _ choice: DisclosureChoice) throws -> WithheldReason? {
    guard item.current.kind == DisclosureRule.translation, let name = item.current.fields["file"]?.stringValue else {
      return nil
    }
    let lineage = try lineage()
    guard let number = lineage.sources(of: item.current).first, let source = try? lineage.item(number).get() else {
      return .identity
    }
    var consent = try consent(for: source)
    consent.withheldCopies = try withheldFiles(behind: source)
    for record in source.records {
      let rule = DisclosureRule(
        schema: try Schema.named(record.kind), record: record, choice: choice, consent: consent.needs,
        current: source.current.fields, descent: consent.descent, withheldCopies: consent.withheldCopies)
      guard let file = record.files.first(where: { $0.path?.text == name }) else { continue }
      switch rule.decision(onFile: file) {
      case .disclose: return nil
      case .withhold(let reason): return reason
      case .refuse(let need): return .consent(need)
      }
    }
    return .identity
  }

  /// The record of a testimony that counts now; `nil` if there is none of that number, or none any more.
  private static func testimony(_ number: UInt64, _ lineage: inout ConsentLineage) -> JSONObject? {
    guard case .success(let item) = lineage.item(number), item.current.kind == DisclosureRule.testimony else {
      return nil
    }
    return item.current.fields
  }
}
