public import Age
internal import DurableStore
public import Primitives
internal import SelectiveDisclosure
internal import Streams
internal import StrictJSON
internal import Tar
internal import TransparencyLog
internal import Wording

/// A page for people that goes into a bundle, beside the evidence.
public struct BundlePage: Sendable {
  /// Its path in the bundle.
  public let path: String
  /// Its bytes.
  public let bytes: [UInt8]

  /// Names a page.
  public init(path: String, text: String) { self.init(path: path, bytes: Array(text.utf8)) }

  /// Names a page.
  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

/// What was exported.
public struct ExportReceipt: Sendable {
  /// The entry that says so.
  public let index: UInt64
  /// SHA-256 of the sealed bundle.
  public let digest: Digest
  /// Its size in bytes.
  public let byteCount: UInt64
  /// How many parts it is in; `nil` if it is one file.
  public let partCount: Int?
  /// The head after the export was entered.
  public let head: Vault.Head
}

extension VaultReader {
  /// Seals what was planned, enters the export into the index, and only then gives the bundle its name. With
  /// `partByteCount`, it becomes a folder of parts of so many bytes.
  ///
  /// - Throws: `VaultError`, `.uncheckedKeys` unless the choice allows it; there is nothing at `path` then.
  public func export(
    _ plan: ExportPlan, pages: [BundlePage], to path: String, partByteCount: UInt64? = nil,
    passphrase: borrowing Passphrase?, signer: VaultSigner
  ) throws(VaultError) -> ExportReceipt {
    if let name = plan.audience.firstUnchecked, !plan.choice.isSendingToUncheckedKeys {
      throw .uncheckedKeys(name: name)
    }
    do {
      // The proofs of a bundle are signed under the origin that its note has.
      guard vault.isOwn(head) else { throw VaultError.unfinishedRestoration }
      vault.environment.onPlan(
        plan.items.filter { !$0.isAlong }.flatMap(\.whole.files).reduce(0) { $0 &+ $1.byteCount })
      let (output, parts) = try output(for: path, partByteCount: partByteCount, plan)
      let sink = DigestingSink(output)
      let writer = BundleWriter(plan: plan, pages: pages, reader: self, signer: signer)
      let options = vault.environment.sealingOptions
      switch plan.audience {
      case .recipients(let recipients):
        let keys = recipients.flatMap(\.keys)
        try Conduit.run(
          producer: { try writer.write(to: $0) },
          consumer: { try Sealing.seal(from: $0, to: sink, for: keys, options: options) })
      case .passphrase:
        guard let passphrase = copy(passphrase) else { throw VaultError.invalidKey(what: "passphrase") }
        try Conduit.run(
          producer: { try writer.write(to: $0) },
          consumer: { try Sealing.seal(from: $0, to: sink, with: passphrase, options: options) })
      }
      try output.finish(sink.digest)
      let (index, head) = try enterStillAllowed(
        plan, digest: sink.digest, signer: signer, finishing: { try output.publish() })
      return ExportReceipt(
        index: index, digest: sink.digest, byteCount: sink.byteCount, partCount: parts?.count, head: head)
    } catch {
      throw VaultError(error)
    }
  }

  private func output(
    for path: String, partByteCount: UInt64?, _ plan: ExportPlan
  ) throws -> (output: any BundleOutput, parts: PartsFolder?) {
    let nonce = Hex.encode(vault.environment.randomness.bytes(8))
    guard let partByteCount else { return (try OutputFile(for: path, nonce: nonce), nil) }
    let parts = try PartsFolder(for: path, partByteCount: partByteCount, nonce: nonce)
    try parts.expect(plan.items.flatMap(\.record.files).reduce(0) { $0 &+ $1.byteCount })
    return (parts, parts)
  }

  private func copy(_ passphrase: borrowing Passphrase?) -> Passphrase? {
    switch passphrase {
    case .some(let passphrase): Passphrase(SecretBytes(copying: passphrase.bytes, in: 0..<passphrase.bytes.count))
    case .none: nil
    }
  }

  /// Enters the export, and lets the bundle appear. What others added while it was being sealed may have taken consent
  /// back, or amended an item: then all is planned again, and nothing may have changed.
  private func enterStillAllowed(
    _ plan: ExportPlan, digest: Digest, signer: VaultSigner, finishing finish: () throws -> Void
  ) throws -> (index: UInt64, head: Vault.Head) {
    var head = head
    for _ in 0..<20 {
      do {
        return try enter(plan, after: head, digest: digest, signer: signer, finishing: finish)
      } catch VaultError.grownMeanwhile {
        let now = try VaultReader(vault, identities: identities)
        guard try now.isStillAllowed(plan) else { throw VaultError.grownMeanwhile }
        head = now.head
      }
    }
    throw VaultError.grownMeanwhile
  }

