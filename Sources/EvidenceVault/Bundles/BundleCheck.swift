internal import Primitives
internal import Tar
public import TransparencyLog
internal import Wording

/// A bundle whose every part was checked.
public struct CheckedBundle: Sendable {
  /// What the sender signed.
  public let note: BundleNote
  /// Who the sender says to be; compare the fingerprint.
  public let sender: VaultNote
  /// The items, with what is disclosed of them, by number.
  public let items: [Record]
  /// What happened to them, with what is disclosed of it, by number.
  public let events: [Record]
  /// The signed head that the proofs lead to, as it stands in the first of them.
  public let checkpoint: SignedNote
  /// What authorities say of the head of the bundle, each checked with a certificate that the sender chose.
  public let trustedTimes: [TrustedTime]
  /// The entries that keys signed which were seized: they prove nothing.
  public var untrusted: [UInt64] { (items + events).map(\.index).filter { !sender.isTrusted($0) }.sorted() }
  /// Whether the sender's program put `REPORT.html` in it.
  public let hasReport: Bool
  /// The files of evidence.
  public let fileCount: Int
  /// Their size in bytes.
  public let byteCount: UInt64
}

/// Whom a bundle must come from.
public enum ExpectedSender: Sendable {
  /// The vault with this key.
  case key(VerifierKey)
  /// The vault with this card.
  case card(VaultNote)
  /// The vault whose key has these eight words, or their digits, as its fingerprint, as somebody typed them.
  case fingerprint(String)
  /// Anyone: the caller shows the fingerprint and leaves the judgement to a person.
  case anyone
}

/// The files of a bundle that lie open: digests of all, and the content of those that the check reads.
struct BundleFiles {
  /// The most that is kept in memory of their content, in bytes.
  static let maximumContentByteCount: UInt64 = 96 << 20

  var digests: [BagPath: (digest: Digest, byteCount: UInt64)] = [:]
  var contents: [BagPath: [UInt8]] = [:]
  /// Where the bytes of each begin in the archive that they came from, if its headers are those of a writer of this
  /// format; a second reading is held against the digest anyway.
  var offsets: [BagPath: UInt64] = [:]

  private var reservedByteCount: UInt64 = 0

  /// The content of a file that the check reads.
  ///
  /// - Throws: `VaultError.bundle(.missingFile)`.
  func content(of path: BagPath) throws(VaultError) -> [UInt8] {
    guard let content = contents[path] else { throw .bundle(.missingFile(path.text)) }
    return content
  }

  /// Makes room in memory for the content of a file.
  ///
  /// - Throws: `VaultError.tooLarge` when all of them together would be too much.
  mutating func reserve(_ byteCount: UInt64, for path: BagPath) throws(VaultError) {
    guard byteCount <= Self.maximumContentByteCount - reservedByteCount else {
      throw .tooLarge(path: Phrase(verbatim: path.text))
    }
    reservedByteCount += byteCount
  }

  /// Whether the content of a file is needed for the check. Of evidence, of records, which are made again, and of pages
  /// for people the digest is enough.
  static func isNeeded(_ path: BagPath) -> Bool {
    guard path.isBelow(Bag.payload) else { return path.isBelow(Bag.proofs) || Bag.isOwn(path) }
    return isPayload(path, named: ["custody.json"])
  }

  /// Whether a file is evidence, and not a record or a history.
  static func isEvidence(_ path: BagPath) -> Bool {
    path.isBelow(Bag.payload) && !isPayload(path, named: ["record.json", "custody.json"])
  }

  private static func isPayload(_ path: BagPath, named names: [String]) -> Bool {
    let components = path.bytes.split(separator: UInt8(ascii: "/"))
    return components.count == 3 && names.contains { components[2].elementsEqual($0.utf8) }
  }
}

/// Checks a bundle from its signature down to the last file.
///
/// Source: FORMAT section 7.
struct BundleCheck {
  let files: BundleFiles
  let expectedSender: ExpectedSender
  /// The names of the recipients that opened it; one of them must be in the note. Empty when only a folder is checked.
  let openedAs: [String]

