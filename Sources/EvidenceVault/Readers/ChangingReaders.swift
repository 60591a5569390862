public import Age
internal import Primitives
internal import StrictJSON

/// What came of adding or removing readers.
public struct ReadersReceipt: Sendable {
  /// The entry that says so.
  public let index: UInt64
  /// The head after it was entered.
  public let head: Vault.Head
  /// Caches that could not be removed, which a reader who was removed may open. The next writer tries again.
  public let remaining: [String]
  /// The vault with the readers that it has now.
  public let vault: Vault
}

/// Why readers were not added or removed.
public enum ReadersFault: Error, Hashable, Sendable {
  /// The key, by its words, is that of a reader already.
  case exists(words: String)
  /// A reader of this name exists already.
  case nameTaken(String)
  /// No reader is called so, or has this key or these words.
  case unknown(String)
  /// Nobody compared the key with its owner.
  case uncompared(name: String)
  /// Nobody could open anything any more.
  case lastReader
  /// The vault itself reads with this key.
  case ownKey
  /// A file is sealed to keys of one kind: the readers have the other.
  case otherKind(arePostQuantum: Bool)
  /// More readers than a vault can have.
  case tooMany
}

extension Vault {
  /// The kind of the entries about readers.
  static let readersKind = "readers"

  /// Adds whoever owns `keys` to the readers: what is added from now on opens to them, and nothing that is there.
  ///
  /// In order: what a commit does, with the new note in its place beside the old one; then the checkpoint, which names
  /// the new readers and is the one step that makes them readers; then the new note over the old one.
  ///
  /// - Parameters:
  ///   - comparison: How the keys were compared with their owner. Nothing is sealed to keys that nobody compared.
  ///   - known: The readers as far as their names are known here.
  /// - Throws: `VaultError.readers`, `.sshReader`, `.nothingToDo`, `.file(.changed)` if somebody else has just changed
  ///   the readers; as `add`.
  ///
  /// Source: FORMAT sections 1, 2 and 6.
  public func addReader(
    _ name: String, keys: [Recipient], comparison: KeyComparison, known: [KnownReader] = [], signer: VaultSigner
  ) throws(VaultError) -> ReadersReceipt {
    guard !keys.isEmpty else { throw .nothingToDo }
    if let key = keys.first(where: \.isSSH) { throw .sshReader(key: key.description) }
    guard !known.contains(where: { $0.name?.utf8.elementsEqual(name.utf8) ?? false }) else {
      throw .readers(.nameTaken(name))
    }
    var readers = note.readers
    for key in keys {
      guard !readers.contains(key) else { throw .readers(.exists(words: KeyFingerprint(of: [key]).words)) }
      readers.append(key)
    }
    let arePostQuantum = note.readers.allSatisfy(\.isPostQuantum)
    guard keys.allSatisfy({ $0.isPostQuantum == arePostQuantum }) else {
      throw .readers(.otherKind(arePostQuantum: arePostQuantum))
    }
    guard readers.count <= VaultNote.maximumReaderCount else { throw .readers(.tooMany) }
    return try change(
      to: readers,
      [
        "event": .string("added"), "name": .string(name), "age_recipients": Self.spellings(keys),
        "keys_checked": .string(comparison.rawValue), "keys_checked_on": .string(environment.now().day),
      ], signer: signer)
  }

  /// Removes `keys` from the readers: what is added from now on does not open to them. What is there still does.
  ///
  /// - Parameters:
  ///   - name: What the vault calls them, if it does.
  ///   - own: The identity that the vault keeps, if it keeps one: it cannot be removed.
  /// - Throws: `VaultError.readers`; `.needsReadingKey` without the identity that the vault keeps; as `addReader`.
  ///
  /// Source: FORMAT sections 1, 2 and 6.
  public func removeReader(
    _ keys: [Recipient], name: String?, reason: String, own: Identity?, signer: VaultSigner
  ) throws(VaultError) -> ReadersReceipt {
    guard !keys.isEmpty else { throw .nothingToDo }
    if let unknown = keys.first(where: { !note.readers.contains($0) }) {
      throw .readers(.unknown(KeyFingerprint(of: [unknown]).words))
    }
    let readers = note.readers.filter { !keys.contains($0) }
    guard !readers.isEmpty else { throw .readers(.lastReader) }
    guard own != nil || !hasReadingIdentity else { throw .needsReadingKey(readingKeyLack) }
    if let own, keys.contains(own.recipient) { throw .readers(.ownKey) }
    var fields: JSONObject = ["event": .string("removed")]
    if let name { fields["name"] = .string(name) }
    fields["age_recipients"] = Self.spellings(keys)
    fields["reason"] = .string(reason)
    // A cache may be sealed to whoever is removed.
    removeCaches()
    return try change(to: readers, fields, endingCaches: true, signer: signer)
  }

  private static func spellings(_ keys: [Recipient]) -> JSON { .array(keys.map { .string($0.description) }) }

  private func change(
    to readers: [Recipient], _ fields: JSONObject, endingCaches: Bool = false, signer: VaultSigner
  ) throws(VaultError) -> ReadersReceipt {
    do {
      let new = try note.reading(readers, signer: signer)
      let record = try ComposedRecord(
        kind: Self.readersKind, added: environment.now(), fields: Schema.named(Self.readersKind).validated(fields),
        files: [], randomness: environment.randomness)
      let entry = PreparedEntry(record: record, object: nil, newNote: new, endsCaches: endingCaches)
      let committed = try commit([entry], signer: signer)
      let vault = Vault(path: path, note: new, root: root, environment: environment)
      return ReadersReceipt(
        index: committed.indices.lowerBound, head: committed.head, remaining: committed.remaining, vault: vault)
    } catch {
      throw VaultError(error)
    }
  }
}
