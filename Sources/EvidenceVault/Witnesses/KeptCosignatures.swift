internal import DurableStore
internal import Primitives
public import TransparencyLog
internal import Wording

/// A head of this vault that somebody else countersigned.
public struct Countersignature: Hashable, Sendable {
  /// What the policy calls the witness; without a policy, the name of its key, which nobody vouches for.
  public let witness: String
  /// The time by the witness's clock, in seconds since 1970; `nil` if its key is not known.
  public let time: UInt64?
  /// The entries that the head covers.
  public let size: UInt64
  /// The key, if it is known.
  public let key: WitnessKey?
}

/// What the countersignatures of a vault come to.
public struct WitnessReport: Sendable {
  /// All of them: those that were checked, or, without a policy, those that are there.
  public var countersignatures: [Countersignature] = []
  /// The entries up to which the policy is met; `nil` without a policy, or if it is not met at all.
  public var metSize: UInt64?
  /// Whether there was a policy to check against.
  public var hasPolicy = false
}

extension Vault {
  static let cosignatureFolder = "cosignatures"
  static let noteEnding = ".note"
  /// The longest head with countersignatures that is kept, in bytes.
  static let maximumCosignedByteCount = 65_536

  /// Keeps the countersignatures of a head of this vault. What is kept already is not kept twice.
  ///
  /// - Returns: Those that were checked with `keys`, the latest of each.
  /// - Throws: `VaultError.witnessRefused` if none can be checked; `.rolledBack` for a head that is larger than the
  ///   index; `.damaged` for one that is not part of it, or a wrong signature.
  public func keep(_ cosigned: SignedNote, by keys: [WitnessKey]) throws(VaultError) -> [Cosignature] {
    do {
      guard cosigned.bytes.count <= Self.maximumCosignedByteCount else {
        throw VaultError.damaged(Finding(.cosignature, detail: "larger than any countersigned head"))
      }
      _ = try requireOwnHead(cosigned, in: head())
      let cosignatures = try cosigned.cosignatures(by: keys)
      guard !cosignatures.isEmpty else { throw VaultError.witnessRefused(.notCountersigned) }
      let name = SHA256Hasher.digest(of: cosigned.bytes).hex + Self.noteEnding
      let path = "\(Self.cosignatureFolder)/\(name)"
      let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
      if !root.contains(path) {
        let placement = try placement(root.directory(Self.incomingFolder))
        try placement.place(placement.write(cosigned.bytes, ending: ".part"), at: path)
      }
      _ = consume lock
      return cosignatures
    } catch {
      throw VaultError(error)
    }
  }

  /// The head in a note, if this vault signed it and its index has it.
  private func requireOwnHead(_ cosigned: SignedNote, in present: Head) throws -> TreeHead {
    let signed: TreeHead
    do {
      signed = try note.anyHead(signedIn: cosigned)
    } catch LogError.otherOrigin, LogError.notSigned {
      throw VaultError.witnessRefused(.otherVault)
    }
    guard signed.size <= present.tree.size else {
      throw VaultError.rolledBack(seenSize: signed.size, size: present.tree.size)
    }
    guard try tree(present.tree).head(ofSize: signed.size) == signed else {
      throw VaultError.damaged(
        Finding(.checkpoint, detail: "the head at \(signed.size) entries that was countersigned is not in the index"))
    }
    return signed
  }

  /// Checks every countersignature that is kept.
  func checkCosignatures(_ head: Head, policy: WitnessPolicy?) -> (report: WitnessReport, findings: [Finding]) {
    var report = WitnessReport(hasPolicy: policy != nil)
    var findings: [Finding] = []
    guard let folder = try? root.directory(Self.cosignatureFolder), let entries = try? folder.entries() else {
      report.metSize = policy?.isMet(by: []) == true ? head.tree.size : nil
      return (report, findings)
    }
    for entry in entries {
      guard let name = entry.name, name.hasSuffix(Self.noteEnding) else { continue }
      do {
        report.countersignatures += try countersignatures(name, in: folder, head: head, policy: policy)
      } catch {
        findings.append(
          Finding(.cosignature, path: "\(Self.cosignatureFolder)/\(name)", error: error))
      }
    }
    report.metSize = policy.flatMap { Self.metSize(report.countersignatures, $0, size: head.tree.size) }
    return (report, findings + futureFindings(report.countersignatures))
  }

  private func countersignatures(
    _ name: String, in folder: Directory, head: Head, policy: WitnessPolicy?
  ) throws -> [Countersignature] {
    let bytes = try folder.contents(of: name, limit: Self.maximumCosignedByteCount)
    guard name == SHA256Hasher.digest(of: bytes).hex + Self.noteEnding else {
      throw VaultError.damaged(Finding(.cosignature, detail: "the file has another digest than its name"))
    }
    let cosigned = try SignedNote(bytes)
    let size = try requireOwnHead(cosigned, in: head).size
    guard let policy else {
      let own = try note.checkpointKey(of: Checkpoint(cosigned.text).origin) ?? note.key(.checkpoints)
      return cosigned.signatures.filter { $0.keyID != own.keyID || $0.name != own.name }
        .map { Countersignature(witness: $0.name.description, time: nil, size: size, key: nil) }
    }
    return try cosigned.cosignatures(by: policy.witnesses.map(\.key)).map { cosignature in
      let name = policy.witnesses.first { $0.key == cosignature.witness }?.name ?? ""
      return Countersignature(witness: name, time: cosignature.time, size: size, key: cosignature.witness)
    }
  }

  /// The largest head that enough witnesses signed, or one after it: whoever signs a head vouches for all before it.
  static func metSize(_ countersignatures: [Countersignature], _ policy: WitnessPolicy, size: UInt64) -> UInt64? {
    if policy.isMet(by: []) { return size }
    var signers: [WitnessKey] = []
    for countersignature in countersignatures.sorted(by: { $0.size > $1.size }) {
      guard let key = countersignature.key else { continue }
      signers.append(key)
      if policy.isMet(by: signers) { return countersignature.size }
    }
    return nil
  }

  private func futureFindings(_ countersignatures: [Countersignature]) -> [Finding] {
    let latest = UInt64(clamping: environment.now().secondsSince1970 &+ 86_400)
    return countersignatures.filter { ($0.time ?? 0) > latest }.map {
      Finding(
        .cosignature, severity: .notice,
        detail:
          "\($0.witness) countersigned \($0.size) entries at a time that is still to come, by this machine's clock")
    }
  }
}
