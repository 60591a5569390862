internal import Age
internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import Streams
internal import Synchronization
internal import TransparencyLog
internal import Wording

/// Opens everything: the signature of every entry, every record, every file against its digest, and the catalogs.
struct DeepCheck: Sendable {
  let vault: Vault
  let identities: [Identity]
  /// Files that were found damaged already, and need no second finding.
  let damaged: Set<String>
  /// The last entry that changed the readers: some of them may not open what was sealed before.
  let lastChange: UInt64?

  /// A worker takes the entries of a part of a bundle: those of one commit share a records file.
  private static let partsOfBundle = 8

  /// Checks the entries of the first `bundleCount` bundles of `head`.
  func run(_ head: TreeHead, bundleCount: UInt64) throws -> [Finding] {
    try vault.requireReader(identities)
    let partCount = Int(bundleCount) * Self.partsOfBundle
    let workerCount = head.size > UInt64(TilePath.fullWidth / Self.partsOfBundle) ? 1 : vault.environment.workerCount
    let findings = Mutex<[(part: Int, found: [Finding])]>([])
    Parallelism.forEach(below: partCount) { part in
      let found = check(entries(in: part, of: head), workerCount: workerCount)
      if !found.isEmpty { findings.withLock { $0.append((part, found)) } }
    }
    return findings.withLock { $0.sorted { $0.part < $1.part }.flatMap(\.found) }
      + Catalog.Contents.allCases.flatMap(catalogFindings)
  }

  /// Entries as far as they can be read: for the others, the check of the index has a finding.
  private func entries(in part: Int, of head: TreeHead) -> [Entry] {
    let width = TilePath.fullWidth / Self.partsOfBundle
    let bundle = UInt64(part / Self.partsOfBundle)
    guard let leaves = try? EntryBundles(root: vault.root, head: head).leaves(of: bundle) else { return [] }
    let first = UInt64(part) * UInt64(width)
    return zip(first..., leaves.dropFirst(part % Self.partsOfBundle * width).prefix(width)).compactMap { index, leaf in
      try? Entry(index: index, leaf: leaf, in: vault.note)
    }
  }

  private func check(_ entries: [Entry], workerCount: Int) -> [Finding] {
    guard !entries.isEmpty else { return [] }
    guard let reader = try? VaultReader(vault, identities: identities) else {
      return [Finding(.index, detail: "the index cannot be read")]
    }
    return entries.flatMap { check($0, reader: reader, workerCount: workerCount) }
  }

  private func check(_ entry: Entry, reader: VaultReader, workerCount: Int) -> [Finding] {
    var findings: [Finding] = []
    do { try entry.jws.verify(with: vault.note.recordsKey(ofEntry: entry.index)) } catch {
      findings.append(Finding(.entry, item: entry.index, detail: "the signature of the entry is not the vault's"))
    }
    var sealedBy = entry.index
    do {
      let present = try reader.knownReplacements().present(entry.records.digest)
      let records = RecordsReference(digest: present.digest, line: 0)
      sealedBy = present.entry ?? entry.index
      guard !damaged.contains(records.path) else { return findings }
      let record = try reader.record(of: entry)
      try requireKnownFields(record)
      guard let (object, by) = try entry.object.map(reader.knownReplacements().present),
        !damaged.contains(object.path)
      else { return findings }
      sealedBy = by ?? entry.index
      let objects = ObjectReader(
        root: vault.root, origin: vault.note.origin(ofEntry: entry.index).description, identities: identities,
        environment: vault.environment)
      try objects.read(
        entry, record: record, object: object, into: NoReceiver(), workerCount: workerCount)
    } catch VaultError.withdrawn {
      // The index says so itself, and what is left of the records file is checked with the other entries.
    } catch VaultError.damaged(let finding) {
      findings.append(finding)
    } catch VaultError.wrongIdentity(let what) {
      findings.append(closed(entry, path: what.text(in: .en), sealedBy: sealedBy))
    } catch {
      findings.append(Finding(.record, item: entry.index, error: error))
    }
    return findings
  }

  /// What none of the identities opens: no damage if it was sealed before the readers were last changed.
  private func closed(_ entry: Entry, path: String, sealedBy: UInt64) -> Finding {
    guard let lastChange, sealedBy < lastChange else {
      return Finding(.readers, item: entry.index, path: path, detail: "it is not sealed to this reader")
    }
    let detail: Phrase = "sealed before this key was a reader's: not opened, and so not compared with its record"
    return Finding(.readers, severity: .notice, item: entry.index, path: path, detail: detail)
  }

  /// A record that its schema refuses was not written by this program, or by a later version of it.
  private func requireKnownFields(_ record: Record) throws {
    do { _ = try Schema.named(record.kind).validated(record.fields, fromProgram: true) } catch {
      let detail: Phrase = "the record breaks its schema: \(DamageText.phrase(error))"
      throw VaultError.damaged(Finding(.record, item: record.index, detail: detail))
    }
  }

  /// A catalog is sealed to the one reader who made it: that the others cannot open it is worth a notice, since they
  /// cannot tell it from one that is damaged.
  private func catalogFindings(_ catalog: Catalog.Contents) -> [Finding] {
    guard vault.root.contains(catalog.fileName) else { return [] }
    do {
      try VaultReader(vault, identities: identities).checkCatalog(catalog)
      return []
    } catch AgeError.noMatch {
      let detail: Phrase = "another reader's, or damaged: none of the keys opens it"
      return [Finding(.catalog, severity: .notice, path: catalog.fileName, detail: detail)]
    } catch VaultError.damaged(let finding) {
      return [finding]
    } catch {
      return [Finding(.catalog, path: catalog.fileName, error: error)]
    }
  }
}
