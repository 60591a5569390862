/// A path inside a bag, compared byte for byte: Swift takes composed and decomposed letters for the same text, and a
/// file that nobody signed could hide behind its twin.
struct BagPath: Hashable, Comparable, ExpressibleByStringLiteral, Sendable {
  let bytes: [UInt8]

  init(_ text: some StringProtocol) { bytes = Array(text.utf8) }
  init(stringLiteral text: String) { self.init(text) }

  /// For messages and for opening files; never for comparison.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Whether the path is inside a folder.
  func isBelow(_ folder: BagPath) -> Bool { bytes.starts(with: folder.bytes + [UInt8(ascii: "/")]) }

  static func < (left: BagPath, right: BagPath) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}