  private func isStillAllowed(_ plan: ExportPlan) throws -> Bool {
    guard try plan.audience.recipients.allSatisfy(isStillKnown) else { return false }
    let numbers = plan.items.filter { !$0.isAlong }.map { $0.amends ?? $0.record.index }
    let now = try self.plan(numbers, for: plan.audience, purpose: plan.purpose, choice: plan.choice)
    let disclosed = Set(now.items.flatMap(ExportChange.disclosed))
    return plan.items.flatMap(ExportChange.disclosed).allSatisfy(disclosed.contains)
  }

  private func isStillKnown(_ recipient: KnownRecipient) throws -> Bool {
    try recipients().contains { $0.index == recipient.index && $0.revokedBy == nil && $0.keys == recipient.keys }
  }

  private func enter(
    _ plan: ExportPlan, after expected: Vault.Head, digest: Digest, signer: VaultSigner,
    finishing finish: () throws -> Void
  ) throws -> (index: UInt64, head: Vault.Head) {
    let kind = plan.supplemented == nil ? "export" : "disclosure"
    let (indices, head) = try vault.addEvents(
      kind, [exportFields(plan, digest: digest)], after: expected.tree, signer: signer, finishing: finish)
    return (indices.lowerBound, head)
  }

  private func exportFields(_ plan: ExportPlan, digest: Digest) -> JSONObject {
    func list(_ values: [String]) -> JSON { .array(values.map { .string($0) }) }
    var fields: JSONObject = [
      "recipients": list(plan.audience.names), "classes": list(plan.audience.classes),
      "purpose": .string(plan.purpose), "bundle": .string(plan.identifier), "bundle_sha256": .string(digest.hex),
    ]
    if let item = plan.supplemented {
      fields["item"] = .integer(Int64(clamping: item))
      fields["fields"] = list(Set(plan.items.flatMap(\.record.fields.names)).sorted())
    } else {
      let numbers = plan.items.filter { $0.amends == nil && !$0.isAlong }.map(\.record.index)
      fields["items"] = .array(numbers.map { .integer(Int64(clamping: $0)) })
      fields["disclosed"] = list(FileRanges.joined(plan.items.flatMap(ExportChange.disclosed)))
      fields["withheld"] = list(FileRanges.joined(plan.items.flatMap(ExportChange.withheld)))
    }
    if let reason = plan.choice.overrideReason {
      fields["override.reason"] = .string(reason)
      fields["overridden"] = list(plan.items.flatMap { item in item.overridden.map { "\(item.record.index):\($0)" } })
    }
    if let asked = plan.choice.askedNote { fields["asked"] = .string(asked) }
    if plan.choice.isNameCheckSkipped { fields["names_checked"] = true }
    if !plan.choice.checkedNames.isEmpty {
      fields["names_checked_for"] = .array(plan.choice.checkedNames.sorted().map { .integer(Int64(clamping: $0)) })
    }
    if plan.audience.firstUnchecked != nil { fields["unchecked_keys"] = true }
    return fields
  }
}

/// Composes the archive of a bundle: small files first, so that a reader knows what to expect, then the evidence.
///
/// Source: FORMAT section 7; RFC 8493.
struct BundleWriter {
  let plan: ExportPlan
  let pages: [BundlePage]
  let reader: VaultReader
  let signer: VaultSigner

  func write(to sink: any ByteSink) throws {
    let small = try smallFiles()
    try requireOpenable(small)
    let writer = TarWriter(to: sink)
    var headers: [TarHeader] = []
    for file in small {
      let header = TarHeader(path: try Self.archivePath(file.path), byteCount: file.byteCount)
      headers.append(header)
      try writer.begin(header)
      try writer.write(file.bytes())
    }
    for item in plan.items where !item.isAlong {
      let receiver = PayloadReceiver(item: item, writer: writer)
      try reader.readObject(item.entry, item.whole, into: receiver)
      headers += receiver.headers
    }
    let byteCount = Tar.archiveByteCount(of: headers) ?? 0
    try writer.finish(paddedTo: Padme.paddedByteCount(byteCount))
  }

  /// Whoever opens a bundle takes no more than this; nothing is sealed that nobody could open.
  private func requireOpenable(_ small: [SmallFile]) throws {
    let paths = try (small.map(\.path) + plan.items.flatMap(\.bagPaths)).map(Self.archivePath)
    do { try TarReader.Limits.default.check(paths) } catch { throw VaultError.tooLarge(path: "what was chosen") }
    var files = BundleFiles()
    for file in small where BundleFiles.isNeeded(file.path) { try files.reserve(file.byteCount, for: file.path) }
  }

