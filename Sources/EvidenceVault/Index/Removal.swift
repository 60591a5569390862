public import Primitives
internal import StrictJSON

/// What a withdrawal takes out of the vault, in the clear, so that whoever has no key can tell a file that was
/// withdrawn from one that is missing.
///
/// Source: FORMAT section 6.
public struct Removal: Hashable, Sendable {
  /// A records file, and the one that stands in its place: the same lines, without those that were withdrawn.
  public struct Replacement: Hashable, Sendable {
    /// SHA-256 of the file that is gone.
    public let old: Digest
    /// SHA-256 of the file that is there instead.
    public let new: Digest
  }

  /// The member of an entry that holds it.
  static let name = "removed"

  /// SHA-256 of each object that is gone.
  public let objects: [Digest]
  /// The records files that were replaced.
  public let records: [Replacement]

  init(objects: [Digest], records: [Replacement]) {
    self.objects = objects
    self.records = records
  }

  /// Reads the member of an entry; `nil` if it is not one.
  init?(_ json: JSON) {
    guard let objects = json["objects"]?.arrayValue, let records = json["records"]?.arrayValue else { return nil }
    self.objects = objects.compactMap { $0.stringValue.flatMap { Digest(hex: $0) } }
    self.records = records.compactMap { pair in
      guard let old = pair["sha256"]?.stringValue.flatMap({ Digest(hex: $0) }),
        let new = pair["by"]?.stringValue.flatMap({ Digest(hex: $0) }), old != new
      else { return nil }
      return Replacement(old: old, new: new)
    }
    guard self.objects.count == objects.count, self.records.count == records.count, !(objects + records).isEmpty else {
      return nil
    }
  }

  var json: JSON {
    [
      "objects": .array(objects.map { .string($0.hex) }),
      "records": .array(records.map { ["sha256": .string($0.old.hex), "by": .string($0.new.hex)] }),
    ]
  }

  /// The paths of what is gone.
  var paths: [String] {
    objects.map { StoredFile.path(ObjectReference.folder, $0) }
      + records.map { StoredFile.path(RecordsReference.folder, $0.old) }
  }

  /// The paths of the records files that are there instead.
  var newPaths: [String] { records.map { StoredFile.path(RecordsReference.folder, $0.new) } }
}
