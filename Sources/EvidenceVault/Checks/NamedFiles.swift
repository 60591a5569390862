internal import Primitives

/// A file that the index names, and the first entry that does.
struct NamedFile: Sendable {
  enum Kind: Sendable {
    case object
    case records
  }

  let digest: Digest
  let kind: Kind
  let item: UInt64
  /// What the index says of its size, in bytes; of a records file it says nothing.
  let byteCount: UInt64

  init(_ object: ObjectReference, item: UInt64) {
    (digest, kind, byteCount, self.item) = (object.digest, .object, object.byteCount, item)
  }

  init(_ records: RecordsReference, item: UInt64) {
    (digest, kind, byteCount, self.item) = (records.digest, .records, 0, item)
  }

  /// Whether the file can have that many bytes. What cannot is not read: a file that takes no space on the disk can be
  /// so long that reading it takes days.
  func canHave(_ count: UInt64) -> Bool {
    kind == .object ? count == byteCount : count <= RecordsFile.maximumSealedByteCount
  }

  var path: String { StoredFile.path(kind == .object ? ObjectReference.folder : RecordsReference.folder, digest) }
}

/// All files that an index names, each once: 56 bytes for each, so that an index of a million entries fits anywhere.
struct NamedFiles: Sendable {
  /// In the order of their digests.
  let files: [NamedFile]

  init(_ named: consuming [NamedFile]) {
    var files = named
    files.sort { ($0.digest, $0.item) < ($1.digest, $1.item) }
    var count = 0
    for file in files where count == 0 || files[count - 1].digest != file.digest || files[count - 1].kind != file.kind {
      files[count] = file
      count += 1
    }
    files.removeLast(files.count - count)
    self.files = files
  }

  /// What is named by `path`, as long as it is the path of an object or of a records file.
  func contains(_ path: String) -> Bool {
    guard path.hasSuffix(StoredFile.ending), let name = path.split(separator: "/").last,
      let digest = Digest(hex: name.dropLast(StoredFile.ending.count))
    else { return false }
    var (low, high) = (0, files.count)
    while low < high {
      let middle = (low + high) / 2
      if files[middle].digest < digest { low = middle + 1 } else { high = middle }
    }
    return files[low...].prefix { $0.digest == digest }.contains { $0.path == path }
  }
}
