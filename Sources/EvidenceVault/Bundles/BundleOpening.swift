public import Age
internal import DurableStore
internal import Primitives
public import Streams
internal import Tar
internal import Wording

/// Opens and checks bundles.
///
/// Source: FORMAT section 7.
public enum Bundle {
  /// Opens a sealed bundle with identities into a new folder at `path`. Nothing is at `path` before all has verified.
  ///
  /// - Throws: `VaultError.wrongIdentity`, `.sealedFile`, `.bundle`, `.unknownSigner`, `.file`.
  public static func open(
    _ sealed: any ByteSource, with identities: [Identity], from sender: ExpectedSender, to path: String,
    environment: VaultEnvironment
  ) throws(VaultError) -> CheckedBundle {
    let names = identities.map { BundleNote.name(of: $0.recipient) }
    return try open(sealed, openedAs: names, from: sender, to: path, environment: environment) { file, sink in
      try file.open(with: identities, to: sink)
    }
  }

  /// Opens a bundle that was sealed with a passphrase; otherwise as with identities.
  public static func open(
    _ sealed: any ByteSource, with passphrase: borrowing Passphrase, from sender: ExpectedSender, to path: String,
    environment: VaultEnvironment
  ) throws(VaultError) -> CheckedBundle {
    let names = [BundleNote.passphraseRecipient]
    return try open(sealed, openedAs: names, from: sender, to: path, environment: environment) { file, sink in
      try file.open(with: passphrase, to: sink)
    }
  }

  /// Checks a bundle that lies open in a folder.
  ///
  /// - Throws: `VaultError.bundle`, `.unknownSigner`, `.file`.
  public static func check(
    folder path: String, from sender: ExpectedSender, environment: VaultEnvironment
  ) throws(VaultError) -> CheckedBundle {
    do {
      var files = BundleFiles()
      try FolderLoader(environment: environment).load(Directory(opening: path), prefix: "", into: &files)
      return try BundleCheck(files: files, expectedSender: sender, openedAs: []).run()
    } catch {
      throw VaultError(error)
    }
  }

  private static func open(
    _ sealed: any ByteSource, openedAs names: [String], from sender: ExpectedSender, to path: String,
    environment: VaultEnvironment, _ unseal: (SealedFile, any ByteSink) throws -> Void
  ) throws(VaultError) -> CheckedBundle {
    do {
      let quarantine = try Quarantine(for: path, nonce: Hex.encode(environment.randomness.bytes(8)))
      let handler = BagHandler(quarantine, onProgress: environment.onProgress)
      let archive = TarReader(handler: handler)
      do {
        try unseal(SealedFile(reading: sealed), archive)
        try archive.finish()
      } catch AgeError.noMatch {
        throw VaultError.wrongIdentity(what: "the bundle")
      } catch is TarError {
        throw VaultError.bundle(.notABundle)
      }
      let bundle = try BundleCheck(files: handler.files, expectedSender: sender, openedAs: names).run()
      try quarantine.publish()
      return bundle
    } catch {
      throw VaultError(error)
    }
  }
}

/// Writes the files of a bundle into quarantine as they come, takes their digests, and keeps the small ones.
private final class BagHandler: TarHandler {
  private let quarantine: Quarantine
  private let onProgress: @Sendable (UInt64) -> Void
  private(set) var files = BundleFiles()
  private var current: (path: BagPath, file: FileSink, sink: DigestingSink, content: MemorySink?)?

  init(_ quarantine: Quarantine, onProgress: @escaping @Sendable (UInt64) -> Void) {
    self.quarantine = quarantine
    self.onProgress = onProgress
  }

  func entryBegins(_ header: TarHeader) throws {
    var components = header.path.components.map { String(decoding: $0, as: UTF8.self) }
    guard header.kind == .file, components.removeFirst() == Bag.folder, !components.isEmpty else {
      throw VaultError.bundle(.notABundle)
    }
    let path = BagPath(components.joined(separator: "/"))
    var content: MemorySink?
    if BundleFiles.isSmall(path) {
      try files.reserve(header.byteCount, for: path)
      content = MemorySink()
    }
    let file = try quarantine.createFile(components)
    current = (path, file, DigestingSink(file), content)
  }

  func entryBytes(_ bytes: Span<UInt8>) throws {
    guard let current else { return }
    try current.sink.write(bytes)
    try current.content?.write(bytes)
    onProgress(UInt64(bytes.count))
  }

  func entryEnds() throws {
    guard let (path, file, sink, content) = current else { return }
    try file.finish()
    files.digests[path] = (sink.digest, sink.byteCount)
    files.contents[path] = content?.bytes
    current = nil
  }
}

/// Reads an open bundle from a folder.
private struct FolderLoader {
  let environment: VaultEnvironment

  func load(_ directory: Directory, prefix: String, into files: inout BundleFiles) throws {
    for entry in try directory.entries() {
      guard let name = entry.name else { throw VaultError.unusableName(shown: prefix + entry.displayName) }
      let path = prefix + name
      switch entry.kind {
      case .directory: try load(directory.directory(name), prefix: "\(path)/", into: &files)
      case .file: try load(directory.file(name), path: BagPath(path), into: &files)
      case .other: throw VaultError.bundle(.unexpectedFile(path))
      }
    }
  }

  private func load(_ file: FileSource, path: BagPath, into files: inout BundleFiles) throws {
    let content = BundleFiles.isSmall(path) ? MemorySink() : nil
    if content != nil { try files.reserve(file.byteCount, for: path) }
    let sink = DigestingSink(content)
    try CountingSource(file, onProgress: environment.onProgress).copy(to: sink)
    files.digests[path] = (sink.digest, sink.byteCount)
    files.contents[path] = content?.bytes
  }
}
