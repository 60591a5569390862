public import Streams

/// Takes what `TarReader` finds, in the order of the archive. What it throws ends the reading.
public protocol TarHandler: AnyObject {
  /// A file or a directory begins.
  func entryBegins(_ header: TarHeader) throws
  /// The next bytes of the file; at least one.
  func entryBytes(_ bytes: Span<UInt8>) throws
  /// All bytes that the header promised have come.
  func entryEnds() throws
}

/// Reads an archive that is pushed in pieces of any size, and refuses whatever tar programs do not agree on.
///
/// Accepted are regular files and directories, in what `TarHeader` writes and in what GNU tar and bsdtar write with
/// `--format=ustar` and `--format=pax`. Nothing is known of an entry as a whole until `finish` returns: until then what
/// was handed out is a part of an archive that may be refused.
///
/// Source: POSIX.1-2017 `pax`, sections "ustar Interchange Format" and "pax Interchange Format".
public final class TarReader: ByteSink {
  /// Bounds on an archive.
  public struct Limits: Hashable, Sendable {
    /// Files and directories.
    public let entryCount: Int
    /// The whole archive, in bytes.
    public let totalByteCount: UInt64
    /// All paths together, in bytes: they are kept in memory to find duplicates.
    public let pathByteCount: Int
    /// Folders that the paths go through: a short path can make sixty of them.
    public let folderCount: Int

    /// 200,000 entries, 16 TiB, 32 MiB of paths, and 200,000 folders.
    public static let `default` = Limits(
      entryCount: 200_000, totalByteCount: 1 << 44, pathByteCount: 32 << 20, folderCount: 200_000)

    /// Sets the bounds.
    public init(entryCount: Int, totalByteCount: UInt64, pathByteCount: Int, folderCount: Int = 200_000) {
      self.entryCount = entryCount
      self.totalByteCount = totalByteCount
      self.pathByteCount = pathByteCount
      self.folderCount = folderCount
    }

    /// Checks that an archive of files with these paths would be read: whoever is about to write one has to ask.
    ///
    /// - Throws: `duplicatePath`, `pathThroughFile` or `tooLarge`.
    public func check(_ files: some Sequence<ArchivePath>) throws(TarError) {
      var register = PathRegister()
      var entryCount = 0
      var pathByteCount = 0
      for path in files {
        entryCount += 1
        pathByteCount += path.bytes.count
        try register.insert(path, kind: .file)
        guard entryCount <= self.entryCount, pathByteCount <= self.pathByteCount, register.folderCount <= folderCount
        else { throw .tooLarge }
      }
    }
  }

  private enum State {
    case header
    case extendedHeader(missing: Int)
    case content(missing: UInt64)
    case padding(missing: Int)
    case secondZeroBlock
    case end
    case broken
  }

  private let handler: any TarHandler
  private let limits: Limits
  private var state = State.header
  /// The header block, or the extended header with its padding, as far as it has come.
  private var collected: [UInt8] = []
  private var extendedByteCount = 0
  private var extended: PaxHeader?
  private var contentPadding = 0
  private var paths = PathRegister()
  private var entryCount = 0
  private var pathByteCount = 0
  private var totalByteCount: UInt64 = 0

  /// Reads from the beginning of an archive.
  public init(handler: any TarHandler, limits: Limits = .default) {
    self.handler = handler
    self.limits = limits
  }

  /// Takes the next bytes of the archive.
  ///
  /// - Throws: `TarError` at the first thing wrong, or what the handler throws; `TarError.outOfOrder` ever after.
  public func write(_ bytes: Span<UInt8>) throws {
    if case .broken = state { throw TarError.outOfOrder }
    do {
      guard UInt64(bytes.count) <= limits.totalByteCount - totalByteCount else { throw TarError.tooLarge }
      totalByteCount += UInt64(bytes.count)
      var position = 0
      while position < bytes.count {
        position += try step(bytes.extracting(position..<bytes.count))
      }
    } catch {
      state = .broken
      throw error
    }
  }

  /// Says that the archive ends here.
  ///
  /// - Throws: `truncated` unless both zero blocks have come and the last block is whole; `outOfOrder` after an error.
  public func finish() throws(TarError) {
    let last = state
    state = .broken
    if case .broken = last { throw .outOfOrder }
    guard case .end = last, totalByteCount.isMultiple(of: UInt64(Tar.blockByteCount)) else { throw .truncated }
  }

