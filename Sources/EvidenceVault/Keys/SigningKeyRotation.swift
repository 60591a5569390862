public import Age
internal import DurableStore
internal import Primitives
internal import StrictJSON
internal import TransparencyLog
internal import Wording

/// What came of promising or replacing a signing key.
public struct SigningKeyReceipt: Sendable {
  /// What became of the copy of the signing key for those who have shares.
  public enum RecoveryCopy: Sendable {
    /// There was none.
    case none
    /// It holds the new key.
    case sealedAnew
    /// It is gone: nobody could read to whom it was sealed.
    case removed
  }

  /// The entry that says so.
  public let index: UInt64
  /// The head after it was entered.
  public let head: Vault.Head
  /// The vault as it is now.
  public let vault: Vault
  /// What the old keys signed and is not trusted.
  public internal(set) var untrusted: Range<UInt64>?
  /// Whether the old keys changed the readers of the vault among that: it seals to them still.
  public internal(set) var areReadersUntrusted = false
  /// What became of that copy.
  public internal(set) var recoveryCopy = RecoveryCopy.none
}

/// Why a signing key was not promised or replaced, or what it signed not taken.
public enum SigningKeyFault: Error, Hashable, Sendable {
  /// Another key than the one that was promised.
  case notPromised
  /// A key is promised, and none was given.
  case needsPromised
  /// Another key is promised already.
  case promisedBefore
  /// The replacement that was cut short promised another key than the one that is given now.
  case promisedOtherwise
  /// The key signs now, or did before: it never comes back.
  case usedBefore
  /// The head up to which all is trusted is none of this index.
  case noSuchHead
  /// Entries behind the head up to which all is to be trusted were signed by a key that was replaced, and not revoked.
  case replacedBefore(Range<UInt64>)
  /// The signing key of this copy was replaced since.
  case replacedSince
  /// A sender that was known by an earlier key has another one.
  case senderReplaced(words: String, promise: PromiseCheck)
  /// A bundle was signed by a key that its sender replaced, after the last head that is trusted.
  case senderRevoked
  /// Nobody compared the public half of a key with whoever made it.
  case uncompared(words: String)
  /// The words that were told are not those of the public half that was given.
  case otherWords
  /// A bundle was signed by a key that this vault replaced, and the vault did not make it.
  case replacedOwnKey
  /// An entry that a key signed which was seized.
  case untrustedItem(UInt64)
  /// An item that came under a key which its sender revoked since, and that is not what the sender stands by.
  case disownedItem(UInt64)

  /// Whether a new key is the one that was promised, as far as that is known.
  public enum PromiseCheck: Hashable, Sendable {
    case kept
    case unknown
  }
}

extension Vault {
  /// The kind of the entries about signing keys.
  static let signingKeyKind = "signing_key"

  /// Promises that no other key than `next` follows the present one. It is there for good: the present key alone cannot
  /// promise another.
  ///
  /// In order: what a commit does, with the new note beside the old one; then the checkpoint, which names the promise
  /// and is the one step that makes it; then the new note over the old one.
  ///
  /// - Throws: `VaultError.signingKey`; as `add`.
  ///
  /// Source: FORMAT sections 1, 3 and 6.
  public func promise(_ next: NextPublicKey, signer: VaultSigner) throws(VaultError) -> SigningKeyReceipt {
    do {
      try requireUnused(next.promise)
      if let promised = note.promised {
        throw VaultError.signingKey(promised == next.promise ? .usedBefore : .promisedBefore)
      }
      let new = try note.promising(next.promise, signer: signer)
      var entry = PreparedEntry(record: try record(of: "promised"), object: nil, newNote: new)
      entry.promised = next.promise
      let committed = try commit([entry], signer: signer)
      let vault = Vault(path: path, note: new, root: root, environment: environment)
      return SigningKeyReceipt(index: committed.indices.lowerBound, head: committed.head, vault: vault)
    } catch {
      throw VaultError(error)
    }
  }

  /// Whether the signing key was replaced, and the entry that says so is still missing.
  public func isReplacementUnfinished() throws(VaultError) -> Bool {
    guard note.isReplacedLast else { return false }
    return !isOwn(try head())
  }

