internal import DurableStore
internal import Primitives
internal import Streams
internal import TransparencyLog
internal import Wording

/// What this machine has seen of each vault: its key and its last head, kept outside the vault, so that an older copy
/// put in its place is noticed.
///
/// Source: FORMAT section 9.
struct Pins {
  static let maximumByteCount = 65_536

  let folder: String
  let environment: VaultEnvironment

  /// The pins, or `nil` if the surroundings keep none.
  init?(_ environment: VaultEnvironment) {
    guard let folder = environment.stateFolder else { return nil }
    self.folder = folder
    self.environment = environment
  }

  /// Checks a vault at `path` against what was seen before.
  ///
  /// - Throws: `VaultError.replaced` if another vault was at that path, or this one had another key; `.signingKey` if
  ///   its key was replaced by another than was promised, or this is a copy from before; `.rolledBack`; `.superseded`
  ///   if the vault was seen under a later origin, or to go on otherwise; `.restoredWithLess` if it went on from less
  ///   than was seen, and says nothing of the rest; `.damaged` if the pinned head is not part of this tree.
  func check(_ note: VaultNote, head: TreeHead, tree: TileTree, path: String) throws {
    guard let seen = try headNotAfter(head, of: note, path: path) else { return }
    if seen.size == head.size ? seen.root != head.root : try tree.head(ofSize: seen.size) != seen {
      throw VaultError.damaged(
        Finding(.pin, detail: "the head seen here at \(seen.size) entries is not part of this index"))
    }
  }

  /// The head seen last of the vault at `path`; `nil` if there is none.
  ///
  /// - Throws: `VaultError.replaced`, `.signingKey`, `.rolledBack`, `.superseded`, `.restoredWithLess`, as `check`.
  func headNotAfter(_ head: TreeHead, of note: VaultNote, path: String) throws -> TreeHead? {
    guard let directory = try? Directory(opening: folder) else { return nil }
    let futures = otherFutures(than: note, in: directory)
    for future in futures { try requireKeys(of: note, seenUnder: future, in: directory) }
    if let bytes = try? directory.contents(of: pathName(path), limit: Self.maximumByteCount), !bytes.isEmpty,
      !note.vaultKeys.contains(where: { isKeyLine(bytes, of: $0) })
    {
      throw VaultError.replaced(path: path, fingerprint: note.fingerprint)
    }
    let isSuperseded = !futures.isEmpty || directory.contains(nextName(note.origin))
    guard let pinned = pinnedNote(note, in: directory) else {
      let former = formerHead(of: note, in: directory)
      if let former {
        try requirePromised(note, with: former.seen, by: note.key(.vault, of: former.continuation.origin))
      }
      if isSuperseded { throw VaultError.superseded }
      return try former.flatMap { try headNotGivenUp($0.seen.head, under: $0.continuation.origin, in: note) }
    }
    guard let seen = verifiedHead(pinned, note) else {
      throw VaultError.replaced(path: path, fingerprint: note.fingerprint)
    }
    if seen.size > head.size { throw VaultError.rolledBack(seenSize: seen.size, size: head.size) }
    if isSuperseded { throw VaultError.superseded }
    return seen
  }

  // MARK: - Origins before

  /// The checkpoint seen last under the latest of the origins before of which there is one.
  private func formerHead(
    of note: VaultNote, in directory: Directory
  ) -> (continuation: Continuation, seen: Checkpoint)? {
    guard let former = note.continuations.last(where: { directory.contains(headName($0.origin)) }),
      let key = note.key(.checkpoints, of: former.origin),
      let bytes = try? directory.contents(of: headName(former.origin), limit: Self.maximumByteCount),
      let seen = try? SignedNote(bytes).verifiedCheckpoint(of: former.origin, by: [key]).checkpoint
    else { return nil }
    return (former, seen)
  }

  /// The head seen last under an origin that the vault had before; `nil` if it was given up when a copy was restored,
  /// and the note says so. Keys that followed since go on from it or a later one.
  private func headNotGivenUp(_ seen: TreeHead, under origin: NoteLine, in note: VaultNote) throws -> TreeHead? {
    let since = note.continuations.drop { $0.origin != origin }
    guard let less = since.first(where: { $0.kept.size < seen.size }) else { return seen }
    guard !less.isKeyReplacement else {
      throw VaultError.rolledBack(seenSize: seen.size, size: less.kept.size)
    }
    guard less.isGivenUp(seen.size), seen.size < less.lastSeen.size || seen == less.lastSeen else {
      throw VaultError.restoredWithLess(seenSize: seen.size, kept: less.kept.size)
    }
    environment.onGivenUp(seen.size - less.kept.size)
    return nil
  }

