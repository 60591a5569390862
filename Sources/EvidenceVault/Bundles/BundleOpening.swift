public import Age
internal import DurableStore
public import Primitives
public import Streams
internal import Tar
internal import Wording

/// Opens and checks bundles.
///
/// Source: FORMAT section 7.
public enum Bundle {
  /// Opens a sealed bundle with identities into a new folder at `path`. Nothing is at `path` before all has verified,
  /// and nothing stays there if the bundle cannot be merged as `merging` says.
  ///
  /// - Throws: `VaultError.wrongIdentity`, `.sealedFile`, `.bundle`, `.unknownSigner`, `.file`; `.parts` if it
  ///   comes in parts, and they are to blame.
  public static func open(
    _ sealed: any ByteSource, with identities: [Identity], from sender: ExpectedSender, to path: String,
    merging: Merging? = nil, environment: VaultEnvironment
  ) throws(VaultError) -> CheckedBundle {
    let names = identities.map { BundleNote.name(of: $0.recipient) }
    return try open(
      sealed, openedAs: names, from: sender, to: path, merging: merging, with: .identities,
      environment: environment
    ) { file, sink in
      try file.open(with: identities, to: sink)
    }
  }

  /// Opens a bundle that was sealed with a passphrase; otherwise as with identities. Of words that were told, capitals
  /// and what stands between them make no difference.
  ///
  /// - Throws: `VaultError.wrongBundlePassphrase`, `.sealedOtherwise`, and as with identities.
  public static func open(
    _ sealed: any ByteSource, with passphrase: borrowing Passphrase, from sender: ExpectedSender, to path: String,
    merging: Merging? = nil, environment: VaultEnvironment
  ) throws(VaultError) -> CheckedBundle {
    let names = [BundleNote.passphraseRecipient]
    return try open(
      sealed, openedAs: names, from: sender, to: path, merging: merging, with: .passphrase,
      environment: environment
    ) { file, sink in
      do { try file.open(with: passphrase, to: sink) } catch AgeError.noMatch {
        guard let spoken = passphrase.spoken() else { throw AgeError.noMatch }
        try file.open(with: spoken, to: sink)
      }
    }
  }

  /// Checks a sealed bundle that identities open, and writes nothing of it to a disk.
  ///
  /// - Returns: The bundle, or why it is refused as `open` would; and the SHA-256 of its sealed bytes, of all of them.
  /// - Throws: `VaultError` if they cannot be read to their end.
  public static func examine(
    _ sealed: any ByteSource, with identities: [Identity], from sender: ExpectedSender, environment: VaultEnvironment
  ) throws(VaultError) -> (result: Result<CheckedBundle, VaultError>, digest: Digest) {
    let names = identities.map { BundleNote.name(of: $0.recipient) }
    let source = DigestingSource(sealed)
    let result: Result<CheckedBundle, VaultError>
    do {
      let files = try unpack(source, with: identities, environment: environment)
      result = .success(try BundleCheck(files: files, expectedSender: sender, openedAs: names).run())
    } catch {
      result = .failure(VaultError(error))
    }
    do { try source.copy(to: DigestingSink()) } catch { throw VaultError(error) }
    return (result, source.digest)
  }

  /// The SHA-256 of a sealed bundle.
  ///
  /// - Throws: `VaultError` if it cannot be read to its end.
  public static func digest(of sealed: any ByteSource) throws(VaultError) -> Digest {
    let sink = DigestingSink()
    do { try sealed.copy(to: sink) } catch { throw VaultError(error) }
    return sink.digest
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
    merging: Merging?, with secret: Secret, environment: VaultEnvironment,
    _ unseal: (SealedFile, any ByteSink) throws -> Void
  ) throws(VaultError) -> CheckedBundle {
    do {
      let quarantine = try Quarantine(for: path, nonce: Hex.encode(environment.randomness.bytes(8)))
      let files = try unpack(sealed, to: quarantine, with: secret, environment: environment, unseal)
      let bundle = try BundleCheck(files: files, expectedSender: sender, openedAs: names).run()
      try merging?.fill(with: bundle)
      try quarantine.syncFiles()
      try publish(quarantine, merging)
      return bundle
    } catch {
      throw BundleParts.explained(error, of: sealed)
    }
  }

  /// Both get their names, or none.
  private static func publish(_ quarantine: Quarantine, _ merging: Merging?) throws {
    do {
      try quarantine.publish()
      try merging?.publish()
    } catch {
      merging?.retract()
      quarantine.retract()
      throw error
    }
  }
}

extension Bundle {
  /// What is in a sealed bundle, which nothing but its key says anything of yet.
  static func unpack(
    _ sealed: any ByteSource, with identities: [Identity], environment: VaultEnvironment
  ) throws -> BundleFiles {
    try unpack(sealed, to: nil, with: .identities, environment: environment) { file, sink in
      try file.open(with: identities, to: sink)
    }
  }