  /// Replaces the signing key: the vault goes on under a new origin, whose keys are those of `next`. What the old key
  /// signed stays valid; with `trusted`, up to that head alone.
  ///
  /// In order, under the lock: the new key, sealed under a name of its own; an entry that the old key is revoked,
  /// signed by itself, if otherwise all would be trusted; `vault.note`, whose replacement is the one step that counts;
  /// the key under its final name; the entry that says so, the first that the new key signs. Whoever comes after a
  /// crash does what is left.
  ///
  /// - Parameters:
  ///   - next: The key that was promised, or, without a promise, any new one.
  ///   - promised: The key that is promised to follow that.
  ///   - identities: What opens the copy of the signing key for those who have shares.
  ///   - signer: The present key, which names the one that follows.
  /// - Throws: `VaultError.signingKey`; as `add`. Nothing is changed then, but that the last entry of the old key may
  ///   be there; the same again goes on from it.
  ///
  /// Source: FORMAT sections 1, 2, 3 and 6.
  public func replaceSigningKey(
    with next: NextSigningKey, promising promised: NextSigningKey? = nil, trusting trusted: ExpectedHead? = nil,
    reason: String? = nil, passphrase: borrowing Passphrase,
    workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, identities: [Identity] = [], signer: VaultSigner
  ) throws(VaultError) -> SigningKeyReceipt {
    do {
      let incoming = try root.directory(Self.incomingFolder)
      let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
      try settleNote()
      try requirePassphrase(passphrase)
      var old = try head()
      guard isOwn(old) else { throw VaultError.unfinishedRestoration }
      try requireAnotherOrigin()
      try requirePromised(next, head: old)
      // What is no reason must not come to light when the note is replaced already.
      _ = try record(of: "replaced", reason.map { ["reason": .string($0)] } ?? [:])
      if let promised {
        try requireUnused(promised.promise)
        guard promised.promise != next.promise else { throw VaultError.signingKey(.usedBefore) }
      }
      let trustedSize = try trusted.map { max(try sizeTrusted(by: $0, in: old), ownStart) } ?? old.tree.size
      let areReadersUntrusted = try firstEntry(from: trustedSize, of: old) { $0.readers != nil } != nil
      let new: VaultNote
      let recoveryCopy: SigningKeyReceipt.RecoveryCopy
      do {
        recoveryCopy = try prepare(
          next.signer, reason: reason, passphrase: passphrase, workFactorLog2: workFactorLog2,
          identities: identities)
        if trusted != nil, trustedSize == old.tree.size {
          // Without an entry that is not trusted, the key would be one that was only replaced.
          let last = PreparedEntry(record: try record(of: "revoked", trustedHead(trustedSize, in: old)), object: nil)
          old = try commit([last], after: old, signer: signer, in: incoming).head
        }
        new = try replacedNote(
          old.tree, trustedSize: trustedSize, by: next.signer, promised: promised?.promise, signer: signer)
      } catch {
        try? settleKeys()
        throw error
      }
      let held = HeldInterrupts()
      try put(new, in: incoming)
      let vault = Vault(path: path, note: new, root: root, environment: environment)
      try vault.settleKeys()
      let head = try vault.finishReplacement(reason: reason, signer: next.signer, in: incoming)
      _ = consume held
      _ = consume lock
      var receipt = SigningKeyReceipt(index: old.tree.size, head: head, vault: vault)
      receipt.untrusted = trustedSize < old.tree.size ? trustedSize..<old.tree.size : nil
      receipt.areReadersUntrusted = areReadersUntrusted
      receipt.recoveryCopy = recoveryCopy
      return receipt
    } catch {
      throw VaultError(error)
    }
  }

  /// Does what a replacement that was cut short lacks.
  ///
  /// - Parameters:
  ///   - trusted: Up to which head the old keys are to be trusted; `nil` if that does not matter.
  ///   - reason: Why; if `nil`, what was said when it began.
  /// - Throws: `VaultError.signingKey(.replacedBefore)` if it was begun without that: it is finished all the same; as
  ///   `add`.
  public func finishReplacement(
    trusting trusted: ExpectedHead? = nil, reason: String? = nil, signer: VaultSigner
  ) throws(VaultError) -> SigningKeyReceipt {
    do {
      let incoming = try root.directory(Self.incomingFolder)
      let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
      try settleNote()
      let head = try finishReplacement(reason: reason, signer: signer, in: incoming)
      _ = consume lock
      if let trusted { _ = try sizeTrusted(by: trusted, in: head) }
      return SigningKeyReceipt(index: ownStart, head: head, vault: self)
    } catch {
      throw VaultError(error)
    }
  }

  /// Requires that a replacement which was cut short promised this key, if it promised any.
  ///
  /// - Throws: `VaultError.signingKey(.promisedOtherwise)`.
  public func requirePromisedWhenReplaced(_ next: NextSigningKey) throws(VaultError) {
    guard note.promised == nil || note.promised == next.promise else { throw .signingKey(.promisedOtherwise) }
  }

  /// Enters that the signing key was replaced, if that is still missing; by whoever holds the lock.
  func finishReplacement(reason: String?, signer: VaultSigner, in incoming: Directory) throws -> Head {
    let head = try head()
    guard note.isReplacedLast, !isOwn(head) else { return head }
    // What an attempt that died had placed for an entry of its own.
    try tidyUp(incoming, head: head.tree)
    let trusted = note.continuations.last?.replacement?.trustedSize ?? head.tree.size
    var fields: JSONObject = [:]
    if trusted < head.tree.size { fields = try trustedHead(trusted, in: head) }
    if let reason = reason ?? keptReason(signer) { fields["reason"] = .string(reason) }
    let record = try record(of: trusted < head.tree.size ? "revoked" : "replaced", fields)
    var entry = PreparedEntry(record: record, object: nil)
    entry.promised = note.promised
    let new = try commit([entry], after: head, signer: signer, in: incoming).head
    // If this fails, the next writer does it.
    try? settleReason(in: root.directory(SealedKeyFile.folder))
    return new
  }

