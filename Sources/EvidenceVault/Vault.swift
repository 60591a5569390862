public import Age
internal import DurableStore
internal import Primitives
internal import Streams
public import TransparencyLog
internal import Wording

/// A vault on disk: sealed evidence and the signed index over it.
///
/// Source: FORMAT section 1.
public final class Vault: Sendable {
  static let checkpointName = "checkpoint"
  static let incomingFolder = "incoming"
  /// The folders of every vault.
  static let folders = [
    TileStore.folder, RecordsReference.folder, ObjectReference.folder, SealedKeyFile.folder, incomingFolder,
  ]

  /// Where the vault is, without links, as the system knows it.
  public let path: String
  /// Who the vault is.
  public let note: VaultNote
  let root: Directory
  let environment: VaultEnvironment

  init(path: String, note: VaultNote, root: Directory, environment: VaultEnvironment) {
    self.path = path
    self.note = note
    self.root = root
    self.environment = environment
  }

  /// Opens the vault at `path`. Its note is checked; `head` compares it with what this
  /// machine saw before.
  ///
  /// - Throws: `VaultError.noVault`, `.incompleteVault`, `.newerFormat`, `.damaged`.
  public convenience init(opening path: String, environment: VaultEnvironment) throws(VaultError) {
    do {
      let root = try Self.openFolder(path)
      guard root.contains(VaultNote.fileName) else {
        guard root.contains(Self.checkpointName) || root.contains(TileStore.folder) else {
          throw VaultError.noVault(path: path)
        }
        throw VaultError.incompleteVault(part: VaultNote.fileName)
      }
      let note = try VaultNote.present(in: root)
      for part in Self.folders + [Self.checkpointName] where !root.contains(part) {
        throw VaultError.incompleteVault(part: part)
      }
      self.init(path: try root.resolvedPath(), note: note, root: root, environment: environment)
    } catch {
      throw VaultError(error)
    }
  }

  static func openFolder(_ path: String) throws -> Directory {
    do {
      return try Directory(opening: path)
    } catch StoreError.notFound {
      throw VaultError.noVault(path: path)
    } catch StoreError.notADirectory {
      throw VaultError.noVault(path: path)
    }
  }

  // MARK: - The head

  /// The head of the index with its signed note.
  public struct Head: Sendable {
    /// Size and root.
    public let tree: TreeHead
    /// The checkpoint as it was signed.
    public let note: SignedNote

    /// What people write down: the number of entries and eight words of the root.
    public var words: String { "\(tree.size) \(WordList.fingerprint(of: tree.root))" }
  }

  /// Reads the head and compares it with the one this machine saw last.
  ///
  /// - Throws: `VaultError.damaged`, also if `vault.note` has other readers than the head names, or
  ///   not its promise; `.rolledBack`,
  ///   `.replaced`; `.file(.changed)` if the note has just been changed.
  public func head() throws(VaultError) -> Head {
    do {
      var head = try readHead()
      while let now = try laterHead(than: head) { head = now }
      try requireFit(head)
      return head
    } catch {
      throw VaultError(error)
    }
  }

  /// Compares a head with what this machine saw. `nil` if it is as it should be; a later one if another process added
  /// entries, and remembered that, after the head was read: that is no rollback.
  private func laterHead(than head: Head) throws -> Head? {
    do {
      try Pins(environment)?.check(note, head: head.tree, tree: tree(head.tree), path: path)
      return nil
    } catch VaultError.rolledBack(let seenSize, let size) {
      let now = try readHead()
      guard now.tree.size > head.tree.size else { throw VaultError.rolledBack(seenSize: seenSize, size: size) }
      return now
    }
  }

  /// Remembers a head that was checked. One that is still signed under the old origin is remembered already.
  public func pin(_ head: Head) {
    guard isOwn(head) else { return }
    let isRemembered = Pins(environment)?.remember(note, checkpoint: head.note, path: path) ?? false
    if !isRemembered { environment.onForgotten() }
  }

  /// The head of this vault that was remembered, on this machine, before now.
  public func seenHead() -> TreeHead? { Pins(environment)?.seenHead(note) }

  /// Whether a head is signed under the origin of the note, and not yet under the one before.
  func isOwn(_ head: Head) -> Bool { (try? Checkpoint(head.note.text))?.origin == note.origin }

