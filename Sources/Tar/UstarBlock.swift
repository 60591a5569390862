/// Where the fields of a header block lie.
///
/// Source: POSIX.1-2017 `pax`, table "ustar Header Block".
enum TarField {
  static let name = 0..<100
  static let mode = 100..<108
  static let userID = 108..<116
  static let groupID = 116..<124
  static let size = 124..<136
  static let modificationTime = 136..<148
  static let checksum = 148..<156
  static let type = 156
  static let linkName = 157..<257
  static let magic = 257..<265
  static let prefix = 345..<500
  static let rest = 500..<512

  /// What eleven octal digits hold: 8 GiB less one byte.
  static let largestOctal: UInt64 = 1 << 33 - 1

  /// `ustar`, a zero byte, version `00`.
  static let posixMagic = Array("ustar\u{0}00".utf8)
  /// What GNU tar writes in its own format, which differs for large numbers, long names and holes only.
  static let gnuMagic = Array("ustar  \u{0}".utf8)
}

/// The letters that say what an entry is.
enum TypeFlag {
  static let file = UInt8(ascii: "0")
  static let directory = UInt8(ascii: "5")
  static let extendedHeader = UInt8(ascii: "x")
}

/// A path split for the two fields that hold it in a header block.
struct UstarName: Equatable {
  let prefix: [UInt8]
  let name: [UInt8]

  static let extendedHeader = UstarName(prefix: [], name: Array("pax-header".utf8))

  init(prefix: [UInt8], name: [UInt8]) {
    self.prefix = prefix
    self.name = name
  }

  /// Splits at the first slash that leaves a name short enough; `nil` if there is none, or the path is not ASCII.
  init?(_ path: ArchivePath) {
    let bytes = path.bytes
    guard bytes.allSatisfy({ $0 < 0x80 }) else { return nil }
    if bytes.count <= TarField.name.count {
      self.init(prefix: [], name: bytes)
      return
    }
    let earliest = bytes.count - TarField.name.count - 1
    guard let slash = bytes[earliest...].firstIndex(of: ArchivePath.separator), slash <= TarField.prefix.count else {
      return nil
    }
    self.init(prefix: Array(bytes[..<slash]), name: Array(bytes[(slash + 1)...]))
  }

  /// What a program without extended headers shows: the start of the last component, in ASCII.
  static func standIn(for path: ArchivePath) -> UstarName {
    let last = path.components.last ?? []
    let name = last.prefix(TarField.name.count).map { $0 < 0x80 ? $0 : UInt8(ascii: "_") }
    return UstarName(prefix: [], name: name)
  }
}

/// One header block.
struct UstarBlock {
  private let bytes: [UInt8]

  static func encode(_ name: UstarName, type: UInt8, byteCount: UInt64, modificationTime: UInt64) -> [UInt8] {
    var block = [UInt8](repeating: 0, count: Tar.blockByteCount)
    func put(_ bytes: some Sequence<UInt8>, at field: Range<Int>) {
      for (index, byte) in zip(field, bytes) { block[index] = byte }
    }
    put(name.name, at: TarField.name)
    put(octal(0o644, digits: 7), at: TarField.mode)
    put(octal(0, digits: 7), at: TarField.userID)
    put(octal(0, digits: 7), at: TarField.groupID)
    put(octal(byteCount, digits: 11), at: TarField.size)
    put(octal(modificationTime, digits: 11), at: TarField.modificationTime)
    put([type], at: TarField.type..<TarField.type + 1)
    put(TarField.posixMagic, at: TarField.magic)
    put(name.prefix, at: TarField.prefix)
    put(octal(checksum(of: block), digits: 6) + [0, 0x20], at: TarField.checksum)
    return block
  }

  /// Takes exactly one block, whose checksum and magic must fit.
  ///
  /// - Throws: `badChecksum`, `unknownFormat`, `malformedNumber` or `malformedHeader`.
  init(_ block: [UInt8]) throws(TarError) {
    precondition(block.count == Tar.blockByteCount, "Tar: a header block has 512 bytes")
    self.bytes = block
    guard try number(TarField.checksum) == Self.checksum(of: block) else { throw .badChecksum }
    let magic = Array(block[TarField.magic])
    guard magic == TarField.posixMagic || magic == TarField.gnuMagic else { throw .unknownFormat }
    // GNU tar keeps other things where POSIX has the prefix; only entries without them are plain files.
    let mustBeZero = magic == TarField.gnuMagic ? TarField.prefix.lowerBound..<TarField.rest.upperBound : TarField.rest
    guard block[mustBeZero].allSatisfy({ $0 == 0 }) else { throw .malformedHeader }
    _ = try number(TarField.mode)
  }

  var type: UInt8 { bytes[TarField.type] }

  func byteCount() throws(TarError) -> UInt64 { try number(TarField.size) }
  func modificationTime() throws(TarError) -> UInt64 { try number(TarField.modificationTime) }

  /// Prefix and name, put together.
  func path() throws(TarError) -> [UInt8] {
    guard bytes[TarField.linkName].allSatisfy({ $0 == 0 }) else { throw .malformedHeader }
    let prefix = try text(TarField.prefix)
    let name = try text(TarField.name)
    return prefix.isEmpty ? name : prefix + [ArchivePath.separator] + name
  }

  private func text(_ field: Range<Int>) throws(TarError) -> [UInt8] {
    let text = bytes[field].prefix { $0 != 0 }
    guard bytes[text.endIndex..<field.upperBound].allSatisfy({ $0 == 0 }) else { throw .malformedHeader }
    return Array(text)
  }

  /// Octal digits, then at least one zero byte or space up to the end of the field. Binary numbers, spaces in front,
  /// and digits without an end are refused: programs differ on them.
  private func number(_ field: Range<Int>) throws(TarError) -> UInt64 {
    let digits = bytes[field].prefix { (UInt8(ascii: "0")...UInt8(ascii: "7")).contains($0) }
    let end = bytes[digits.endIndex..<field.upperBound]
    guard !digits.isEmpty, !end.isEmpty, end.allSatisfy({ $0 == 0 || $0 == 0x20 }) else { throw .malformedNumber }
    return digits.reduce(0) { $0 << 3 | UInt64($1 & 7) }
  }

  private static func octal(_ value: UInt64, digits: Int) -> [UInt8] {
    (0..<digits).reversed().map { UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value >> (3 * $0) & 7) }
  }

  /// The sum of all bytes, with spaces in place of the checksum.
  private static func checksum(of block: [UInt8]) -> UInt64 {
    block.enumerated().reduce(0) { $0 + UInt64(TarField.checksum.contains($1.offset) ? 0x20 : $1.element) }
  }
}
