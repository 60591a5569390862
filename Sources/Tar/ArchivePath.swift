/// A relative path that stays inside the directory where it is unpacked, whatever the system.
///
/// Components are separated by single slashes; none is empty, `.` or `..`; there is no backslash, no control character,
/// and no slash at either end. Two paths are the same only if their bytes are: on a disk that folds case or composes
/// letters, two of them can still mean one file. Directional marks are accepted, because phones write them into file
/// names; who prints a path escapes them.
///
/// Source: POSIX.1-2017 section 4.13 (pathname resolution), narrowed.
public struct ArchivePath: Hashable, Sendable {
  /// The longest path, in bytes.
  public static let maximumByteCount = 4_096
  /// The longest component, in bytes.
  public static let maximumComponentByteCount = 255
  /// The largest number of components.
  public static let maximumDepth = 64

  /// The UTF-8 bytes.
  public let bytes: [UInt8]

  /// The path as text. Compare `bytes`, never this: Swift takes composed and decomposed letters for the same.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The components, first the outermost.
  public var components: [ArraySlice<UInt8>] { bytes.split(separator: Self.separator) }

  static let separator = UInt8(ascii: "/")

  /// Reads a path.
  ///
  /// - Throws: `invalidPath` with the rule that it breaks.
  public init(_ bytes: some Collection<UInt8>) throws(TarError) {
    guard !bytes.isEmpty else { throw .invalidPath(.empty) }
    guard bytes.count <= Self.maximumByteCount else { throw .invalidPath(.tooLong) }
    let bytes = Array(bytes)
    try Self.checkCharacters(bytes)
    guard bytes.first != Self.separator else { throw .invalidPath(.absolute) }
    let components = bytes.split(separator: Self.separator, omittingEmptySubsequences: false)
    guard components.count <= Self.maximumDepth else { throw .invalidPath(.tooLong) }
    for component in components { try Self.checkComponent(component) }
    self.bytes = bytes
  }

  /// Reads a path from its UTF-8 bytes.
  ///
  /// - Throws: `invalidPath` with the rule that it breaks.
  public init(_ text: String) throws(TarError) { try self.init(text.utf8) }

  private static func checkCharacters(_ bytes: [UInt8]) throws(TarError) {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidPath(.invalidUTF8) }
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0..<0x20, 0x7F...0x9F: throw .invalidPath(.controlCharacter)
      case 0x5C: throw .invalidPath(.backslash)
      default: break
      }
    }
  }

  private static func checkComponent(_ component: ArraySlice<UInt8>) throws(TarError) {
    let dot = UInt8(ascii: ".")
    guard !component.isEmpty else { throw .invalidPath(.emptyComponent) }
    guard component != [dot], component != [dot, dot] else { throw .invalidPath(.dotComponent) }
    guard component.count <= maximumComponentByteCount else { throw .invalidPath(.tooLong) }
  }
}
