internal import Age
internal import DurableStore
internal import Primitives
internal import StrictJSON
internal import TransparencyLog
internal import Wording

/// What was sealed anew.
public struct ResealReceipt: Sendable {
  /// How many objects are sealed to the present readers now, and were not before.
  public internal(set) var objectCount = 0
  /// How many records files are.
  public internal(set) var recordsCount = 0
  /// The entries that say so, one for each batch.
  public internal(set) var entries: [UInt64] = []
  /// The files that stay as they were: damaged ones, and those that none of the keys opens.
  public internal(set) var troubles: [Finding] = []
  /// The old files that could not be removed, relative to the vault. The next writer tries again.
  public internal(set) var remaining: [String] = []
  /// The head after the last batch; `nil` if there was none.
  public internal(set) var head: Vault.Head?
}

/// A file that was sealed anew, and is not in its place yet.
struct ResealedFile {
  let old: NamedFile
  let new: SealedObject

  var newPath: String {
    let folder = old.kind == .object ? ObjectReference.folder : RecordsReference.folder
    return StoredFile.path(folder, new.reference.digest)
  }
}

extension VaultReader {
  /// How much is sealed anew before the old files are removed, in bytes.
  public static let resealBatchByteCount: UInt64 = 256 << 20

  /// Wraps the key of every file that was sealed before the readers were last changed, for the readers that there are
  /// now. The payload stays as it is, and so does its key: whoever kept a copy still opens that. The signing key for
  /// those who have shares is closed to earlier reading keys first.
  ///
  /// Files are done in batches, each a commit of its own: the new files are in place, and an entry names the old ones
  /// with those in their places, before anything is removed. It may be interrupted at any instant and done again.
  ///
  /// - Throws: `VaultError.grownMeanwhile` if others go on adding; as `Vault.add`. What was done before stays done.
  ///
  /// Source: FORMAT sections 4 and 6.
  public func reseal(
    batchByteCount: UInt64 = resealBatchByteCount, signer: VaultSigner
  ) throws(VaultError) -> ResealReceipt {
    do {
      try vault.closeSigningRecovery(identities, signer: signer)
      var resealing = try Resealing(self, signer: signer, batchByteCount: batchByteCount)
      try resealing.run()
      var receipt = resealing.receipt
      // Each batch tries again what one before it could not remove.
      receipt.remaining.removeAll { !vault.root.contains($0) }
      return receipt
    } catch {
      throw VaultError(error)
    }
  }

  /// The files that were sealed before the readers were last changed, each once, in the order of entries.
  func filesToReseal() throws -> [NamedFile] {
    let replacements = try knownReplacements()
    var files: [(file: NamedFile, sealedBy: UInt64)] = []
    var seen: Set<Digest> = []
    let lastChange = try lastReaderChange()
    try forEachEntry(from: 0) { entry in
      let records = replacements.present(entry.records.digest)
      if seen.insert(records.digest).inserted {
        let reference = RecordsReference(digest: records.digest, line: 0)
        files.append((NamedFile(reference, item: entry.index), records.entry ?? entry.index))
      }
      guard let object = entry.object.map(replacements.present), !replacements.isGone(object.object) else { return }
      files.append((NamedFile(object.object, item: entry.index), object.entry ?? entry.index))
    }
    return files.filter { $0.sealedBy < lastChange }.map(\.file)
  }

  /// The entry that changed the readers last; 0 if none did.
  private func lastReaderChange() throws -> UInt64 {
    var last: UInt64 = 0
    try forEachEntry(from: 0) { if $0.readers != nil { last = $0.index } }
    return last
  }

  /// The intake vaults in use that were made before the readers were last changed: they seal to those from before.
  func intakesOfFormerReaders() throws -> [KnownIntake] {
    let lastChange = try lastReaderChange()
    return try intakes().filter { $0.revocation == nil && $0.index < lastChange }
  }
}

/// Seals files anew, a batch after the other.
private struct Resealing {
  /// An entry names the files of a batch, and has a limit.
  private static let maximumFileCount = 100
  private static let kind = "reseal"
  /// How often all is read again because others added something.
  private static let maximumRetryCount = 10

  private var reader: VaultReader
  private let signer: VaultSigner
  private let batchByteCount: UInt64
  private var head: TreeHead
  private var rest: ArraySlice<NamedFile>
  private var retryCount = 0
  private(set) var receipt = ResealReceipt()

  private var vault: Vault { reader.vault }

