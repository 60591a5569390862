public import Age
internal import DurableStore
internal import Primitives
internal import Streams
internal import StrictJSON
internal import Wording

/// The reading identities that the vault had before, sealed to the one that it has now. What was sealed to them
/// elsewhere (by an intake vault, or to an older card) still opens.
///
/// Source: FORMAT section 2.
extension Vault {
  private static let identityLineByteCount = 256

  /// `identities`, and behind them the earlier ones that these give access to here. A file that does not open is passed
  /// over: `verify` tells of it.
  public func includingEarlier(_ identities: [Identity]) -> [Identity] {
    identities + identities.flatMap { (try? earlierIdentities(of: $0)) ?? [] }
  }

  /// `identities`, and behind them those earlier ones that the index names: what a bundle can be sealed to. Whoever has
  /// the public key can put other ones here, and with them a bundle that was signed for somebody else.
  ///
  /// - Returns: The identities, and how many earlier ones do not count.
  public func includingEarlierNamed(_ identities: [Identity]) -> (own: [Identity], passedOverCount: Int) {
    let all = includingEarlier(identities)
    let earlier = all.dropFirst(identities.count)
    guard !earlier.isEmpty else { return (identities, 0) }
    // What cannot be read names none; whoever reads or checks the vault is told of it.
    let named = (try? VaultReader(self, identities: all).earlierReaders(onlyTrusted: true)) ?? []
    let own = earlier.filter { named.contains($0.recipient.description) }
    return (identities + own, earlier.count - own.count)
  }

  /// Checks that all earlier reading identities that the index names are kept.
  public func verifyEarlierKeys(of identity: Identity) -> [Finding] {
    do {
      _ = try requiredEarlierIdentities(of: identity)
      return []
    } catch VaultError.damagedKey(let path) {
      let detail: Phrase = "earlier reading keys of this vault are missing in it, or it is damaged"
      return [Finding(.key, path: path, detail: detail)]
    } catch {
      // What cannot be read for another reason has a finding of its own.
      return []
    }
  }

  /// The identities that came before this one, the last one first; none if there is no file.
  ///
  /// - Throws: `VaultError.damagedKey`.
  func earlierIdentities(of identity: Identity) throws -> [Identity] {
    try SealedKeyFile.earlierIdentities(of: identity, in: root)
  }

  /// The earlier identities that the index names, and no others: whoever has the public key can make such a file.
  ///
  /// - Throws: `VaultError.damagedKey` if one is missing; as `custody`.
  func requiredEarlierIdentities(of identity: Identity) throws -> [Identity] {
    let found = try earlierIdentities(of: identity)
    let reader = try VaultReader(self, identities: [identity] + found)
    let named = try reader.earlierReaders(onlyTrusted: false)
    let earlier = found.filter { named.contains($0.recipient.description) }
    // A thief of the signing key can name any key as an earlier one. It need not be there, and a true one is not lost.
    guard try reader.earlierReaders(onlyTrusted: true).isSubset(of: earlier.map(\.recipient.description)) else {
      let name = SealedKeyFile.earlier(before: identity.recipient)
      throw VaultError.damagedKey(keyFile: "\(SealedKeyFile.folder)/\(name)")
    }
    return earlier
  }

  /// Seals earlier identities to whoever has the key of `recipient`.
  func keepEarlier(_ earlier: [Identity], for recipient: Recipient) throws {
    var text = SecretText(capacity: earlier.count * Self.identityLineByteCount)
    for identity in earlier {
      let line = identity.encoded()
      text.append(line, in: 0..<line.count)
      text.append("\n")
    }
    try placeKey(text.finish(), sealedTo: [recipient], as: SealedKeyFile.earlier(before: recipient))
  }
}

extension SealedKeyFile {
  /// The identities that came before this one, the last one first; none if there is no file.
  ///
  /// - Throws: `VaultError.damagedKey`.
  static func earlierIdentities(of identity: Identity, in root: Directory) throws -> [Identity] {
    let name = earlier(before: identity.recipient)
    let path = "\(folder)/\(name)"
    guard root.contains(path) else { return [] }
    do {
      let bytes = try root.directory(folder).contents(of: name, limit: maximumByteCount)
      return try KeyFile.identities(in: SealedFile(reading: MemorySource(bytes)).openSecret(with: [identity]))
    } catch is AgeError {
      throw VaultError.damagedKey(keyFile: path)
    }
  }
}

extension VaultReader {
  /// The keys that the vault itself read with, and does not any more, as its entries name them; with those entries or
  /// without them that a revoked key signed.
  func earlierReaders(onlyTrusted: Bool) throws(VaultError) -> Set<String> {
    let events = try custody().events.filter { event in
      event.kind == Vault.readersKind && (!onlyTrusted || vault.note.isTrusted(event.index))
    }
    return Set(
      events.flatMap { $0.eventFields["replaced_recipients"]?.arrayValue ?? [] }.compactMap(\.stringValue))
  }
}
