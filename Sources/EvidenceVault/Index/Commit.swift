internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import Streams
internal import TransparencyLog
internal import Wording

/// One entry ready to be committed: its record, and its object if it is an item.
struct PreparedEntry {
  let record: ComposedRecord
  let object: SealedObject?
  /// What the entry takes out of the vault.
  var removal: PreparedRemoval?
  /// The note with other readers, or with a promise, if the entry is about that.
  var newNote: VaultNote?
  /// The digest of the signing key that the entry promises.
  var promised: Digest?
  /// Whether the caches may hold what the entry takes out, or open to whom it takes from the readers.
  var endsCaches = false
}

/// What a commit did.
struct Committed {
  /// The numbers of the entries.
  let indices: Range<UInt64>
  /// The head that they lead to.
  let head: Vault.Head
  /// What the entries took out, or made useless, and could not be removed: files, relative to the vault. The next
  /// writer tries again.
  let remaining: [String]
}

/// What is to be taken out of the vault.
struct PreparedRemoval {
  /// SHA-256 of the objects.
  let objects: [Digest]
  /// The records files that hold something of it, each with what is to stay of its lines.
  let records: [(old: Digest, lines: [[Disclosure]])]
  /// The files that were sealed to other readers.
  var resealed: [ResealedFile] = []
}

extension Vault {
  /// Puts entries into the index, all or none.
  ///
  /// The order makes every instant safe: objects, then records, then tiles, each on disk under its final name before
  /// the next begins; then the checkpoint, whose replacement is the one step that makes the entries part of the vault.
  /// Per commit: `flock`; for the objects, the records file and the tiles, one after the other, `fsync` and
  /// `renameat2(RENAME_NOREPLACE)` of each file, and then `fsync` of each folder that got one, and those above it; for
  /// the checkpoint `fsync`, `renameat` and `fsync` of the root; then `unlinkat` of what it made useless and `fsync` of
  /// the folders of that, before the intent goes. Many objects lie in a folder of their own in
  /// `incoming/` and are on disk, with their names, before the lock is taken.
  ///
  /// - Parameter finish: What belongs to the entries and is outside of the index, once they are in it: under the lock,
  ///   and whatever asks the process to end meanwhile.
  /// - Throws: what reading the head throws, `StoreError.busy` if the lock is not to be had, or the file system's
  ///   refusal. Nothing is in the index then, unless it was the last sync of all that failed; the next commit removes
  ///   what lies about. What `finish` throws; the entries are in the index then.
  func commit(
    _ entries: [PreparedEntry], expecting expected: TreeHead? = nil, signer: VaultSigner,
    finishing finish: () throws -> Void = {}
  ) throws -> Committed {
    let incoming = try root.directory(Self.incomingFolder)
    defer { for object in entries.compactMap(\.object) { object.discard() } }
    let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
    // Whoever waited for the lock may have read a note that was replaced meanwhile: what it would sign, under the old
    // origin, would be a second history.
    try settleNote()
    let old = try headToGoOnFrom(signer: signer, in: incoming, expecting: expected)
    do {
      let (new, remaining) = try commit(entries, after: old, signer: signer, in: incoming, finishing: finish)
      _ = consume lock
      return Committed(indices: old.tree.size..<new.tree.size, head: new, remaining: remaining)
    } catch {
      tidyUpAfterFailure(in: incoming)
      throw error
    }
  }

  /// The head that a commit goes on from, and nothing of a dead writer beside it; by whoever holds the lock. Where the
  /// signing key was replaced, the entry that says so comes before all else that the new key signs.
  func headToGoOnFrom(
    signer: VaultSigner, in incoming: Directory, expecting expected: TreeHead? = nil
  ) throws -> Head {
    var head = try head()
    if note.isReplacedLast, !isOwn(head) {
      head = try finishReplacement(reason: nil, signer: signer, in: incoming)
    }
    // What depends on other entries is worked out again if there are new ones.
    if let expected, expected != head.tree { throw VaultError.grownMeanwhile }
    try tidyUp(incoming, head: head.tree)
    return head
  }

  /// Removes what a commit that failed leaves behind, also one that failed because the process was asked to end.
  func tidyUpAfterFailure(in incoming: Directory) {
    let held = HeldInterrupts()
    // What the old head needs stays, even if the new one is in its place: that may not be on disk.
    if let now = try? readHead() { try? tidyUp(incoming, head: now.tree, keepingOutgrown: true) }
    try? settleNote()
    _ = consume held
  }

