internal import Age
internal import DurableStore
internal import Primitives
internal import TransparencyLog
internal import Wording

/// Who reads the vault, as its index holds it: once readers were added or removed, every checkpoint names the digest of
/// the reader lines of `vault.note`, and so does the entry that changed them. A list that somebody put back is found
/// by every command that reads the head.
///
/// Source: FORMAT sections 3 and 6.
extension VaultNote {
  /// The note that takes the place of `vault.note` once the checkpoint names its readers.
  static let nextFileName = "next.note"

  /// SHA-256 of the reader lines as they stand in the note.
  var readersDigest: Digest {
    SHA256Hasher.digest(of: readers.flatMap { Array("reader \($0)\n".utf8) })
  }

  /// The same vault with other readers.
  func reading(_ readers: [Recipient], signer: VaultSigner) throws -> VaultNote {
    try VaultNote(
      origin: origin, continuations: continuations, promised: promised, readers: readers, signer: signer)
  }

  /// The same vault with a promise of the key that follows.
  func promising(_ next: Digest, signer: VaultSigner) throws -> VaultNote {
    try VaultNote(origin: origin, continuations: continuations, promised: next, readers: readers, signer: signer)
  }

  /// The note that counts. Between the commit of a change of readers, or of a promise, and the replacement of
  /// `vault.note`, that is the next one.
  ///
  /// - Throws: what reading `vault.note` throws.
  static func present(in root: Directory) throws -> VaultNote {
    for _ in 0..<3 {
      let note = try VaultNote(root.contents(ofOwn: fileName, .note))
      guard root.contains(nextFileName) else { return note }
      do { return try note.next(in: root) ?? note } catch StoreError.notFound {
        // A writer has just put it in its place.
        continue
      }
    }
    return try VaultNote(root.contents(ofOwn: fileName, .note))
  }

  /// The next note, if the checkpoint names its readers, and the key that it promises, and not those of this note.
  ///
  /// - Throws: `StoreError.notFound`; a note that is damaged, or of another vault, is none.
  private func next(in root: Directory) throws -> VaultNote? {
    let bytes: [UInt8]
    do { bytes = try root.contents(of: Self.nextFileName, limit: SignedNote.maximumByteCount) } catch {
      if case StoreError.notFound = error { throw error }
      return nil
    }
    guard let next = try? VaultNote(bytes), next.origin == origin, next.keys == keys,
      next.continuations == continuations,
      let checkpoint = try? SignedNote(root.contents(of: Vault.checkpointName, limit: SignedNote.maximumByteCount)),
      (try? head(signedIn: checkpoint)) != nil, let lines = try? HeadLines(Checkpoint(checkpoint.text)),
      lines.fit(next), !lines.fit(self)
    else { return nil }
    return next
  }
}

extension Vault {
  /// Requires that the note has the readers that the head names, and the promise.
  ///
  /// - Throws: `StoreError.changed` if another process has changed them; `VaultError.damaged`.
  func requireFit(_ head: Head) throws {
    guard try !fits(head) else { return }
    if let now = try? VaultNote.present(in: root), now != note {
      throw StoreError.changed(path: root.displayPath(VaultNote.fileName))
    }
    throw VaultError.damaged(Finding(.note, path: VaultNote.fileName, detail: Self.otherNote(try head.lines, note)))
  }

  /// In what a note and a head differ.
  static func otherNote(_ lines: HeadLines, _ note: VaultNote) -> Phrase {
    lines.readers == nil || lines.readers == note.readersDigest
      ? "it does not promise the signing key that the signed head names"
      : "its readers are not those that the signed head names"
  }

  /// Requires, under the lock, that the note that counts is still the one that was read, and puts it in its place if
  /// whoever changed it could not. A next note that never came to count is removed, and so is a signing key.
  ///
  /// - Throws: `StoreError.changed`.
  func settleNote() throws {
    let present = try root.contents(of: VaultNote.fileName, limit: SignedNote.maximumByteCount)
    let isPresent = present == note.note.bytes
    if isPresent, !root.contains(VaultNote.nextFileName) { return try settleKeys() }
    let fits = try fits(readHead())
    func changed() -> StoreError { .changed(path: root.displayPath(VaultNote.fileName)) }
    if isPresent {
      guard fits else { throw changed() }
      try? root.remove(VaultNote.nextFileName)
    } else {
      guard let next = try? root.contents(of: VaultNote.nextFileName, limit: SignedNote.maximumByteCount),
        next == note.note.bytes, fits
      else { throw changed() }
      try putNextNote()
    }
    try settleKeys()
  }

  /// Requires that a folder stands nowhere in the way of the next note: all else was removed when the note was settled.
  ///
  /// - Throws: `VaultError.damaged`.
  func requirePlaceForNextNote() throws {
    guard !root.contains(VaultNote.nextFileName) else { throw VaultError.damaged(.obstacle(VaultNote.nextFileName)) }
  }

  /// Puts the next note in the place of `vault.note`: `renameat`, `fsync` of the root.
  func putNextNote() throws {
    try root.replace(VaultNote.fileName, in: root, with: VaultNote.nextFileName)
    try root.sync()
  }
}
