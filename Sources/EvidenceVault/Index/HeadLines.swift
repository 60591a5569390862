internal import Primitives
internal import TransparencyLog

/// What a checkpoint says beside its head: who reads the vault, and which key alone may follow the present one. Both
/// stand in every checkpoint from the entry on that says so, so that every command finds a note from which they were
/// taken out, and whoever keeps a head keeps the promise.
///
/// Source: FORMAT section 6.
struct HeadLines: Hashable {
  private static let readersMark = "readers "
  private static let promiseMark = "\(VaultNote.promiseMark) "

  /// The digest of the reader lines; `nil` if no reader was ever added or removed.
  var readers: Digest?
  /// The digest of the key that was promised; `nil` if none was.
  var promised: Digest?

  init() {}

  /// - Throws: `LogError.malformed`.
  init(_ checkpoint: Checkpoint) throws(LogError) {
    readers = try Self.digest(Self.readersMark, in: checkpoint)
    promised = try Self.digest(Self.promiseMark, in: checkpoint)
  }

  private static func digest(_ mark: String, in checkpoint: Checkpoint) throws(LogError) -> Digest? {
    let lines = checkpoint.extensions.filter { $0.bytes.starts(with: mark.utf8) }
    guard let line = lines.first else { return nil }
    let text = String(decoding: line.bytes.dropFirst(mark.utf8.count), as: UTF8.self)
    guard lines.count == 1, let digest = Digest(hex: text) else { throw .malformed(.checkpoint) }
    return digest
  }

  var lines: [NoteLine] {
    get throws(LogError) {
      var lines: [NoteLine] = []
      if let readers { lines.append(try NoteLine(Self.readersMark + readers.hex)) }
      if let promised { lines.append(try NoteLine(Self.promiseMark + promised.hex)) }
      return lines
    }
  }

  /// Whether a note has the readers, and the promise.
  func fit(_ note: VaultNote) -> Bool {
    (readers == nil || readers == note.readersDigest) && (promised == nil || promised == note.promised)
  }
}

extension Vault.Head {
  /// What the checkpoint says beside the head.
  ///
  /// - Throws: `LogError.malformed`.
  var lines: HeadLines {
    get throws(LogError) { try HeadLines(Checkpoint(note.text)) }
  }
}

extension Vault {
  /// Whether the note has the readers that a head names, and its promise. A head that is still signed by keys that were
  /// replaced promised for those: whether that was kept, the entries say.
  func fits(_ head: Head) throws(LogError) -> Bool {
    var lines = try head.lines
    if note.isReplacedLast, !isOwn(head) { lines.promised = nil }
    return lines.fit(note)
  }
}
