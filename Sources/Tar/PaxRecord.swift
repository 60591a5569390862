/// One `keyword=value` of an extended header.
///
/// Source: POSIX.1-2017 `pax`, section "pax Extended Header".
enum PaxRecord {
  /// `<length> <keyword>=<value>\n`, where the length counts its own digits too.
  static func encode(_ keyword: String, _ value: [UInt8]) -> [UInt8] {
    let rest = Array(" \(keyword)=".utf8) + value + [0x0A]
    var digits = String(rest.count).utf8.count
    while String(rest.count + digits).utf8.count > digits { digits += 1 }
    return Array(String(rest.count + digits).utf8) + rest
  }
}

/// The records of an extended header that matter: the others say when and by whom, not what.
struct PaxHeader: Equatable {
  /// The largest extended header, in bytes.
  static let maximumByteCount = 65_536

  private(set) var path: [UInt8]?
  private(set) var byteCount: UInt64?

  private static let ignored: Set<[UInt8]> = Set(
    [
      "atime", "ctime", "mtime", "uid", "gid", "uname", "gname", "comment", "LIBARCHIVE.creationtime", "SCHILY.dev",
      "SCHILY.ino", "SCHILY.nlink",
    ].map { Array($0.utf8) })

  /// Reads the records of one extended header.
  ///
  /// - Throws: `malformedExtendedHeader`, `malformedNumber`, or `unsupportedKeyword`.
  init(_ bytes: [UInt8]) throws(TarError) {
    var rest = bytes[...]
    var seen: Set<[UInt8]> = []
    while !rest.isEmpty {
      let (keyword, value) = try Self.takeRecord(&rest)
      guard seen.insert(keyword).inserted else { throw .malformedExtendedHeader }
      switch keyword {
      case Array("path".utf8): path = value
      case Array("size".utf8): byteCount = try Self.decimal(value)
      default: guard Self.ignored.contains(keyword) else { throw .unsupportedKeyword(keyword) }
      }
    }
    guard !seen.isEmpty else { throw .malformedExtendedHeader }
  }

  private static func takeRecord(_ rest: inout ArraySlice<UInt8>) throws(TarError) -> ([UInt8], [UInt8]) {
    // Five digits are enough for the largest header.
    let digits = rest.prefix(6).prefix { $0 != 0x20 }
    guard digits.count <= 5, let count = try? decimal(Array(digits)), count <= UInt64(rest.count) else {
      throw .malformedExtendedHeader
    }
    let record = rest.prefix(Int(count))
    rest = rest.dropFirst(Int(count))
    let body = record.dropFirst(digits.count + 1)
    guard body.last == 0x0A, let equals = body.firstIndex(of: UInt8(ascii: "=")), equals > body.startIndex else {
      throw .malformedExtendedHeader
    }
    return (Array(body[..<equals]), Array(body[(equals + 1)...].dropLast()))
  }

  /// Decimal digits without a leading zero.
  private static func decimal(_ digits: [UInt8]) throws(TarError) -> UInt64 {
    guard !digits.isEmpty, digits.count == 1 || digits.first != UInt8(ascii: "0"),
      digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let value = UInt64(String(decoding: digits, as: UTF8.self))
    else { throw .malformedNumber }
    return value
  }
}
