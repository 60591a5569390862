internal import DurableStore
internal import Primitives
internal import TransparencyLog
internal import Wording

/// Which vault a damaged folder is, and which head it has: its own note and checkpoint if they are valid, otherwise
/// those of the second copy.
///
/// Nothing is changed before this is known. Where the acceptance of a restored copy was cut short, the checkpoint of
/// that copy is the valid one, and stays: to sign it anew takes the key. A copy from before the acceptance, or one that
/// was accepted where this one was not, or whose keys were replaced, serves for files, each of which is proven, but
/// neither for a note nor for a checkpoint.
///
/// Source: FORMAT sections 1, 3, 6 and 9.
struct Identification {
  let note: VaultNote
  let head: TreeHead
  /// The note of the second copy, if this vault has no valid one.
  let noteToPlace: [UInt8]?
  /// The checkpoint of the second copy, if this vault has no valid one.
  let checkpointToPlace: [UInt8]?
  /// Whether the note that counts still lies beside the one that it replaces; the next writer replaces it.
  let isNotePending: Bool
  /// How many entries the second copy has, if these are more: it went on where this vault did not.
  let laterCopySize: UInt64?

  /// - Throws: `VaultError.anotherVault` if the copy is one of another vault; `.replaced` if this machine saw another
  ///   vault at `path`; `.rolledBack` if the head is older than the one seen here; `.olderCheckpoint` if it is that of
  ///   the copy, and there are later entries here; `.damaged` if there is no valid note or checkpoint.
  init(_ root: Directory, path: String, copy: Directory?, environment: VaultEnvironment) throws {
    let own = try Self.note(in: root)
    let next = try Self.note(VaultNote.nextFileName, in: root)
    let others = try copy.flatMap { try Self.note(in: $0) }
    if let own, let others, !Self.isCopy(others, of: own) { throw Self.anotherVault(copy, others) }
    guard let known = own ?? others ?? next else {
      throw VaultError.damaged(Finding(.note, path: VaultNote.fileName, detail: "there is no valid vault note"))
    }
    if own == nil, let origin = try Self.signedOrigin(in: root), origin != known.origin {
      throw Self.anotherVault(copy, known)
    }
    let checkpoint = try Self.checkpoint(in: root, known)
    let isFormer = others.map { $0.origin != known.origin } ?? false
    guard let used = try checkpoint ?? (isFormer ? nil : copy.flatMap { try Self.checkpoint(in: $0, known) }) else {
      throw VaultError.damaged(Finding(.checkpoint, path: Vault.checkpointName, detail: "there is no valid checkpoint"))
    }
    let nexts = isFormer ? [next] : [next, others, try copy.flatMap { try Self.note(VaultNote.nextFileName, in: $0) }]
    guard let note = Self.fitting([own] + nexts, like: known, lines: used.lines) else {
      throw VaultError.damaged(
        Finding(.note, path: VaultNote.fileName, detail: Vault.otherNote(used.lines, known)))
    }
    try Pins(environment)?.requireNotOlder(note, head: used.head, isOwn: checkpoint != nil, path: path)
    if checkpoint == nil {
      let newer = NewerEntries(root: root, note: note, isNoteOwn: own != nil, head: used.head)
      if let size = try newer.size() { throw VaultError.olderCheckpoint(size: used.head.size, entries: size) }
    }
    self.note = note
    head = used.head
    isNotePending = own != nil && own != note && note == next
    noteToPlace = own == note || isNotePending ? nil : note.note.bytes
    checkpointToPlace = checkpoint == nil ? used.bytes : nil
    let copied = try copy.flatMap { copy in try others.flatMap { try Self.checkpoint(in: copy, $0) } }
    laterCopySize = copied.flatMap { $0.head.size > used.head.size ? $0.head.size : nil }
  }

  /// Whether this is the same vault, or one of them what the other was before a restored copy was accepted, or its keys
  /// replaced.
  private static func isCopy(_ other: VaultNote, of own: VaultNote) -> Bool {
    if other.origin == own.origin { return other.keys == own.keys }
    return own.key(.vault, of: other.origin) == other.vaultKey || other.key(.vault, of: own.origin) == own.vaultKey
  }

  private static func anotherVault(_ copy: Directory?, _ note: VaultNote) -> VaultError {
    .anotherVault(path: copy?.path ?? "", fingerprint: note.fingerprint)
  }

  /// The first note of the vault that has the readers which a head names, and its promise.
  private static func fitting(_ notes: [VaultNote?], like known: VaultNote, lines: HeadLines) -> VaultNote? {
    guard lines != HeadLines() else { return known }
    return notes.compactMap(\.self).first {
      $0.origin == known.origin && $0.keys == known.keys && $0.continuations == known.continuations
        && lines.fit($0)
    }
  }

  private static func note(_ name: String = VaultNote.fileName, in root: Directory) throws -> VaultNote? {
    try ifUndamaged { try VaultNote(root.contents(of: name, limit: SignedNote.maximumByteCount)) }
  }

  private static func signedOrigin(in root: Directory) throws -> NoteLine? {
    try ifUndamaged { try Checkpoint(SignedNote(checkpointBytes(in: root)).text).origin }
  }

  private static func checkpoint(
    in root: Directory, _ note: VaultNote
  ) throws -> (bytes: [UInt8], head: TreeHead, lines: HeadLines)? {
    try ifUndamaged {
      let bytes = try checkpointBytes(in: root)
      let signed = try SignedNote(bytes)
      let checkpoint = try Checkpoint(signed.text)
      var lines = try HeadLines(checkpoint)
      if note.isReplacedLast, checkpoint.origin != note.origin { lines.promised = nil }
      return (bytes, try note.head(signedIn: signed), lines)
    }
  }

  private static func checkpointBytes(in root: Directory) throws -> [UInt8] {
    try root.contents(of: Vault.checkpointName, limit: SignedNote.maximumByteCount)
  }
}

extension Pins {
  /// Checks a head whose tiles may be damaged against what this machine saw. Whether a larger one grew from it, the
  /// check after the repair says.
  func requireNotOlder(_ note: VaultNote, head: TreeHead, isOwn: Bool, path: String) throws {
    guard let seen = try headNotAfter(head, of: note, path: path) else { return }
    guard isOwn || seen.size < head.size || seen.root == head.root else {
      throw VaultError.damaged(Finding(.pin, detail: "the checkpoint of the copy is not the one seen here"))
    }
  }
}

/// What `body` reads; `nil` if it is missing or damaged.
///
/// - Throws: what says nothing of the file: that the process was asked to end, or may not read, or that the format is a
///   later one.
func ifUndamaged<Result>(_ body: () throws -> Result) throws -> Result? {
  do {
    return try body()
  } catch let error as StoreError {
    if error.isCircumstance { throw error }
    return nil
  } catch {
    if let error = error as? VaultError, case .newerFormat = error { throw error }
    return nil
  }
}
