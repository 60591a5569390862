public import Age
internal import StrictJSON
public import TransparencyLog

/// Someone outside to whom bundles are sealed, as the index knows them.
public struct KnownRecipient: Sendable {
  /// The name the vault gives them.
  public let name: String
  /// What class of recipient they are; consent speaks of classes.
  public let recipientClass: String
  /// The keys that bundles for them are sealed to.
  public let keys: [Recipient]
  /// The key that signs what they answer, if they gave one.
  public let verifierKey: String?
  /// How the keys were compared with their owner; `nil` if nobody did.
  public let comparison: KeyComparison?
  /// The entry that added them with these keys.
  public let index: UInt64
  /// The entry that revoked them, if one did.
  public let revokedBy: UInt64?

  /// What is compared with their owner.
  public var fingerprint: KeyFingerprint {
    verifierKey.flatMap { try? VerifierKey($0) }.map(KeyFingerprint.init) ?? KeyFingerprint(of: keys)
  }
}

extension VaultReader {
  /// Everyone ever added, in the order of entries; the last entry about a name holds. What a key signed that was seized
  /// makes nobody a recipient.
  ///
  /// - Throws: as `summaries`.
  public func recipients() throws(VaultError) -> [KnownRecipient] {
    var book: [KnownRecipient] = []
    for summary in try summaries() {
      let fields = summary.eventFields
      guard let name = fields["name"]?.stringValue else { continue }
      switch summary.kind {
      case "recipient" where vault.note.isTrusted(summary.index):
        // Whoever is entered again while valid, with the same keys, is the same: the keys were compared.
        let added = KnownRecipient(name, fields, index: summary.index)
        let known = book.last { isSame($0.name, name) && $0.revokedBy == nil && $0.keys == added.keys }
        book.removeAll { isSame($0.name, name) && $0.revokedBy == nil }
        book.append(KnownRecipient(name, fields, index: known?.index ?? summary.index))
      case "recipient_revoked":
        for place in book.indices where isSame(book[place].name, name) && book[place].revokedBy == nil {
          book[place] = book[place].revoked(by: summary.index)
        }
      default: continue
      }
    }
    return book
  }

  /// The recipient of that name, unless revoked.
  ///
  /// - Throws: `VaultError.noSuchRecipient`, `.revokedRecipient`.
  public func recipient(_ name: String) throws(VaultError) -> KnownRecipient {
    let book = try recipients()
    let named = book.filter { isSame($0.name, name) }
    if let valid = named.last(where: { $0.revokedBy == nil }) { return valid }
    guard named.isEmpty else { throw .revokedRecipient(name: name) }
    throw .noSuchRecipient(name: name, nearest: nearestName(to: name, among: book.map(\.name)))
  }

  /// Adds a recipient as an entry.
  ///
  /// - Parameters:
  ///   - formerKeys: The keys that theirs followed, by their card.
  ///   - comparison: How the keys were compared with their owner; `nil` if nobody did so far.
  ///   - isRevokedAllowed: Whether the keys may be those of a recipient who was revoked.
  /// - Throws: `VaultError.recipientExists` unless the name is new or was revoked; `.keysOfRevoked`;
  ///   `.mixedRecipients`; as `Vault.add`.
  public func addRecipient(
    _ name: String, recipientClass: String, keys: [Recipient], verifierKey: VerifierKey?,
    formerKeys: [FormerKey] = [], comparison: KeyComparison? = nil, isRevokedAllowed: Bool = false, signer: VaultSigner
  ) throws(VaultError) -> UInt64 {
    guard let first = keys.first else { throw .invalidKey(what: name) }
    guard keys.allSatisfy({ $0.isPostQuantum == first.isPostQuantum }) else { throw .mixedRecipients }
    let book = try recipients()
    let added = verifierKey.map(KeyFingerprint.init)
    if let known = book.last(where: { isSame($0.name, name) && $0.revokedBy == nil }) {
      let isOtherCard = known.verifierKey != nil && verifierKey != nil && known.fingerprint != added
      throw .recipientExists(name: name, isOtherKey: known.keys != keys || isOtherCard)
    }
    let vaultKeys = (added.map { [$0.words] } ?? []) + formerKeys.map(\.fingerprint)
    let revoked = book.last { $0.revokedBy != nil && $0.hasAny(of: keys, vaultKeys: vaultKeys) }
    if let revoked, !isRevokedAllowed { throw .keysOfRevoked(name: revoked.name) }
    return try enter(
      KnownRecipient(
        name: name, recipientClass: recipientClass, keys: keys, verifierKey: verifierKey?.description,
        comparison: comparison, index: 0, revokedBy: nil), signer: signer)
  }