  func readHead() throws -> Head {
    do {
      let signed = try SignedNote(root.contents(ofOwn: Self.checkpointName, .checkpoint))
      return Head(tree: try note.head(signedIn: signed), note: signed)
    } catch let error as LogError {
      // Another process may have replaced the note, and with it the keys.
      if let now = try? VaultNote.present(in: root), now != note {
        throw StoreError.changed(path: root.displayPath(VaultNote.fileName))
      }
      throw VaultError.damaged(Finding(.checkpoint, path: Self.checkpointName, error: error))
    }
  }

  func tree(_ head: TreeHead) -> TileTree { TileTree(head: head, reader: TileStore(root: root).reader) }

  /// The head as a file that a witness, or anybody with an older head, can check.
  ///
  /// - Throws: `VaultError.noSuchItem` if the index never had that size; `.damaged`.
  public func headFile(_ head: Head, since size: UInt64 = 0) throws(VaultError) -> AddCheckpointRequest {
    guard size <= head.tree.size else { throw .noSuchItem(size) }
    do {
      let proof = try tree(head.tree).consistencyProof(from: size)
      return try AddCheckpointRequest(oldSize: size, proof: proof, note: head.note)
    } catch {
      throw VaultError(error)
    }
  }

  // MARK: - Keys

  /// Whether the vault keeps a reading identity: an intake vault does not.
  public var hasReadingIdentity: Bool { root.contains("\(SealedKeyFile.folder)/\(SealedKeyFile.reading)") }

  /// Whether somebody else certified the vault, as an archive does with an intake vault that it makes: no reading key
  /// belongs here.
  public var isCertified: Bool { note.hasCertificate || root.contains(Self.certificateName) }

  /// Why the vault holds no reading identity, if it holds none.
  public var readingKeyLack: ReadingKeyLack { isCertified ? .intake : .absent }

  /// Unlocks the signing key.
  ///
  /// - Throws: `VaultError.wrongPassphrase`, `.damagedKey` also if the key is not that of `vault.note`.
  public func signer(_ passphrase: borrowing Passphrase) throws(VaultError) -> VaultSigner {
    do {
      let text = try SealedKeyFile.open(signingFile, in: root, passphrase: passphrase)
      guard let signer = VaultSigner(encoded: text), signer.verifierKeys(origin: note.origin) == note.keys else {
        throw VaultError.damagedKey(keyFile: "\(SealedKeyFile.folder)/\(SealedKeyFile.signing)")
      }
      return signer
    } catch {
      throw notUnlocked(error)
    }
  }

  /// Unlocks the reading identity that the vault keeps.
  ///
  /// - Throws: `VaultError.needsReadingKey` on an intake vault, `.wrongPassphrase`, `.damagedKey` also if the identity
  ///   is not that of a reader in `vault.note`.
  public func readingIdentity(_ passphrase: borrowing Passphrase) throws(VaultError) -> Identity {
    guard hasReadingIdentity else { throw .needsReadingKey(readingKeyLack) }
    let name = note.readingFile(in: root)
    do {
      let text = try SealedKeyFile.open(name, in: root, passphrase: passphrase)
      guard let identity = try? KeyFile.identities(in: text).first, note.readers.contains(identity.recipient) else {
        throw VaultError.damagedKey(keyFile: "\(SealedKeyFile.folder)/\(name)")
      }
      return identity
    } catch {
      throw notUnlocked(error)
    }
  }

  /// Why a key file gave no key. Between the opening of a vault and the passphrase that somebody types, another process
  /// may have replaced the key: nothing is damaged then, and no older key file is to be put in its place.
  private func notUnlocked(_ error: any Error) -> VaultError {
    let error = VaultError(error)
    let changed = VaultError.file(.changed(path: root.displayPath(VaultNote.fileName)))
    switch error {
    case .incompleteVault(let part) where note.pendingKeyPaths.contains(part): return changed
    case .damagedKey, .incompleteVault:
      let now = try? VaultNote.present(in: root)
      return now == nil || now == note ? error : changed
    default: return error
    }
  }

  /// Requires that one of `identities` is that of a reader.
  ///
  /// - Throws: `VaultError.notAReader`.
  public func requireReader(_ identities: [Identity]) throws(VaultError) {
    guard identities.contains(where: { note.readers.contains($0.recipient) }) else { throw .notAReader }
  }
}
