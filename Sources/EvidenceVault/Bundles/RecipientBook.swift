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
  /// The entry that added them.
  public let index: UInt64
  /// The entry that revoked them, if one did.
  public let revokedBy: UInt64?
}

extension VaultReader {
  /// Everyone ever added, in the order of entries; the last entry about a name holds.
  ///
  /// - Throws: as `summaries`.
  public func recipients() throws(VaultError) -> [KnownRecipient] {
    var book: [KnownRecipient] = []
    for summary in try summaries() {
      let fields = summary.eventFields
      guard let name = fields["name"]?.stringValue else { continue }
      switch summary.kind {
      case "recipient":
        book.append(
          KnownRecipient(
            name: name, recipientClass: fields["class"]?.stringValue ?? "",
            keys: fields["age_recipients"]?.arrayValue?.compactMap { $0.stringValue.flatMap { try? Recipient($0) } }
              ?? [],
            verifierKey: fields["verifying_key"]?.stringValue, index: summary.index, revokedBy: nil))
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
  /// - Throws: `VaultError.recipientExists` unless the name is new or was revoked; `.mixedRecipients`; as `Vault.add`.
  public func addRecipient(
    _ name: String, recipientClass: String, keys: [Recipient], verifierKey: VerifierKey?, signer: VaultSigner
  ) throws(VaultError) -> UInt64 {
    guard let first = keys.first else { throw .invalidKey(what: name) }
    guard keys.allSatisfy({ $0.isPostQuantum == first.isPostQuantum }) else { throw .mixedRecipients }
    guard try !recipients().contains(where: { isSame($0.name, name) && $0.revokedBy == nil }) else {
      throw .recipientExists(name: name)
    }
    var fields: JSONObject = [
      "name": .string(name), "class": .string(recipientClass),
      "age_recipients": .array(keys.map { .string($0.description) }),
    ]
    if let verifierKey { fields["verifying_key"] = .string(verifierKey.description) }
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
  fileprivate func revoked(by index: UInt64) -> KnownRecipient {
    KnownRecipient(
      name: name, recipientClass: recipientClass, keys: keys, verifierKey: verifierKey, index: self.index,
      revokedBy: index)
  }
}
