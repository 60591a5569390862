public import Age
internal import DurableStore
internal import Primitives
internal import Streams

/// `keys/earlier-….age`: the reading identities that the vault had before, sealed to the one that it has now. What was
/// sealed to them elsewhere (by an intake vault, or to an older card) still opens.
///
/// Source: FORMAT section 2.
extension Vault {
  private static let identityLineByteCount = 256

  /// `identities`, and behind them the earlier ones that these give access to here. A file that does not open is passed
  /// over: whatever is in the vault itself opens without it.
  public func includingEarlier(_ identities: [Identity]) -> [Identity] {
    identities + identities.flatMap { (try? earlierIdentities(of: $0)) ?? [] }
  }

  /// The name of the file for whoever has the key of `recipient`.
  static func earlierKeysName(for recipient: Recipient) -> String {
    "earlier-\(SHA256Hasher.digest(of: Array(recipient.description.utf8)).hex.prefix(16)).age"
  }

  /// The identities that came before this one, the last one first; none if there is no file.
  ///
  /// - Throws: `VaultError.damagedKey`.
  func earlierIdentities(of identity: Identity) throws -> [Identity] {
    let name = Self.earlierKeysName(for: identity.recipient)
    let path = "\(SealedKeyFile.folder)/\(name)"
    guard root.contains(path) else { return [] }
    do {
      let bytes = try root.directory(SealedKeyFile.folder).contents(of: name, limit: SealedKeyFile.maximumByteCount)
      return try KeyFile.identities(in: SealedFile(reading: MemorySource(bytes)).openSecret(with: [identity]))
    } catch is AgeError {
      throw VaultError.damagedKey(keyFile: path)
    }
  }

  /// Seals earlier identities to whoever has the key of `recipient`.
  func keepEarlier(_ earlier: [Identity], for recipient: Recipient) throws {
    var text = SecretText(capacity: earlier.count * Self.identityLineByteCount)
    for identity in earlier {
      let line = identity.encoded()
      text.append(line, in: 0..<line.count)
      text.append("\n")
    }
    try placeKey(text.finish(), sealedTo: recipient, as: Self.earlierKeysName(for: recipient), isReplacing: true)
  }
}
