public import Primitives
internal import StrictJSON

/// What an entry takes out of the vault, or puts others in the place of, in the clear, so that whoever has no key can
/// tell a file that was withdrawn or sealed anew from one that is missing.
///
/// Source: FORMAT section 6.
public struct Removal: Hashable, Sendable {
  /// A records file, and the one that stands in its place: the same lines, without those that were withdrawn, or the
  /// same file sealed to other readers.
  public struct Replacement: Hashable, Sendable {
    /// SHA-256 of the file that is gone.
    public let old: Digest
    /// SHA-256 of the file that is there instead.
    public let new: Digest
  }

  /// An object, and the same one sealed to other readers.
  public struct Resealing: Hashable, Sendable {
    /// SHA-256 of the file that is gone.
    public let old: Digest
    /// The file that is there instead.
    public let new: ObjectReference
  }

  /// The member of an entry that holds it.
  static let name = "removed"

  /// SHA-256 of each object that is gone.
  public let objects: [Digest]
  /// The objects that were sealed to other readers.
  public let resealed: [Resealing]
  /// The records files that were replaced.
  public let records: [Replacement]

  init(objects: [Digest], resealed: [Resealing] = [], records: [Replacement]) {
    self.objects = objects
    self.resealed = resealed
    self.records = records
  }

  /// Whether something may be gone for good, and not only in another file.
  var mayWithdraw: Bool { !objects.isEmpty || resealed.isEmpty }

  /// Reads the member of an entry; `nil` if it is not one.
  init?(_ json: JSON) {
    guard let objects = json["objects"]?.arrayValue, let records = json["records"]?.arrayValue else { return nil }
    self.objects = objects.compactMap { $0.stringValue.flatMap { Digest(hex: $0) } }
    self.resealed = objects.compactMap(Self.resealing)
    self.records = records.compactMap { pair in
      guard let old = pair["sha256"]?.stringValue.flatMap({ Digest(hex: $0) }),
        let new = pair["by"]?.stringValue.flatMap({ Digest(hex: $0) }), old != new
      else { return nil }
      return Replacement(old: old, new: new)
    }
    guard self.objects.count + resealed.count == objects.count, self.records.count == records.count,
      !(objects + records).isEmpty
    else { return nil }
  }

  private static func resealing(_ json: JSON) -> Resealing? {
    guard let old = json["sha256"]?.stringValue.flatMap({ Digest(hex: $0) }),
      let new = json["by"]?.stringValue.flatMap({ Digest(hex: $0) }), old != new,
      let byteCount = json["bytes"]?.unsignedValue
    else { return nil }
    return Resealing(old: old, new: ObjectReference(digest: new, byteCount: byteCount))
  }

  var json: JSON {
    let resealed = resealed.map { pair -> JSON in
      [
        "sha256": .string(pair.old.hex), "by": .string(pair.new.digest.hex),
        "bytes": .integer(Int64(clamping: pair.new.byteCount)),
      ]
    }
    return [
      "objects": .array(objects.map { .string($0.hex) } + resealed),
      "records": .array(records.map { ["sha256": .string($0.old.hex), "by": .string($0.new.hex)] }),
    ]
  }

  /// The paths of what is gone.
  var paths: [String] {
    (objects + resealed.map(\.old)).map { StoredFile.path(ObjectReference.folder, $0) }
      + records.map { StoredFile.path(RecordsReference.folder, $0.old) }
  }

  /// The paths of the files that are there instead: objects, then records files.
  var newPaths: [String] {
    resealed.map(\.new.path) + records.map { StoredFile.path(RecordsReference.folder, $0.new) }
  }
}