  /// All files but the evidence itself, in the order in which they are written.
  private func smallFiles() throws -> [SmallFile] {
    var payload: [BagPath: Digest] = [:]
    var payloadByteCount: UInt64 = 0
    var records: [SmallFile] = []
    for item in plan.items {
      records.append(
        SmallFile(Bag.recordPath(item.record.index), made: { item.record.document() }))
      for (file, path) in zip(item.record.files, item.bagPaths) {
        payload[path] = file.digest
        payloadByteCount += file.byteCount
      }
    }
    for item in plan.items where item.amends == nil && plan.supplemented == nil {
      let number = item.record.index
      records.append(
        SmallFile(Bag.custodyPath(number), CustodyLine.document(of: number, plan.custody(of: number))))
    }
    for file in records {
      payload[file.path] = file.digest
      payloadByteCount += file.byteCount
    }
    var tags = try proofFiles()
    tags += pages.map { SmallFile(BagPath($0.path), $0.bytes) }
    tags += [
      SmallFile(Bag.declaration, Array(Bag.declarationText.utf8)),
      SmallFile(Bag.info, Array(info(payloadByteCount, payload.count).utf8)),
      SmallFile(Bag.manifest, Array(Bag.manifestText(payload).utf8)),
    ]
    var tagDigests: [BagPath: Digest] = [:]
    for file in tags { tagDigests[file.path] = file.digest }
    let tagManifest = Array(Bag.manifestText(tagDigests).utf8)
    let note = try signedNote(tagManifest: SHA256Hasher.digest(of: tagManifest))
    let signature = BundleSSHSignature.file(on: tagManifest, signer: signer)
    return [
      SmallFile(Bag.note, note.bytes), SmallFile(Bag.tagManifest, tagManifest), SmallFile(Bag.sshSignature, signature),
    ] + tags + records
  }

  private func proofFiles() throws -> [SmallFile] {
    var files = [
      SmallFile(Bag.sender, plan.sender.note.bytes),
      SmallFile(Bag.allowedSigners, BundleSSHSignature.allowedSigners(plan.sender)),
    ]
    for item in plan.items {
      files.append(
        SmallFile(Bag.presentationPath(item.record.index), made: { item.record.presentation.serialized }))
      files.append(SmallFile(Bag.proofPath(item.record.index), try reader.proof(for: item.entry).bytes))
    }
    for event in plan.events {
      files.append(SmallFile(Bag.eventPath(event.record.index), event.record.presentation.serialized))
      files.append(SmallFile(Bag.eventProofPath(event.record.index), try reader.proof(for: event.entry).bytes))
    }
    for stamp in plan.stamps.sound {
      let authority = stamp.time.authorityDigest
      files += [
        SmallFile(Bag.tokenPath(authority), stamp.token), SmallFile(Bag.authorityPath(authority), stamp.certificate),
      ]
    }
    return files
  }

  private func info(_ byteCount: UInt64, _ fileCount: Int) -> String {
    """
    Bagging-Date: \(plan.created.day)
    External-Identifier: \(plan.identifier)
    Payload-Oxum: \(byteCount).\(fileCount)

    """
  }

  private func signedNote(tagManifest: Digest) throws -> SignedNote {
    var recipients = [BundleNote.passphraseRecipient]
    if case .recipients(let known) = plan.audience {
      recipients = Set(known.flatMap(\.keys).map(BundleNote.name(of:))).sorted()
    }
    let note = BundleNote(
      origin: plan.sender.origin, identifier: plan.identifier, created: plan.created.description,
      purpose: plan.purpose, recipients: recipients, head: plan.head.tree, tagManifest: tagManifest)
    let text = try NoteText(note.text)
    return try SignedNote(
      text: text, signatures: [signer.sign(text, for: .bundles, origin: plan.sender.origin)])
  }

  fileprivate static func archivePath(_ path: BagPath) throws -> ArchivePath {
    try ArchivePath(Array("\(Bag.folder)/".utf8) + path.bytes)
  }
}

/// Writes the disclosed files of one item into the archive as they come out of its object.
private final class PayloadReceiver: ItemReceiver {
  private let writer: TarWriter
  private var paths: [ArchivePath: BagPath] = [:]
  private(set) var headers: [TarHeader] = []

  init(item: ExportPlan.Item, writer: TarWriter) {
    self.writer = writer
    for (original, path) in zip(item.objectPaths, item.bagPaths) {
      if let original { paths[original] = path }
    }
  }

  func begin(_ file: FileRecord, path: ArchivePath) throws -> (any ByteSink)? {
    guard let place = paths[path] else { return nil }
    let header = TarHeader(path: try BundleWriter.archivePath(place), byteCount: file.byteCount)
    headers.append(header)
    try writer.begin(header)
    return writer
  }

  func end(_ file: FileRecord, path: ArchivePath) {}
}
