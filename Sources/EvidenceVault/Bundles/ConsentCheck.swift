internal import StrictJSON

/// Holds an export to what a witness refused in so many words: an item that may not go to a class of recipients, and a
/// name that may not. What the record does not say is left to the person who exports.
///
/// Source: FORMAT section 5.
struct ConsentCheck {
  /// How far a person may be identified, from nothing to everything, as the schema has it.
  private static let refusal = "refused"
  private static let fullIdentity = "full"
  private static let nameField = "witness.name"

  let item: ExportPlan.Item

  /// - Throws: `VaultError.refusedByConsent`.
  func run(for recipients: [KnownRecipient]) throws(VaultError) {
    for recipient in recipients {
      let field = "consent.\(recipient.recipientClass)"
      guard let level = item.whole.fields[field]?.stringValue else { continue }
      if level == Self.refusal {
        throw .refusedByConsent(item: item.whole.index, what: "the item", recipientClass: recipient.recipientClass)
      }
      if level != Self.fullIdentity, item.record.fields[Self.nameField] != nil {
        throw .refusedByConsent(item: item.whole.index, what: "the name", recipientClass: recipient.recipientClass)
      }
    }
  }
}
