internal import Age
internal import DurableStore
internal import Primitives
internal import Streams
internal import Tar
internal import Wording

/// Opens an object and holds every byte in it against the record of its entry.
///
/// Source: FORMAT section 4.
struct ObjectReader {
  let root: Directory
  let origin: String
  let identities: [Identity]
  let environment: VaultEnvironment

  /// Opens `object`, the one that holds for `entry`, and hands its files to `receiver`. With `wanted`, only the chunks
  /// that hold that file are read, and nothing is said of the rest of the object.
  ///
  /// - Throws: `VaultError.damaged` if anything differs from the record, `.wrongIdentity`, and what `receiver` throws.
  ///   What the receiver got before is to be thrown away then.
  func read(
    _ entry: Entry, record: Record, object: ObjectReference?, only wanted: ArchivePath? = nil,
    into receiver: any ItemReceiver, workerCount: Int
  ) throws {
    guard let object else { throw VaultError.notAnItem(entry.index, kind: record.kind) }
    func damaged(_ detail: Phrase) -> VaultError {
      .damaged(Finding(.object, item: entry.index, path: object.path, detail: detail))
    }
    do {
      let source = try root.file(object.path)
      if let wanted {
        try readPart(of: source, wanted, record, into: receiver, workerCount: workerCount)
      } else {
        try readWhole(source, record, into: receiver, workerCount: workerCount)
      }
    } catch let failure as ReceiverFailure {
      throw failure.error
    } catch AgeError.noMatch {
      throw VaultError.wrongIdentity(what: Phrase(verbatim: object.path))
    } catch let error as AgeError {
      throw damaged("the sealed file is damaged: \(DamageText.phrase(error))")
    } catch let error as TarError {
      throw damaged("the archive inside is damaged: \(DamageText.phrase(error))")
    } catch let error as StoreError where !error.isCircumstance && error.path == root.displayPath(object.path) {
      throw damaged(DamageText.phrase(error))
    } catch let fault as ItemHandler.Fault {
      throw damaged(fault.detail)
    }
  }

  private func readWhole(
    _ source: FileSource, _ record: Record, into receiver: any ItemReceiver, workerCount: Int
  ) throws {
    let handler = ItemHandler(
      files: record.files, document: try RecordDocument.bytes(origin: origin, record), receiver: receiver,
      onProgress: environment.onProgress)
    let archive = TarReader(handler: handler)
    try SealedFile(reading: source).open(with: identities, to: archive, workerCount: workerCount)
    try archive.finish()
    try handler.finish()
  }

  /// The archive has the files in the order of the record, so the place of each can be computed.
  private func readPart(
    of source: FileSource, _ wanted: ArchivePath, _ record: Record, into receiver: any ItemReceiver, workerCount: Int
  ) throws {
    let before = record.files.prefix { $0.path != wanted }
    guard let file = record.files.dropFirst(before.count).first else {
      throw VaultError.file(.notFound(path: wanted.text))
    }
    let handler = ItemHandler(files: [file], document: nil, receiver: receiver, onProgress: environment.onProgress)
    let start = try Self.byteCount(of: before)
    let end = try Self.sum(start, Self.byteCount(of: [file]))
    let archive = TarReader(handler: handler)
    try RandomAccessFile(source, with: identities).copy(start..<end, to: archive, workerCount: workerCount)
    try handler.finish()
  }

  /// The bytes that files take in the archive: headers, content, padding. What a record says of sizes may be anything.
  private static func byteCount(of files: some Sequence<FileRecord>) throws -> UInt64 {
    guard let byteCount = Tar.archiveByteCount(of: try files.map(header)) else { throw TarError.tooLarge }
    return byteCount - UInt64(Tar.endMarkerByteCount)
  }

  private static func sum(_ one: UInt64, _ other: UInt64) throws(TarError) -> UInt64 {
    let (sum, isTooLarge) = one.addingReportingOverflow(other)
    guard !isTooLarge else { throw .tooLarge }
    return sum
  }

  private static func header(of file: FileRecord) throws -> TarHeader {
    guard let path = file.path else { throw ItemHandler.Fault(detail: "a file of the record has no path") }
    return TarHeader(path: try ObjectSealer.archivePath(path), byteCount: file.byteCount)
  }

