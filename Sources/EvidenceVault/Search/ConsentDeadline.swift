internal import Wording

/// A date before which consent may end.
public struct ConsentDeadline: Sendable {
  /// What is said for all classes of recipients.
  private static let general = ["consent.until", "consent.review_due"]

  /// All that has to be read of an entry.
  static let fields =
    general + Schema.recipientClasses.flatMap { ["consent.\($0)", EntryFields.ownConsentEnd(for: $0)] }

  private let span: EDTFSpan

  static let expected: Phrase = "a date such as 2023-05-26, 26.05.2023, 2023-05 or 2023"

  /// Reads a date as it is typed: `2023-05-26`, `26.05.2023`, `2023-05`, `2023`.
  ///
  /// - Throws: `VaultError.invalidValue`.
  public init(_ typed: String) throws(VaultError) {
    guard let date = try? TypedDate.edtf(typed, order: nil), let span = EDTFSpan(date) else {
      throw .invalidValue(field: "--consent-ends-before", expected: Self.expected)
    }
    self.span = span
  }

  /// Whether the consent of a testimony may end, for all or for one class of recipients, or is to be asked for again,
  /// before the date: of a date that is not exact, the first day that it may mean counts, so that nobody is asked too
  /// late.
  func isPassed(by entry: EntryFields) -> Bool {
    let dates = Self.general.compactMap(entry.text) + Schema.recipientClasses.compactMap(entry.consentEnd)
    return dates.contains { text in EDTFSpan(text).map { $0.first < span.first } ?? false }
  }
}

extension EntryFields {
  var isTestimony: Bool { kind == DisclosureRule.testimony }

  /// Whether this is a testimony whose witness has not agreed that it goes to recipients of a class: no answer is
  /// no consent.
  func isWithoutConsent(to recipientClass: String) -> Bool {
    guard isTestimony else { return false }
    guard let answer = text("consent.\(recipientClass)") else { return true }
    return answer == "refused"
  }

  /// The field that says when consent ends for one class of recipients alone.
  static func ownConsentEnd(for recipientClass: String) -> String { "consent.\(recipientClass).until" }

  /// When consent ends for one class of recipients alone, if that was said and the class gets anything.
  func consentEnd(for recipientClass: String) -> String? {
    isWithoutConsent(to: recipientClass) ? nil : text(Self.ownConsentEnd(for: recipientClass))
  }
}
