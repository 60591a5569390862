internal import Primitives
internal import Streams

/// The encrypted body of an age file: chunks of 64 KiB, each authenticated with its place and whether it is the last.
///
/// Chunks are independent, so several are sealed or opened at once.
///
/// Source: c2sp.org/age, "Payload".
enum Payload {
  /// Plaintext bytes in every chunk but the last.
  static let chunkByteCount = 65_536
  /// Ciphertext bytes of a full chunk.
  static let sealedChunkByteCount = chunkByteCount + ChaChaPolyKey.tagByteCount
  static let nonceByteCount = 16
  /// Chunks that one worker takes at a time.
  static let chunksPerPiece = 4

  /// Seals all of `source` under `key`.
  static func seal(
    from source: any ByteSource, to sink: any ByteSink, under key: consuming ChaChaPolyKey, workerCount: Int
  ) throws {
    let key = SharedKey(key)
    let pipeline = OrderedPipeline(
      pieceByteCount: chunksPerPiece * chunkByteCount, outputByteCount: chunksPerPiece * sealedChunkByteCount,
      workerCount: workerCount)
    try pipeline.run(from: source, to: sink) { pieceIndex, piece, isLast, output in
      var written = 0
      forEachChunk(of: piece, size: chunkByteCount, pieceIndex: pieceIndex, isLast: isLast) { chunk, index, isFinal in
        var room = output._mutatingExtracting(written..<output.count)
        key.key.seal(chunk, nonce: nonce(index, isFinal: isFinal), into: &room)
        written += chunk.count + ChaChaPolyKey.tagByteCount
        return true
      }
      return OrderedPipeline.Outcome(byteCount: written)
    }
  }

  /// Opens all of `source` under `key`. Every byte that reaches `sink` was authenticated before.
  ///
  /// - Throws: `AgeError.payload` with the first bad chunk; all chunks before it have been written.
  static func open(
    from source: any ByteSource, to sink: any ByteSink, under key: consuming ChaChaPolyKey, workerCount: Int
  ) throws {
    try open(from: source, to: sink, under: SharedKey(key), workerCount: workerCount)
  }

  /// Opens the chunks of `source`, the first of which is the chunk `firstIndex` of its file. The final chunk is
  /// `finalIndex`, or where the stream ends if that is not known.
  static func open(
    from source: any ByteSource, to sink: any ByteSink, under key: SharedKey, firstIndex: Int = 0,
    finalIndex: Int? = nil, workerCount: Int
  ) throws {
    let pipeline = OrderedPipeline(
      pieceByteCount: chunksPerPiece * sealedChunkByteCount, outputByteCount: chunksPerPiece * chunkByteCount,
      workerCount: workerCount)
    try pipeline.run(from: source, to: sink) { pieceIndex, piece, isLast, output in
      var written = 0
      var failure: AgeError?
      forEachChunk(of: piece, size: sealedChunkByteCount, pieceIndex: pieceIndex, isLast: isLast) {
        chunk, offset, isAtEnd in
        let index = firstIndex + offset
        let isFinal = finalIndex.map { $0 == index } ?? isAtEnd
        var room = output._mutatingExtracting(written..<output.count)
        if open(chunk, index: index, isFinal: isFinal, under: key.key, into: &room) {
          written += chunk.count - ChaChaPolyKey.tagByteCount
        } else if chunk.count == sealedChunkByteCount,
          open(chunk, index: index, isFinal: !isFinal, under: key.key, into: &room)
        {
          // An authentic chunk, but the stream goes on behind its final chunk, or ends before it: what follows is bad.
          written += chunkByteCount
          failure = .payload(chunkIndex: index + 1)
        } else {
          failure = .payload(chunkIndex: index)
        }
        return failure == nil
      }
      return OrderedPipeline.Outcome(byteCount: written, failure: failure)
    }
  }

  /// Opens one chunk to the start of `output`; false if it is not authentic.
  static func open(
    _ chunk: Span<UInt8>, index: Int, isFinal: Bool, under key: borrowing ChaChaPolyKey,
    into output: inout MutableSpan<UInt8>
  ) -> Bool {
    // Only an empty payload may end with an empty chunk.
    let isEmptyAllowed = isFinal && index == 0
    guard chunk.count > ChaChaPolyKey.tagByteCount || (chunk.count == ChaChaPolyKey.tagByteCount && isEmptyAllowed)
    else { return false }
    return (try? key.open(chunk, nonce: nonce(index, isFinal: isFinal), into: &output)) != nil
  }

  /// Visits the chunks of a piece in order until `body` returns false. An empty last piece of an empty stream is one
  /// chunk.
  private static func forEachChunk(
    of piece: Span<UInt8>, size: Int, pieceIndex: Int, isLast: Bool,
    _ body: (_ chunk: Span<UInt8>, _ index: Int, _ isFinal: Bool) -> Bool
  ) {
    var start = 0
    var index = pieceIndex * chunksPerPiece
    repeat {
      let end = min(start + size, piece.count)
      let goesOn = body(piece.extracting(start..<end), index, isLast && end == piece.count)
      guard goesOn else { return }
      start = end
      index += 1
    } while start < piece.count
  }

  /// Eleven bytes of big-endian chunk counter, then 1 for the final chunk and 0 for all others.
  static func nonce(_ index: Int, isFinal: Bool) -> [UInt8] {
    var nonce = [UInt8](repeating: 0, count: ChaChaPolyKey.nonceByteCount)
    for byte in 0..<8 { nonce[3 + byte] = UInt8(truncatingIfNeeded: index >> (56 - 8 * byte)) }
    nonce[11] = isFinal ? 1 : 0
    return nonce
  }

  /// One key lent to all workers.
  final class SharedKey: Sendable {
    let key: ChaChaPolyKey
    init(_ key: consuming ChaChaPolyKey) { self.key = key }
  }
}
