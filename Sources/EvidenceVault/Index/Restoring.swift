internal import DurableStore
internal import Primitives
public import TransparencyLog

/// What accepting a restored copy is about to do.
public struct Restoration: Sendable {
  /// The origin that the vault has now.
  public let origin: NoteLine
  /// The head of the copy that is here: what will be kept.
  public let kept: Vault.Head
  /// The last head known of the vault: what was added after `kept` is given up.
  public let lastSeen: TreeHead
  /// Whether it was accepted before, and only the new checkpoint is missing.
  public let isUnfinished: Bool
  /// What else of the vault was seen here that the copy does not have, and is given up as well.
  public var others: [OtherHistory] = []
  /// How many entries are given up of which it is known; `nil` if it is not known of how many.
  public var givenUpCount: UInt64? {
    others.reduce(lastSeen.size - min(kept.tree.size, lastSeen.size)) { sum, other in
      sum.flatMap { sum in other.givenUpCount.map { sum &+ $0 } }
    }
  }
}

/// That the vault was seen to go on otherwise than a copy of it.
public struct OtherHistory: Hashable, Sendable {
  /// The name under which it went on.
  public let origin: NoteLine
  /// How many entries it had there when it was seen last; `nil` if that is not known.
  public let size: UInt64?
  /// How many of these, the first ones, are in the copy as well; `nil` if that is not known.
  public let common: UInt64?
  /// How many of them the copy has not.
  public var givenUpCount: UInt64? {
    guard let size, let common else { return nil }
    return size - min(size, common)
  }
}

extension Vault {
  /// Says what accepting the copy that is here would do. Changes nothing.
  ///
  /// That the copy is older is known from what this machine has seen, or from a signed head that somebody kept.
  ///
  /// - Throws: `VaultError.notRolledBack` if nothing says that the copy is older; `.damaged` if the index is not the
  ///   beginning of the one that was seen, or not sound; `.replaced`.
  public func plannedRestoration(expecting expected: ExpectedHead? = nil) throws(VaultError) -> Restoration {
    do {
      let head = try readHead()
      try requireFit(head)
      if let last = note.continuations.last, !isOwn(head) {
        _ = try lastSeenHead(beyond: head)
        return Restoration(origin: last.origin, kept: head, lastSeen: last.lastSeen, isUnfinished: true)
      }
      var lastSeen = try lastSeenHead(beyond: head)
      if case .note(let signed) = expected, compare(head, with: .note(signed)) == .olderCopy {
        let other = try Checkpoint(signed.text)
        if other.origin == note.origin {
          if other.head.size > lastSeen?.size ?? 0 { lastSeen = other.head }
        } else if !note.continuations.contains(where: { $0.origin == other.origin }) {
          lastSeen = lastSeen ?? head.tree
        }
      }
      guard let lastSeen else { throw VaultError.notRolledBack }
      try requireAnotherOrigin()
      let report = try check(head, isRestored: true)
      if let finding = report.findings.first(where: { $0.severity == .damage }) { throw VaultError.damaged(finding) }
      let others = Pins(environment)?.otherHistories(than: note, head: head.tree, tree: tree(head.tree)) ?? []
      return Restoration(origin: note.origin, kept: head, lastSeen: lastSeen, isUnfinished: false, others: others)
    } catch {
      throw VaultError(error)
    }
  }

  /// The head that this machine has seen, if it shows the copy here to be older; `nil` if it does not.
  private func lastSeenHead(beyond head: Head) throws -> TreeHead? {
    do {
      try Pins(environment)?.check(note, head: head.tree, tree: tree(head.tree), path: path)
      return nil
    } catch VaultError.rolledBack where isOwn(head) {
      return seenHead()
    } catch VaultError.superseded {
      return head.tree
    } catch VaultError.restoredWithLess {
      return head.tree
    }
  }

