internal import StrictJSON

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
}

/// What consent says of an item for all recipients of a bundle.
struct ItemConsent {
  /// The needs that are met for every recipient; `nil` if nobody's consent speaks for the item.
  var needs: Set<Schema.ConsentNeed>?
  var refusals: [ConsentRefusal] = []
  /// What the witness wants to be asked about first.
  var questions: [ConsentRefusal] = []

  mutating func refuse(_ item: UInt64, _ recipient: RecipientTraits, _ reason: ConsentReason) {
    refusals.append(ConsentRefusal(item: item, recipientClass: recipient.name, cause: .item(reason)))
  }

  /// Adds what one witness says for one recipient: a need is met if it is for all.
  mutating func take(_ decision: ConsentDecision, _ item: UInt64, _ recipient: RecipientTraits) {
    let met: Set<Schema.ConsentNeed>
    switch decision {
    case .allowed(let needs): met = needs
    case .afterAsking(let reasons, let needs):
      questions += reasons.map {
        ConsentRefusal(item: item, recipientClass: recipient.name, cause: .item($0))
      }
      met = needs
    case .refused(let reasons):
      for reason in reasons { refuse(item, recipient, reason) }
      met = []
    }
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

  func consent(for item: CurrentItem) throws -> ItemConsent {
    var result = ItemConsent()
    let custody = try reader.custody()
    // Whoever once spoke for the item and took consent back is heard, whatever an amendment says now.
    let everyone = try [item.first] + item.records.flatMap { try spokesmen(of: $0) }
    let speakers = try spokesmen(of: item.current)
    let isUnspokenFor = speakers.isEmpty && item.records.contains { ReceivedField.isReceived($0.fields) }
    for recipient in recipients {
      if isUnspokenFor { result.refuse(item.first, recipient, .receivedWithoutConsent) }
      if let entry = everyone.lazy.compactMap({ custody.withdrawal(of: $0, for: recipient.name) }).first {
        result.refuse(item.first, recipient, .withdrawn(by: entry))
        continue
      }
      for speaker in speakers {
        guard let fields = testimony(speaker, item) else {
          result.refuse(item.first, recipient, .noTestimony(speaker))
          continue
        }
        let terms = ConsentTerms(fields, for: recipient.name)
        result.take(
          ConsentDecision.decide(terms, withdrawnBy: nil, for: recipient, today: today), item.first, recipient)
      }
    }
    return result
  }

  /// Fields that lead from an item to what it was made from, whose consent then speaks for it too.
  private static let sources = ["of", "translation_of", "derived_from"]
  private static let maximumDepth = 8

  /// The testimonies that speak for items, as far as they can be read, without the items themselves.
  func spokesmen(of items: [CurrentItem]) throws -> [CurrentItem] {
    let known = Set(items.map(\.first))
    let numbers = try Set(items.flatMap { try $0.records.flatMap { try spokesmen(of: $0) } }).subtracting(known)
    return numbers.sorted().compactMap { try? reader.currentItem($0) }
  }

  /// The numbers of the testimonies that speak for a record: itself, those that it names, or those that speak for what
  /// it was made from.
  private func spokesmen(of record: Record) throws -> [UInt64] { try spokesmen(of: record, depth: 0) }

  private func spokesmen(of record: Record, depth: Int) throws -> [UInt64] {
    if record.kind == DisclosureRule.testimony { return [try first(record.index)] }
    if let number = number("consent.by", in: record) { return [try first(number)] }
    guard depth < Self.maximumDepth else { return [] }
    return try Self.sources.flatMap { field -> [UInt64] in
      guard let number = number(field, in: record) else { return [] }
      let source = try first(number)
      guard let item = try? reader.currentItem(source) else { return [source] }
      return try spokesmen(of: item.current, depth: depth + 1)
    }
  }

  private func number(_ field: String, in record: Record) -> UInt64? {
    record.fields[field]?.integerValue.flatMap { UInt64(exactly: $0) }
  }

  /// The number by which an item goes, of whatever entry of it.
  private func first(_ number: UInt64) throws -> UInt64 { try reader.custody().firstNumber(of: number) ?? number }

  /// The record of a testimony that counts now; `nil` if there is none of that number, or none any more.
  private func testimony(_ number: UInt64, _ item: CurrentItem) -> JSONObject? {
    if number == item.first { return item.current.kind == DisclosureRule.testimony ? item.current.fields : nil }
    guard let testimony = try? reader.currentItem(number), testimony.current.kind == DisclosureRule.testimony else {
      return nil
    }
    return testimony.current.fields
  }
}
