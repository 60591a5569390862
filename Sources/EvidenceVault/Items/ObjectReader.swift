internal import Age
internal import DurableStore
internal import Primitives
internal import Streams
internal import Tar

/// Opens an object and holds every byte in it against the record of its entry.
///
/// Source: FORMAT section 4.
struct ObjectReader {
  let root: Directory
  let origin: String
  let identities: [Identity]
  let environment: VaultEnvironment

  /// Opens the object of `entry` and hands its files to `receiver`.
  ///
  /// - Throws: `VaultError.damaged` if anything differs from the record, `.wrongIdentity`, and what `receiver` throws.
  ///   What the receiver got before is to be thrown away then.
  func read(_ entry: Entry, record: Record, into receiver: any ItemReceiver, workerCount: Int) throws {
    guard let object = entry.object else { throw VaultError.notAnItem(entry.index, kind: record.kind) }
    func damaged(_ detail: String) -> VaultError {
      .damaged(Finding(.object, item: entry.index, path: object.path, detail: detail))
    }
    let expected = try RecordDocument.bytes(origin: origin, record)
    let handler = ItemHandler(
      record: record, document: expected, receiver: receiver, onProgress: environment.onProgress)
    let archive = TarReader(handler: handler)
    do {
      try SealedFile(reading: root.file(object.path)).open(with: identities, to: archive, workerCount: workerCount)
      try archive.finish()
      try handler.finish()
    } catch let failure as ReceiverFailure {
      throw failure.error
    } catch AgeError.noMatch {
      throw VaultError.wrongIdentity(what: object.path)
    } catch let error as AgeError {
      throw damaged("the sealed file is damaged: \(error)")
    } catch let error as TarError {
      throw damaged("the archive inside is damaged: \(error)")
    } catch StoreError.notFound {
      throw damaged("the file is missing")
    } catch let fault as ItemHandler.Fault {
      throw damaged(fault.detail)
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
  struct Fault: Error { let detail: String }

  private let receiver: any ItemReceiver
  private let onProgress: @Sendable (UInt64) -> Void
  private let document: [UInt8]
  private var expected: [ArchivePath: FileRecord] = [:]
  private var hasDocument = false
  private var current: (path: ArchivePath, file: FileRecord, sink: DigestingSink)?
  private var collected: [UInt8] = []

  init(
    record: Record, document: [UInt8], receiver: any ItemReceiver, onProgress: @escaping @Sendable (UInt64) -> Void
  ) {
    self.receiver = receiver
    self.onProgress = onProgress
    self.document = document
    for file in record.files {
      if let path = file.path { expected[path] = file }
    }
  }

  func entryBegins(_ header: TarHeader) throws {
    guard header.kind == .file, !hasDocument else { throw Fault(detail: "an entry that no item has") }
    let prefix = Array("\(ObjectSealer.filesFolder)/".utf8)
    if header.path.bytes.starts(with: prefix) {
      let path = try ArchivePath(header.path.bytes.dropFirst(prefix.count))
      guard let file = expected.removeValue(forKey: path), file.byteCount == header.byteCount else {
        throw Fault(detail: "a file that is not in the record, or of another size: \(path.text)")
      }
      current = (path, file, DigestingSink(try ReceiverFailure.wrapping { try receiver.begin(file, path: path) }))
    } else {
      guard header.path.bytes == Array(ObjectSealer.recordName.utf8), header.byteCount == UInt64(document.count) else {
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
    guard expected.isEmpty, hasDocument else { throw Fault(detail: "a file of the record is not in the object") }
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
  private let isWanted: (ArchivePath) -> Bool
  private var file: FileSink?
  private(set) var fileCount = 0

  init(_ quarantine: Quarantine, where isWanted: @escaping (ArchivePath) -> Bool) {
    self.quarantine = quarantine
    self.isWanted = isWanted
  }

  func begin(_ record: FileRecord, path: ArchivePath) throws -> (any ByteSink)? {
    guard isWanted(path) else { return nil }
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
