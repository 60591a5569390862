internal import Primitives
public import Streams

/// A binary age file opened for reading at any place. Only the chunks that a range touches are read and authenticated,
/// after the last one: so the size is known to be the one that was sealed, and a truncated file is refused at once.
///
/// It is itself a random-access source, of the plaintext. Not for use by several threads at once.
///
/// Source: c2sp.org/age, "Payload".
public final class RandomAccessFile: RandomAccessSource {
  /// The size of the plaintext in bytes.
  public let byteCount: UInt64

  private let source: any RandomAccessSource
  private let key: Payload.SharedKey
  private let payloadOffset: UInt64
  private let finalIndex: Int
  /// The plaintext of the chunk that was read last.
  private var chunk: [UInt8]
  private var chunkIndex: Int

  /// Opens with the first identity that fits.
  ///
  /// - Throws: as `SealedFile.open(with:to:)`; `AgeError.noRandomAccess` for an armored file; `AgeError.payload` if the
  ///   last chunk is not authentic.
  public convenience init(_ source: any RandomAccessSource, with identities: [Identity]) throws {
    let file = try Self.sealedFile(source)
    try self.init(source, file.header, file.fileKey(for: identities))
  }

  /// Opens with a passphrase.
  ///
  /// - Throws: as `init(_:with:)`.
  public convenience init(
    _ source: any RandomAccessSource, with passphrase: borrowing Passphrase,
    maximumWorkFactorLog2: Int = Passphrase.maximumWorkFactorLog2
  ) throws {
    let file = try Self.sealedFile(source)
    try self.init(
      source, file.header, file.fileKey(for: passphrase, maximumWorkFactorLog2: maximumWorkFactorLog2))
  }

  private init(_ source: any RandomAccessSource, _ header: Header, _ fileKey: consuming FileKey) throws {
    // What was parsed encodes to the same bytes, so this is where the payload begins.
    let nonceOffset = UInt64(header.encoded.count)
    let nonce = try SectionSource(source, nonceOffset..<(nonceOffset + UInt64(Payload.nonceByteCount)))
      .readAll(limit: Payload.nonceByteCount)
    guard nonce.count == Payload.nonceByteCount else { throw AgeError.header(.malformed) }
    self.source = source
    key = Payload.SharedKey(fileKey.payloadKey(nonce: nonce))
    payloadOffset = nonceOffset + UInt64(Payload.nonceByteCount)
    let sealedByteCount = source.byteCount - min(source.byteCount, payloadOffset)
    finalIndex = Int(sealedByteCount.dividedRoundingUp(by: UInt64(Payload.sealedChunkByteCount))) - 1
    guard finalIndex >= 0 else { throw AgeError.payload(chunkIndex: 0) }
    chunkIndex = finalIndex
    chunk = try Self.chunk(finalIndex, of: source, payloadOffset, finalIndex: finalIndex, under: key)
    byteCount = UInt64(finalIndex) * UInt64(Payload.chunkByteCount) + UInt64(chunk.count)
  }

  private static func sealedFile(_ source: any RandomAccessSource) throws -> SealedFile {
    let start = try SectionSource(source, 0..<1).readAll(limit: 1)
    guard start != [UInt8(ascii: "-")] else { throw AgeError.noRandomAccess }
    return try SealedFile(reading: SectionSource(source), form: .binary)
  }

  /// Reads up to the end of the chunk in which `offset` lies.
  ///
  /// - Throws: `AgeError.payload` if the chunk is not authentic, and what the source throws.
  public func read(at offset: UInt64, into buffer: inout MutableSpan<UInt8>) throws -> Int {
    guard offset < byteCount else { return 0 }
    let (index, start) = offset.quotientAndRemainder(dividingBy: UInt64(Payload.chunkByteCount))
    if chunkIndex != Int(index) {
      chunk = try Self.chunk(Int(index), of: source, payloadOffset, finalIndex: finalIndex, under: key)
      chunkIndex = Int(index)
    }
    let count = min(buffer.count, chunk.count - Int(start))
    for index in 0..<count { buffer[index] = chunk[Int(start) + index] }
    return count
  }

  /// Writes a range of the plaintext to `sink`, several chunks at once; what lies beyond the end is left out.
  ///
  /// - Throws: `AgeError.payload` with the first bad chunk, after all before it have been written; and what source or
  ///   sink throw.
  public func copy(
    _ range: Range<UInt64>, to sink: any ByteSink, workerCount: Int = Parallelism.workerCount
  ) throws {
    let range = range.clamped(to: 0..<byteCount)
    guard !range.isEmpty else { return }
    let chunkSize = UInt64(Payload.chunkByteCount)
    let sealedSize = UInt64(Payload.sealedChunkByteCount)
    let first = range.lowerBound / chunkSize
    let end = range.upperBound.dividedRoundingUp(by: chunkSize)
    let section = SectionSource(
      source, (payloadOffset + first * sealedSize)..<min(payloadOffset + end * sealedSize, source.byteCount))
    let skipped = range.lowerBound - first * chunkSize
    try Payload.open(
      from: section, to: SectionSink(sink, skipped..<(skipped + UInt64(range.count))), under: key,
      firstIndex: Int(first), finalIndex: finalIndex, workerCount: workerCount)
  }

  private static func chunk(
    _ index: Int, of source: any RandomAccessSource, _ payloadOffset: UInt64, finalIndex: Int,
    under key: Payload.SharedKey
  ) throws -> [UInt8] {
    let start = payloadOffset + UInt64(index) * UInt64(Payload.sealedChunkByteCount)
    let end = min(start + UInt64(Payload.sealedChunkByteCount), source.byteCount)
    let sealed = try SectionSource(source, min(start, end)..<end).readAll(limit: Payload.sealedChunkByteCount)
    var output = [UInt8](repeating: 0, count: max(0, sealed.count - ChaChaPolyKey.tagByteCount))
    var room = output.mutableSpan
    guard Payload.open(sealed.span, index: index, isFinal: index == finalIndex, under: key.key, into: &room) else {
      throw AgeError.payload(chunkIndex: index)
    }
    return output
  }
}

extension UInt64 {
  fileprivate func dividedRoundingUp(by divisor: UInt64) -> UInt64 { self / divisor + (self % divisor == 0 ? 0 : 1) }
}
