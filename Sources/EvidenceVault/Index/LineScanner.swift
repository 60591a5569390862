internal import StrictJSON

/// Reads the lines of a catalog, which this program wrote: compact JSON whose members come in a fixed order.
///
/// A general reader of JSON makes a tree of every line, and most of the time of a list of a million entries would go
/// into that. Here only what is asked for becomes a value; the rest is passed over.
struct LineScanner {
  let bytes: [UInt8]
  private(set) var position: Int
  private let end: Int

  init(_ bytes: [UInt8], in range: Range<Int>) {
    self.bytes = bytes
    self.position = range.lowerBound
    self.end = min(range.upperBound, bytes.count)
  }

  /// Whether all lines were read.
  var isAtEnd: Bool { position >= end }

  /// Goes on behind `text` if it comes next, and says whether it did.
  mutating func skip(_ text: [UInt8]) -> Bool {
    guard end - position >= text.count else { return false }
    for (offset, byte) in text.enumerated() where bytes[position + offset] != byte { return false }
    position += text.count
    return true
  }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard position < end, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  /// A number without sign.
  mutating func number() -> UInt64? {
    let start = position
    var value: UInt64 = 0
    while position < end, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isAbove) = product.addingReportingOverflow(UInt64(digit))
      guard !isTooLarge, !isAbove else { return nil }
      value = sum
      position += 1
    }
    return position > start ? value : nil
  }

  /// A string, without making a value of it: the place between its quotes, and whether a backslash is in it.
  mutating func stringPlace() -> (place: Range<Int>, isEscaped: Bool)? {
    guard skip(UInt8(ascii: "\"")) else { return nil }
    let start = position
    var isEscaped = false
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        position += 1
        return (start..<(position - 1), isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        position += 2
      default: position += 1
      }
    }
    return nil
  }

  /// A string.
  mutating func string() -> String? {
    guard let (place, isEscaped) = stringPlace() else { return nil }
    guard isEscaped else { return String(decoding: bytes[place], as: UTF8.self) }
    return (try? JSON.parse(Array(bytes[(place.lowerBound - 1)...place.upperBound])))?.stringValue
  }

  /// Any value, passed over: its place.
  mutating func valuePlace() -> Range<Int>? {
    let start = position
    var depth = 0
    repeat {
      guard position < end else { return nil }
      switch bytes[position] {
      case UInt8(ascii: "\""): guard stringPlace() != nil else { return nil }
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard depth > 0 else { return nil }
        depth -= 1
        position += 1
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard depth > 0 else { return nil }
        position += 1
      case UInt8(ascii: "\n"): return nil
      default: skipScalar()
      }
    } while depth > 0
    return start..<position
  }

  /// A number or word, up to what ends it.
  private mutating func skipScalar() {
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"), UInt8(ascii: "\n"): return
      default: position += 1
      }
    }
  }

  /// Any value, read.
  mutating func value() -> JSON? {
    guard let place = valuePlace() else { return nil }
    return try? JSON.parse(Array(bytes[place]))
  }

  /// Goes to the start of the next line; what was passed over is returned.
  @discardableResult
  mutating func skipLine() -> Range<Int> {
    let start = position
    while position < end, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    let line = start..<position
    position = min(position + 1, end)
    return line
  }
}
