public import Age
internal import DurableStore
internal import Primitives
internal import Streams

/// A passphrase among several that are tried.
public final class TriedPassphrase: Sendable {
  let passphrase: Passphrase

  /// Takes it over.
  public init(_ passphrase: consuming Passphrase) { self.passphrase = passphrase }

  /// Whether both are the same.
  public func isEqual(to other: TriedPassphrase) -> Bool { passphrase.bytes.isEqual(to: other.passphrase.bytes) }
}

/// What came of changing the passphrase of key files.
public struct PassphraseChange: Sendable {
  /// The files that were sealed anew, relative to the vault.
  public internal(set) var changed: [String] = []
  /// Those that had the new passphrase already: an earlier change was interrupted.
  public internal(set) var unchanged: [String] = []
  /// Copies in `aside/` that the old passphrase opened, and that are gone.
  public internal(set) var removed: [String] = []
  /// Copies of key files in `aside/` that are under another passphrase, or hold another key; they stay.
  public internal(set) var left: [String] = []
  /// Old files that have another name on the same disk, so that somebody keeps them.
  public internal(set) var linked: [String] = []
  /// Old files that the system did not let be overwritten.
  public internal(set) var notOverwritten: [String] = []

  /// Keeps what came of overwriting an old file.
  mutating func note(_ result: FileSource.Overwriting, of path: String) {
    switch result {
    case .done: break
    case .hasOtherName: linked.append(path)
    case .refused: notOverwritten.append(path)
    }
  }
}

extension Vault {
  /// Seals the key files with a new passphrase. Each is replaced in one step, and one that has the new passphrase
  /// already is left: run again after an interruption, it completes. Then copies in `aside/` that an old passphrase
  /// opens are removed. Old bytes are overwritten as far as the file system lets them be.
  ///
  /// - Throws: `VaultError.wrongPassphrase` if neither `old` nor `new` opens a file, and `.damagedKey`; nothing is
  ///   changed then. What the file system throws; done again, it completes.
  ///
  /// Source: FORMAT section 2.
  public func changePassphrase(
    to new: TriedPassphrase, from old: [TriedPassphrase],
    workFactorLog2: Int = Passphrase.defaultWorkFactorLog2
  ) throws(VaultError) -> PassphraseChange {
    do {
      let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
      try settleNote()
      let names = (hasReadingIdentity ? [SealedKeyFile.reading] : []) + [SealedKeyFile.signing]
      let change = try changePassphrase(of: names, to: new, from: old, workFactorLog2: workFactorLog2)
      _ = consume lock
      return change
    } catch {
      throw VaultError(error)
    }
  }

  /// Requires that one of these passphrases opens a key file, before anybody thinks up a new one.
  ///
  /// - Throws: `VaultError.wrongPassphrase`, `.damagedKey`.
  public func requireOpens(_ tried: [TriedPassphrase]) throws(VaultError) {
    let names = (hasReadingIdentity ? [SealedKeyFile.reading] : []) + [SealedKeyFile.signing]
    for (place, name) in names.enumerated() {
      do {
        _ = try vaultKey(name, openedBy: tried)
        return
      } catch {
        let error = VaultError(error)
        guard case .wrongPassphrase = error, place + 1 < names.count else { throw error }
      }
    }
  }

  private func changePassphrase(
    of names: [String], to new: TriedPassphrase, from old: [TriedPassphrase], workFactorLog2: Int
  ) throws -> PassphraseChange {
    let keys = try root.directory(SealedKeyFile.folder)
    let incoming = try root.directory(Self.incomingFolder)
    try removeAbandonedParts(incoming)
    var change = PassphraseChange()
    var prepared: [(name: String, file: PreparedKeyFile)] = []
    for name in names {
      let key = try vaultKey(name, openedBy: old + [new])
      guard key.opener !== new else {
        change.unchanged.append("\(SealedKeyFile.folder)/\(name)")
        continue
      }
      let file = try preparedKey(key.secret, sealedWith: new.passphrase, workFactorLog2: workFactorLog2)
      prepared.append((name, file))
    }
    var replaced: [(path: String, file: FileSource)] = []
    for (name, file) in prepared {
      replaced.append(("\(SealedKeyFile.folder)/\(name)", try keys.file(name)))
      try file.place(as: name, isReplacing: true)
    }
    change.changed = replaced.map(\.path)
    for (path, file) in replaced { change.note(file.overwriteOnceNameless(), of: path) }
    try clearAside(of: names, from: old, keeping: new, &change)
    return change
  }

  /// A key of the vault, and which passphrase opened its file.
  private struct OpenedKey: ~Copyable {
    let secret: SecretBytes
    let opener: TriedPassphrase
  }

  private func vaultKey(_ name: String, openedBy tried: [TriedPassphrase]) throws -> OpenedKey {
    for opener in tried {
      do {
        let secret =
          name == SealedKeyFile.reading
          ? try readingIdentity(opener.passphrase).encoded() : try signer(opener.passphrase).encoded()
        return OpenedKey(secret: secret, opener: opener)
      } catch {
        guard case .wrongPassphrase = error else { throw error }
      }
    }
    throw VaultError.wrongPassphrase(keyFile: "\(SealedKeyFile.folder)/\(name)")
  }

