internal import Synchronization

/// Reads pieces of a stream in order, works on several at once, and writes the results in order.
///
/// Pieces lie in a ring of slots, two for each worker. A free worker reads the next piece into the next slot (one
/// reads at a time), transforms it beside the others, and then writes every result whose turn has come (one writes at
/// a time). A worker whose result must wait for an earlier one leaves it in its slot and goes on, so a worker that is
/// held up delays the others only when the ring is full. Memory stays at the ring, whatever the length of the stream.
public struct OrderedPipeline: Sendable {
  /// What became of one piece: how many bytes of output are good, and the error that ended it early, if any.
  public struct Outcome: Sendable {
    let byteCount: Int
    let failure: (any Error)?

    /// The first `byteCount` bytes of the output are to be written; then the stream goes on, or ends with `failure`.
    public init(byteCount: Int, failure: (any Error)? = nil) {
      self.byteCount = byteCount
      self.failure = failure
    }
  }

  /// Turns one piece into output: its index from 0, its bytes, whether it is the last, and room to write to.
  public typealias Transform =
    @Sendable (_ index: Int, _ piece: Span<UInt8>, _ isLast: Bool, _ output: inout MutableSpan<UInt8>) -> Outcome

  /// Bytes in every piece but the last, which may be shorter.
  public let pieceByteCount: Int
  /// Room for the output of one piece, in bytes.
  public let outputByteCount: Int
  /// How many pieces are in flight, as long as the system gives threads for so many.
  public let workerCount: Int

  /// Sets the sizes; `workerCount` is at least 1.
  public init(pieceByteCount: Int, outputByteCount: Int, workerCount: Int) {
    precondition(pieceByteCount > 0 && outputByteCount >= 0 && workerCount > 0, "Streams: a pipeline without room")
    self.pieceByteCount = pieceByteCount
    self.outputByteCount = outputByteCount
    self.workerCount = workerCount
  }

  /// Runs the stream to its end. An empty stream is one empty, last piece.
  ///
  /// - Throws: the first error, in the order of the stream, of source, transform or sink. All that came before it has
  ///   been written, nothing after it.
  public func run(from source: any ByteSource, to sink: any ByteSink, transform: @escaping Transform) throws {
    let run = Run(pipeline: self, source: source, sink: sink, transform: transform)
    try run.readFirstPiece()
    Parallelism.beside(run.isSinglePiece ? 0 : workerCount - 1) { run.work() }
    if let failure = run.failure { throw failure }
  }
}

/// One run of a pipeline.
///
/// Sendable: `source`, `next`, `nextIndex` and `isDone` are touched only under `reading`; `writeIndex`, `isWriting`,
/// `failure` and the `isReady` of every slot only under `writing`; `sink` only by the worker that set `isWriting`. The
/// rest of a slot belongs to the worker that read into it until it is ready, then to the one that writes it, then,
/// after a signal of `free`, to the next reader: slots are freed in the order of their pieces, so that the signals
/// count exactly the slots ahead of `nextIndex`.
private final class Run: @unchecked Sendable {
  private final class Slot {
    var piece: Piece
    var index = 0
    var isLast = false
    var output: [UInt8]
    var outcome = OrderedPipeline.Outcome(byteCount: 0)
    var isReady = false

    init(_ pipeline: OrderedPipeline) {
      piece = Piece(byteCount: pipeline.pieceByteCount)
      output = [UInt8](uninitializedCount: pipeline.outputByteCount)
    }
  }

  private struct Piece {
    var bytes: [UInt8]
    var count = 0

    init(byteCount: Int) { bytes = [UInt8](uninitializedCount: byteCount) }
  }

  private let pipeline: OrderedPipeline
  private let source: any ByteSource
  private let sink: any ByteSink
  private let transform: OrderedPipeline.Transform
  private let free = Semaphore()
  private let isCancelled = Atomic(false)
  private var slots: [Slot] = []

