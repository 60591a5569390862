internal import Age
internal import DurableStore
internal import Primitives
internal import Streams
internal import Tar

/// Bytes from a pipe, whose number is known only at its end: kept meanwhile in a file sealed to a key that exists only
/// in this process, so that no plaintext touches the disk.
final class Spool: @unchecked Sendable {
  // Sendable: after `init` the file is only held, and all else is constant.
  let name: String
  let byteCount: UInt64
  private let directory: Directory
  private let identity: Identity
  /// Keeps the lock that tells other writers that the file is not abandoned.
  private let file: FileSink

  /// Reads `source` to its end into a new file in `directory`.
  init(_ source: any ByteSource, in directory: Directory, environment: VaultEnvironment) throws {
    name = "\(Hex.encode(environment.randomness.bytes(16))).spool"
    identity = Identity(generating: .x25519, from: environment.randomness)
    self.directory = directory
    let counter = CountingSource(source, onProgress: environment.onProgress)
    file = try directory.createFileAmongOthers(name)
    do {
      try Sealing.seal(from: counter, to: file, for: [identity.recipient], options: environment.sealingOptions)
    } catch {
      try? directory.remove(name)
      throw error
    }
    byteCount = counter.byteCount
  }

  /// Writes the bytes to `sink`.
  func copy(to sink: any ByteSink) throws {
    try SealedFile(reading: directory.file(name)).open(with: [identity], to: sink)
  }

  deinit { try? directory.remove(name) }
}

/// Counts what is read through it.
final class CountingSource: ByteSource {
  private let source: any ByteSource
  private let onProgress: @Sendable (UInt64) -> Void
  private(set) var byteCount: UInt64 = 0

  init(_ source: any ByteSource, onProgress: @escaping @Sendable (UInt64) -> Void) {
    self.source = source
    self.onProgress = onProgress
  }

  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    let count = try source.read(into: &buffer)
    byteCount += UInt64(count)
    onProgress(UInt64(count))
    return count
  }
}

/// Takes the digest of what passes through it, or of what ends in it.
final class DigestingSink: ByteSink {
  private let sink: (any ByteSink)?
  private var hasher = SHA256Hasher()
  private(set) var byteCount: UInt64 = 0

  init(_ sink: (any ByteSink)? = nil) { self.sink = sink }

  func write(_ bytes: Span<UInt8>) throws {
    hasher.update(bytes)
    byteCount += UInt64(bytes.count)
    try sink?.write(bytes)
  }

  /// The digest of all bytes so far.
  var digest: Digest { hasher.finalize() }
}

/// Takes the digest of what is read through it.
final class DigestingSource: ByteSource {
  private let source: any ByteSource
  private var hasher = SHA256Hasher()

  init(_ source: any ByteSource) { self.source = source }

  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    let count = try source.read(into: &buffer)
    hasher.update(buffer.span.extracting(0..<count))
    return count
  }

  /// The digest of all bytes so far.
  var digest: Digest { hasher.finalize() }
}
