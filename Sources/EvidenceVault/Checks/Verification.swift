public import Age
internal import DurableStore
internal import Primitives
public import TransparencyLog
internal import Wording

/// What a check of a vault found.
public struct VerificationReport: Sendable {
  /// Everything that is not as it should be, in the order of the vault.
  public var findings: [Finding] = []
  /// The head up to which the vault was checked.
  public let head: Vault.Head
  /// What time-stamping authorities say, of each token that was verified.
  public var trustedTimes: [TrustedTime] = []
  /// Entries in the index.
  public var entryCount: UInt64 = 0
  /// Objects that the index names.
  public var objectCount = 0
  /// The items that were withdrawn: their objects are gone, on purpose.
  public var withdrawnItems: [UInt64] = []
  /// The size of the files that were read, in bytes.
  public var byteCount: UInt64 = 0
  /// Whether everything was opened, too.
  public let isDeep: Bool
  /// The head that this machine had seen before; with none, nobody here can tell an older copy.
  public var seenHead: TreeHead?
  /// How the index stands to the head that was expected, if one was.
  public var comparison: HeadComparison?

  /// What countersignatures there are.
  public var witnesses = WitnessReport()

  /// Whether evidence and proofs are all there and unchanged.
  public var isSound: Bool { !findings.contains { $0.severity == .damage } }
}

extension Vault {
  /// Checks the vault without any key: signatures, the index made again from its entries, every file present and named
  /// by its digest. With `identities`, everything is opened as well and compared with its record. With `expected`, the
  /// index is compared with a head that somebody kept. With a `policy`, countersignatures are checked against it.
  ///
  /// - Throws: `VaultError` only when the check cannot be carried out, or the vault is not the one this machine knows.
  public func verify(
    deepWith identities: [Identity]? = nil, expecting expected: ExpectedHead? = nil, policy: WitnessPolicy? = nil
  ) throws(VaultError) -> VerificationReport {
    do {
      let seen = seenHead()
      var report = try check(readHead(), deepWith: identities)
      // What another process adds meanwhile looks like damage to whoever has the old head: look again.
      for _ in 0..<3 where try !report.findings.isEmpty && readHead().tree != report.head.tree {
        report = try check(readHead(), deepWith: identities)
      }
      let witnesses = checkCosignatures(report.head, policy: policy)
      report.witnesses = witnesses.report
      report.findings += witnesses.findings
      report.seenHead = seen
      report.comparison = expected.map { compare(report.head, with: $0) }
      if let expected, report.comparison?.isAsExpected == true {
        report.findings += SigningKeyCheck.findings(note, expecting: expected)
      }
      if report.isSound, report.comparison?.isAsExpected ?? true { pin(report.head) }
      return report
    } catch {
      throw VaultError(error)
    }
  }

  /// Checks everything up to a head; with `isRestored`, whatever this machine has seen.
  func check(
    _ head: Head, deepWith identities: [Identity]? = nil, isRestored: Bool = false
  ) throws -> VerificationReport {
    var report = VerificationReport(head: head, isDeep: identities != nil)
    if !isRestored { report.findings += try pinFindings() }
    report.findings += continuationFindings(head.tree)
    report.findings += KeyFileCheck(root: root, note: note).run()
    let index = IndexCheck(root: root, head: head.tree, note: note, environment: environment).run()
    report.entryCount = head.tree.size
    report.findings += index.findings
    if index.isComplete {
      report.findings += readersFindings(head, entry: index.readers?.digest)
      report.findings += SigningKeyCheck(vault: self, head: head, promises: index.promises).run()
    }
    report.objectCount = index.objectCount
    report.withdrawnItems = index.withdrawnItems
    environment.onPlan(identities == nil ? index.objectByteCount : index.objectByteCount &* 2)
    let files = FileCheck(root: root, named: index.files, environment: environment).run()
    report.findings += files.findings
    report.byteCount = files.byteCount
    let timestamps = TimestampCheck(vault: self, head: head).run()
    report.findings += timestamps.findings
    report.trustedTimes = timestamps.trustedTimes
    if index.isComplete {
      report.findings += LeftoverCheck(
        root: root, head: head.tree, named: index.files, removed: index.removedPaths,
        others: timestamps.knownPaths + nextNotePaths(), keyPaths: KeyFileCheck.paths(of: note)
      ).run()
    }
    if let identities {
      let deep = DeepCheck(
        vault: self, identities: identities, damaged: files.damagedPaths, lastChange: index.readers?.entry)
      report.findings += try deep.run(head.tree, bundleCount: index.bundleCount)
    }
    return report
  }

  private func pinFindings() throws -> [Finding] {
    do {
      _ = try head() as Head
      return []
    } catch {
      guard case .damaged(let finding) = error else { throw error }
      return [finding]
    }
  }

  /// The readers that the head names are those of the last entry that changed them.
  private func readersFindings(_ head: Head, entry: Digest?) -> [Finding] {
    guard (try? head.lines.readers) != entry else { return [] }
    let detail: Phrase = "it names other readers than the last entry that changed them"
    return [Finding(.checkpoint, path: Self.checkpointName, detail: detail)]
  }

  /// The next note, as long as it is the one that counts.
  private func nextNotePaths() -> [String] {
    let next = try? root.contents(of: VaultNote.nextFileName, limit: SignedNote.maximumByteCount)
    return next == note.note.bytes ? [VaultNote.nextFileName] : []
  }

  /// What the vault says it went on from has to be in its index.
  private func continuationFindings(_ head: TreeHead) -> [Finding] {
    note.continuations.compactMap { continuation in
      let found = try? tree(head).head(ofSize: continuation.kept.size)
      if found == continuation.kept { return nil }
      return Finding(.index, detail: "the first \(continuation.kept.size) entries are not those that were kept")
    }
  }

  /// Checks that the signing key opens and is that of `vault.note`.
  public func verifySigningKey(_ passphrase: borrowing Passphrase) -> [Finding] {
    do {
      _ = try signer(passphrase)
      return []
    } catch {
      let path = "\(SealedKeyFile.folder)/\(SealedKeyFile.signing)"
      return [Finding(.key, path: path, detail: "the file is damaged, has another passphrase, or holds another key")]
    }
  }
}