  /// Enters that the keys of a recipient were compared with their owner.
  ///
  /// - Parameter typed: The words or digits that the owner of the keys told.
  /// - Throws: `VaultError.otherKeys` if these are not those of the keys that are known here; as `recipient`.
  public func compareRecipient(
    _ name: String, typed: String, comparison: KeyComparison, signer: VaultSigner
  ) throws(VaultError) -> UInt64 {
    let known = try recipient(name)
    guard known.fingerprint.isSame(asTyped: typed) else { throw .otherKeys(name: name) }
    return try enter(known.compared(by: comparison), signer: signer)
  }

  private func enter(_ recipient: KnownRecipient, signer: VaultSigner) throws(VaultError) -> UInt64 {
    let environment = vault.environment
    var fields: JSONObject = [
      "name": .string(recipient.name), "class": .string(recipient.recipientClass),
      "age_recipients": .array(recipient.keys.map { .string($0.description) }),
      "keys_checked": .string(recipient.comparison?.rawValue ?? "not_checked"),
    ]
    if let key = recipient.verifierKey { fields["verifying_key"] = .string(key) }
    if recipient.comparison != nil { fields["keys_checked_on"] = .string(environment.now().day) }
    do { return try vault.addEvent("recipient", fields, signer: signer).index } catch { throw VaultError(error) }
  }

  /// Revokes a recipient as an entry: from then on nothing is exported to them.
  ///
  /// - Throws: `VaultError.noSuchRecipient`, `.revokedRecipient`; as `Vault.add`.
  public func revokeRecipient(_ name: String, reason: String, signer: VaultSigner) throws(VaultError) -> UInt64 {
    _ = try recipient(name)
    let fields: JSONObject = ["name": .string(name), "reason": .string(reason)]
    do { return try vault.addEvent("recipient_revoked", fields, signer: signer).index } catch {
      throw VaultError(error)
    }
  }

  private func isSame(_ left: String, _ right: String) -> Bool { left.utf8.elementsEqual(right.utf8) }
}

extension KnownRecipient {
  fileprivate init(_ name: String, _ fields: JSONObject, index: UInt64) {
    let keys = fields["age_recipients"]?.arrayValue ?? []
    self.init(
      name: name, recipientClass: fields["class"]?.stringValue ?? "",
      keys: keys.compactMap { $0.stringValue.flatMap { try? Recipient($0) } },
      verifierKey: fields["verifying_key"]?.stringValue,
      comparison: fields["keys_checked"]?.stringValue.flatMap { KeyComparison(rawValue: $0) }, index: index,
      revokedBy: nil)
  }

  /// Whether one of these keys is theirs, or one of these `vault` keys, by its words: age keys can be made anew by
  /// whoever has the signing key.
  fileprivate func hasAny(of keys: [Recipient], vaultKeys: [String]) -> Bool {
    !Set(self.keys).isDisjoint(with: keys) || verifierKey != nil && vaultKeys.contains(fingerprint.words)
  }

  fileprivate func revoked(by index: UInt64) -> KnownRecipient {
    KnownRecipient(
      name: name, recipientClass: recipientClass, keys: keys, verifierKey: verifierKey, comparison: comparison,
      index: self.index, revokedBy: index)
  }

  fileprivate func compared(by comparison: KeyComparison) -> KnownRecipient {
    KnownRecipient(
      name: name, recipientClass: recipientClass, keys: keys, verifierKey: verifierKey, comparison: comparison,
      index: index, revokedBy: revokedBy)
  }
}