  /// Requires that the key which followed `key`, if one did, is the one that was promised with a head that was seen.
  private func requirePromised(_ note: VaultNote, with seen: Checkpoint, by key: VerifierKey?) throws {
    let period = note.keyPeriods.first { $0.vaultKey == key?.key }
    guard let next = period?.next, let promised = try? HeadLines(seen).promised else { return }
    guard promised == VaultNote.promise(of: next) else { throw VaultError.signingKey(.notPromised) }
  }

  // MARK: - Other futures

  /// The origins under which the vault was seen to go on from one that it had or has, and of which the note knows
  /// nothing: whoever has the passphrase can let it go on from an older copy once more.
  private func otherFutures(than note: VaultNote, in directory: Directory) -> Set<NoteLine> {
    let origins = note.origins
    return Set(origins.map { lastOrigin(after: $0, in: directory) }).subtracting(origins)
  }

  private func lastOrigin(after origin: NoteLine, in directory: Directory) -> NoteLine {
    var last = origin
    for _ in 0...Continuation.maximumCount {
      guard let line = try? directory.contents(of: nextName(last), limit: Self.maximumByteCount),
        let next = try? NoteLine(line.dropLast())
      else { break }
      last = next
    }
    return last
  }

  /// Requires that a vault has or had the keys with which it was seen under an origin that its note does not know, and
  /// that others followed them only if they were promised there.
  private func requireKeys(of note: VaultNote, seenUnder origin: NoteLine, in directory: Directory) throws {
    guard let bytes = try? directory.contents(of: headName(origin), limit: Self.maximumByteCount),
      let signed = try? SignedNote(bytes), let seen = try? Checkpoint(signed.text)
    else { return }
    guard let key = note.vaultKey(ofWhoSigned: signed, origin: origin) else {
      throw VaultError.signingKey(.replacedSince)
    }
    try requirePromised(note, with: seen, by: key)
  }

  /// Lets the vault go on under the origin of a note, whatever was seen to go on from those that it had: somebody
  /// accepted a restored copy.
  func follow(_ note: VaultNote) {
    guard let directory = try? openFolder(), let lock = try? FileLock(on: directory, patience: 5) else { return }
    writeNexts(note, in: directory)
    _ = consume lock
  }

  /// Whoever names an origin that was seen under a key which they never had is another vault, and leads nowhere.
  private func writeNexts(_ note: VaultNote, in directory: Directory) {
    for former in note.continuations where !wasSeenUnderOtherKey(former.origin, note, in: directory) {
      let kept = Array("\(former.kept.size) \(note.origin)\n".utf8)
      write(kept, as: keptName(former.origin), in: directory)
      write(note.origin.bytes + [UInt8(ascii: "\n")], as: nextName(former.origin), in: directory)
    }
  }

  private func wasSeenUnderOtherKey(_ origin: NoteLine, _ note: VaultNote, in directory: Directory) -> Bool {
    guard let bytes = try? directory.contents(of: headName(origin), limit: Self.maximumByteCount),
      let seen = try? SignedNote(bytes)
    else { return false }
    return note.vaultKey(ofWhoSigned: seen, origin: origin) == nil
  }

  /// How the vault was seen to go on otherwise than a copy of it, and how much of that the copy has too.
  func otherHistories(than note: VaultNote, head: TreeHead, tree: TileTree) -> [OtherHistory] {
    guard let directory = try? Directory(opening: folder) else { return [] }
    var found = otherFutures(than: note, in: directory).sorted { "\($0)" < "\($1)" }.map { origin in
      let seen = headSeen(under: origin, by: note, in: directory)
      let isHere = seen.map { seen in (try? tree.head(ofSize: seen.size)) == seen } ?? false
      let common = isHere ? seen?.size : commonCount(with: origin, note, head, in: directory)
      return OtherHistory(origin: origin, size: seen?.size, common: common)
    }
    if pinnedNote(note, in: directory) == nil, let former = formerHead(of: note, in: directory) {
      do {
        _ = try headNotGivenUp(former.seen.head, under: former.continuation.origin, in: note)
      } catch VaultError.restoredWithLess(let size, let kept) {
        found.append(OtherHistory(origin: former.continuation.origin, size: size, common: kept))
      } catch {}
    }
    return found
  }

  /// The head seen last under an origin that the note does not know, of a vault that has or had its key.
  private func headSeen(under origin: NoteLine, by note: VaultNote, in directory: Directory) -> TreeHead? {
    guard let bytes = try? directory.contents(of: headName(origin), limit: Self.maximumByteCount),
      let signed = try? SignedNote(bytes), note.vaultKey(ofWhoSigned: signed, origin: origin) != nil
    else { return nil }
    return try? Checkpoint(signed.text).head
  }

  /// How many entries a vault and its other future have in common; `nil` if nothing is remembered of that.
  private func commonCount(
    with future: NoteLine, _ note: VaultNote, _ head: TreeHead, in directory: Directory
  ) -> UInt64? {
    note.origins.compactMap { origin in
      let kept = note.continuations.first { $0.origin == origin }?.kept.size ?? head.size
      var (last, count) = (origin, kept)
      for _ in 0...Continuation.maximumCount where last != future {
        guard let step = stepKept(after: last, in: directory) else { return nil }
        (last, count) = (step.origin, min(count, step.size))
      }
      return last == future ? count : nil
    }.max()
  }

