extension JSON {
  /// Bounds on what is parsed.
  public struct Limits: Hashable, Sendable {
    /// The longest text, in bytes.
    public let byteCount: Int
    /// How many arrays and objects may lie inside each other.
    public let depth: Int
    /// How many values there may be, at all levels together: each takes far more memory than the two bytes that it can
    /// be written with.
    public let valueCount: Int

    /// 16 MiB, 64 levels and 1,000,000 values.
    public static let `default` = Limits(byteCount: 16 << 20, depth: 64)

    /// Sets the bounds. The parser uses the stack, so `depth` is at most 256.
    public init(byteCount: Int, depth: Int, valueCount: Int = 1_000_000) {
      precondition(byteCount >= 0 && (0...256).contains(depth), "StrictJSON: limits out of range")
      self.byteCount = byteCount
      self.depth = depth
      self.valueCount = valueCount
    }
  }

  /// Reads one value; white space may surround it, nothing else.
  ///
  /// Source: RFC 8259; RFC 7493 section 2 for what is refused beyond it.
  ///
  /// - Throws: `JSONError` at the first byte that is wrong.
  public static func parse(_ bytes: [UInt8], limits: Limits = .default) throws(JSONError) -> JSON {
    guard bytes.count <= limits.byteCount else {
      throw JSONError(.tooLong, offset: limits.byteCount, line: 1)
    }
    var parser = JSONParser(bytes: bytes, limits: limits)
    return try parser.document()
  }
}

/// A position in a text and the rules for reading on from it.
struct JSONParser {
  let bytes: [UInt8]
  let depthLimit: Int
  var position = 0
  private var missingValueCount: Int

  init(bytes: [UInt8], limits: JSON.Limits) {
    self.bytes = bytes
    depthLimit = limits.depth
    missingValueCount = limits.valueCount
  }

  mutating func document() throws(JSONError) -> JSON {
    skipWhitespace()
    let value = try self.value(depth: 0)
    skipWhitespace()
    guard position == bytes.count else { throw error(.trailingBytes) }
    return value
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSON {
    guard let byte = peek() else { throw error(.unexpectedEnd) }
    guard missingValueCount > 0 else { throw error(.tooLong) }
    missingValueCount -= 1
    switch byte {
    case UInt8(ascii: "{"): return .object(try object(depth: depth + 1))
    case UInt8(ascii: "["): return .array(try array(depth: depth + 1))
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw unexpected()
    }
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
    guard depth <= depthLimit else { throw error(.tooDeep) }
    position += 1
    var object = JSONObject()
    skipWhitespace()
    if skip(UInt8(ascii: "}")) { return object }
    while true {
      let start = position
      guard peek() == UInt8(ascii: "\"") else { throw unexpected() }
      let name = try string()
      skipWhitespace()
      guard skip(UInt8(ascii: ":")) else { throw unexpected() }
      skipWhitespace()
      let value = try value(depth: depth)
      guard object.append(name, value) else { throw error(.duplicateName(name), at: start) }
      skipWhitespace()
      if skip(UInt8(ascii: "}")) { return object }
      guard skip(UInt8(ascii: ",")) else { throw unexpected() }
      skipWhitespace()
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> [JSON] {
    guard depth <= depthLimit else { throw error(.tooDeep) }
    position += 1
    var elements: [JSON] = []
    skipWhitespace()
    if skip(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value(depth: depth))
      skipWhitespace()
      if skip(UInt8(ascii: "]")) { return elements }
      guard skip(UInt8(ascii: ",")) else { throw unexpected() }
      skipWhitespace()
    }
  }

  private mutating func word(_ word: String, _ value: JSON) throws(JSONError) -> JSON {
    for byte in word.utf8 {
      guard skip(byte) else { throw unexpected() }
    }
    return value
  }
}

extension JSONParser {
  func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  mutating func skipWhitespace() {
    while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  func unexpected() -> JSONError { error(peek().map { .unexpectedByte($0) } ?? .unexpectedEnd) }

  func error(_ kind: JSONError.Kind, at offset: Int? = nil) -> JSONError {
    let offset = offset ?? position
    let line = bytes.prefix(offset).reduce(1) { $1 == 0x0A ? $0 + 1 : $0 }
    return JSONError(kind, offset: offset, line: line)
  }
}