  /// What was to open a bundle.
  enum Secret {
    case identities, passphrase
  }

  private static func noMatch(_ file: SealedFile, with secret: Secret) -> VaultError {
    switch (secret, file.needsPassphrase) {
    case (.identities, true): .sealedOtherwise(toPassphrase: true)
    case (.passphrase, false): .sealedOtherwise(toPassphrase: false)
    case (.identities, false): .wrongIdentity(what: "the bundle")
    case (.passphrase, true): .wrongBundlePassphrase
    }
  }

  private static func unpack(
    _ sealed: any ByteSource, to quarantine: Quarantine?, with secret: Secret, environment: VaultEnvironment,
    _ unseal: (SealedFile, any ByteSink) throws -> Void
  ) throws -> BundleFiles {
    let handler = BagHandler(quarantine, onProgress: environment.onProgress)
    let archive = TarReader(handler: handler)
    let file = try SealedFile(reading: sealed)
    do {
      try unseal(file, archive)
      try archive.finish()
    } catch AgeError.noMatch {
      throw noMatch(file, with: secret)
    } catch is TarError {
      throw VaultError.bundle(.notABundle)
    }
    return handler.files
  }
}

/// Writes the files of a bundle into quarantine, if there is one, as they come, takes their digests, and keeps what the
/// check reads.
private final class BagHandler: TarHandler {
  private static let largeByteCount: UInt64 = 1 << 20

  private let quarantine: Quarantine?
  private let onProgress: @Sendable (UInt64) -> Void
  private(set) var files = BundleFiles()
  private var position: UInt64 = 0
  private var current: (path: BagPath, file: FileSink?, sink: DigestingSink, content: MemorySink?)?

  init(_ quarantine: Quarantine?, onProgress: @escaping @Sendable (UInt64) -> Void) {
    self.quarantine = quarantine
    self.onProgress = onProgress
  }

  func entryBegins(_ header: TarHeader) throws {
    var components = header.path.components.map { String(decoding: $0, as: UTF8.self) }
    guard header.kind == .file, components.removeFirst() == Bag.folder, !components.isEmpty else {
      throw VaultError.bundle(.notABundle)
    }
    let path = BagPath(components.joined(separator: "/"))
    files.offsets[path] = try place(header)
    var content: MemorySink?
    if BundleFiles.isNeeded(path) {
      try files.reserve(header.byteCount, for: path)
      content = MemorySink(expecting: Int(header.byteCount))
    }
    let file = try quarantine?.createFile(components)
    current = (path, file, DigestingSink(file), content)
  }

  /// Where the bytes of an entry begin, as a writer of this format places them.
  private func place(_ header: TarHeader) throws -> UInt64 {
    guard let byteCount = Tar.archiveByteCount(of: [TarHeader(path: header.path, byteCount: header.byteCount)]) else {
      throw TarError.tooLarge
    }
    position += byteCount - UInt64(Tar.endMarkerByteCount)
    return position - (header.byteCount + 511) / 512 * 512
  }

  func entryBytes(_ bytes: Span<UInt8>) throws {
    guard let current else { return }
    try current.sink.write(bytes)
    try current.content?.write(bytes)
    onProgress(UInt64(bytes.count))
  }

  func entryEnds() throws {
    guard let (path, file, sink, content) = current else { return }
    // A wait for the disk at each of many files takes longer than all the rest.
    try sink.byteCount < Self.largeByteCount ? file?.finishUnsynced() : file?.finish()
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
      guard let name = entry.name else { throw VaultError.bundle(.forbiddenFile(prefix + entry.displayName)) }
      let path = prefix + name
      switch entry.kind {
      case .directory where path.utf8.count { $0 == UInt8(ascii: "/") } > ArchivePath.maximumDepth:
        throw VaultError.bundle(.forbiddenFile(path))
      case .directory: try load(directory.directory(name), prefix: "\(path)/", into: &files)
      case .file: try load(directory.file(name), path: BagPath(path), into: &files)
      case .other: throw VaultError.bundle(.unexpectedFile(path))
      }
    }
  }

  private func load(_ file: FileSource, path: BagPath, into files: inout BundleFiles) throws {
    // What could not stand in the archive of a bundle has no place in its folder either.
    guard (try? ArchivePath("\(Bag.folder)/\(path.text)")) != nil else {
      throw VaultError.bundle(.forbiddenFile(path.text))
    }
    let isNeeded = BundleFiles.isNeeded(path)
    if isNeeded { try files.reserve(file.byteCount, for: path) }
    let content = isNeeded ? MemorySink(expecting: Int(file.byteCount)) : nil
    let sink = DigestingSink(content)
    try CountingSource(file, onProgress: environment.onProgress).copy(to: sink)
    files.digests[path] = (sink.digest, sink.byteCount)
    files.contents[path] = content?.bytes
  }
}
