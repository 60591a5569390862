/// One line of a note: at least one character, valid UTF-8, no character below U+0020.
///
/// Lines are compared by their bytes. Swift strings are not: two spellings of one letter would be the same origin.
///
/// Source: C2SP signed-note section "Format".
public struct NoteLine: Hashable, Sendable, CustomStringConvertible {
  /// The UTF-8 bytes, without line feed.
  public let bytes: [UInt8]

  /// Takes the bytes of a line, without line feed.
  ///
  /// - Throws: `malformed(.line)`.
  public init(_ bytes: some Collection<UInt8>) throws(LogError) {
    guard !bytes.isEmpty, !bytes.contains(where: { $0 < ASCII.space }),
      String(validating: bytes, as: UTF8.self) != nil
    else { throw .malformed(.line) }
    self.bytes = Array(bytes)
  }

  /// Takes a line as text.
  ///
  /// - Throws: `malformed(.line)`.
  public init(_ text: String) throws(LogError) { try self.init(Array(text.utf8)) }

  /// The line as text.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}

/// The name of a key that signs notes, compared by its bytes.
///
/// Source: C2SP signed-note section "Format" ("Key names MUST be non-empty …").
public struct KeyName: Hashable, Sendable, CustomStringConvertible {
  /// The longest name, in bytes.
  public static let maximumByteCount = 1024

  /// The UTF-8 bytes.
  public let bytes: [UInt8]

  /// Takes a name as bytes.
  ///
  /// - Throws: `malformed(.keyName)` if it is empty, no UTF-8, or has a plus, a Unicode space or a control character;
  ///   `beyondLimit(.keyName)`.
  public init(_ bytes: some Collection<UInt8>) throws(LogError) {
    guard bytes.count <= Self.maximumByteCount else { throw .beyondLimit(.keyName) }
    guard let text = String(validating: bytes, as: UTF8.self), !text.isEmpty,
      !text.unicodeScalars.contains(where: Self.isForbidden)
    else { throw .malformed(.keyName) }
    self.bytes = Array(bytes)
  }

  /// Takes a name as text.
  ///
  /// - Throws: As for bytes.
  public init(_ text: String) throws(LogError) { try self.init(Array(text.utf8)) }

  /// The name as text.
  public var description: String { String(decoding: bytes, as: UTF8.self) }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "+" || scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
  }
}

/// The text of a note: what is signed. Valid UTF-8, no character below U+0020 but line feeds, a line feed at the end.
///
/// Source: C2SP signed-note section "Format".
public struct NoteText: Hashable, Sendable, CustomStringConvertible {
  /// The UTF-8 bytes, the last line feed among them.
  public let bytes: [UInt8]

  /// Takes a text as bytes.
  ///
  /// - Throws: `malformed(.text)`; `beyondLimit(.text)` beyond the size of a whole note.
  public init(_ bytes: some Collection<UInt8>) throws(LogError) {
    guard bytes.count <= SignedNote.maximumByteCount else { throw .beyondLimit(.text) }
    let bytes = Array(bytes)
    guard bytes.last == ASCII.lineFeed,
      !bytes.contains(where: { $0 < ASCII.space && $0 != ASCII.lineFeed }),
      String(validating: bytes, as: UTF8.self) != nil
    else { throw .malformed(.text) }
    self.bytes = bytes
  }

  /// Takes a text.
  ///
  /// - Throws: As for bytes.
  public init(_ text: String) throws(LogError) { try self.init(Array(text.utf8)) }

  /// The text as a string.
  public var description: String { String(decoding: bytes, as: UTF8.self) }
}
