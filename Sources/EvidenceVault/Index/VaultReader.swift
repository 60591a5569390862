public import Age
internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import Streams
internal import StrictJSON
public import Tar
internal import TransparencyLog
internal import Wording

/// A vault with a reading identity: entries, records and files, all proven against one head.
public final class VaultReader {
  /// The vault.
  public let vault: Vault
  /// The head against which all is proven.
  public let head: Vault.Head
  let identities: [Identity]
  let tree: TileTree
  private var opened: (digest: Digest, records: [[Disclosure]])?
  private var replacements: Replacements?
  /// What `custody` has read.
  var custodyBook: CustodyBook?
  /// What `testimonyLinks` has read.
  var knownTestimonyLinks: TestimonyLinks?

  /// Prepares to read; at least one of `identities` must be that of a reader of the vault.
  ///
  /// - Throws: `VaultError.notAReader`, and as `Vault.head`.
  public init(_ vault: Vault, identities: [Identity]) throws(VaultError) {
    try vault.requireReader(identities)
    self.vault = vault
    self.head = try vault.head()
    self.identities = identities
    self.tree = vault.tree(head.tree)
  }

  /// The number of entries.
  public var count: UInt64 { head.tree.size }

  /// One record with everything in it.
  ///
  /// - Throws: `VaultError.noSuchItem`, `.damaged`, `.wrongIdentity`.
  public func record(at index: UInt64) throws(VaultError) -> Record {
    do { return try record(of: entry(at: index)) } catch { throw VaultError(error) }
  }

  /// Visits the records from `start` on, in order.
  public func forEachRecord(from start: UInt64 = 0, _ body: (Record) throws -> Void) throws(VaultError) {
    do { try forEachEntry(from: start) { try body(record(of: $0)) } } catch { throw VaultError(error) }
  }

  func forEachEntry(from start: UInt64, _ body: (Entry) throws -> Void) throws {
    var index = start
    while index < count {
      let leaves = try tree.entries(inBundle: index / 256)
      for leaf in leaves.dropFirst(Int(index % 256)) {
        try body(Entry(index: index, leaf: leaf, in: vault.note))
        index += 1
      }
    }
  }

  /// Writes the files of an item into a new folder at `path`. With `only`, just that file.
  ///
  /// - Throws: `VaultError`; there is nothing at `path` then.
  public func extract(_ index: UInt64, only wanted: ArchivePath? = nil, to path: String) throws(VaultError) -> Int {
    do {
      let entry = try entry(at: index)
      let record = try record(of: entry)
      guard entry.object != nil else { throw VaultError.notAnItem(index, kind: record.kind) }
      if let wanted, !record.files.contains(where: { $0.path == wanted }) {
        throw VaultError.file(.notFound(path: wanted.text))
      }
      let files = record.files.filter { wanted == nil || $0.path == wanted }
      vault.environment.onPlan(files.reduce(0) { $0 &+ $1.byteCount })
      let nonce = Hex.encode(vault.environment.randomness.bytes(8))
      let quarantine = try Quarantine(for: path, nonce: nonce)
      let receiver = FolderReceiver(quarantine)
      try readObject(entry, record, only: wanted, into: receiver)
      let document = try quarantine.createFile(["record.json"], unlessTakenBy: record)
      try document?.write(record.document())
      try document?.finish()
      try quarantine.publish()
      return receiver.fileCount
    } catch {
      throw VaultError(error)
    }
  }

  func entry(at index: UInt64) throws -> Entry {
    guard index < count else { throw VaultError.noSuchItem(index) }
    return try Entry(index: index, leaf: tree.entry(at: index), in: vault.note)
  }

  func record(of entry: Entry) throws -> Record {
    let lines = try records(entry)
    guard lines.indices.contains(entry.records.line) else {
      throw VaultError.damaged(
        Finding(.record, item: entry.index, path: entry.records.path, detail: "the line of this entry is missing"))
    }
    if lines[entry.records.line].isEmpty, let by = try knownReplacements().withdrawer(of: entry) {
      throw VaultError.withdrawn(entry.index, by: by)
    }
    let presentation = Presentation(jws: entry.jws, disclosures: lines[entry.records.line])
    return try Record(index: entry.index, presentation: presentation)
  }

