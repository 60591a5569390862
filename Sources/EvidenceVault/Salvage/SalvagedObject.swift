internal import Age
internal import DurableStore
internal import Primitives
internal import SelectiveDisclosure
internal import StrictJSON
internal import Streams
internal import Tar
internal import Wording

/// An object that was opened without an index: its record, held against the files in it.
///
/// Source: FORMAT section 4.
struct SalvagedObject {
  /// Where it is, relative to the lost vault.
  let path: String
  /// SHA-256 of the sealed bytes.
  let sealedDigest: Digest
  /// The bytes of its `record.json`.
  let document: [UInt8]
  let origin: String
  let kind: String
  let added: String
  let fields: JSONObject
  /// Each file with the place of its bytes in the archive.
  let files: [(record: FileRecord, offset: UInt64)]
  /// A digest of the disclosures, by which the line of a records file is told to be the same record.
  let disclosures: Digest

  struct Fault: Error { let detail: Phrase }

  /// Opens the whole object.
  ///
  /// - Throws: `AgeError`, `TarError`, `JSONError`, `Fault`.
  init(_ path: String, in root: Directory, with identities: [Identity], environment: VaultEnvironment) throws {
    let source = DigestingSource(CountingSource(try root.file(path), onProgress: environment.onProgress))
    let handler = SalvageHandler()
    let archive = TarReader(handler: handler)
    try SealedFile(reading: source).open(with: identities, to: archive, workerCount: environment.workerCount)
    try archive.finish()
    guard let document = handler.document else { throw Fault(detail: "there is no record in it") }
    let json = try JSON.parse(document, limits: JSON.Limits(byteCount: RecordDocument.maximumByteCount, depth: 64))
    guard json["format"]?.stringValue == RecordDocument.format, let origin = json["origin"]?.stringValue,
      let record = json["record"]?.objectValue, let texts = json["disclosures"]?.arrayValue
    else { throw Fault(detail: "its record is none of this format") }
    self.path = path
    self.document = document
    self.origin = origin
    sealedDigest = source.digest
    kind = record["kind"]?.stringValue ?? ""
    added = record["added"]?.stringValue ?? ""
    var fields = JSONObject()
    for member in record.members where !ComposedRecord.reservedNames.contains(member.name) {
      fields[member.name] = member.value
    }
    self.fields = fields
    files = try Self.match((record["files"]?.arrayValue ?? []).map(FileRecord.init), handler.files)
    disclosures = Self.digest(of: texts.compactMap(\.stringValue))
  }

  static func digest(of disclosures: [String]) -> Digest {
    SHA256Hasher.digest(of: Array(disclosures.joined(separator: "~").utf8))
  }

  private static func match(
    _ records: [FileRecord?], _ found: [SalvageHandler.File]
  ) throws -> [(record: FileRecord, offset: UInt64)] {
    guard records.count == found.count else { throw Fault(detail: "it has other files than its record") }
    return try zip(records, found).map { record, file in
      guard let record, record.path == file.path, record.byteCount == file.byteCount, record.digest == file.digest
      else { throw Fault(detail: "a file in it is not that of its record: \(file.path.text)") }
      return (record, file.offset)
    }
  }
}

/// Takes the archive of an object apart, of which nothing is known before its end.
private final class SalvageHandler: TarHandler {
  struct File {
    let path: ArchivePath
    let byteCount: UInt64
    let digest: Digest
    let offset: UInt64
  }

  private(set) var files: [File] = []
  private(set) var document: [UInt8]?
  private var position: UInt64 = 0
  private var current: (path: ArchivePath, header: TarHeader, sink: DigestingSink)?

  func entryBegins(_ header: TarHeader) throws {
    guard header.kind == .file, document == nil else { throw SalvagedObject.Fault(detail: "it is no item") }
    let prefix = Array("\(ObjectSealer.filesFolder)/".utf8)
    if header.path.bytes.starts(with: prefix) {
      current = (try ArchivePath(header.path.bytes.dropFirst(prefix.count)), header, DigestingSink())
    } else {
      guard header.path.bytes == Array(ObjectSealer.recordName.utf8),
        header.byteCount <= UInt64(RecordDocument.maximumByteCount)
      else { throw SalvagedObject.Fault(detail: "it has an entry that no item has") }
      document = []
    }
  }

  func entryBytes(_ bytes: Span<UInt8>) throws {
    if let current { try current.sink.write(bytes) } else { document?.append(bytes) }
  }

  func entryEnds() throws {
    guard let (path, header, sink) = current else { return }
    // As the sealer wrote it; if another program did otherwise, the digest of the second reading tells.
    guard let byteCount = Tar.archiveByteCount(of: [TarHeader(path: header.path, byteCount: header.byteCount)]) else {
      throw TarError.tooLarge
    }
    let next = position + byteCount - UInt64(Tar.endMarkerByteCount)
    let offset = next - (header.byteCount + 511) / 512 * 512
    files.append(File(path: path, byteCount: header.byteCount, digest: sink.digest, offset: offset))
    position = next
    current = nil
  }
}
