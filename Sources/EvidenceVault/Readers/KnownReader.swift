public import Age
internal import StrictJSON

/// A reader of the vault, as the index knows it.
public struct KnownReader: Sendable {
  /// The public key.
  public let key: Recipient
  /// What the vault calls whoever has the key; `nil` for one who is a reader from the beginning, or whose entry cannot
  /// be read here.
  public let name: String?
  /// The entry that added the key, if one did.
  public let addedBy: UInt64?
  /// How the key was compared with its owner, if it was added.
  public let comparison: KeyComparison?

  /// What is compared with the owner.
  public var fingerprint: KeyFingerprint { KeyFingerprint(of: [key]) }

  /// Whether this is the name, the key, or the words or digits of the key.
  public func isMeant(by text: String) -> Bool {
    name?.utf8.elementsEqual(text.utf8) ?? false || key.description.utf8.elementsEqual(text.utf8)
      || fingerprint.isSame(asTyped: text)
  }
}

extension Vault {
  /// The readers without their names, in the order of `vault.note`.
  public var readers: [KnownReader] {
    note.readers.map { KnownReader(key: $0, name: nil, addedBy: nil, comparison: nil) }
  }
}

extension VaultReader {
  /// The readers with the names that they were added under, in the order of `vault.note`.
  ///
  /// - Throws: as `custody`.
  public func readers() throws(VaultError) -> [KnownReader] {
    let events = try custody().events.filter { $0.kind == Vault.readersKind }
    return vault.note.readers.map { key in
      let event = events.last { event in
        event.eventFields["event"]?.stringValue != "removed" && event.names("age_recipients", key.description)
      }
      let comparison = event?.eventFields["keys_checked"]?.stringValue.flatMap { KeyComparison(rawValue: $0) }
      return KnownReader(
        key: key, name: event?.eventFields["name"]?.stringValue, addedBy: event?.index, comparison: comparison)
    }
  }
}
