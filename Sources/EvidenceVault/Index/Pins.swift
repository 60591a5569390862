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
  ///   if the vault was seen under a later origin; `.restoredWithLess` if it went on from less than was seen, and says
  ///   nothing of the rest; `.damaged` if the pinned head is not part of this tree.
  func check(_ note: VaultNote, head: TreeHead, tree: TileTree, path: String) throws {
    guard let seen = try headNotAfter(head, of: note, path: path) else { return }
    if seen.size == head.size ? seen.root != head.root : try tree.head(ofSize: seen.size) != seen {
      throw VaultError.damaged(
        Finding(.pin, detail: "the head seen here at \(seen.size) entries is not part of this index"))
    }
  }

  /// The head seen last of the vault at `path`; `nil` if there is none.
  ///
  /// - Throws: `VaultError.replaced`, `.rolledBack`, `.superseded`, `.restoredWithLess`, as `check`.
  func headNotAfter(_ head: TreeHead, of note: VaultNote, path: String) throws -> TreeHead? {
    guard let directory = try? Directory(opening: folder) else { return nil }
    if let bytes = try? directory.contents(of: pathName(path), limit: Self.maximumByteCount), !bytes.isEmpty,
      !isKeyLine(bytes, of: note)
    {
      if isReplacedSince(note, in: directory) { throw VaultError.signingKey(.replacedSince) }
      guard note.vaultKeys.contains(where: { isKeyLine(bytes, of: $0) }) else {
        throw VaultError.replaced(path: path, fingerprint: note.fingerprint)
      }
    }
    guard let pinned = pinnedNote(note, in: directory) else {
      return try headBeforeContinuation(of: note, in: directory)
    }
    if isReplacedSince(note, in: directory) { throw VaultError.signingKey(.replacedSince) }
    guard let seen = verifiedHead(pinned, note) else {
      throw VaultError.replaced(path: path, fingerprint: note.fingerprint)
    }
    if seen.size > head.size { throw VaultError.rolledBack(seenSize: seen.size, size: head.size) }
    if directory.contains(nextName(note.origin)) { throw VaultError.superseded }
    return seen
  }

  /// The head seen last under an origin that the vault had before; `nil` if there is none, or it was given up when a
  /// copy was restored, and the note says so. Keys that followed since have to be those that were promised with that
  /// head, and go on from it or a later one.
  private func headBeforeContinuation(of note: VaultNote, in directory: Directory) throws -> TreeHead? {
    guard let (former, seen) = formerHead(of: note, in: directory) else { return nil }
    let period = note.keyPeriods.first { $0.vaultKey == note.key(.vault, of: former.origin)?.key }
    if let next = period?.next, let promised = try? HeadLines(seen).promised, promised != VaultNote.promise(of: next) {
      throw VaultError.signingKey(.notPromised)
    }
    let since = note.continuations.drop { $0.origin != former.origin }
    guard let less = since.first(where: { $0.kept.size < seen.head.size }) else { return seen.head }
    guard !less.isKeyReplacement else {
      throw VaultError.rolledBack(seenSize: seen.head.size, size: less.kept.size)
    }
    guard less.isGivenUp(seen.head.size), seen.head.size < less.lastSeen.size || seen.head == less.lastSeen else {
      throw VaultError.restoredWithLess(seenSize: seen.head.size, kept: less.kept.size)
    }
    environment.onGivenUp(seen.head.size - less.kept.size)
    return nil
  }

  /// The checkpoint seen last under the latest of the origins before of which there is one.
  private func formerHead(of note: VaultNote, in directory: Directory) -> (former: Continuation, seen: Checkpoint)? {
    guard let former = note.continuations.last(where: { directory.contains(headName($0.origin)) }),
      let key = note.key(.checkpoints, of: former.origin),
      let bytes = try? directory.contents(of: headName(former.origin), limit: Self.maximumByteCount),
      let seen = try? SignedNote(bytes).verifiedCheckpoint(of: former.origin, by: [key]).checkpoint
    else { return nil }
    return (former, seen)
  }

  /// Whether the vault was seen under a later origin that has other keys than this note.
  private func isReplacedSince(_ note: VaultNote, in directory: Directory) -> Bool {
    var origin = note.origin
    for _ in 0...Continuation.maximumCount {
      guard let line = try? directory.contents(of: nextName(origin), limit: Self.maximumByteCount),
        let next = try? NoteLine(line.dropLast())
      else { break }
      origin = next
    }
    guard origin != note.origin, let name = try? VaultNote.name(.checkpoints, origin: origin),
      let bytes = try? directory.contents(of: headName(origin), limit: Self.maximumByteCount),
      let signed = try? SignedNote(bytes)
    else { return false }
    let key = VerifierKey(name: name, key: note.key(.checkpoints).key)
    return (try? signed.verified(by: [key])) == nil
  }

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
    // Another command may have seen a later head meanwhile.
    let seen = pinnedNote(note, in: directory).flatMap { verifiedHead($0, note) }
    if (seen?.size ?? 0) <= head.size {
      write(checkpoint.bytes, as: headName(note.origin), in: directory)
    }
    write(keyLine(note), as: pathName(path), in: directory)
    for former in note.continuations {
      write(note.origin.bytes + [UInt8(ascii: "\n")], as: nextName(former.origin), in: directory)
    }
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
  private func isKeyLine(_ bytes: [UInt8], of note: VaultNote) -> Bool { isKeyLine(bytes, of: note.vaultKey.key) }

  private func isKeyLine(_ bytes: [UInt8], of known: VerifyingKey) -> Bool {
    guard bytes.last == UInt8(ascii: "\n"), let text = String(validating: bytes.dropLast(), as: UTF8.self),
      let key = try? VerifierKey(text)
    else { return false }
    return key.key == known
  }

  private func keyLine(_ note: VaultNote) -> [UInt8] { Array("\(note.vaultKey)\n".utf8) }

  private func headName(_ origin: NoteLine) -> String { "head-" + SHA256Hasher.digest(of: origin.bytes).hex }

  private func nextName(_ origin: NoteLine) -> String { "next-" + SHA256Hasher.digest(of: origin.bytes).hex }

  private func pathName(_ path: String) -> String { "path-" + SHA256Hasher.digest(of: path.utf8).hex }
}
