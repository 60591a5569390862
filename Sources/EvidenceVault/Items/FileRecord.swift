public import Primitives
internal import StrictJSON
public import Tar

/// What a record says about one file of an item. Path and time can be withheld by themselves.
///
/// Source: FORMAT section 5.
public struct FileRecord: Hashable, Sendable {
  /// Where the file stood, relative to what was added; `nil` if withheld.
  public let path: ArchivePath?
  /// Its size in bytes.
  public let byteCount: UInt64
  /// SHA-256 of its bytes.
  public let digest: Digest
  /// What kind of file it is, as its name and its first bytes say.
  public let mediaType: String
  /// When it was last modified, as its file system said; `nil` if withheld or not known.
  public let modified: String?

  init(path: ArchivePath, byteCount: UInt64, digest: Digest, modified: String?, mediaType: String? = nil) {
    self.path = path
    self.byteCount = byteCount
    self.digest = digest
    self.mediaType = mediaType ?? MediaType.guess(path)
    self.modified = modified
  }

  /// Reads the disclosed element of a record's list of files; `nil` if it is not one.
  init?(_ json: JSON) {
    guard let byteCount = json["bytes"]?.unsignedValue,
      let digest = json["sha256"]?.stringValue.flatMap({ Digest(hex: $0) }),
      let mediaType = json["media_type"]?.stringValue, Self.isPlain(mediaType)
    else { return nil }
    if let path = json["path"] {
      guard let text = path.stringValue, let path = try? ArchivePath(text) else { return nil }
      self.path = path
    } else {
      self.path = nil
    }
    self.byteCount = byteCount
    self.digest = digest
    self.mediaType = mediaType
    if let modified = json["modified"] {
      guard let text = modified.stringValue, Self.isPlain(text) else { return nil }
      self.modified = text
    } else {
      self.modified = nil
    }
  }

  /// Short visible ASCII: what a media type or a moment is made of.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.count <= 127 && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
  }

  /// The claims that are not disclosures of their own.
  var clearClaims: JSONObject {
    ["bytes": .integer(Int64(clamping: byteCount)), "media_type": .string(mediaType), "sha256": .string(digest.hex)]
  }
}
