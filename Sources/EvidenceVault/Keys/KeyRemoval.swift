public import Age
internal import DurableStore
internal import Primitives
internal import StrictJSON
internal import TransparencyLog

/// What shows that a reading identity which is taken off this machine can be had again.
public enum RemovalGround: Sendable {
  /// Shares gave the identity.
  case shares(RecoveredIdentity)
  /// A copy of it elsewhere was opened.
  case copy([Identity])
  /// The owner of another reader's key was asked.
  case otherReader(Recipient)
  /// Nothing does: whoever removes it said so.
  case nothing

  /// How entries call it.
  public var name: String {
    switch self {
    case .shares: "shares"
    case .copy: "copy"
    case .otherReader: "other_reader"
    case .nothing: "nothing"
    }
  }
}

/// What came of taking the reading identity away.
public struct KeyRemoval: Sendable {
  /// The entry that says so.
  public internal(set) var index: UInt64 = 0
  /// What was removed, relative to the vault.
  public internal(set) var removed: [String] = []
  /// What has another name on the same disk, where it still is.
  public internal(set) var linked: [String] = []
  /// What the system did not let be overwritten.
  public internal(set) var notOverwritten: [String] = []
}

extension Vault {
  /// Takes the reading identity off this machine, once `ground` was shown, with the catalogs and the copies of it in
  /// `aside/`: the vault is an intake vault then. An entry says so before anything goes; run again after an
  /// interruption, it completes, with another entry. Old bytes are overwritten as far as the file system lets them be.
  ///
  /// - Throws: `VaultError.needsReadingKey` if there is none; `.removalNotShown` if the ground does not lead to this
  ///   identity; `.otherReaderOpensLess` if another reader may not open all of it; `.otherKeysAside` if key files in
  ///   `aside/` are under another passphrase or hold another key, unless `isClearingAside` is set; as `add`. Nothing is
  ///   removed then.
  ///
  /// Source: FORMAT section 2.
  public func removeReadingIdentity(
    _ passphrase: borrowing Passphrase, on ground: RemovalGround, signer: VaultSigner, isClearingAside: Bool = false
  ) throws(VaultError) -> KeyRemoval {
    let identity = try readingIdentity(passphrase)
    do {
      try requireShown(ground, for: identity)
      let copies = try keyFilesAside(named: SealedKeyFile.reading)
      if !isClearingAside {
        let others = try copies.filter { try !holds($0, identity, passphrase) }
        if let path = others.first { throw VaultError.otherKeysAside(path: path, count: others.count) }
      }
      let head = try headThatOpens(on: ground, identity)
      let fields: JSONObject = ["event": .string("removed"), "ground": .string(ground.name)]
      var removal = KeyRemoval()
      removal.index = try addEvents(Recovery.kind, [fields], after: head, signer: signer) {
        removal = try remove([Self.readingPath] + copies)
      }.indices.lowerBound
      return removal
    } catch {
      throw VaultError(error)
    }
  }

  /// Requires that a copy of the reading key lies elsewhere: not in the vault, nor on its file system unless that is
  /// allowed. Two partitions of one disk are two file systems; that is for people to know.
  ///
  /// - Throws: `VaultError.copyNotElsewhere`; what the file system throws, also for a link.
  public func requireElsewhere(_ path: String, isSameFileSystemAllowed: Bool) throws(VaultError) {
    do {
      let (folder, name) = splitPath(path)
      let directory = try Directory(opening: folder)
      let copy = try directory.file(name)
      let isInside = "\(try directory.resolvedPath())/".utf8.starts(with: "\(self.path)/".utf8)
      let isNear = try copy.isOnFileSystem(of: root.file(Self.readingPath))
      if isInside || isNear && !isSameFileSystemAllowed {
        throw VaultError.copyNotElsewhere(path: path, isInVault: isInside)
      }
    } catch {
      throw VaultError(error)
    }
  }