  /// Where the content of each file of a record begins in its opened object, in bytes.
  static func offsets(of files: [FileRecord]) throws -> [UInt64] {
    var start: UInt64 = 0
    return try files.map { file in
      let content = try sum(start, UInt64(header(of: file).encoded().count))
      start = try sum(start, byteCount(of: [file]))
      return content
    }
  }
}

/// Takes the files of an item as they come out of its object.
protocol ItemReceiver: AnyObject {
  /// A sink for the file's bytes, or `nil` if it is not wanted.
  func begin(_ file: FileRecord, path: ArchivePath) throws -> (any ByteSink)?
  /// The file is complete, and as the record says.
  func end(_ file: FileRecord, path: ArchivePath) throws
}

/// What went wrong on the side of the receiver, so that nobody takes it for damage of the object.
private struct ReceiverFailure: Error {
  let error: any Error

  static func wrapping<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch { throw ReceiverFailure(error: error) }
  }
}

/// Compares an archive with a record, entry by entry.
private final class ItemHandler: TarHandler {
  struct Fault: Error { let detail: Phrase }

  private let receiver: any ItemReceiver
  private let onProgress: @Sendable (UInt64) -> Void
  private let document: [UInt8]?
  private var expected: ArraySlice<FileRecord>
  private var hasDocument = false
  private var current: (path: ArchivePath, file: FileRecord, sink: DigestingSink)?
  private var collected: [UInt8] = []

  /// Expects `files` in their order, and behind them `document` unless it is left out.
  init(
    files: [FileRecord], document: [UInt8]?, receiver: any ItemReceiver,
    onProgress: @escaping @Sendable (UInt64) -> Void
  ) {
    self.receiver = receiver
    self.onProgress = onProgress
    self.document = document
    expected = files[...]

  }

  func entryBegins(_ header: TarHeader) throws {
    guard header.kind == .file, !hasDocument else { throw Fault(detail: "an entry that no item has") }
    let prefix = Array("\(ObjectSealer.filesFolder)/".utf8)
    if header.path.bytes.starts(with: prefix) {
      let path = try ArchivePath(header.path.bytes.dropFirst(prefix.count))
      guard let file = expected.popFirst(), file.path == path, file.byteCount == header.byteCount else {
        throw Fault(detail: "a file that is not in the record at this place, or of another size: \(path.text)")
      }
      current = (path, file, DigestingSink(try ReceiverFailure.wrapping { try receiver.begin(file, path: path) }))
    } else {
      guard header.path.bytes == Array(ObjectSealer.recordName.utf8), let document, expected.isEmpty,
        header.byteCount == UInt64(document.count)
      else {
        throw Fault(detail: "an entry that no item has, or a record of another size")
      }
      hasDocument = true
    }
  }

  func entryBytes(_ bytes: Span<UInt8>) throws {
    onProgress(UInt64(bytes.count))
    if let current {
      try ReceiverFailure.wrapping { try current.sink.write(bytes) }
    } else {
      collected.append(bytes)
    }
  }

  func entryEnds() throws {
    guard let (path, file, sink) = current else {
      guard collected == document else { throw Fault(detail: "record.json differs from the record in the index") }
      return
    }
    guard sink.digest == file.digest else { throw Fault(detail: "the file has another digest: \(path.text)") }
    try ReceiverFailure.wrapping { try receiver.end(file, path: path) }
    current = nil
  }

  func finish() throws {
    guard expected.isEmpty, hasDocument || document == nil else {
      throw Fault(detail: "a file of the record is not in the object")
    }
  }
}

/// Wants nothing: the comparison alone matters.
final class NoReceiver: ItemReceiver {
  func begin(_ file: FileRecord, path: ArchivePath) -> (any ByteSink)? { nil }
  func end(_ file: FileRecord, path: ArchivePath) {}
}

/// Writes the files of an item into a folder that is not published yet.
final class FolderReceiver: ItemReceiver {
  private let quarantine: Quarantine
  private var file: FileSink?
  private(set) var fileCount = 0

  init(_ quarantine: Quarantine) { self.quarantine = quarantine }

  func begin(_ record: FileRecord, path: ArchivePath) throws -> (any ByteSink)? {
    file = try quarantine.createFile(path.components.map { String(decoding: $0, as: UTF8.self) })
    return file
  }

  func end(_ record: FileRecord, path: ArchivePath) throws {
    guard let file else { return }
    try file.finish()
    fileCount += 1
    self.file = nil
  }
}