  func readObject(
    _ entry: Entry, _ record: Record, only wanted: ArchivePath? = nil, into receiver: any ItemReceiver
  ) throws {
    let reader = ObjectReader(
      root: vault.root, origin: vault.note.origin(ofEntry: entry.index).description, identities: identities,
      environment: vault.environment)
    let object = try presentObject(of: entry)
    do {
      try reader.read(
        entry, record: record, object: object, only: wanted, into: receiver,
        workerCount: vault.environment.workerCount)
    } catch VaultError.damaged(let finding) {
      // What was withdrawn or sealed anew after the head was read is not there any more.
      if let object, !vault.root.contains(object.path), let now = try? vault.readHead().tree, now != head.tree {
        throw VaultError.grownMeanwhile
      }
      throw VaultError.damaged(finding)
    }
  }

  /// The proof that an entry is in the index, as a file that travels with it.
  func proof(for entry: Entry) throws -> TlogProof {
    try TlogProof(inclusion: tree.inclusionProof(for: entry.index), note: head.note)
  }

  /// The records file that holds for an entry: a withdrawal may have replaced the one that it names. Whether that is
  /// there still does not matter; a crash or a backup may have left it.
  func presentRecords(of entry: Entry) throws -> Digest {
    try knownReplacements().present(entry.records.digest).digest
  }

  /// The object that holds for an entry: it may have been sealed to other readers since.
  func presentObject(of entry: Entry) throws -> ObjectReference? {
    try entry.object.map { try knownReplacements().present($0).object }
  }

  func knownReplacements() throws -> Replacements {
    if let replacements { return replacements }
    let found = try Replacements(root: vault.root, head: head.tree, tree: tree, note: vault.note)
    replacements = found
    return found
  }

  /// The lines of the records file of an entry; entries of one commit come one after the other and share it.
  func records(_ entry: Entry) throws -> [[Disclosure]] {
    if let opened, opened.digest == entry.records.digest { return opened.records }
    let present = try presentRecords(of: entry)
    let path = RecordsReference(digest: present, line: 0).path
    func damaged(_ detail: Phrase) -> VaultError {
      .damaged(Finding(.record, item: entry.index, path: path, detail: detail))
    }
    do {
      let bytes = try vault.root.contents(of: path, limit: RecordsFile.maximumByteCount)
      guard SHA256Hasher.digest(of: bytes) == present else { throw damaged("the file has another digest") }
      let records = try RecordsFile.open(MemorySource(bytes), with: identities)
      opened = (entry.records.digest, records)
      return records
    } catch StoreError.notFound {
      // A withdrawal that came after the head was read takes files away.
      if let now = try? vault.readHead().tree, now != head.tree { throw VaultError.grownMeanwhile }
      throw damaged("the file is missing")
    } catch AgeError.noMatch {
      throw VaultError.wrongIdentity(what: Phrase(verbatim: path))
    } catch let error as AgeError {
      throw damaged("the sealed file is damaged: \(DamageText.phrase(error))")
    } catch is SDJWTError {
      throw damaged("what it discloses has not the form that it must have")
    } catch let error as JSONError {
      throw damaged(DamageText.phrase(error))
    } catch let error as StoreError where !error.isCircumstance {
      throw damaged(DamageText.phrase(error))
    }
  }
}

extension Quarantine {
  /// A file at the top of the folder, unless the item has a file of that name.
  fileprivate func createFile(_ components: [String], unlessTakenBy record: Record) throws -> FileSink? {
    let isTaken = record.files.contains { file in
      file.path?.components.first.map { $0.elementsEqual(components[0].utf8) } ?? false
    }
    return isTaken ? nil : try createFile(components)
  }
}