  /// Takes at least one of `bytes`, which is not empty, and returns how many.
  private func step(_ bytes: Span<UInt8>) throws -> Int {
    switch state {
    case .header:
      let count = collect(bytes, upTo: Tar.blockByteCount)
      if collected.count == Tar.blockByteCount { try headerIsComplete() }
      return count
    case .extendedHeader(let missing):
      let count = collect(bytes, upTo: collected.count + missing)
      state = .extendedHeader(missing: missing - count)
      if missing == count { try extendedHeaderIsComplete() }
      return count
    case .content(let missing):
      let count = Int(min(missing, UInt64(bytes.count)))
      try handler.entryBytes(bytes.extracting(0..<count))
      try expectContent(missing - UInt64(count))
      return count
    case .padding(let missing):
      let count = try takeZeros(bytes, upTo: missing)
      state = missing == count ? .header : .padding(missing: missing - count)
      return count
    case .secondZeroBlock:
      let count = try takeZeros(bytes, upTo: Tar.blockByteCount - collected.count)
      collected.append(contentsOf: repeatElement(0, count: count))
      if collected.count == Tar.blockByteCount { state = .end }
      return count
    case .end:
      return try takeZeros(bytes, upTo: bytes.count)
    case .broken:
      throw TarError.outOfOrder
    }
  }

  private func collect(_ bytes: Span<UInt8>, upTo goal: Int) -> Int {
    let count = min(goal - collected.count, bytes.count)
    for index in 0..<count { collected.append(bytes[index]) }
    return count
  }

  private func takeZeros(_ bytes: Span<UInt8>, upTo goal: Int) throws(TarError) -> Int {
    let count = min(goal, bytes.count)
    for index in 0..<count where bytes[index] != 0 { throw .nonzeroPadding }
    return count
  }
}

extension TarReader {
  private func headerIsComplete() throws {
    let block = collected
    collected = []
    guard block.contains(where: { $0 != 0 }) else {
      guard extended == nil else { throw TarError.malformedExtendedHeader }
      state = .secondZeroBlock
      return
    }
    let header = try UstarBlock(block)
    switch header.type {
    case TypeFlag.extendedHeader: try beginExtendedHeader(header)
    case TypeFlag.file: try beginEntry(header, kind: .file)
    case TypeFlag.directory: try beginEntry(header, kind: .directory)
    default: throw TarError.unsupportedType(TarError.EntryType(flag: header.type))
    }
  }

  private func beginExtendedHeader(_ header: UstarBlock) throws(TarError) {
    let byteCount = try header.byteCount()
    guard extended == nil, byteCount > 0 else { throw .malformedExtendedHeader }
    guard byteCount <= UInt64(PaxHeader.maximumByteCount) else { throw .tooLarge }
    extendedByteCount = Int(byteCount)
    state = .extendedHeader(missing: extendedByteCount + Tar.paddingByteCount(after: byteCount))
  }

  private func extendedHeaderIsComplete() throws(TarError) {
    guard collected.dropFirst(extendedByteCount).allSatisfy({ $0 == 0 }) else { throw .nonzeroPadding }
    extended = try PaxHeader(Array(collected.prefix(extendedByteCount)))
    collected = []
    state = .header
  }

  private func beginEntry(_ block: UstarBlock, kind: TarHeader.Kind) throws {
    let header = try entry(block, kind: kind)
    extended = nil
    entryCount += 1
    pathByteCount += header.path.bytes.count
    guard entryCount <= limits.entryCount, pathByteCount <= limits.pathByteCount,
      header.byteCount <= limits.totalByteCount
    else { throw TarError.tooLarge }
    try paths.insert(header.path, kind: kind)
    guard paths.folderCount <= limits.folderCount else { throw TarError.tooLarge }
    contentPadding = header.paddingByteCount
    try handler.entryBegins(header)
    try expectContent(header.byteCount)
  }

  private func entry(_ block: UstarBlock, kind: TarHeader.Kind) throws(TarError) -> TarHeader {
    let written = try block.path()
    let byteCount = try block.byteCount()
    var path = extended?.path ?? written
    if kind == .directory {
      guard (extended?.byteCount ?? byteCount) == 0 else { throw .malformedHeader }
      if path.last == ArchivePath.separator { path.removeLast() }
    }
    return TarHeader(
      kind: kind, path: try ArchivePath(path), byteCount: extended?.byteCount ?? byteCount,
      modificationTime: try block.modificationTime())
  }

  private func expectContent(_ missing: UInt64) throws {
    guard missing == 0 else {
      state = .content(missing: missing)
      return
    }
    state = contentPadding == 0 ? .header : .padding(missing: contentPadding)
    try handler.entryEnds()
  }
}

extension TarError.EntryType {
  /// The type of an entry that is neither a file nor a directory nor an extended header.
  fileprivate init(flag: UInt8) {
    self =
      switch flag {
      case UInt8(ascii: "1"): .hardLink
      case UInt8(ascii: "2"): .symbolicLink
      case UInt8(ascii: "3"), UInt8(ascii: "4"): .device
      case UInt8(ascii: "6"): .fifo
      case UInt8(ascii: "S"): .sparseFile
      case UInt8(ascii: "L"), UInt8(ascii: "K"): .gnuLongName
      case UInt8(ascii: "g"): .globalHeader
      default: .other(flag)
      }
  }
}
