internal import Primitives

/// Lines of a text, taken one by one; each ends with a line feed.
struct LineReader {
  /// What follows the lines taken so far.
  private(set) var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// The next line without its line feed; `nil` when no line feed is left.
  mutating func next() -> ArraySlice<UInt8>? {
    guard let end = rest.firstIndex(of: ASCII.lineFeed) else { return nil }
    defer { rest = rest[(end + 1)...] }
    return rest[..<end]
  }

  /// Takes hashes, one in each line in padded base64, and the empty line behind them.
  mutating func takeHashes(atMost limit: Int, of part: LogPart) throws(LogError) -> [Digest] {
    var hashes: [Digest] = []
    while let line = next() {
      if line.isEmpty { return hashes }
      guard hashes.count < limit else { throw .beyondLimit(.proof) }
      guard let bytes = Base64.padded.decode(line), let hash = Digest(bytes) else { throw .malformed(part) }
      hashes.append(hash)
    }
    throw .malformed(part)
  }
}

/// Decimal numbers in their one canonical form.
enum Decimal {
  /// The most digits of a 64-bit number.
  private static let maximumDigitCount = 20

  /// The number that `digits` spell; `nil` for a leading zero, another character, none at all, or 2^64 and above.
  static func parse(_ digits: some Collection<UInt8>) -> UInt64? {
    guard (1...maximumDigitCount).contains(digits.count) else { return nil }
    guard digits.count == 1 || digits.first != ASCII.zero else { return nil }
    var value: UInt64 = 0
    for digit in digits {
      guard (ASCII.zero...ASCII.nine).contains(digit) else { return nil }
      let (tens, isOver) = value.multipliedReportingOverflow(by: 10)
      let (sum, isAbove) = tens.addingReportingOverflow(UInt64(digit - ASCII.zero))
      guard !isOver, !isAbove else { return nil }
      value = sum
    }
    return value
  }
}

/// The characters that separate things in notes and paths.
enum ASCII {
  static let lineFeed: UInt8 = 0x0A
  static let space: UInt8 = 0x20
  static let plus = UInt8(ascii: "+")
  static let slash = UInt8(ascii: "/")
  static let zero = UInt8(ascii: "0")
  static let nine = UInt8(ascii: "9")
}

/// Numbers in big-endian order.
enum BigEndian {
  static func bytes(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func bytes(_ value: UInt64) -> [UInt8] {
    bytes(UInt32(truncatingIfNeeded: value >> 32)) + bytes(UInt32(truncatingIfNeeded: value))
  }

  /// The number that up to eight bytes stand for.
  static func value(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
}