  init(_ reader: VaultReader, signer: VaultSigner, batchByteCount: UInt64) throws {
    self.reader = reader
    self.signer = signer
    self.batchByteCount = batchByteCount
    head = reader.head.tree
    rest = try reader.filesToReseal()[...]
    let byteCount = rest.reduce(0) { $0 &+ ((try? reader.vault.root.file($1.path).byteCount) ?? 0) }
    vault.environment.onPlan(byteCount)
  }

  mutating func run() throws {
    let incoming = try vault.root.directory(Vault.incomingFolder)
    while !rest.isEmpty {
      var batch: [ResealedFile] = []
      defer { for file in batch { file.new.discard() } }
      var byteCount: UInt64 = 0
      while batch.count < Self.maximumFileCount, byteCount < batchByteCount, let file = rest.popFirst() {
        guard let resealed = try reseal(file, in: incoming) else { continue }
        byteCount &+= resealed.new.reference.byteCount
        batch.append(resealed)
      }
      if !batch.isEmpty { try commit(batch) }
    }
  }

  /// Seals a file anew; `nil` if it cannot be read: that is told at the end. What is damaged is not signed again.
  private mutating func reseal(_ file: NamedFile, in incoming: Directory) throws -> ResealedFile? {
    do { return try sealAnew(file, in: incoming) } catch let error as StoreError {
      // What cannot be written ends it all.
      guard !error.isCircumstance, error.path == vault.root.displayPath(file.path) else { throw error }
      receipt.troubles.append(trouble(file, error))
    } catch {
      receipt.troubles.append(trouble(file, error))
    }
    return nil
  }

  private func sealAnew(_ file: NamedFile, in incoming: Directory) throws -> ResealedFile {
    let environment = vault.environment
    let source = DigestingSource(CountingSource(try vault.root.file(file.path), onProgress: environment.onProgress))
    let name = vault.placement(incoming).newName(file.kind == .object ? ".object" : ".records")
    let output = try incoming.createFileAmongOthers(name)
    do {
      let sink = DigestingSink(output)
      try Sealing.rewrap(
        from: source, to: sink, with: reader.identities, for: vault.note.readers, options: environment.sealingOptions)
      guard source.digest == file.digest else { throw Damaged() }
      try output.finish()
      let reference = ObjectReference(digest: sink.digest, byteCount: sink.byteCount)
      return ResealedFile(
        old: file, new: SealedObject(folder: incoming, name: name, reference: reference, presence: output))
    } catch {
      try? incoming.remove(name)
      throw error
    }
  }

  private struct Damaged: Error {}

  private func trouble(_ file: NamedFile, _ error: any Error) -> Finding {
    let subject: Finding.Subject = file.kind == .object ? .object : .record
    switch error {
    case AgeError.noMatch:
      return Finding(
        .readers, severity: .notice, item: file.item, path: file.path, detail: "none of the keys opens it")
    case StoreError.notFound:
      return Finding(subject, item: file.item, path: file.path, detail: "the file is missing")
    case is Damaged:
      return Finding(subject, item: file.item, path: file.path, detail: "the file has another digest than its name")
    default:
      return Finding(subject, item: file.item, path: file.path, error: error)
    }
  }

  private mutating func commit(_ batch: [ResealedFile]) throws {
    let environment = vault.environment
    let objectCount = batch.count { $0.old.kind == .object }
    let fields: JSONObject = [
      "objects_resealed": .integer(Int64(objectCount)), "records_resealed": .integer(Int64(batch.count - objectCount)),
    ]
    let record = try ComposedRecord(
      kind: Self.kind, added: environment.now(), fields: Schema.named(Self.kind).validated(fields), files: [],
      randomness: environment.randomness)
    let removal = PreparedRemoval(objects: [], records: [], resealed: batch)
    do {
      let committed = try vault.commit(
        [PreparedEntry(record: record, object: nil, removal: removal)], expecting: head, signer: signer)
      head = committed.head.tree
      receipt.head = committed.head
      receipt.entries.append(committed.indices.lowerBound)
      receipt.remaining += committed.remaining
      receipt.objectCount += objectCount
      receipt.recordsCount += batch.count - objectCount
    } catch VaultError.grownMeanwhile where retryCount < Self.maximumRetryCount {
      // Something may have been withdrawn: what is to be done is worked out again.
      retryCount += 1
      let troubled = Set(receipt.troubles.compactMap(\.path))
      reader = try VaultReader(vault, identities: reader.identities)
      head = reader.head.tree
      rest = try reader.filesToReseal().filter { !troubled.contains($0.path) }[...]
    }
  }
}
