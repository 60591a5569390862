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
  /// The class of recipients that it was for.
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
    let spokesman = try spokesman(of: item)
    for recipient in recipients {
      func refusal(_ reason: ConsentReason) -> ConsentRefusal {
        ConsentRefusal(item: item.first, recipientClass: recipient.name, cause: .item(reason))
      }
      let withdrawals = [item.first, spokesman.number].compactMap { $0 }
        .compactMap { custody.withdrawal(of: $0, for: recipient.name) }
      guard let number = spokesman.number else {
        result.refusals += withdrawals.map { refusal(.withdrawn(by: $0)) }
        continue
      }
      guard let fields = spokesman.fields else {
        let reason = withdrawals.first.map(ConsentReason.withdrawn) ?? .noTestimony(number)
        result.refusals.append(refusal(reason))
        continue
      }
      let terms = ConsentTerms(fields, for: recipient.name)
      let needs: Set<Schema.ConsentNeed>
      switch ConsentDecision.decide(terms, withdrawnBy: withdrawals.first, for: recipient, today: today) {
      case .allowed(let met): needs = met
      case .afterAsking(let reasons, let met):
        result.questions += reasons.map(refusal)
        needs = met
      case .refused(let reasons):
        result.refusals += reasons.map(refusal)
        needs = []
      }
      result.needs = result.needs.map { $0.intersection(needs) } ?? needs
    }
    return result
  }

  /// The testimony whose consent speaks for an item: itself, or the one that it names.
  private func spokesman(of item: CurrentItem) throws -> (number: UInt64?, fields: JSONObject?) {
    if item.current.kind == DisclosureRule.testimony { return (item.first, item.current.fields) }
    guard let number = item.current.fields["consent.by"]?.integerValue.flatMap({ UInt64(exactly: $0) }) else {
      return (nil, nil)
    }
    guard let testimony = try? reader.currentItem(number), testimony.current.kind == DisclosureRule.testimony else {
      return (number, nil)
    }
    return (number, testimony.current.fields)
  }
}
