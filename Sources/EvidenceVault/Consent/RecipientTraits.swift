/// What a class of recipients is like, as far as consent speaks of it.
public struct RecipientTraits: Hashable, Sendable {
  /// Its name, as in `recipient.json`.
  public let name: String
  /// Whether it publishes what it gets.
  public let publishes: Bool
  /// Whether a government gets to see what it is told: a letter of the UN names the victims unless asked not to.
  public let tellsGovernment: Bool
  /// Whether it uses what it gets in court.
  public let isCourt: Bool

  /// Describes a class.
  public init(name: String, publishes: Bool = false, tellsGovernment: Bool = false, isCourt: Bool = false) {
    self.name = name
    self.publishes = publishes
    self.tellsGovernment = tellsGovernment
    self.isCourt = isCourt
  }

  /// What `recipient.json` says of a class.
  init(ofClass name: String) {
    self.init(
      name: name, publishes: Schema.publishingClasses.contains(name),
      tellsGovernment: Schema.governmentClasses.contains(name), isCourt: Schema.courtClasses.contains(name))
  }
}
