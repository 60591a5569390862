/// Why a text is no JSON for this parser, and where.
public struct JSONError: Error, Hashable, Sendable {
  /// What is wrong.
  public enum Kind: Hashable, Sendable {
    /// The text ends inside a value, or is empty.
    case unexpectedEnd
    /// A byte that cannot stand here; among others a byte order mark.
    case unexpectedByte(UInt8)
    /// Something other than white space follows the value.
    case trailingBytes
    /// A name that the object already has, byte for byte.
    case duplicateName(String)
    /// A string that is not UTF-8.
    case invalidUTF8
    /// A control character below U+0020 inside a string, not escaped.
    case controlCharacter
    /// A backslash before something that cannot be escaped, or not four hexadecimal digits.
    case invalidEscape
    /// One half of a surrogate pair without the other.
    case loneSurrogate
    /// A leading zero, or a digit missing.
    case invalidNumber
    /// An integer beyond 64 bits, or a number too large or too small for binary floating point.
    case numberOutOfRange
    /// More arrays and objects inside each other than the limit.
    case tooDeep
    /// More bytes or values than the limit.
    case tooLong
  }

  /// What is wrong.
  public let kind: Kind
  /// Where, in bytes from 0.
  public let offset: Int
  /// The line of that byte, from 1; lines end with a line feed.
  public let line: Int

  /// Makes an error.
  public init(_ kind: Kind, offset: Int, line: Int) {
    self.kind = kind
    self.offset = offset
    self.line = line
  }
}