  private let reading = Mutex(())
  private var next: Piece
  private var nextIndex = 0
  private var readFailure: (any Error)?
  private var isDone = false

  private let writing = Mutex(())
  private var writeIndex = 0
  private var isWriting = false
  private(set) var failure: (any Error)?

  init(
    pipeline: OrderedPipeline, source: any ByteSource, sink: any ByteSink,
    transform: @escaping OrderedPipeline.Transform
  ) {
    self.pipeline = pipeline
    self.source = source
    self.sink = sink
    self.transform = transform
    self.next = Piece(byteCount: pipeline.pieceByteCount)
  }

  /// Reads the first piece, before any worker starts, and makes as many slots as the stream needs.
  func readFirstPiece() throws {
    try readNext()
    let slotCount = isSinglePiece ? 1 : 2 * pipeline.workerCount
    slots = (0..<slotCount).map { _ in Slot(pipeline) }
    for _ in slots { free.signal() }
  }

  var isSinglePiece: Bool { next.count < pipeline.pieceByteCount }

  func work() {
    while let slot = takeNext() {
      if slot.outcome.failure == nil { transform(slot) }
      writing.withLock { _ in slot.isReady = true }
      while let ready = takeReady() { write(ready) }
    }
  }

  /// Buffers are swapped out of the objects that hold them while they are lent: a class cannot lend a span of itself.
  private func transform(_ slot: Slot) {
    let piece = slot.piece
    var output: [UInt8] = []
    swap(&output, &slot.output)
    var room = output.mutableSpan
    slot.outcome = transform(slot.index, piece.bytes.span.extracting(0..<piece.count), slot.isLast, &room)
    swap(&output, &slot.output)
  }

  // MARK: - Reading

  /// The next piece in its slot, or `nil` when there is no more.
  private func takeNext() -> Slot? {
    free.wait()
    let slot: Slot? = reading.withLock { _ in isDone || isCancelled.load(ordering: .acquiring) ? nil : fillSlot() }
    // Whoever else waits for a slot finds out the same.
    if slot == nil { free.signal() }
    return slot
  }

  /// Hands over the piece that was read ahead and reads one more: only so is it known which piece is the last.
  private func fillSlot() -> Slot {
    let slot = slots[nextIndex % slots.count]
    slot.index = nextIndex
    slot.outcome = OrderedPipeline.Outcome(byteCount: 0, failure: readFailure)
    nextIndex += 1
    if readFailure != nil {
      isDone = true
      return slot
    }
    swap(&slot.piece, &next)
    if slot.piece.count == pipeline.pieceByteCount {
      do { try readNext() } catch { readFailure = error }
      isDone = next.count == 0 && readFailure == nil
    } else {
      isDone = true
    }
    slot.isLast = isDone
    return slot
  }

  private func readNext() throws {
    var bytes: [UInt8] = []
    swap(&bytes, &next.bytes)
    defer { swap(&bytes, &next.bytes) }
    next.count = 0
    var span = bytes.mutableSpan
    next.count = try source.fill(&span)
  }

  // MARK: - Writing

  /// The slot whose turn it is to be written, if it is ready and nobody else is writing.
  private func takeReady() -> Slot? {
    writing.withLock { _ in
      let slot = slots[writeIndex % slots.count]
      guard !isWriting, failure == nil, slot.isReady else { return nil }
      isWriting = true
      return slot
    }
  }

  private func write(_ slot: Slot) {
    var failure = slot.outcome.failure
    do { try emit(slot) } catch { failure = error }
    if failure != nil { isCancelled.store(true, ordering: .releasing) }
    writing.withLock { _ in
      slot.isReady = false
      isWriting = false
      writeIndex += 1
      self.failure = failure
    }
    free.signal()
  }
  private func emit(_ slot: Slot) throws {
    let output = slot.output
    if slot.outcome.byteCount > 0 { try sink.write(output.span.extracting(0..<slot.outcome.byteCount)) }
  }
}