  private func stepKept(after origin: NoteLine, in directory: Directory) -> (origin: NoteLine, size: UInt64)? {
    guard let bytes = try? directory.contents(of: keptName(origin), limit: Self.maximumByteCount) else { return nil }
    let parts = String(decoding: bytes.dropLast(), as: UTF8.self).split(separator: " ", maxSplits: 1)
    guard parts.count == 2, let size = UInt64(parts[0]), let line = try? NoteLine(String(parts[1])) else { return nil }
    return (line, size)
  }

  // MARK: - Remembering

  /// Remembers a head, and tells whether that one or a later one is remembered now. A failure is no failure of the
  /// command: the vault itself is as it should be.
  func remember(_ note: VaultNote, checkpoint: SignedNote, path: String) -> Bool {
    guard let directory = try? openFolder(), let head = try? Checkpoint(checkpoint.text).head else { return false }
    remember(head, note, checkpoint, path, in: directory)
    return (pinnedNote(note, in: directory).flatMap { verifiedHead($0, note) }?.size).map { $0 >= head.size } ?? false
  }

  private func remember(
    _ head: TreeHead, _ note: VaultNote, _ checkpoint: SignedNote, _ path: String, in directory: Directory
  ) {
    guard let lock = try? FileLock(on: directory, patience: 5) else { return }
    // Another command may have seen another future, or a later head, meanwhile.
    guard otherFutures(than: note, in: directory).isEmpty else { return }
    let seen = pinnedNote(note, in: directory).flatMap { verifiedHead($0, note) }
    if (seen?.size ?? 0) <= head.size {
      write(checkpoint.bytes, as: headName(note.origin), in: directory)
    }
    write(keyLine(note), as: pathName(path), in: directory)
    writeNexts(note, in: directory)
    _ = consume lock
  }

  /// The head seen last; `nil` if there is none that this vault signed.
  func seenHead(_ note: VaultNote) -> TreeHead? {
    (try? Directory(opening: folder)).flatMap { pinnedNote(note, in: $0) }.flatMap { verifiedHead($0, note) }
  }

  /// The checkpoint seen last; `nil` if there is none, or the file is no note at all.
  private func pinnedNote(_ note: VaultNote, in directory: Directory) -> SignedNote? {
    (try? directory.contents(of: headName(note.origin), limit: Self.maximumByteCount)).flatMap { try? SignedNote($0) }
  }

  /// The head in a pinned checkpoint; `nil` if it was signed by another key than the vault now has.
  private func verifiedHead(_ pinned: SignedNote, _ note: VaultNote) -> TreeHead? {
    (try? pinned.verifiedCheckpoint(of: note.origin, by: [note.key(.checkpoints)]))?.checkpoint.head
  }

  private func write(_ bytes: [UInt8], as name: String, in directory: Directory) {
    if let present = try? directory.contents(of: name, limit: Self.maximumByteCount), present == bytes { return }
    let temporary = "\(name).\(Hex.encode(environment.randomness.bytes(8)))"
    do {
      let file = try directory.createFile(temporary, finalMode: 0o600)
      try file.write(bytes)
      try file.finish()
      try directory.replace(name, in: directory, with: temporary)
      try directory.sync()
    } catch {
      try? directory.remove(temporary)
    }
  }

  private func openFolder() throws -> Directory {
    var path = ""
    for component in folder.split(separator: "/") {
      path += "/\(component)"
      if (try? Directory(opening: path)) == nil { _ = try Directory.create(path) }
    }
    return try Directory(opening: folder)
  }

  /// Whether a key is that of the vault: its name follows the origin, which changes when a restored copy is accepted.
  private func isKeyLine(_ bytes: [UInt8], of known: VerifyingKey) -> Bool {
    guard bytes.last == UInt8(ascii: "\n"), let text = String(validating: bytes.dropLast(), as: UTF8.self),
      let key = try? VerifierKey(text)
    else { return false }
    return key.key == known
  }

  private func keyLine(_ note: VaultNote) -> [UInt8] { Array("\(note.vaultKey)\n".utf8) }

  private func headName(_ origin: NoteLine) -> String { "head-" + SHA256Hasher.digest(of: origin.bytes).hex }

  private func nextName(_ origin: NoteLine) -> String { "next-" + SHA256Hasher.digest(of: origin.bytes).hex }

  private func keptName(_ origin: NoteLine) -> String { "kept-" + SHA256Hasher.digest(of: origin.bytes).hex }

  private func pathName(_ path: String) -> String { "path-" + SHA256Hasher.digest(of: path.utf8).hex }
}
