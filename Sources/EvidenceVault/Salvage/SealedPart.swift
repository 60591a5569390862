internal import Age
internal import Primitives
internal import Streams
internal import Tar
internal import Wording

/// A file inside an object whose index is lost: read from there a second time, to be sealed again.
struct SealedPart: Sendable {
  /// The object, or the sealed bundle.
  let place: SealedPlace
  /// What it is called if it is damaged.
  let path: String
  let identities: [Identity]
  /// What the record says of the file.
  let file: FileRecord
  /// Where its bytes begin in the opened object.
  let offset: UInt64

  /// Opens only the chunks that the file lies in.
  func copy(to sink: any ByteSink, environment: VaultEnvironment) throws {
    try RandomAccessFile(place.open(), with: identities)
      .copy(offset..<(offset + file.byteCount), to: sink, workerCount: environment.workerCount)
    environment.onProgress(file.byteCount)
  }

  /// Requires that what was copied is the file of the record.
  ///
  /// - Throws: `VaultError.damaged`.
  func requireSame(_ digest: Digest, _ byteCount: UInt64) throws {
    guard digest == file.digest, byteCount == file.byteCount else {
      throw VaultError.damaged(Finding(.object, path: path, detail: "a file came out other than before"))
    }
  }
}

/// The `record.json` of a lost vault, kept as a file of the item that was sealed again. In it are the disclosures that
/// the lost index signed: should a copy of that index turn up, they prove the item.
///
/// Source: FORMAT section 5.
enum SalvagedRecord {
  private static let stem = "salvaged-record"
  private static let ending = ".json"

  /// `salvaged-record.json`, or with `-2`, `-3`… where the item has a file or folder of that name.
  static func path(beside files: [FileRecord]) throws -> ArchivePath {
    try ArchivePath(TopNames(of: files.compactMap(\.path)).free(stem, ending: ending))
  }

  /// Whether a file of an item has such a name, at the top or where it went with an amendment of the item.
  static func isOne(_ path: ArchivePath) -> Bool {
    path.components.last.map { TopNames.isGiven($0, to: stem, ending: ending) } ?? false
  }
}
