internal import Age
internal import DurableStore
internal import Primitives
internal import TransparencyLog
internal import Wording

/// Looks at every file that can hold a key of the vault, without any key: whether it is there, a regular file, and
/// sealed as such a file is. Which key is in it, who opens it can tell.
///
/// Source: FORMAT sections 1 and 2.
struct KeyFileCheck {
  let root: Directory
  let note: VaultNote

  /// How a key file is sealed.
  private enum Seal {
    case passphrase
    case recipients
    /// To recipients, or an empty file, which says that another one is to go.
    case recipientsOrEmpty
  }

  func run() -> [Finding] {
    do { return run(in: try root.directory(SealedKeyFile.folder)) } catch {
      return [closed(error)]
    }
  }

  /// What a folder of keys that cannot be opened says of the signing key.
  private func closed(_ error: StoreError) -> Finding {
    switch error {
    case .notFound: missing(SealedKeyFile.signing)
    case .symbolicLink, .notADirectory:
      Finding(.key, path: SealedKeyFile.folder, detail: "this is no folder, or cannot be read")
    default: Finding(.key, path: path(SealedKeyFile.signing), error: error)
    }
  }

  private func run(in keys: Directory) -> [Finding] {
    let own = note.vaultKey.key
    let earlier = note.earlierReadingFiles.sorted().filter { isSealed($0, .recipients, in: keys) == false }
    let waiting: [(String, Seal)] =
      note.nextReadingFiles.sorted().map { ($0, .passphrase) } + [
        (SealedKeyFile.signing(of: own), .passphrase), (SealedKeyFile.reason(of: own), .recipients),
        (SealedKeyFile.recovery(of: own), .recipientsOrEmpty),
      ]
    let detail: Phrase = "this is no sealed file, and earlier reading keys belong here"
    let findings =
      present(keys) + earlier.map { stray($0, severity: .damage, detail) }
      + waiting.flatMap { check(waiting: $0.0, $0.1, in: keys) }
    return findings + Self.paths(of: note).sorted().flatMap { obstacle($0) }
  }

  /// Where files with keys of a vault can be.
  static func paths(of note: VaultNote) -> Set<String> {
    let present = [SealedKeyFile.reading, SealedKeyFile.signing, SealedKeyFile.signingRecovery]
    return Set(present.map { "\(SealedKeyFile.folder)/\($0)" } + note.pendingKeyPaths)
  }

  /// The files that have their final names. One that waits for its place stands for the one that it replaces.
  private func present(_ keys: Directory) -> [Finding] {
    var findings: [Finding] = []
    if note.signingFile(in: root) == SealedKeyFile.signing {
      if !keys.contains(SealedKeyFile.signing) { findings.append(missing(SealedKeyFile.signing)) }
      findings += damaged(SealedKeyFile.signing, .passphrase, in: keys)
    }
    findings += lacking(keys)
    if note.readingFile(in: root) == SealedKeyFile.reading {
      findings += damaged(SealedKeyFile.reading, .passphrase, in: keys)
    }
    return findings + damaged(SealedKeyFile.signingRecovery, .recipients, in: keys)
  }

  /// Whether the reading key was taken away, by whom, and whether it ever was here, nobody can tell. Where the vault
  /// was certified, it never was.
  private func lacking(_ keys: Directory) -> [Finding] {
    let name = note.readingFile(in: root)
    guard !keys.contains(name), !note.hasCertificate, !root.contains(Vault.certificateName) else { return [] }
    let detail: Phrase =
      "not in this vault, so that only a copy of the reading key, its shares, or another reader's key open what is here"
    return [Finding(.readingKey, severity: .notice, path: path(name), detail: detail)]
  }

  private func damaged(_ name: String, _ seal: Seal, in keys: Directory) -> [Finding] {
    guard isSealed(name, seal, in: keys) == false else { return [] }
    return [Finding(.key, path: path(name), detail: "this is no key file, or its beginning is damaged")]
  }

  private func check(waiting name: String, _ seal: Seal, in keys: Directory) -> [Finding] {
    switch isSealed(name, seal, in: keys) {
    case true?:
      let detail: Phrase = "a key file that is to take the place of another"
      return [Finding(.pendingKey, severity: .notice, path: path(name), detail: detail)]
    case false?: return [stray(name, severity: .notice, "this is no key file, and takes the place of none")]
    case nil: return []
    }
  }

  /// Whether a file is sealed as it must be; `nil` if there is none, or something else, or nobody can say.
  private func isSealed(_ name: String, _ seal: Seal, in keys: Directory) -> Bool? {
    do {
      let bytes = try keys.contents(of: name, limit: SealedKeyFile.maximumByteCount)
      if bytes.isEmpty { return seal == .recipientsOrEmpty }
      return try SealedFile(bytes).needsPassphrase == (seal == .passphrase)
    } catch let error as StoreError {
      if case .tooLong = error { return false }
      return nil
    } catch {
      return false
    }
  }

  private func obstacle(_ path: String) -> [Finding] {
    guard root.contains(path) else { return [] }
    do {
      _ = try root.file(path)
      return []
    } catch {
      switch error {
      case .notAFile, .symbolicLink, .notADirectory: return [.obstacle(path)]
      default: return [Finding(.key, path: path, error: error)]
      }
    }
  }

  private func missing(_ name: String) -> Finding { Finding(.key, path: path(name), detail: "missing") }

  private func stray(_ name: String, severity: Finding.Severity, _ detail: Phrase) -> Finding {
    Finding(.strayKey, severity: severity, path: path(name), detail: detail)
  }

  private func path(_ name: String) -> String { "\(SealedKeyFile.folder)/\(name)" }
}

extension Finding {
  /// That something else stands in the place of a file.
  static func obstacle(_ path: String) -> Finding {
    Finding(.obstacle, path: path, detail: "a folder, link, pipe or device stands in the place of a file")
  }
}