  /// Puts entries into the index, as `commit`, by whoever holds the lock. Tells what could not be removed, too.
  func commit(
    _ entries: [PreparedEntry], after old: Head, signer: VaultSigner, in incoming: Directory,
    finishing finish: () throws -> Void = {}
  ) throws -> (head: Head, remaining: [String]) {
    let newNote = entries.compactMap(\.newNote).last
    let readers = newNote?.readers ?? note.readers
    let (recordsName, recordsDigest) = try RecordsFile.seal(
      entries.map(\.record.disclosures), to: readers, in: incoming, environment: environment)
    let recordsPath = RecordsReference(digest: recordsDigest, line: 0).path
    let replaced = try entries.map { try seal($0.removal, in: incoming) }
    let leaves = try sign(entries, replaced.map(\.removal), recordsDigest, signer)
    let (tiles, head) = try LogAppender.append(leaves, to: old.tree, reader: TileStore(root: root).reader)
    let objects = entries.compactMap(\.object)
    let outgrown = TileStore.outgrown(from: old.tree.size, to: head.size).map(\.description)
    let removals = replaced.compactMap(\.removal)
    let caches = entries.contains(where: \.endsCaches) ? Catalog.Contents.allCases.map(\.fileName) : []
    let removed = removals.flatMap(\.paths) + caches
    let placed =
      objects.map(\.reference.path) + removals.flatMap(\.newPaths) + [recordsPath] + tiles.map(\.path.description)
    let placement = placement(incoming)
    let intent = try placement.write(
      CommitIntent(head: head, placed: placed, outgrown: outgrown + removed).bytes, ending: CommitIntent.ending)
    try incoming.sync()

    try placement.place(objects.map { .init(folder: $0.folder, name: $0.name, path: $0.reference.path) })
    try placement.place(replaced.flatMap(\.files))
    try placement.place(recordsName, at: recordsPath)
    try place(tiles, old: old.tree, in: incoming)
    if let newNote {
      try requirePlaceForNextNote()
      try keepCertificate(in: incoming)
      let name = try placement.write(newNote.note.bytes, ending: ".part", finalMode: 0o600)
      try placement.place(name, at: VaultNote.nextFileName)
    }
    var lines = try old.lines
    // What replaced keys had promised is kept now, and binds the present ones no more.
    if note.isReplacedLast, !isOwn(old) { lines.promised = nil }
    if let newNote, newNote.readers != note.readers { lines.readers = newNote.readersDigest }
    if let promised = entries.compactMap(\.promised).last { lines.promised = promised }
    let held = HeldInterrupts()
    let new = try publish(head, lines: lines, signer: signer, in: incoming)
    // If this fails, the next writer does it.
    if newNote != nil { try? putNextNote() }

    let remaining = removeAll(outgrown + removed)
    if remaining.isEmpty, sync(foldersOf: outgrown + removed) { try? incoming.remove(intent) }
    try finish()
    _ = consume held
    return (new, remaining.filter(removed.contains))
  }

  /// Puts removals on disk and tells whether that worked out: an intent that went first would leave nobody to finish
  /// them. Nothing was removed from a folder that is not there, or has a name that no writer gives.
  private func sync(foldersOf paths: [String]) -> Bool {
    for folder in Set(paths.map { $0.split(separator: "/").dropLast().joined(separator: "/") }) {
      do { try (folder.isEmpty ? root : root.directory(folder)).sync() } catch StoreError.notFound {
        continue
      } catch StoreError.unreadableName {
        continue
      } catch { return false }
    }
    return true
  }

  /// Signs a head whose entries are on disk, and puts it in the place of the old one. By whoever holds interrupts:
  /// where the head is not remembered that counts, an older copy passes for the present one.
  func publish(_ head: TreeHead, lines: HeadLines, signer: VaultSigner, in incoming: Directory) throws -> Head {
    let checkpoint = try Self.checkpoint(head, lines: lines, note: note, signer: signer)
    let name = try placement(incoming).write(checkpoint.bytes, ending: ".part")
    try incoming.replace(Self.checkpointName, in: root, with: name)
    try root.sync()
    environment.onCommit()
    let new = Head(tree: head, note: checkpoint)
    pin(new)
    return new
  }

  /// Seals what stays of the records files that a removal touches, and says where all that takes the place of something
  /// is to be.
  private func seal(
    _ removal: PreparedRemoval?, in incoming: Directory
  ) throws -> (removal: Removal?, files: [Placement.File]) {
    guard let removal else { return (nil, []) }
    var files = removal.resealed.map { Placement.File(folder: $0.new.folder, name: $0.new.name, path: $0.newPath) }
    var records = removal.resealed.filter { $0.old.kind == .records }.map {
      Removal.Replacement(old: $0.old.digest, new: $0.new.reference.digest)
    }
    for (old, lines) in removal.records {
      let (name, new) = try RecordsFile.seal(lines, to: note.readers, in: incoming, environment: environment)
      files.append(.init(folder: incoming, name: name, path: RecordsReference(digest: new, line: 0).path))
      records.append(Removal.Replacement(old: old, new: new))
    }
    let resealed = removal.resealed.filter { $0.old.kind == .object }.map {
      Removal.Resealing(old: $0.old.digest, new: $0.new.reference)
    }
    return (Removal(objects: removal.objects, resealed: resealed, records: records), files)
  }