  private static let readingPath = "\(SealedKeyFile.folder)/\(SealedKeyFile.reading)"

  private func requireShown(_ ground: RemovalGround, for identity: Identity) throws {
    let isShown =
      switch ground {
      case .shares(let recovered): recovered.identities.contains { $0.recipient == identity.recipient }
      case .copy(let identities): identities.contains { $0.recipient == identity.recipient }
      case .otherReader(let other): other != identity.recipient && note.readers.contains(other)
      case .nothing: true
      }
    guard isShown else { throw VaultError.removalNotShown }
  }

  /// The head up to which all opens to another reader, where that is the ground; the entry goes behind this very head.
  /// `nil` on any other ground, which leads to the identity itself.
  private func headThatOpens(on ground: RemovalGround, _ identity: Identity) throws -> TreeHead? {
    guard case .otherReader = ground else { return nil }
    let reader = try VaultReader(self, identities: includingEarlier([identity]))
    let fileCount = try reader.filesToReseal().count
    let intakes = try reader.intakesOfFormerReaders().map(\.name)
    guard fileCount == 0, intakes.isEmpty else {
      throw VaultError.otherReaderOpensLess(fileCount: fileCount, intakes: intakes)
    }
    return reader.head.tree
  }

  /// Whether a key file holds this identity under this passphrase.
  private func holds(_ path: String, _ identity: Identity, _ passphrase: borrowing Passphrase) throws -> Bool {
    do {
      let (folder, name) = splitPath(path)
      let bytes = try root.directory(folder).contents(of: name, limit: SealedKeyFile.maximumByteCount)
      return try SealedFile(bytes).openSecret(with: passphrase).isEqual(to: identity.encoded())
    } catch is AgeError { return false } catch is StoreError { return false }
  }

  /// Copies go first: as long as the file itself is there, the command can be run again.
  private func remove(_ keys: [String]) throws -> KeyRemoval {
    try removeAbandonedParts(root.directory(Self.incomingFolder))
    var removal = KeyRemoval()
    let catalogs = Catalog.Contents.allCases.map(\.fileName)
    for path in catalogs + keys.reversed() where root.contains(path) {
      let file = try root.file(path)
      let (folder, name) = splitPath(path)
      let directory = folder == "." ? root : try root.directory(folder)
      try directory.remove(name)
      try directory.sync()
      removal.removed.append(path)
      switch file.overwriteOnceNameless() {
      case .done: break
      case .hasOtherName: removal.linked.append(path)
      case .refused: removal.notOverwritten.append(path)
      }
    }
    return removal
  }
}

// MARK: - Bringing it back

extension Vault {
  /// Puts a reading identity into `keys/` again, sealed with a passphrase: that of the signing key, so that one opens
  /// both. The entry that says so comes first, when the sealed file is on disk already and only lacks its name; run
  /// again after an interruption, it completes, with another entry. Returns the entry.
  ///
  /// - Throws: `VaultError.notAReader`; `.keysExist`; as `add`.
  ///
  /// Source: FORMAT section 2.
  public func restoreReadingIdentity(
    _ identities: [Identity], passphrase: borrowing Passphrase,
    workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, areFromShares: Bool, signer: VaultSigner
  ) throws(VaultError) -> UInt64 {
    guard let identity = identities.first(where: { note.readers.contains($0.recipient) }) else { throw .notAReader }
    guard !hasReadingIdentity else { throw .keysExist }
    do {
      let file = try preparedKey(identity.encoded(), sealedWith: passphrase, workFactorLog2: workFactorLog2)
      let ground = areFromShares ? "shares" : "copy"
      let fields: JSONObject = ["event": .string("restored"), "ground": .string(ground)]
      return try addEvent(Recovery.kind, fields, signer: signer) {
        try requirePassphrase(passphrase)
        try file.place(as: SealedKeyFile.reading)
      }.index
    } catch {
      throw VaultError(error)
    }
  }
}