  func run() throws -> CheckedBundle {
    try requireNoTwins()
    try requireHonestNames()
    let sender = try sender()
    try requireExpected(sender)
    let note = try checkedNote(sender)
    if case .card(let card) = expectedSender { try Self.requireTrusted(note, sender, by: card) }
    try checkManifests(note)
    try BundleSSHSignature.check(files, sender: sender)
    let (items, events) = try checkEntries(note, sender)
    let payload = files.digests.filter { BundleFiles.isEvidence($0.key) }
    return CheckedBundle(
      note: note, sender: sender, items: items, events: events, checkpoint: try checkpoint(items),
      trustedTimes: try BundleTimestampCheck(files: files, note: note, items: items).run(),
      hasReport: files.digests[Bag.report] != nil, fileCount: payload.count,
      byteCount: payload.values.reduce(0) { $0 + $1.byteCount })
  }

  /// Two paths that differ only in how letters are composed, or in capitals, are one file to people, and on some disks.
  private func requireNoTwins() throws {
    var seen: Set<String> = []
    for path in files.digests.keys.sorted() where !seen.insert(BagNames.folded(path.text)).inserted {
      throw VaultError.bundle(.forbiddenFile(path.text))
    }
  }

  /// What the sender may call a page.
  private func requireHonestNames() throws {
    for path in files.digests.keys.sorted() where !Bag.mayHave(path) {
      throw VaultError.bundle(.forbiddenFile(path.text))
    }
  }

  private func sender() throws -> VaultNote {
    do {
      return try VaultNote(content(Bag.sender))
    } catch VaultError.newerFormat(let found) {
      throw VaultError.bundle(.newerFormat(found: found))
    } catch VaultError.damaged {
      throw VaultError.bundle(.malformedFile(Bag.sender.text))
    }
  }

  /// All proofs were checked, and lead to one head; there is an item at least.
  private func checkpoint(_ items: [Record]) throws -> SignedNote {
    let path = items.first.map { Bag.proofPath($0.index) } ?? Bag.proofs
    guard let proof = try? TlogProof(content(path)) else { throw VaultError.bundle(.missingFile(path.text)) }
    return proof.note
  }

  private func content(_ path: BagPath) throws -> [UInt8] { try files.content(of: path) }

  private func requireExpected(_ sender: VaultNote) throws {
    switch expectedSender {
    case .key(let key) where key == sender.vaultKey: return
    case .card(let card) where card.vaultKeys.contains(sender.vaultKey.key): return
    case .fingerprint(let typed) where sender.keyFingerprint.isSame(asTyped: typed): return
    case .anyone: return
    default: throw SenderReplacement.error(expectedSender, sender)
    }
  }

  /// What a key signed that its owner replaced counts up to the last head that is trusted; after a seizure, nothing
  /// does that somebody else holds: the head in a bundle is the word of that key.
  static func requireTrusted(_ note: BundleNote, _ sender: VaultNote, by card: VaultNote) throws(VaultError) {
    guard sender.vaultKey.key != card.vaultKey.key,
      let period = card.keyPeriods.first(where: { $0.vaultKey == sender.vaultKey.key })
    else { return }
    let kept = card.continuations.first { $0.replacement?.key(.vault) == sender.vaultKey.key }?.kept
    guard period.trusted == period.end, note.head.size <= period.end, note.head.size < period.end || note.head == kept
    else { throw .signingKey(.senderRevoked) }
  }

  private func checkedNote(_ sender: VaultNote) throws -> BundleNote {
    let bytes = try content(Bag.note)
    let signed: SignedNote
    do {
      signed = try SignedNote(bytes)
      _ = try signed.verified(by: [sender.key(.bundles)])
    } catch {
      throw VaultError.bundle(.badSignature(Bag.note.text))
    }
    // One signature, and nothing beside it: whatever else stood there would not be signed.
    guard signed.signatures.count == 1, signed.bytes == bytes else {
      throw VaultError.bundle(.malformedFile(Bag.note.text))
    }
    let note = try BundleNote(signed.text)
    guard note.origin == sender.origin else { throw VaultError.bundle(.badSignature(Bag.note.text)) }
    guard openedAs.isEmpty || !Set(openedAs).isDisjoint(with: note.recipients) else {
      throw VaultError.bundle(.notAddressedToYou)
    }
    return note
  }

