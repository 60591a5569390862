internal import DurableStore
internal import Primitives
public import TransparencyLog
internal import Wording

/// Why a head was not countersigned.
public enum WitnessRefusal: Hashable, Sendable {
  /// It is this vault's own: a witness is somebody else.
  case ownHead
  /// The card is not that of the vault that signed the head.
  case otherVault
  /// A proof is needed from the head that was countersigned before.
  case needsProof(from: UInt64)
  /// The head is smaller than one that was countersigned before.
  case olderHead(seen: UInt64)
  /// Entries that were countersigned before were given up when a copy of the vault was restored, which kept so many.
  case givenUp(seen: UInt64, kept: UInt64)
  /// The card knows nothing of an origin under which a head of the vault was countersigned before.
  case olderCard
  /// With the countersignature it would be larger than any head that is kept.
  case tooLarge
  /// The vault shows another history than the one that was countersigned before.
  case fork(seen: UInt64)
  /// A file with a countersignature in it holds none that can be checked with the keys that were given.
  case notCountersigned
}

extension VaultNote {
  /// The key with which the vault countersigns heads of others.
  public var witnessKey: WitnessKey {
    let key = key(.cosignatures)
    return WitnessKey(name: key.name, key: key.key)
  }
}

extension Vault {
  static let witnessFolder = "witness"

  /// Countersigns the head of another vault: it continues all heads of that vault that were countersigned here before,
  /// also under an origin that it had then. What was countersigned is on disk before the signature is returned.
  ///
  /// - Parameters:
  ///   - request: The head, with a proof from the one that was countersigned last.
  ///   - card: The other vault's card, whose fingerprint somebody compared.
  /// - Returns: The head with the vault's signature and this one.
  /// - Throws: `VaultError.witnessRefused`, `.damaged` for a head whose signature is wrong.
  ///
  /// Source: C2SP tlog-witness; FORMAT section 6.
  public func countersign(
    _ request: AddCheckpointRequest, of card: VaultNote, signer: VaultSigner
  ) throws(VaultError) -> SignedNote {
    do {
      guard card.vaultKey.key != note.vaultKey.key else { throw VaultError.witnessRefused(.ownHead) }
      let head = try verifiedHead(request.note, of: card)
      let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
      let folder = try root.directory(Self.witnessFolder, creating: true)
      try requireLatest(card, in: folder)
      try require(WitnessDecision.decide(on: request, head: head, seen: seenHead(of: card, in: folder)))
      let cosigned = try cosign(request.note, of: card, signer: signer)
      // What cannot be read again would hide this head from the next decision.
      guard cosigned.bytes.count <= Self.maximumCosignedByteCount else { throw VaultError.witnessRefused(.tooLarge) }
      try replace(Self.fileName(card.origin), in: folder, with: cosigned.bytes)
      _ = consume lock
      return cosigned
    } catch {
      throw VaultError(error)
    }
  }

  private func verifiedHead(_ signed: SignedNote, of card: VaultNote) throws -> TreeHead {
    do {
      return try signed.verifiedCheckpoint(of: card.origin, by: [card.key(.checkpoints)]).checkpoint.head
    } catch LogError.otherOrigin, LogError.notSigned {
      throw VaultError.witnessRefused(.otherVault)
    } catch {
      throw VaultError.damaged(Finding(.checkpoint, error: error))
    }
  }

  /// What is kept of the head of another vault that was countersigned under an origin.
  private static func fileName(_ origin: NoteLine) -> String { SHA256Hasher.digest(of: origin.bytes).hex + noteEnding }

  /// Requires that the card knows each origin under which a head by a key that it has or had was countersigned: the
  /// head of one that it does not know may have more entries. Files that cannot be read are another vault's, or of an
  /// origin that it knows.
  private func requireLatest(_ card: VaultNote, in folder: Directory) throws {
    let known = Set(card.origins.map(Self.fileName))
    for name in try folder.entries().compactMap(\.name) where name.hasSuffix(Self.noteEnding) && !known.contains(name) {
      guard let seen = try? SignedNote(folder.contents(of: name, limit: Self.maximumCosignedByteCount)),
        let origin = try? Checkpoint(seen.text).origin, card.vaultKey(ofWhoSigned: seen, origin: origin) != nil
      else { continue }
      throw VaultError.witnessRefused(.olderCard)
    }
  }

  /// The head that was countersigned last, under the origin of the card or the latest one before; `nil` if none was.
  private func seenHead(of card: VaultNote, in folder: Directory) throws -> TreeHead? {
    guard let origin = card.origins.last(where: { folder.contains(Self.fileName($0)) }) else { return nil }
    let seen = try seenHead(origin, of: card, in: folder)
    let since = card.continuations.drop { $0.origin != origin }
    if let less = since.first(where: { $0.kept.size < seen.size }) {
      throw VaultError.witnessRefused(.givenUp(seen: seen.size, kept: less.kept.size))
    }
    return seen
  }

  /// A file that cannot be read stops everything, for its head may have been larger.
  private func seenHead(_ origin: NoteLine, of card: VaultNote, in folder: Directory) throws -> TreeHead {
    let name = Self.fileName(origin)
    do {
      guard let key = card.key(.checkpoints, of: origin) else { throw LogError.otherOrigin(origin) }
      let seen = try SignedNote(folder.contents(of: name, limit: Self.maximumCosignedByteCount))
      _ = try seen.cosignatures(by: [note.witnessKey])
      return try seen.verifiedCheckpoint(of: origin, by: [key]).checkpoint.head
    } catch {
      throw VaultError.damaged(
        Finding(
          .cosignature, path: "\(Self.witnessFolder)/\(name)",
          detail: "what was countersigned last: \(DamageText.phrase(error))"))
    }
  }

  private func require(_ decision: WitnessDecision) throws(VaultError) {
    switch decision {
    case .sign: return
    case .needsProof(let size): throw .witnessRefused(.needsProof(from: size))
    case .olderHead(let seen): throw .witnessRefused(.olderHead(seen: seen.size))
    case .fork(let seen): throw .witnessRefused(.fork(seen: seen.size))
    }
  }

  private func cosign(_ head: SignedNote, of card: VaultNote, signer: VaultSigner) throws -> SignedNote {
    let cosigner = CosignatureSigner(name: note.witnessKey.name, key: signer.key(for: .cosignatures))
    let logKey = card.key(.checkpoints)
    let own = head.signatures.filter { $0.keyID == logKey.keyID && $0.name == logKey.name }
    let time = UInt64(clamping: environment.now().secondsSince1970)
    return try SignedNote(text: head.text, signatures: own.prefix(1) + [cosigner.sign(head.text, time: time)])
  }

  private func replace(_ name: String, in folder: Directory, with bytes: [UInt8]) throws {
    let incoming = try root.directory(Self.incomingFolder)
    let temporary = try placement(incoming).write(bytes, ending: ".part")
    try incoming.replace(name, in: folder, with: temporary)
    try folder.sync()
    try root.sync()
  }
}