  /// Removes what a dead writer left in `incoming/`, or beside a key file: it may be a key under a passphrase that is
  /// given up now, or the key that is to go.
  func removeAbandonedParts(_ incoming: Directory) throws {
    let keys = try root.directory(SealedKeyFile.folder)
    for name in [SealedKeyFile.reading, SealedKeyFile.signing] { keys.removeAbandoned(of: name) }
    let lock = try FileLock(on: incoming, patience: environment.lockPatience)
    for entry in try incoming.entries() {
      guard let name = entry.name, entry.kind == .file, name.hasSuffix(".part"),
        !FileLock.isHeld(name, in: incoming)
      else { continue }
      let file = try? incoming.file(name)
      try incoming.remove(name)
      _ = file?.overwriteOnceNameless()
    }
    _ = consume lock
  }
}

// MARK: - Copies in aside/

extension Vault {
  /// Removes the copies of key files that an old passphrase opens, if they hold what the present files hold.
  private func clearAside(
    of names: [String], from old: [TriedPassphrase], keeping new: TriedPassphrase, _ change: inout PassphraseChange
  ) throws {
    for name in [SealedKeyFile.reading, SealedKeyFile.signing] {
      for path in try keyFilesAside(named: name) {
        let keys = try root.directory(splitPath(path).folder)
        guard names.contains(name), try isCopy(name, in: keys, openedBy: old, of: new) else {
          change.left.append(path)
          continue
        }
        let file = try keys.file(name)
        try keys.remove(name)
        try keys.sync()
        change.removed.append(path)
        change.note(file.overwriteOnceNameless(), of: path)
      }
    }
  }

  /// The copies of a key file that a repair or a restoration laid in `aside/`, relative to the vault.
  func keyFilesAside(named name: String) throws -> [String] {
    guard root.contains(AsideFolder.name) else { return [] }
    let aside = try root.directory(AsideFolder.name)
    return try aside.entries().compactMap { entry in
      guard let folder = entry.name, entry.kind == .directory else { return nil }
      let path = "\(folder)/\(SealedKeyFile.folder)/\(name)"
      return aside.contains(path) ? "\(AsideFolder.name)/\(path)" : nil
    }
  }

  /// Whether an old passphrase opens the file, and it holds the present key or nothing that can be read. What is not
  /// authentic under its own file key was a key file that this passphrase opened: nothing can be had from it, but
  /// guesses can be tried on it.
  private func isCopy(
    _ name: String, in folder: Directory, openedBy old: [TriedPassphrase], of new: TriedPassphrase
  ) throws -> Bool {
    // What is too long, or no file, was no key file.
    guard let bytes = try? folder.contents(of: name, limit: SealedKeyFile.maximumByteCount) else { return false }
    for opener in old {
      do {
        let secret = try SealedFile(reading: MemorySource(bytes)).openSecret(with: opener.passphrase)
        let present = try SealedKeyFile.open(name, in: root, passphrase: new.passphrase)
        return secret.isEqual(to: present)
      } catch AgeError.noMatch { continue } catch AgeError.headerMAC { return true } catch AgeError.payload {
        return true
      } catch is AgeError { return false }
    }
    return false
  }
}

/// One key file somewhere: an identity, or a copy of a vault's key, sealed with a passphrase.
public enum KeyFilePassphrase {
  /// Seals the file at `path` with a new passphrase, in its place. Whether it was changed: `false` if it has that
  /// passphrase already.
  ///
  /// - Throws: `VaultError.wrongPassphrase`, `.damagedKey`; `.invalidKey` if it is not sealed with a passphrase; what
  ///   the file system throws.
  public static func change(
    of path: String, to new: TriedPassphrase, from old: [TriedPassphrase],
    workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, environment: VaultEnvironment
  ) throws(VaultError) -> PassphraseChange {
    do {
      let file = try ReplacementFile(for: path, nonce: Hex.encode(environment.randomness.bytes(8)))
      let bytes = try file.old.contents(limit: SealedKeyFile.maximumByteCount)
      for opener in old + [new] {
        guard let secret = try secret(in: bytes, path: path, openedBy: opener) else { continue }
        var change = PassphraseChange()
        guard opener !== new else {
          change.unchanged = [path]
          return change
        }
        var options = environment.sealingOptions
        options.isArmored = bytes.first != UInt8(ascii: "a")
        try Sealing.seal(
          secret, to: file, with: new.passphrase, workFactorLog2: workFactorLog2, options: options)
        try file.finish()
        try file.publish()
        change.changed = [path]
        change.note(file.old.overwriteOnceNameless(), of: path)
        return change
      }
      throw VaultError.wrongPassphrase(keyFile: path)
    } catch {
      throw VaultError(error)
    }
  }

  /// Requires that one of these passphrases opens the file at `path`, before anybody thinks up a new one.
  ///
  /// - Throws: as `change`.
  public static func requireOpens(_ path: String, _ tried: [TriedPassphrase]) throws(VaultError) {
    do {
      let bytes = try FileSource(opening: path).contents(limit: SealedKeyFile.maximumByteCount)
      for opener in tried {
        if let found = try secret(in: bytes, path: path, openedBy: opener) {
          _ = consume found
          return
        }
      }
      throw VaultError.wrongPassphrase(keyFile: path)
    } catch {
      throw VaultError(error)
    }
  }

  private static func secret(
    in bytes: [UInt8], path: String, openedBy opener: TriedPassphrase
  ) throws -> SecretBytes? {
    do {
      let file = try SealedFile(reading: MemorySource(bytes))
      guard file.needsPassphrase else { throw VaultError.invalidKey(what: path) }
      return try file.openSecret(with: opener.passphrase)
    } catch AgeError.noMatch { return nil } catch AgeError.header(.notAnAgeFile) {
      throw VaultError.invalidKey(what: path)
    } catch is AgeError { throw VaultError.damagedKey(keyFile: path) }
  }
}