  /// The note names the tag manifest, the tag manifest all other tag files, the manifest all of the payload.
  private func checkManifests(_ note: BundleNote) throws {
    guard files.digests[Bag.tagManifest]?.digest == note.tagManifest else {
      throw VaultError.bundle(.changedFile(Bag.tagManifest.text))
    }
    guard try content(Bag.declaration) == Array(Bag.declarationText.utf8) else {
      throw VaultError.bundle(.malformedFile(Bag.declaration.text))
    }
    let payloadPaths = files.digests.keys.filter { $0.isBelow(Bag.payload) }
    let unlisted = [Bag.tagManifest, Bag.note, Bag.sshSignature]
    let tagPaths = files.digests.keys.filter { !$0.isBelow(Bag.payload) && !unlisted.contains($0) }
    try compare(Bag.tagManifest, with: tagPaths)
    try compare(Bag.manifest, with: payloadPaths)
  }

  private func compare(_ manifest: BagPath, with paths: [BagPath]) throws {
    guard let expected = Bag.parseManifest(try content(manifest)) else {
      throw VaultError.bundle(.malformedFile(manifest.text))
    }
    for path in paths.sorted() where expected[path] == nil { throw VaultError.bundle(.unexpectedFile(path.text)) }
    for (path, digest) in expected.sorted(by: { $0.key < $1.key }) {
      guard let file = files.digests[path] else { throw VaultError.bundle(.missingFile(path.text)) }
      guard file.digest == digest else { throw VaultError.bundle(.changedFile(path.text)) }
    }
  }

  private func checkEntries(_ note: BundleNote, _ sender: VaultNote) throws -> (items: [Record], events: [Record]) {
    var remaining = Set(files.digests.keys.filter { $0.isBelow(Bag.payload) || $0.isBelow(Bag.proofs) })
    remaining.subtract([Bag.sender, Bag.allowedSigners])
    // These have a check of their own, which refuses what it does not know.
    remaining = remaining.filter { !$0.isBelow(Bag.timestamps) }
    let check = BundleEntryCheck(files: files, note: note, sender: sender)
    let items = try numbers(Bag.presentationPath).map { try check.item($0) }
    let events = try numbers(Bag.eventPath).map { try check.event($0) }
    let links = try BundleEntryLinks(items: items, events: events)
    var told: Set<UInt64> = []
    for record in items {
      let index = record.index
      remaining.subtract([Bag.presentationPath(index), Bag.proofPath(index), Bag.recordPath(index)])
      remaining.subtract(BagNames.paths(record))
      guard let entries = try check.custody(of: index, among: items + events) else { continue }
      try links.require(entries, inHistoryOf: index)
      remaining.remove(Bag.custodyPath(index))
      told.formUnion(entries)
    }
    for event in events where told.contains(event.index) {
      remaining.subtract([Bag.eventPath(event.index), Bag.eventProofPath(event.index)])
    }
    if let path = remaining.min() { throw VaultError.bundle(.unexpectedFile(path.text)) }
    guard !items.isEmpty else { throw VaultError.bundle(.missingFile("proofs/item-*.sd-jwt")) }
    return (items, events)
  }

  /// The numbers of the entries for which there is a file, by the names that `path` gives to files.
  private func numbers(_ path: (UInt64) -> BagPath) -> [UInt64] {
    files.digests.keys.compactMap { found in
      let digits = found.bytes.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      guard !digits.isEmpty, digits.count <= 20 else { return nil }
      // The path made again from the number must be the path that is there.
      return UInt64(String(decoding: digits, as: UTF8.self)).flatMap { path($0) == found ? $0 : nil }
    }.sorted()
  }
}