  /// Goes on from the copy that is here under a new origin, which names the old one and its last head.
  ///
  /// Replacing `vault.note` is the one step that accepts the copy: before it, all is as it was; after it, the
  /// checkpoint of the copy counts until it is signed anew. In order: `flock`, removal of the catalogs, `fsync` and
  /// `renameat` of the note, `fsync` of the root; what this machine remembers; then the checkpoint, likewise.
  ///
  /// - Throws: `StoreError.busy` or `.changed` as `VaultError.file`, and what the file system throws.
  /// - Returns: The vault under its new origin, with its head.
  public func accept(_ restoration: Restoration, signer: VaultSigner) throws(VaultError) -> (vault: Vault, head: Head) {
    do {
      let incoming = try root.directory(Self.incomingFolder)
      let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
      try settleNote()
      guard try readHead().tree == restoration.kept.tree else {
        throw StoreError.changed(path: root.displayPath(Self.checkpointName))
      }
      if restoration.isUnfinished, note.isReplacedLast {
        // What the replacement of the signing key lacks is its entry.
        let head = try finishReplacement(reason: nil, signer: signer, in: incoming)
        _ = consume lock
        return (self, head)
      }
      let held = HeldInterrupts()
      let new = restoration.isUnfinished ? note : try replaceNote(restoration, signer: signer, in: incoming)
      let vault = Vault(path: path, note: new, root: root, environment: environment)
      Pins(environment)?.follow(new)
      let head = try vault.publish(
        restoration.kept.tree, lines: restoration.kept.lines, signer: signer, in: incoming)
      _ = consume held
      _ = consume lock
      return (vault, head)
    } catch {
      throw VaultError(error)
    }
  }

  private func replaceNote(
    _ restoration: Restoration, signer: VaultSigner, in incoming: Directory
  ) throws -> VaultNote {
    let continuation = try Continuation(
      origin: note.origin, kept: restoration.kept.tree, lastSeen: restoration.lastSeen)
    let new = try VaultNote(
      origin: Self.newOrigin(environment), continuations: note.continuations + [continuation], promised: note.promised,
      readers: note.readers, signer: signer)
    try put(new, in: incoming)
    return new
  }

  /// Puts a note of another origin in the place of `vault.note`, after removing the catalogs, which name the old one
  /// and are made again.
  func put(_ new: VaultNote, in incoming: Directory) throws {
    try keepCertificate(in: incoming)
    for catalog in Catalog.Contents.allCases where root.contains(catalog.fileName) {
      try root.remove(catalog.fileName)
    }
    let name = try placement(incoming).write(new.note.bytes, ending: ".part", finalMode: 0o600)
    try incoming.replace(VaultNote.fileName, in: root, with: name)
    try root.sync()
  }
}

extension VaultNote {
  /// The head in a checkpoint that this vault signed, now or under an origin that it had: as far as that was kept.
  ///
  /// - Throws: `LogError` for any other.
  func anyHead(signedIn checkpoint: SignedNote) throws(LogError) -> TreeHead {
    let origin = try Checkpoint(checkpoint.text).origin
    guard let key = key(.checkpoints, of: origin) else { throw .otherOrigin(origin) }
    let head = try checkpoint.verifiedCheckpoint(of: origin, by: [key]).checkpoint.head
    let kept = continuations.first { $0.origin == origin }?.kept.size ?? .max
    guard head.size <= kept else { throw .otherOrigin(origin) }
    return head
  }

  /// The head in a checkpoint of this vault. Until the first one under the present origin, that is the checkpoint of
  /// the restored copy.
  ///
  /// - Throws: `LogError` for any other.
  func head(signedIn checkpoint: SignedNote) throws(LogError) -> TreeHead {
    if let last = continuations.last, let key = checkpointKey(of: last.origin),
      let kept = try? checkpoint.verifiedCheckpoint(of: last.origin, by: [key]).checkpoint.head, kept == last.kept
    {
      return kept
    }
    return try checkpoint.verifiedCheckpoint(of: origin, by: [key(.checkpoints)]).checkpoint.head
  }
}
