/// What an archive says about one entry. Owners and permissions are not kept: they say where the archive was made.
///
/// Source: POSIX.1-2017 `pax`, sections "ustar Interchange Format" and "pax Interchange Format".
public struct TarHeader: Hashable, Sendable {
  /// What an entry is.
  public enum Kind: Hashable, Sendable {
    /// A regular file.
    case file
    /// A directory, which has no content of its own.
    case directory
  }

  /// File or directory.
  public let kind: Kind
  /// Where the entry belongs.
  public let path: ArchivePath
  /// The size of its content in bytes; 0 for a directory.
  public let byteCount: UInt64
  /// Seconds since 1970, below 2 to the power of 33.
  public let modificationTime: UInt64

  /// Describes a file. The time is 0 unless the caller wants it told.
  public init(path: ArchivePath, byteCount: UInt64, modificationTime: UInt64 = 0) {
    precondition(modificationTime <= TarField.largestOctal, "Tar: a time beyond the header field")
    self.init(kind: .file, path: path, byteCount: byteCount, modificationTime: modificationTime)
  }

  init(kind: Kind, path: ArchivePath, byteCount: UInt64, modificationTime: UInt64) {
    self.kind = kind
    self.path = path
    self.byteCount = byteCount
    self.modificationTime = modificationTime
  }

  /// The zero bytes that follow the content.
  public var paddingByteCount: Int { Tar.paddingByteCount(after: byteCount) }

  /// The header blocks of the entry: one, or three and more if its path or size needs an extended header.
  public func encoded() -> [UInt8] {
    let split = UstarName(path)
    var records: [UInt8] = []
    if split == nil { records += PaxRecord.encode("path", path.bytes) }
    if byteCount > TarField.largestOctal { records += PaxRecord.encode("size", Array(String(byteCount).utf8)) }
    let size = min(byteCount, TarField.largestOctal)
    let name = split ?? UstarName.standIn(for: path)
    let type = kind == .file ? TypeFlag.file : TypeFlag.directory
    let block = UstarBlock.encode(name, type: type, byteCount: size, modificationTime: modificationTime)
    guard !records.isEmpty else { return block }
    let extended = UstarBlock.encode(
      .extendedHeader, type: TypeFlag.extendedHeader, byteCount: UInt64(records.count),
      modificationTime: modificationTime)
    return extended + Tar.padded(records) + block
  }
}

/// Sizes that every archive is made of.
public enum Tar {
  /// The size of a block in bytes; everything in an archive is a whole number of blocks.
  public static let blockByteCount = 512
  /// The size of the two zero blocks at the end, in bytes. Zero blocks behind them are free padding.
  public static let endMarkerByteCount = 1_024

  /// The zero bytes that fill the last block of a content of `byteCount` bytes.
  public static func paddingByteCount(after byteCount: UInt64) -> Int {
    let remainder = Int(byteCount % UInt64(blockByteCount))
    return remainder == 0 ? 0 : blockByteCount - remainder
  }

  /// The size of an archive of these entries, end marker included, in bytes; `nil` beyond 64 bits.
  public static func archiveByteCount(of entries: some Sequence<TarHeader>) -> UInt64? {
    var total = UInt64(endMarkerByteCount)
    for entry in entries {
      for part in [UInt64(entry.encoded().count), entry.byteCount, UInt64(entry.paddingByteCount)] {
        let (sum, overflow) = total.addingReportingOverflow(part)
        guard !overflow else { return nil }
        total = sum
      }
    }
    return total
  }

  static func padded(_ content: [UInt8]) -> [UInt8] {
    content + [UInt8](repeating: 0, count: paddingByteCount(after: UInt64(content.count)))
  }
}
