internal import DurableStore
internal import Primitives
internal import Streams

/// Where a sealed bundle is written to: one file, or a folder with its parts. It has no name before `publish`, and
/// leaves nothing behind if it never gets one.
protocol BundleOutput: ByteSink {
  /// Puts everything on disk; the digest is that of all bytes together.
  func finish(_ digest: Digest) throws
  /// Gives it its name.
  func publish() throws(StoreError)
}

extension OutputFile: BundleOutput {
  func finish(_ digest: Digest) throws { try finish() }
}

/// A new folder with the parts of a file, the list of their digests, and how to join them. Its name is the file's.
///
/// Source: FORMAT section 7.
final class PartsFolder: BundleOutput {
  private let quarantine: Quarantine
  private let base: String
  private let partByteCount: UInt64
  private var current: (file: FileSink, digesting: DigestingSink)?
  private var digests: [Digest] = []

  /// Starts a folder that is to become `path`, with parts of `partByteCount` bytes.
  ///
  /// - Throws: `VaultError.parts` for a name or a size that cannot be; `StoreError.exists`.
  init(for path: String, partByteCount: UInt64, nonce: String) throws {
    base = splitPath(path).name
    guard PartName.isPlain(base) else { throw VaultError.parts(.unsuitableName(base)) }
    guard partByteCount >= PartName.minimumByteCount else {
      throw VaultError.parts(.tooSmall(minimumByteCount: PartName.minimumByteCount))
    }
    self.partByteCount = partByteCount
    quarantine = try Quarantine(for: path, nonce: nonce)
  }

  /// How many parts there are so far.
  var count: Int { digests.count + (current == nil ? 0 : 1) }

  /// Refuses at once what would fail later, when gigabytes have been written.
  func expect(_ byteCount: UInt64) throws(VaultError) {
    let enough = byteCount / UInt64(PartName.maximumCount) + 1
    guard partByteCount >= enough else { throw .parts(.tooMany(enoughByteCount: enough + enough / 8)) }
  }

  func write(_ bytes: Span<UInt8>) throws {
    var position = 0
    while position < bytes.count {
      let (_, digesting) = try part()
      let room = partByteCount - digesting.byteCount
      let count = Int(min(room, UInt64(bytes.count - position)))
      try digesting.write(bytes.extracting(position..<(position + count)))
      position += count
      if digesting.byteCount == partByteCount { try endPart() }
    }
  }

  private func part() throws -> (file: FileSink, digesting: DigestingSink) {
    if let current { return current }
    // What the archive has beside the files was not expected.
    guard digests.count < PartName.maximumCount else {
      throw VaultError.parts(.tooMany(enoughByteCount: partByteCount + partByteCount / 4))
    }
    let file = try quarantine.createFile([PartName(base, digests.count + 1).text])
    let new = (file, DigestingSink(file))
    current = new
    return new
  }

  private func endPart() throws {
    guard let (file, digesting) = current else { return }
    try file.finish()
    digests.append(digesting.digest)
    current = nil
  }

  func finish(_ digest: Digest) throws {
    try endPart()
    try write(PartName.listText(digests, of: base), to: PartName.list(of: base))
    try write(JoiningText.text(base: base, partCount: digests.count, digest: digest), to: PartName.joining)
  }

  private func write(_ text: String, to name: String) throws {
    let file = try quarantine.createFile([name])
    try file.write(Array(text.utf8))
    try file.finish()
  }

  func publish() throws(StoreError) { try quarantine.publish() }
}
