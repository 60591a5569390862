internal import Synchronization

/// Joins code that writes to code that reads, each at its own pace, with a bounded amount of bytes between them.
public enum Conduit {
  static let pieceByteCount = 256 << 10
  static let pieceCount = 4

  /// Runs `producer` beside `consumer` and returns what the consumer returns, once both have ended.
  ///
  /// - Throws: what the producer throws, or else what the consumer throws. A producer that fails makes the consumer's
  ///   next read fail; a consumer that returns or fails early makes the producer's next write fail.
  ///   `StreamError.noThread` where there is none for the producer; nothing has begun then.
  public static func run<Result>(
    producer: @escaping (any ByteSink) throws -> Void, consumer: (any ByteSource) throws -> Result
  ) throws -> Result {
    try run(stackByteCount: nil, producer: producer, consumer: consumer)
  }

  static func run<Result>(
    stackByteCount: Int?, producer: @escaping (any ByteSink) throws -> Void,
    consumer: (any ByteSource) throws -> Result
  ) throws -> Result {
    let queue = PieceQueue()
    let work = Producer(queue: queue, body: producer)
    let worker = try Worker(stackByteCount: stackByteCount) { work.run() }
    let outcome = Swift.Result { try consumer(queue) }
    queue.cancel()
    worker.wait()
    if let failure = queue.failure { throw failure }
    return try outcome.get()
  }

  /// Sendable: used by one thread after the other, handed over when its thread starts.
  private final class Producer: @unchecked Sendable {
    private let queue: PieceQueue
    private let body: (any ByteSink) throws -> Void

    init(queue: PieceQueue, body: @escaping (any ByteSink) throws -> Void) {
      self.queue = queue
      self.body = body
    }

    func run() {
      do {
        try body(queue)
        queue.end(nil)
      } catch {
        queue.end(error)
      }
    }
  }
}

/// Why a producer could not go on: nobody reads any more. It is not reported; the consumer's own error is.
private struct ReaderGone: Error {}

/// A ring of buffers between one writer and one reader.
///
/// Sendable: the writer alone touches `writeIndex` and every buffer it has taken a `free` signal for; the reader alone
/// touches `readIndex`, `readPosition` and every buffer it has taken a `filled` signal for; the semaphores order the
/// rest. `failure` is set before the signal of the last buffer. `isCancelled` is atomic: the writer may look at it
/// after a signal that came before `cancel`.
private final class PieceQueue: ByteSink, ByteSource, @unchecked Sendable {
  private final class Piece {
    var bytes = [UInt8](repeating: 0, count: Conduit.pieceByteCount)
    var count = 0
    var isLast = false
  }

  private let ring = (0..<Conduit.pieceCount).map { _ in Piece() }
  private let free = Semaphore(UInt32(Conduit.pieceCount))
  private let filled = Semaphore()
  private var writeIndex = 0
  private var hasRoom = false
  private var readIndex = 0
  private var readPosition = 0
  private var hasPiece = false
  private let isCancelled = Atomic(false)
  private(set) var failure: (any Error)?

  // MARK: - The writer's side

  func write(_ bytes: Span<UInt8>) throws {
    var position = 0
    while position < bytes.count {
      let piece = try pieceWithRoom()
      let count = min(bytes.count - position, Conduit.pieceByteCount - piece.count)
      piece.bytes.replace(from: piece.count, with: bytes.extracting(position..<(position + count)))
      piece.count += count
      position += count
      if piece.count == Conduit.pieceByteCount { pass() }
    }
  }

  func end(_ error: (any Error)?) {
    guard let piece = try? pieceWithRoom() else { return }
    failure = error is ReaderGone ? nil : error
    piece.isLast = true
    pass()
  }

  private func pieceWithRoom() throws -> Piece {
    if !hasRoom {
      free.wait()
      guard !isCancelled.load(ordering: .acquiring) else { throw ReaderGone() }
      ring[writeIndex].count = 0
      ring[writeIndex].isLast = false
      hasRoom = true
    }
    return ring[writeIndex]
  }

  private func pass() {
    hasRoom = false
    writeIndex = (writeIndex + 1) % Conduit.pieceCount
    filled.signal()
  }

  // MARK: - The reader's side

  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    while true {
      if !hasPiece {
        filled.wait()
        hasPiece = true
        readPosition = 0
      }
      let piece = ring[readIndex]
      if readPosition < piece.count { return take(from: piece, into: &buffer) }
      if piece.isLast {
        if let failure { throw failure }
        return 0
      }
      hasPiece = false
      readIndex = (readIndex + 1) % Conduit.pieceCount
      free.signal()
    }
  }

  private func take(from piece: Piece, into buffer: inout MutableSpan<UInt8>) -> Int {
    let count = min(buffer.count, piece.count - readPosition)
    buffer.replace(with: piece.bytes, in: readPosition..<(readPosition + count))
    readPosition += count
    return count
  }

  func cancel() {
    isCancelled.store(true, ordering: .releasing)
    for _ in ring { free.signal() }
  }
}
