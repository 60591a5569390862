extension JSONParser {
  /// Reads a string from its opening to its closing quotation mark.
  ///
  /// Source: RFC 8259 section 7.
  mutating func string() throws(JSONError) -> String {
    let start = position
    position += 1
    skipPlainBytes()
    if skip(UInt8(ascii: "\"")) { return try text(bytes.span.extracting((start + 1)..<(position - 1)), at: start) }
    return try stringWithEscapes(from: start)
  }

  private mutating func stringWithEscapes(from start: Int) throws(JSONError) -> String {
    var content = Array(bytes[(start + 1)..<position])
    while true {
      switch peek() {
      case nil: throw error(.unexpectedEnd)
      case UInt8(ascii: "\""):
        position += 1
        return try text(content.span, at: start)
      case UInt8(ascii: "\\"):
        position += 1
        content.append(contentsOf: try escapedCharacter())
      default: throw error(.controlCharacter)
      }
      let plain = position
      skipPlainBytes()
      content.append(contentsOf: bytes[plain..<position])
    }
  }

  private mutating func skipPlainBytes() {
    while let byte = peek(), byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
  }

  private func text(_ content: Span<UInt8>, at start: Int) throws(JSONError) -> String {
    guard let text = try? UTF8Span(validating: content) else { throw error(.invalidUTF8, at: start) }
    return String(copying: text)
  }

  /// Reads what follows a backslash and returns it as UTF-8.
  private mutating func escapedCharacter() throws(JSONError) -> [UInt8] {
    guard let byte = peek() else { throw error(.unexpectedEnd) }
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      position += 1
      return [byte]
    case UInt8(ascii: "u"):
      return try escapedScalar()
    default:
      guard let letter = ShortEscape.allCases.first(where: { $0.letter == byte }) else { throw error(.invalidEscape) }
      position += 1
      return [letter.rawValue]
    }
  }

  private mutating func escapedScalar() throws(JSONError) -> [UInt8] {
    let start = position - 1
    let first = try hexadecimalUnit()
    if let scalar = Unicode.Scalar(first) { return Array(String(scalar).utf8) }
    guard first < 0xDC00, skip(UInt8(ascii: "\\")), peek() == UInt8(ascii: "u") else {
      throw error(.loneSurrogate, at: start)
    }
    let second = try hexadecimalUnit()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw error(.loneSurrogate, at: start) }
    return Array(String(scalar).utf8)
  }

  /// Reads the letter `u` and four hexadecimal digits of either case.
  private mutating func hexadecimalUnit() throws(JSONError) -> UInt32 {
    position += 1
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek() else { throw error(.unexpectedEnd) }
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw error(.invalidEscape) }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  /// Reads a number.
  ///
  /// Source: RFC 8259 section 6.
  mutating func number() throws(JSONError) -> JSON {
    let start = position
    let isNegative = skip(UInt8(ascii: "-"))
    let isZero = peek() == UInt8(ascii: "0")
    guard skipDigits() > 0 else { throw missingDigit() }
    guard !isZero || position == start + (isNegative ? 2 : 1) else { throw error(.invalidNumber, at: start) }
    var isInteger = !(isNegative && isZero)
    if skip(UInt8(ascii: ".")) {
      isInteger = false
      guard skipDigits() > 0 else { throw missingDigit() }
    }
    if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
      isInteger = false
      if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
      guard skipDigits() > 0 else { throw missingDigit() }
    }
    if isInteger, position - start <= Self.shortNumberLength { return .integer(shortInteger(from: start)) }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int64(text) { return .integer(value) }
    guard !isInteger, let value = Double(text), value.isFinite, value != 0 || isWrittenAsZero(text) else {
      throw error(.numberOutOfRange, at: start)
    }
    return .number(value)
  }

  /// So many digits and a sign fit into 64 bits, whatever they are.
  private static let shortNumberLength = 18

  private func shortInteger(from start: Int) -> Int64 {
    let isNegative = bytes[start] == UInt8(ascii: "-")
    var value: Int64 = 0
    for place in (isNegative ? start + 1 : start)..<position {
      value = value * 10 + Int64(bytes[place] - UInt8(ascii: "0"))
    }
    return isNegative ? -value : value
  }

  /// Whether every digit before the exponent is zero; otherwise a zero is the value of a number too small to hold.
  private func isWrittenAsZero(_ text: String) -> Bool {
    text.utf8.prefix { $0 != UInt8(ascii: "e") && $0 != UInt8(ascii: "E") }
      .allSatisfy { !(UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    return position - start
  }

  private func missingDigit() -> JSONError { error(peek() == nil ? .unexpectedEnd : .invalidNumber) }
}

/// The control characters that have a letter of their own behind the backslash.
enum ShortEscape: UInt8, CaseIterable {
  case backspace = 0x08
  case tab = 0x09
  case lineFeed = 0x0A
  case formFeed = 0x0C
  case carriageReturn = 0x0D

  var letter: UInt8 {
    switch self {
    case .backspace: UInt8(ascii: "b")
    case .tab: UInt8(ascii: "t")
    case .lineFeed: UInt8(ascii: "n")
    case .formFeed: UInt8(ascii: "f")
    case .carriageReturn: UInt8(ascii: "r")
    }
  }
}
