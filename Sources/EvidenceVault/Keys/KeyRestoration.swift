public import Age
internal import DurableStore
public import Primitives
public import SecretSharing
internal import StrictJSON

/// A reading identity that shares gave back.
public struct RecoveredIdentity: Sendable {
  /// The identity; of both kinds if nothing says which it is.
  public let identities: [Identity]
  /// How many shares it took.
  public let threshold: Int
  /// The number that they have in common.
  public let set: Int

  /// Combines exactly as many shares as are needed. The shares hold 32 bytes and not what kind of key they are of: with
  /// `readers`, the kind is the one whose recipient is among them.
  ///
  /// - Throws: `VaultError.shares`; `.sharesOfAnotherKey` if the key is no reader's.
  ///
  /// Source: FORMAT section 2.
  public init(_ shares: [Share], of readers: [Recipient]?) throws(VaultError) {
    do {
      let secret = try Sharing.combine(shares)
      let kinds: [Identity.Kind] = [.hybrid, .x25519]
      let possible = kinds.compactMap { kind in
        Identity(kind, seed: SecretBytes(copying: secret, in: 0..<secret.count))
      }
      identities = readers.map { readers in possible.filter { readers.contains($0.recipient) } } ?? possible
      guard !identities.isEmpty, let first = shares.first else { throw VaultError.sharesOfAnotherKey }
      threshold = first.memberThreshold
      set = first.set.identifier
    } catch {
      throw VaultError(error)
    }
  }

  /// What an identity file of it holds: a line for each kind that it may be.
  public func encoded() -> SecretBytes {
    var text = SecretText(capacity: 1_024)
    for identity in identities {
      let line = identity.encoded()
      text.append(line, in: 0..<line.count)
      text.append("\n")
    }
    return text.finish()
  }
}

/// What came of restoring the keys of a vault.
public struct KeyRestoration: Sendable {
  /// Whether the vault can sign again, too.
  public let canSign: Bool
  /// Where the old key files are kept, relative to the vault, if there were any.
  public let aside: String?
  /// The entry that says so, if the vault can sign.
  public let index: UInt64?
  /// Why it cannot sign though there is a file for that, or why there is no entry though it can.
  public let fault: VaultError?
}

extension Vault {
  /// Seals a reading identity that was recovered with a new passphrase and puts it into `keys/`, and so the signing
  /// seed if `keys/signing-recovery.age` has it. Old files are kept in `aside/` before new ones replace them, each in
  /// one step: at every instant there is a whole file under each name. Run again after an interruption, it completes.
  ///
  /// - Throws: `VaultError.sharesOfAnotherKey`; `.keysExist` if there is a reading key and `isReplacing` is not set;
  ///   what the file system throws.
  ///
  /// Source: FORMAT section 2.
  public func restoreKeys(
    _ recovered: RecoveredIdentity, passphrase: borrowing Passphrase,
    workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, isReplacing: Bool
  ) throws(VaultError) -> KeyRestoration {
    do {
      guard let identity = recovered.identities.first, note.readers.contains(identity.recipient) else {
        throw VaultError.sharesOfAnotherKey
      }
      let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
      guard isReplacing || !hasReadingIdentity else { throw VaultError.keysExist }
      // While somebody types the words of shares, the readers may change.
      try settleNote()
      // A damaged file must not keep anybody from reading.
      let signer = Result { try signerOfRecovery(identity) }.mapError { VaultError($0) }
      let aside = AsideFolder(in: root, environment: environment)
      var prepared = [
        (
          name: SealedKeyFile.reading,
          file: try preparedKey(identity.encoded(), sealedWith: passphrase, workFactorLog2: workFactorLog2)
        )
      ]
      if case .success(let signer?) = signer {
        let file = try preparedKey(signer.encoded(), sealedWith: passphrase, workFactorLog2: workFactorLog2)
        prepared.append((name: SealedKeyFile.signing, file: file))
      }
      let held = HeldInterrupts()
      let isKept = try replace(prepared, keepingIn: aside)
      _ = consume lock
      let restored = enter(recovered, signer: signer, aside: isKept ? aside.path : nil)
      _ = consume held
      return restored
    } catch {
      throw VaultError(error)
    }
  }

  /// Puts finished key files over the old ones, which are kept; whether there were any.
  private func replace(
    _ files: [(name: String, file: PreparedKeyFile)], keepingIn aside: AsideFolder
  ) throws -> Bool {
    let keys = try root.directory(SealedKeyFile.folder)
    let old = files.map(\.name).filter { keys.contains($0) }
    for name in old {
      try aside.keep(
        name, in: keys, path: "\(SealedKeyFile.folder)/\(name)", limit: SealedKeyFile.maximumByteCount)
    }
    for (name, file) in files { try file.place(as: name, isReplacing: true) }
    return !old.isEmpty
  }

  /// The keys are back whether or not this succeeds.
  private func enter(
    _ recovered: RecoveredIdentity, signer: Result<VaultSigner?, VaultError>, aside: String?
  ) -> KeyRestoration {
    do {
      guard let signer = try signer.get() else {
        return KeyRestoration(canSign: false, aside: aside, index: nil, fault: nil)
      }
      let fields: JSONObject = [
        "event": .string("recovered"), "threshold": .integer(Int64(recovered.threshold)),
        "set": .integer(Int64(recovered.set)), "signing": .bool(true),
      ]
      let index = try addEvent(Recovery.kind, fields, signer: signer).index
      return KeyRestoration(canSign: true, aside: aside, index: index, fault: nil)
    } catch {
      let canSign = if case .success(_?) = signer { true } else { false }
      return KeyRestoration(canSign: canSign, aside: aside, index: nil, fault: VaultError(error))
    }
  }
}
