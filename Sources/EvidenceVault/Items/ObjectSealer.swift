internal import Age
internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import Streams
internal import StrictJSON
internal import Tar
internal import Wording

/// An object that is sealed and on disk, but not in the index yet.
struct SealedObject {
  let folder: Directory
  let name: String
  let reference: ObjectReference
  /// Keeps the lock that tells other writers that the file, or the folder that it is in, is not abandoned.
  let presence: AnyObject

  /// Removes it, unless it found its place.
  func discard() { try? folder.remove(name) }
}

/// Seals one item in one pass: each file is read once, and the digest in the record is that of the very bytes sealed.
///
/// The archive is: the files under `files/`, then `record.json`, which needs their digests, then zero padding.
///
/// Source: FORMAT section 4.
struct ObjectSealer {
  static let filesFolder = "files"
  static let recordName = "record.json"

  let kind: String
  let fields: JSONObject
  let sources: [ItemSource]
  let origin: String
  let environment: VaultEnvironment

  /// Where a file of the item lies in the archive.
  static func archivePath(_ path: ArchivePath) throws -> ArchivePath {
    try ArchivePath("\(filesFolder)/\(path.text)")
  }

  /// What is known once all files have been read.
  private final class Outcome: @unchecked Sendable {
    // Sendable: written by the producer, read after the conduit has joined it.
    var record: ComposedRecord?
  }

  /// Writes the object into `incoming`.
  func seal(to readers: [Recipient], in incoming: Directory) throws -> (object: SealedObject, record: ComposedRecord) {
    let name = "\(Hex.encode(environment.randomness.bytes(16))).object"
    do {
      let file = try incoming.createFileAmongOthers(name)
      let (reference, record) = try seal(to: file, for: readers, workerCount: environment.workerCount)
      try file.finish()
      return (SealedObject(folder: incoming, name: name, reference: reference, presence: file), record)
    } catch {
      try? incoming.remove(name)
      throw error
    }
  }

  /// Writes the sealed object to `sink`.
  func seal(
    to file: any ByteSink, for readers: [Recipient], workerCount: Int
  ) throws -> (reference: ObjectReference, record: ComposedRecord) {
    let sink = DigestingSink(file)
    let options = SealingOptions(workerCount: workerCount, randomness: environment.randomness)
    let outcome = Outcome()
    if sources.isEmpty {
      // A record alone fits into memory, and a thread of its own would take longer than its sealing.
      let archive = MemorySink()
      outcome.record = try compose(into: archive)
      try Sealing.seal(from: MemorySource(archive.bytes), to: sink, for: readers, options: options)
    } else {
      try Conduit.run(
        producer: { outcome.record = try compose(into: $0) },
        consumer: { try Sealing.seal(from: $0, to: sink, for: readers, options: options) })
    }
    guard let record = outcome.record else { throw VaultError.unexpected("an archive without a record") }
    return (ObjectReference(digest: sink.digest, byteCount: sink.byteCount), record)
  }

  private func compose(into sink: any ByteSink) throws -> ComposedRecord {
    let writer = TarWriter(to: sink)
    var headers: [TarHeader] = []
    var files: [FileRecord] = []
    for source in sources {
      let (header, file) = try write(source, to: writer)
      headers.append(header)
      files.append(file)
    }
    let composed = try ComposedRecord(
      kind: kind, added: environment.now(), fields: fields, files: files, randomness: environment.randomness)
    let document = try RecordDocument.bytes(origin: origin, composed)
    let header = TarHeader(path: try ArchivePath(Self.recordName), byteCount: UInt64(document.count))
    try writer.begin(header)
    try writer.write(document)
    guard let byteCount = Tar.archiveByteCount(of: headers + [header]) else {
      throw VaultError.tooLarge(path: Phrase(verbatim: sources.first?.displayPath ?? ""))
    }
    try writer.finish(paddedTo: Padme.paddedByteCount(byteCount))
    return composed
  }

  private func write(_ source: ItemSource, to writer: TarWriter) throws -> (TarHeader, FileRecord) {
    let path = try Self.archivePath(source.path)
    let sink = DigestingSink(writer)
    var (modified, mediaType): (String?, String?)
    let header: TarHeader
    switch source.origin {
    case .spool(let spool):
      header = TarHeader(path: path, byteCount: spool.byteCount)
      try writer.begin(header)
      try spool.copy(to: sink)
    case .sealed(let part):
      header = TarHeader(path: path, byteCount: part.file.byteCount)
      // What consent a file needs follows from its kind, also where its name is not known any more.
      (modified, mediaType) = (part.file.modified, part.file.mediaType)
      try writer.begin(header)
      try part.copy(to: sink, environment: environment)
      try part.requireSame(sink.digest, sink.byteCount)
    case .memory(let bytes):
      header = TarHeader(path: path, byteCount: UInt64(bytes.count))
      try writer.begin(header)
      try sink.write(bytes)
    case .path, .below:
      let file = try source.open()
      header = TarHeader(path: path, byteCount: file.byteCount)
      modified = Timestamp(secondsSince1970: file.modified).description
      try writer.begin(header)
      try copy(file, to: sink)
    }
    let record = FileRecord(
      path: source.path, byteCount: sink.byteCount, digest: sink.digest, modified: modified, mediaType: mediaType)
    return (header, record)
  }

  /// Copies exactly the bytes that the file had when it was opened.
  private func copy(_ file: FileSource, to sink: DigestingSink) throws {
    var buffer = [UInt8](repeating: 0, count: 256 << 10)
    while true {
      var span = buffer.mutableSpan
      let count = try file.read(into: &span)
      if count == 0 { break }
      guard sink.byteCount + UInt64(count) <= file.byteCount else { throw StoreError.changed(path: file.path) }
      try sink.write(buffer.span.extracting(0..<count))
      environment.onProgress(UInt64(count))
    }
    guard sink.byteCount == file.byteCount else { throw StoreError.changed(path: file.path) }
    try file.requireUnchanged()
  }
}

extension ItemSource {
  fileprivate func open() throws -> FileSource {
    switch origin {
    case .path(let path): try FileSource(opening: path)
    case .below(let directory, let relative): try directory.file(relative)
    case .spool, .sealed, .memory: throw VaultError.unexpected("what was kept elsewhere is no file")
    }
  }
}
