/// Consent that a record still has, and that was taken back since by an entry of its own.
public struct ConsentTakenBack: Hashable, Sendable {
  /// The classes of recipients.
  public let classes: [String]
  /// The entry that says so.
  public let entry: UInt64
  /// When that was entered, on the clock of the machine that did.
  public let entered: String
}

extension VaultReader {
  /// The testimonies whose witnesses decide who gets an item, other than itself, as an export sees it.
  ///
  /// - Throws: as `custody`.
  ///
  /// Source: FORMAT section 5.
  public func consentSpeakers(of item: UInt64) throws(VaultError) -> [UInt64] {
    var lineage = try ConsentLineage(self)
    return lineage.speakers(of: item).filter { $0 != item && $0 != .missingEntry }.sorted()
  }

  /// What was taken back of the consent for an item, for anything that it goes back to, and for what came from the same
  /// item of the same sender: as an export sees it.
  ///
  /// - Throws: as `custody`.
  ///
  /// Source: FORMAT section 5.
  public func consentTakenBack(of item: UInt64) throws(VaultError) -> [ConsentTakenBack] {
    var lineage = try ConsentLineage(self)
    let ancestors = lineage.ancestors(of: item)
    var classes: [UInt64: [String]] = [:]
    for name in Schema.recipientClasses {
      if let entry = lineage.withdrawal(of: ancestors, for: name) { classes[entry, default: []].append(name) }
    }
    var found: [ConsentTakenBack] = []
    for (entry, names) in classes.sorted(by: { $0.key < $1.key }) {
      found.append(ConsentTakenBack(classes: names, entry: entry, entered: try record(at: entry).added ?? ""))
    }
    return found
  }
}
