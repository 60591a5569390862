internal import EvidenceVault
internal import Primitives

/// The pictures that the page shows, each as a whole, as text that a browser takes for the file.
///
/// Source: FORMAT section 7.
struct ReportImages {
  /// The largest picture that is shown, in bytes.
  static let maximumByteCount: UInt64 = 4 << 20
  /// The most that all pictures of a page have, in bytes.
  static let maximumTotalByteCount: UInt64 = 16 << 20

  /// What a picture begins with, by media type. SVG is none of them: it is markup and can have a script in it.
  private static let beginnings: [String: [[UInt8]]] = [
    "image/png": [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
    "image/jpeg": [[0xff, 0xd8, 0xff]],
    "image/gif": [Array("GIF87a".utf8), Array("GIF89a".utf8)],
    "image/webp": [Array("RIFF".utf8)],
  ]

  private var sources: [Digest: String] = [:]

  /// None at all.
  init() {}

  /// Reads the pictures that a plan discloses, in its order, until they are too many.
  init(of plan: ExportPlan, from reader: VaultReader) throws(VaultError) {
    var left = Self.maximumTotalByteCount
    for item in plan.items {
      for (position, file) in item.record.files.enumerated() where Self.isCandidate(file) {
        guard file.byteCount <= left, sources[file.digest] == nil else { continue }
        let bytes = try reader.content(ofFileAt: position, in: item, limit: Self.maximumByteCount)
        guard Self.isImage(bytes, of: file.mediaType) else { continue }
        left -= file.byteCount
        sources[file.digest] = Self.source(bytes, mediaType: file.mediaType)
      }
    }
  }

  /// Where the browser finds the picture: in the page itself; `nil` if it is not shown.
  func source(of file: FileRecord) -> String? { sources[file.digest] }

  private static func isCandidate(_ file: FileRecord) -> Bool {
    beginnings[file.mediaType] != nil && file.byteCount > 0 && file.byteCount <= maximumByteCount
  }

  /// Whether the bytes begin as those of that kind of picture do.
  static func isImage(_ bytes: [UInt8], of mediaType: String) -> Bool {
    guard beginnings[mediaType]?.contains(where: { bytes.starts(with: $0) }) == true else { return false }
    return mediaType != "image/webp" || bytes.dropFirst(8).starts(with: "WEBP".utf8)
  }

  /// Of a media type of the list above and of base64 alone: nothing in it is markup.
  private static func source(_ bytes: [UInt8], mediaType: String) -> String {
    "data:\(mediaType);base64,\(Base64.padded.encode(bytes))"
  }
}
