internal import DurableStore
internal import TransparencyLog

extension Vault {
  /// Makes a damaged vault sound again as far as it can be, without any key, and checks it.
  ///
  /// The hashes of the index are made again from its entries. What cannot be made again is taken from a second copy of
  /// the vault at `copyPath`, proven by the signed head or by its digest. A valid checkpoint is never replaced. What
  /// was damaged or is a leftover is moved to `aside/`. It may be interrupted at any instant and done again.
  ///
  /// - Parameter holdsForeignKey: Whether the signing key file holds another key than that of the vault, as far as
  ///   somebody who has the passphrase can tell.
  /// - Throws: `VaultError.noVault`, `.anotherVault` if the copy is one of another vault, `.replaced`, `.rolledBack` if
  ///   the only valid checkpoint is older than the head seen on this machine, `.olderCheckpoint` if it is that of the
  ///   copy and older than entries that are here, `.damaged` if there is no valid note or checkpoint, and what the file
  ///   system throws.
  ///
  /// Source: FORMAT section 1.
  public static func repair(
    _ path: String, from copyPath: String? = nil, environment: VaultEnvironment,
    holdsForeignKey: (Vault) -> Bool = { _ in false }
  ) throws(VaultError) -> RepairReport {
    do {
      let root = try openFolder(path)
      let marks = [
        VaultNote.fileName, checkpointName, TileStore.folder, ObjectReference.folder, RecordsReference.folder,
      ]
      guard marks.contains(where: root.contains) else { throw VaultError.noVault(path: path) }
      let copy = try copyPath.map(openFolder)
      let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
      let known = try Identification(root, path: root.resolvedPath(), copy: copy, environment: environment)
      let work = try RepairWork(root: root, copy: copy, environment: environment)
      try work.run(known) {
        holdsForeignKey(Vault(path: path, note: known.note, root: root, environment: environment))
      }
      let vault = try Vault(opening: path, environment: environment)
      let report = RepairReport(
        vault: vault, steps: work.steps, verification: try vault.verify(),
        readingKeyInCopy: vault.hasReadingIdentity ? nil : copy.flatMap(readingKeyPath),
        laterCopySize: known.laterCopySize)
      _ = consume lock
      return report
    } catch {
      throw VaultError(error)
    }
  }

  private static func readingKeyPath(in copy: Directory) -> String? {
    let path = "\(SealedKeyFile.folder)/\(SealedKeyFile.reading)"
    return copy.contains(path) ? copy.displayPath(path) : nil
  }
}

extension RepairWork {
  /// The order makes every instant safe: each step relies only on what the steps before it made whole.
  fileprivate func run(_ known: Identification, holdsForeignKey: () -> Bool) throws {
    if let bytes = known.noteToPlace { try put(bytes, at: VaultNote.fileName, .restored, finalMode: 0o600) }
    if let bytes = known.checkpointToPlace { try put(bytes, at: Vault.checkpointName, .restored) }
    try IndexRepair(work: self, head: known.head).run()
    let index = IndexCheck(root: root, head: known.head, note: known.note, environment: environment).run()
    try restoreFiles(index.files)
    // Links and the like first: a key file that waits for its place must find it free.
    try moveLeftovers(KeyFileCheck(root: root, note: known.note).run())
    try restoreSigningKey(of: known.note, holdsForeignKey: holdsForeignKey)
    try restoreCertificate(of: known.note)
    for catalog in Catalog.Contents.allCases { try remove(catalog) }
    guard index.isComplete, index.findings.isEmpty else { return }
    let leftovers = LeftoverCheck(
      root: root, head: known.head, named: index.files, removed: index.removedPaths,
      others: known.isNotePending ? [VaultNote.nextFileName] : [], keyPaths: KeyFileCheck.paths(of: known.note)
    ).run()
    // Which time-stamps are sound, only the whole check knows: they stay where they are.
    try moveLeftovers(leftovers.filter { $0.path?.hasPrefix("\(TimestampFiles.folder)/") != true })
  }

  private func restoreFiles(_ named: NamedFiles) throws {
    guard copy != nil else { return }
    environment.onPlan(named.files.reduce(0) { $0 &+ $1.byteCount })
    for file in FileCheck(root: root, named: named, environment: environment).run().damaged {
      try restore(file)
    }
  }
}
