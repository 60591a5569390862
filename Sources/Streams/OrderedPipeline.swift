internal import Dispatch

/// Reads pieces of a stream in order, works on several at once, and writes the results in order.
///
/// Each worker owns one piece at a time and goes through three steps: read (only with the reading turn), transform
/// (beside the others), write (only with the writing turn). Turns pass from worker to worker in a ring, so pieces keep
/// their order and memory stays at two buffers for each worker, whatever the length of the stream.
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
  /// How many pieces are in flight.
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
    if run.isSinglePiece || workerCount == 1 {
      run.work(as: 0, of: 1)
    } else {
      let group = DispatchGroup()
      for worker in 0..<workerCount {
        DispatchQueue(label: "pipeline.\(worker)").async(group: group) { run.work(as: worker, of: workerCount) }
      }
      group.wait()
    }
    if let failure = run.failure { throw failure }
  }
}

/// One run of a pipeline.
///
/// Sendable: `source`, `next`, `nextIndex` and `isDone` are touched only by the worker that holds the reading turn,
/// `sink` and `failure` only by the one that holds the writing turn, and a semaphore hands each turn over.
private final class Run: @unchecked Sendable {
  private let pipeline: OrderedPipeline
  private let source: any ByteSource
  private let sink: any ByteSink
  private let transform: OrderedPipeline.Transform
  private let readingTurns: [DispatchSemaphore]
  private let writingTurns: [DispatchSemaphore]

  private var next: Piece
  private var nextIndex = 0
  private var readFailure: (any Error)?
  private var isDone = false
  private(set) var failure: (any Error)?

  struct Piece {
    var bytes: [UInt8]
    var count = 0
  }

  init(
    pipeline: OrderedPipeline, source: any ByteSource, sink: any ByteSink,
    transform: @escaping OrderedPipeline.Transform
  ) {
    self.pipeline = pipeline
    self.source = source
    self.sink = sink
    self.transform = transform
    self.readingTurns = (0..<pipeline.workerCount).map { _ in DispatchSemaphore(value: 0) }
    self.writingTurns = (0..<pipeline.workerCount).map { _ in DispatchSemaphore(value: 0) }
    self.next = Piece(bytes: [UInt8](repeating: 0, count: pipeline.pieceByteCount))
    readingTurns[0].signal()
    writingTurns[0].signal()
  }

  func readFirstPiece() throws { try readNext() }

  var isSinglePiece: Bool { next.count < pipeline.pieceByteCount }

  func work(as worker: Int, of workerCount: Int) {
    let successor = (worker + 1) % workerCount
    var piece = Piece(bytes: [UInt8](repeating: 0, count: pipeline.pieceByteCount))
    var output = [UInt8](repeating: 0, count: pipeline.outputByteCount)
    while true {
      readingTurns[worker].wait()
      let taken = take(&piece)
      readingTurns[successor].signal()
      var outcome = OrderedPipeline.Outcome(byteCount: 0)
      if case .piece(let index, let isLast) = taken {
        var room = output.mutableSpan
        outcome = transform(index, piece.bytes.span.extracting(0..<piece.count), isLast, &room)
      }
      writingTurns[worker].wait()
      let goesOn = finish(taken, outcome, output)
      writingTurns[successor].signal()
      guard goesOn else { return }
    }
  }

  private enum Taken {
    case piece(index: Int, isLast: Bool)
    case failed(any Error)
    case nothing
  }

  /// Hands the piece that was read ahead to a worker and reads one more: only so is it known which piece is the last.
  private func take(_ piece: inout Piece) -> Taken {
    if isDone { return .nothing }
    if let readFailure {
      isDone = true
      return .failed(readFailure)
    }
    swap(&piece, &next)
    let index = nextIndex
    nextIndex += 1
    if piece.count < pipeline.pieceByteCount {
      isDone = true
      return .piece(index: index, isLast: true)
    }
    do { try readNext() } catch { readFailure = error }
    let isLast = next.count == 0 && readFailure == nil
    isDone = isLast
    return .piece(index: index, isLast: isLast)
  }

  private func readNext() throws {
    var bytes: [UInt8] = []
    swap(&bytes, &next.bytes)
    var span = bytes.mutableSpan
    next.count = try source.fill(&span)
    swap(&bytes, &next.bytes)
  }

  /// Writes one result; says whether the worker should come back for more.
  private func finish(_ taken: Taken, _ outcome: OrderedPipeline.Outcome, _ output: [UInt8]) -> Bool {
    guard failure == nil else { return false }
    do {
      switch taken {
      case .nothing: return false
      case .failed(let error): throw error
      case .piece:
        if outcome.byteCount > 0 { try sink.write(output.span.extracting(0..<outcome.byteCount)) }
        if let failure = outcome.failure { throw failure }
        return true
      }
    } catch {
      failure = error
      return false
    }
  }
}
