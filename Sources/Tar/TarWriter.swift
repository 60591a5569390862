public import Streams

/// Composes an archive in order: each header, exactly the bytes that it promises, then the end.
///
/// It is itself a sink, so the content of an entry can be streamed into it.
public final class TarWriter: ByteSink {
  private let sink: any ByteSink
  private var missingByteCount: UInt64 = 0
  private var paddingByteCount = 0
  private var writtenByteCount: UInt64 = 0
  private var isFinished = false

  /// Writes to `sink` from its present position.
  public init(to sink: any ByteSink) { self.sink = sink }

  /// Begins an entry; the one before must be complete.
  ///
  /// - Throws: `TarError.outOfOrder`, or what the sink throws.
  public func begin(_ header: TarHeader) throws {
    guard missingByteCount == 0, !isFinished else { throw TarError.outOfOrder }
    try put(header.encoded())
    missingByteCount = header.byteCount
    paddingByteCount = header.paddingByteCount
  }

  /// Takes the next bytes of the entry.
  ///
  /// - Throws: `TarError.outOfOrder` for more bytes than its header promised, or what the sink throws.
  public func write(_ bytes: Span<UInt8>) throws {
    guard UInt64(bytes.count) <= missingByteCount else { throw TarError.outOfOrder }
    guard !bytes.isEmpty else { return }
    try sink.write(bytes)
    writtenByteCount += UInt64(bytes.count)
    missingByteCount -= UInt64(bytes.count)
    if missingByteCount == 0 { try put([UInt8](repeating: 0, count: paddingByteCount)) }
  }

  /// Ends the archive, with zero blocks up to `totalByteCount` if it is not that long yet. A total that is not a whole
  /// number of blocks is rounded up.
  ///
  /// - Throws: `TarError.outOfOrder` if an entry is incomplete, or what the sink throws.
  public func finish(paddedTo totalByteCount: UInt64 = 0) throws {
    guard missingByteCount == 0, !isFinished else { throw TarError.outOfOrder }
    isFinished = true
    try put([UInt8](repeating: 0, count: Tar.endMarkerByteCount))
    let zeros = [UInt8](repeating: 0, count: 128 * Tar.blockByteCount)
    while writtenByteCount < totalByteCount {
      let missing = totalByteCount - writtenByteCount
      if missing >= UInt64(zeros.count) {
        try put(zeros)
      } else {
        try put([UInt8](repeating: 0, count: Int(missing) + Tar.paddingByteCount(after: missing)))
      }
    }
  }

  private func put(_ bytes: [UInt8]) throws {
    guard !bytes.isEmpty else { return }
    try sink.write(bytes.span)
    writtenByteCount += UInt64(bytes.count)
  }
}