  /// The last head that is trusted, as a field of the entry that tells it.
  private func trustedHead(_ size: UInt64, in head: Head) throws -> JSONObject {
    let root = try tree(head.tree).head(ofSize: size).root
    return ["trusted_head": .string("\(size) \(WordList.fingerprint(of: root))")]
  }

  private func record(of event: String, _ more: JSONObject = [:]) throws -> ComposedRecord {
    var fields: JSONObject = ["event": .string(event)]
    for member in more.members { fields[member.name] = member.value }
    return try ComposedRecord(
      kind: Self.signingKeyKind, added: environment.now(),
      fields: Schema.named(Self.signingKeyKind).validated(fields), files: [], randomness: environment.randomness)
  }

  /// The number of the first entry that the present keys signed.
  private var ownStart: UInt64 { note.keyPeriods[note.keyPeriods.count - 1].start }

  private func replacedNote(
    _ head: TreeHead, trustedSize: UInt64, by next: VaultSigner, promised: Digest?, signer: VaultSigner
  ) throws -> VaultNote {
    let origin = try Self.newOrigin(environment)
    var continuation = try Continuation(origin: note.origin, kept: head, lastSeen: head)
    let key = VerifierKey(
      name: try VaultNote.name(.vault, origin: origin), key: next.key(for: .vault).verifyingKey)
    continuation.replacement = KeyReplacement(
      of: signer, by: key, ending: continuation, trustedSize: trustedSize)
    return try VaultNote(
      origin: origin, continuations: note.continuations + [continuation], promised: promised, readers: note.readers,
      signer: next)
  }

  // MARK: - What may follow

  private func requireUnused(_ promise: Digest) throws {
    guard !note.vaultKeys.map(VaultNote.promise).contains(promise) else {
      throw VaultError.signingKey(.usedBefore)
    }
  }

  /// Requires that a key is the one that was promised, if one was. The first promise since the last replacement counts,
  /// whatever the note says now: whoever seized the present key could sign another note.
  private func requirePromised(_ next: NextSigningKey, head: Head) throws {
    try requireUnused(next.promise)
    guard let promised = try promise(in: head) ?? note.promised, promised != next.promise else { return }
    throw VaultError.signingKey(.notPromised)
  }

  /// The first promise that an entry under the present keys made.
  private func promise(in head: Head) throws -> Digest? {
    try firstEntry(from: ownStart, of: head) { $0.promised != nil }?.promised
  }

  /// The first promise that an entry under some keys made.
  func firstPromise(in period: KeyPeriod, of head: Head) throws -> Digest? {
    let entry = try firstEntry(from: period.start, of: head) { $0.promised != nil }
    return entry.flatMap { $0.index < min(period.trusted, period.end) ? $0.promised : nil }
  }

  private func firstEntry(from start: UInt64, of head: Head, where fits: (Entry) -> Bool) throws -> Entry? {
    let tree = tree(head.tree)
    for bundle in (start / 256)..<max(start / 256, (head.tree.size + 255) / 256) {
      for (offset, leaf) in try tree.entries(inBundle: bundle).enumerated() {
        let index = bundle * 256 + UInt64(offset)
        guard index >= start else { continue }
        let entry = try Entry(index: index, leaf: leaf, in: note)
        if fits(entry) { return entry }
      }
    }
    return nil
  }

  /// The size of a head behind which nothing is to be trusted. What keys signed behind it that were replaced before,
  /// and not revoked, stays trusted: nobody can take that back.
  private func sizeTrusted(by expected: ExpectedHead, in head: Head) throws -> UInt64 {
    let size = try size(of: expected, in: head)
    let former = note.keyPeriods.dropLast().map { max($0.start, size)..<max($0.start, size, min($0.trusted, $0.end)) }
    if let range = former.first(where: { !$0.isEmpty }) { throw VaultError.signingKey(.replacedBefore(range)) }
    return size
  }

  /// The size of a head that somebody kept, if this index had it.
  private func size(of expected: ExpectedHead, in head: Head) throws -> UInt64 {
    switch expected {
    case .words(let size, let words):
      guard size <= head.tree.size, WordList.fingerprint(of: try tree(head.tree).head(ofSize: size).root) == words
      else { throw VaultError.signingKey(.noSuchHead) }
      return size
    case .note(let signed):
      guard compare(head, with: expected).isAsExpected else { throw VaultError.signingKey(.noSuchHead) }
      return try Checkpoint(signed.text).head.size
    }
  }
}