  private func sign(
    _ entries: [PreparedEntry], _ removals: [Removal?], _ recordsDigest: Digest, _ signer: VaultSigner
  ) throws -> [[UInt8]] {
    let key = signer.key(for: .records)
    var leaves: [[UInt8]] = []
    for (line, (entry, removal)) in zip(entries, removals).enumerated() {
      leaves.append(
        try Entry.sign(
          entry.record, object: entry.object?.reference, removal: removal, marks: marks(of: entry),
          records: RecordsReference(digest: recordsDigest, line: line), origin: note.origin.description, key: key,
          randomness: environment.randomness))
    }
    return leaves
  }

  /// What an entry says in the clear of the note that comes with it.
  private func marks(of entry: PreparedEntry) -> Entry.Marks {
    let readers = entry.newNote.flatMap { $0.readers == note.readers ? nil : $0.readersDigest }
    return Entry.Marks(readers: readers, promised: entry.promised)
  }

  /// A tile that a dead writer left at the same path is removed first; one that the head covers never is.
  private func place(_ tiles: [TileFile], old: TreeHead, in incoming: Directory) throws {
    let placement = placement(incoming)
    var files: [Placement.File] = []
    for tile in tiles {
      let path = tile.path.description
      if let present = try? root.contents(of: path, limit: TileStore.maximumByteCount) {
        if present == tile.bytes { continue }
        guard !tile.path.isCovered(byTreeOf: old.size) else {
          throw VaultError.damaged(Finding(.index, path: path, detail: "the tile differs from what the index holds"))
        }
        try root.remove(path)
      }
      files.append(.init(folder: incoming, name: try placement.write(tile.bytes, ending: ".part"), path: path))
    }
    try placement.place(files)
  }

  func placement(_ incoming: Directory) -> Placement {
    Placement(root: root, incoming: incoming, environment: environment)
  }

  /// Removes what writers that are no longer alive left behind. A living writer holds a lock on its file.
  func tidyUp(_ incoming: Directory, head: TreeHead, keepingOutgrown: Bool = false) throws {
    let lock = try FileLock(on: incoming, patience: environment.lockPatience)
    for entry in try incoming.entries() {
      if let name = entry.name, entry.kind == .directory { incoming.removeAbandonedFolder(name) }
      guard let name = entry.name, entry.kind == .file, !FileLock.isHeld(name, in: incoming) else { continue }
      if name.hasSuffix(CommitIntent.ending),
        !(try isDone(name, in: incoming, head: head, keepingOutgrown: keepingOutgrown))
      {
        continue
      }
      // A catalog may have found its place meanwhile.
      do { try incoming.remove(name) } catch StoreError.notFound { continue }
    }
    _ = consume lock
  }

  /// Does what an intent leaves to do. Returns whether nothing is left of it; one that a failing disk does not give
  /// away stays, and stops nobody.
  private func isDone(_ name: String, in incoming: Directory, head: TreeHead, keepingOutgrown: Bool) throws -> Bool {
    do {
      guard let intent = try CommitIntent.read(name, in: incoming) else { return true }
      return try tidyUp(after: intent, head: head, keepingOutgrown: keepingOutgrown)
    } catch let error as StoreError where !error.isCircumstance && error.path == incoming.displayPath(name) {
      return false
    }
  }

  /// Removes what a dead writer had placed for a head that was never signed, or what it had made useless, for that head
  /// or an earlier one. An intent may come from anywhere, a careless copy for one: nothing that the head covers is
  /// removed for it.
  ///
  /// Returns whether the intent has done its duty; as long as it has not, it stays for the next writer.
  private func tidyUp(after intent: CommitIntent, head: TreeHead, keepingOutgrown: Bool) throws -> Bool {
    if intent.head == head, keepingOutgrown { return intent.outgrown.isEmpty }
    let paths = intent.head.size > head.size ? intent.placed : intent.outgrown
    guard !paths.isEmpty else { return true }
    let covered = try coveredPaths(head)
    let removed = paths.filter { !covered.contains($0) }
    return removeAll(removed).isEmpty && sync(foldersOf: removed)
  }

  /// Removes files that may be gone already, or have names that no writer gives, and tells which could not be removed.
  private func removeAll(_ paths: [String]) -> [String] {
    var remaining: [String] = []
    for path in paths {
      do { try root.remove(path) } catch StoreError.notFound { continue } catch StoreError.unreadableName {
        continue
      } catch { remaining.append(path) }
    }
    return remaining
  }

  private func coveredPaths(_ head: TreeHead) throws -> Set<String> {
    let index = tree(head)
    var covered = Set(TilePath.all(inTreeOf: head.size).map(\.description))
    var removed: [String] = []
    for bundle in 0..<((head.size + 255) / 256) {
      for (offset, leaf) in try index.entries(inBundle: bundle).enumerated() {
        let entry = try Entry(index: bundle * 256 + UInt64(offset), leaf: leaf, in: note)
        covered.insert(entry.records.path)
        if let object = entry.object { covered.insert(object.path) }
        guard let removal = entry.removal else { continue }
        covered.formUnion(removal.newPaths)
        removed += removal.paths
      }
    }
    return covered.subtracting(removed)
  }
}
