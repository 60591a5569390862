internal import DurableStore
internal import Primitives
internal import Streams
internal import TransparencyLog
internal import Wording

/// The hands of a repair: puts files in their places, moves what is in the way aside, and remembers what it did.
///
/// Whatever instant ends it, each file is where it was, in `aside/`, or in its place; doing it again goes on from
/// there.
final class RepairWork {
  let root: Directory
  /// The second copy of the vault.
  let copy: Directory?
  let environment: VaultEnvironment
  private(set) var steps: [RepairStep] = []
  private let placement: Placement
  private let aside: AsideFolder

  /// Makes the folders that every vault has.
  init(root: Directory, copy: Directory?, environment: VaultEnvironment) throws {
    self.root = root
    self.copy = copy
    self.environment = environment
    aside = AsideFolder(in: root, environment: environment)
    for folder in Vault.folders where try Self.folder(folder, in: root) == nil {
      if root.contains(folder) {
        try environment.beforeRepairing(folder)
        try aside.take(folder, in: root, path: folder)
        steps.append(RepairStep(action: .moved, path: folder, detail: "\(aside.path)/\(folder)"))
      }
      try environment.beforeRepairing(folder)
      _ = try root.directory(folder, creating: true)
      steps.append(RepairStep(action: .made, path: folder, detail: nil))
    }
    placement = Placement(root: root, incoming: try root.directory(Vault.incomingFolder), environment: environment)
  }

  /// A folder; `nil` if there is none, or something else in its place. One that cannot be opened stays where it is,
  /// with all that may be whole in it.
  private static func folder(_ name: String, in parent: Directory) throws -> Directory? {
    do { return try parent.directory(name) } catch {
      switch error {
      case .notFound, .notADirectory, .symbolicLink: return nil
      default: throw error
      }
    }
  }

  /// Puts `bytes` at `path` unless they are there already.
  func put(
    _ bytes: [UInt8], at path: String, _ action: RepairStep.Action, finalMode: UInt32 = 0o400, detail: Phrase? = nil
  ) throws {
    let present = try ifUndamaged { try root.contents(of: path, limit: bytes.count) }
    guard present != bytes else { return }
    try environment.beforeRepairing(path)
    try place(placement.write(bytes, ending: ".part", finalMode: finalMode), at: path, action, detail)
  }

  /// Copies a file from the second copy through `incoming/`, if it has the digest there. Of one that is too long
  /// nothing is copied: it would fill the disk.
  func restore(_ expected: NamedFile) throws {
    let path = expected.path
    guard let copy, let source = try ifUndamaged({ try copy.file(path) }), expected.canHave(source.byteCount) else {
      return
    }
    try environment.beforeRepairing(path)
    let name = placement.newName(expected.kind == .object ? ".object" : ".records")
    let file = try placement.incoming.createFileAmongOthers(name)
    do {
      let sink = DigestingSink(file)
      guard try isCopied(source, to: sink), sink.digest == expected.digest else {
        return try placement.incoming.remove(name)
      }
      try file.finish()
    } catch {
      try? placement.incoming.remove(name)
      throw error
    }
    try withExtendedLifetime(file) { try place(name, at: path, .restored, nil) }
  }

  /// Whether all could be read. What cannot be written is a failure of the repair; what cannot be read is damage of the
  /// copy.
  private func isCopied(_ source: FileSource, to sink: DigestingSink) throws -> Bool {
    do {
      try CountingSource(SectionSource(source), onProgress: environment.onProgress).copy(to: sink)
      return true
    } catch let error as StoreError where error.path == source.path {
      return try ifUndamaged { throw error } ?? false
    }
  }

  private func place(_ name: String, at path: String, _ action: RepairStep.Action, _ detail: Phrase?) throws {
    do {
      try moveAside(path)
      try environment.beforeRepairing(path)
      try placement.place(name, at: path)
    } catch {
      try? placement.incoming.remove(name)
      throw error
    }
    steps.append(RepairStep(action: action, path: path, detail: detail))
  }

