extension JSON {
  /// The text of the value: the same bytes for the same value, members in their order, no white space; with `pretty`,
  /// two spaces for each level and a line for each member.
  ///
  /// Text is written as it is, except for what could deceive on a terminal or split a line: control characters (C0,
  /// DEL, C1), line and paragraph separators, directional marks and a byte order mark become `\u` escapes.
  ///
  /// Source: RFC 8259; Unicode Standard Annex #9 for the directional marks.
  public func serialized(pretty: Bool = false) -> [UInt8] {
    var writer = JSONWriter(isPretty: pretty)
    writer.write(self, level: 0)
    return writer.bytes
  }
}

extension JSONObject {
  /// The text of the object, as `JSON.serialized` writes it.
  public func serialized(pretty: Bool = false) -> [UInt8] { JSON.object(self).serialized(pretty: pretty) }
}

private struct JSONWriter {
  var bytes: [UInt8] = []
  let isPretty: Bool

  init(isPretty: Bool) { self.isPretty = isPretty }

  mutating func write(_ value: JSON, level: Int) {
    switch value {
    case .null: write("null")
    case .bool(let value): write(value ? "true" : "false")
    case .integer(let value): write(String(value))
    case .number(let value):
      precondition(value.isFinite, "StrictJSON: a number that is not finite")
      write(value.description)
    case .string(let value): writeString(value)
    case .array(let elements): writeArray(elements, level: level + 1)
    case .object(let object): writeObject(object, level: level + 1)
    }
  }

  private mutating func writeArray(_ elements: [JSON], level: Int) {
    write("[")
    for (index, element) in elements.enumerated() {
      if index > 0 { write(",") }
      startLine(level)
      write(element, level: level)
    }
    if !elements.isEmpty { startLine(level - 1) }
    write("]")
  }

  private mutating func writeObject(_ object: JSONObject, level: Int) {
    write("{")
    for (index, member) in object.members.enumerated() {
      if index > 0 { write(",") }
      startLine(level)
      writeString(member.name)
      write(isPretty ? ": " : ":")
      write(member.value, level: level)
    }
    if !object.isEmpty { startLine(level - 1) }
    write("}")
  }

  private mutating func startLine(_ level: Int) {
    guard isPretty else { return }
    write("\n")
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * level))
  }

  private mutating func writeString(_ text: String) {
    write("\"")
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22, 0x5C:
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      case 0x20..<0x7F: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
      default: writeBeyondASCII(scalar)
      }
    }
    write("\"")
  }

  private mutating func writeBeyondASCII(_ scalar: Unicode.Scalar) {
    if let short = UInt8(exactly: scalar.value).flatMap(ShortEscape.init(rawValue:)) {
      bytes.append(UInt8(ascii: "\\"))
      bytes.append(short.letter)
    } else if isEscaped(scalar) {
      let digits = String(scalar.value, radix: 16)
      write("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
    } else {
      bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }

  /// All of these lie below U+10000, so four digits are enough.
  private func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }
}
