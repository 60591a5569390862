internal import Age
internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import TransparencyLog

/// Opens everything: the signature of every entry, every record, every file against its digest, and the catalog.
struct DeepCheck: Sendable {
  let vault: Vault
  let identities: [Identity]
  /// Files that were found damaged already, and need no second finding.
  let damaged: Set<String>

  func run(_ entries: [Entry]) throws -> [Finding] {
    try vault.requireReader(identities)
    // Entries of one commit share a records file, so a worker takes a run of them with one reader.
    let runs = stride(from: 0, to: entries.count, by: 32).map { Array(entries[$0..<min($0 + 32, entries.count)]) }
    let workerCount = runs.count > 1 ? 1 : vault.environment.workerCount
    return concurrentMap(runs) { check($0, workerCount: workerCount) }.flatMap { $0 } + catalogFindings()
  }

  private func check(_ entries: [Entry], workerCount: Int) -> [Finding] {
    guard let reader = try? VaultReader(vault, identities: identities) else {
      return [Finding(.index, detail: "the index cannot be read")]
    }
    return entries.flatMap { check($0, reader: reader, workerCount: workerCount) }
  }

  private func check(_ entry: Entry, reader: VaultReader, workerCount: Int) -> [Finding] {
    var findings: [Finding] = []
    do { try entry.jws.verify(with: vault.note.key(.records).key) } catch {
      findings.append(Finding(.entry, item: entry.index, detail: "the signature of the entry is not the vault's"))
    }
    guard !damaged.contains(entry.records.path) else { return findings }
    do {
      let record = try reader.record(of: entry)
      try requireKnownFields(record)
      guard let object = entry.object, !damaged.contains(object.path) else { return findings }
      let objects = ObjectReader(
        root: vault.root, origin: vault.note.origin(ofEntry: entry.index).description, identities: identities,
        environment: vault.environment)
      try objects.read(entry, record: record, into: NoReceiver(), workerCount: workerCount)
    } catch VaultError.damaged(let finding) {
      findings.append(finding)
    } catch {
      findings.append(Finding(.record, item: entry.index, detail: "\(error)"))
    }
    return findings
  }

  /// A record that its schema refuses was not written by this program, or by a later version of it.
  private func requireKnownFields(_ record: Record) throws {
    do { _ = try Schema.named(record.kind).validated(record.fields) } catch {
      throw VaultError.damaged(Finding(.record, item: record.index, detail: "the record breaks its schema: \(error)"))
    }
  }

  /// A catalog is sealed to the one reader who made it: that the others cannot open it is worth a notice, since they
  /// cannot tell it from one that is damaged.
  private func catalogFindings() -> [Finding] {
    guard vault.root.contains(Catalog.fileName) else { return [] }
    do {
      for identity in identities where try Catalog(vault: vault, identity: identity).read() != nil { return [] }
      let detail = "another reader's, or damaged: none of the keys opens it"
      return [Finding(.catalog, severity: .notice, path: Catalog.fileName, detail: detail)]
    } catch VaultError.damaged(let finding) {
      return [finding]
    } catch {
      return [Finding(.catalog, path: Catalog.fileName, detail: "\(error)")]
    }
  }
}