  /// Moves what stands at `path`, or in the place of a folder above it, out of the way.
  func moveAside(_ path: String) throws {
    var folder = root
    var passed = ""
    let components = path.split(separator: "/").map(String.init)
    for (position, component) in components.enumerated() {
      guard folder.contains(component) else { return }
      passed += passed.isEmpty ? component : "/\(component)"
      if position < components.count - 1, let next = try Self.folder(component, in: folder) {
        folder = next
      } else {
        try environment.beforeRepairing(passed)
        try aside.take(component, in: folder, path: passed)
        steps.append(RepairStep(action: .moved, path: passed, detail: "\(aside.path)/\(passed)"))
        return
      }
    }
  }

  /// Removes a catalog: a cache that cannot be checked without a key.
  func remove(_ catalog: Catalog.Contents) throws {
    let path = catalog.fileName
    guard root.contains(path) else { return }
    try environment.beforeRepairing(path)
    guard try ifUndamaged({ try root.remove(path) }) != nil else { return try moveAside(path) }
    let detail: Phrase =
      catalog == .summaries ? "the next list makes it again" : "the next search makes it again"
    steps.append(RepairStep(action: .removed, path: path, detail: detail))
  }

  /// Takes over the sealed signing key if there is none, or what there is opens to none of this vault: from a copy that
  /// has this vault's key, and none that came before. Whether it is the right one, the passphrase alone can tell.
  func restoreSigningKey(of note: VaultNote, holdsForeignKey: () -> Bool) throws {
    func sealed(_ name: String, in folder: Directory) throws -> [UInt8]? {
      let path = "\(SealedKeyFile.folder)/\(name)"
      guard let bytes = try ifUndamaged({ try folder.contents(of: path, limit: SealedKeyFile.maximumByteCount) }),
        try ifUndamaged({ try SealedKeyFile.requireSealed(bytes) }) != nil
      else { return nil }
      return bytes
    }
    guard let copy,
      let other = try ifUndamaged({
        try VaultNote(copy.contents(of: VaultNote.fileName, limit: SignedNote.maximumByteCount))
      }), other.vaultKey.key == note.vaultKey.key,
      let bytes = try sealed(note.signingFile(in: copy), in: copy)
    else { return }
    let name = note.signingFile(in: root)
    if try sealed(name, in: root) != nil, !holdsForeignKey() { return }
    let path = "\(SealedKeyFile.folder)/\(name)"
    try put(bytes, at: path, .restored, detail: "not verified before it is unlocked the next time")
  }

  /// Takes over the note that the maker of the vault certified, if there is none. Whether the certificate fits, who
  /// knows the maker can tell.
  func restoreCertificate(of note: VaultNote) throws {
    func certified(in folder: Directory) throws -> [UInt8]? {
      guard let bytes = try ifUndamaged({ try folder.contents(of: path, limit: SignedNote.maximumByteCount) }),
        let other = try ifUndamaged({ try VaultNote(bytes) })
      else { return nil }
      return note.follows(other) ? bytes : nil
    }
    let path = Vault.certificateName
    guard let copy, try certified(in: root) == nil, let bytes = try certified(in: copy) else { return }
    try put(bytes, at: path, .restored, detail: "verify --certified-by checks it, with the card of its maker")
  }

  /// Moves files that the index does not know aside, and what stands in the place of files; those of living writers
  /// stay.
  func moveLeftovers(_ findings: [Finding]) throws {
    let lock = try FileLock(on: placement.incoming, patience: environment.lockPatience)
    for finding in findings where Self.isMoved(finding) {
      guard let path = finding.path, root.contains(path) else { continue }
      if finding.subject == .withdrawn {
        try environment.beforeRepairing(path)
        try root.remove(path)
        steps.append(RepairStep(action: .removed, path: path, detail: "it was withdrawn or sealed anew"))
        continue
      }
      let components = path.split(separator: "/").map(String.init)
      // Of many objects it is their folder that is locked.
      if components.count > 1, components[0] == Vault.incomingFolder,
        FileLock.isHeld(components[1], in: placement.incoming)
      {
        continue
      }
      try moveAside(path)
    }
    _ = consume lock
  }

  /// A folder that cannot be opened stays: what is in it may be whole.
  private static func isMoved(_ finding: Finding) -> Bool {
    [.obstacle, .strayKey, .leftover, .withdrawn].contains(finding.subject)
  }
}
