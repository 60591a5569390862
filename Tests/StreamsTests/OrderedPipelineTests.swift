import Streams
import Testing

private let pieceByteCount = 16

/// Marks each piece with its index and whether it is the last, after a random wait.
private let mark: OrderedPipeline.Transform = { index, piece, isLast, output in
  sleepAtRandom(upToMicroseconds: 300)
  output[0] = UInt8(truncatingIfNeeded: index)
  output[1] = isLast ? 1 : 0
  for place in 0..<piece.count { output[2 + place] = piece[place] }
  return OrderedPipeline.Outcome(byteCount: piece.count + 2)
}

/// What `mark` makes of the first pieces of a stream.
private func marked(_ bytes: [UInt8], hasLast: Bool = true) -> [UInt8] {
  let count = max(1, (bytes.count + pieceByteCount - 1) / pieceByteCount)
  return (0..<count).flatMap { index in
    let piece = bytes[index * pieceByteCount..<min((index + 1) * pieceByteCount, bytes.count)]
    return [UInt8(truncatingIfNeeded: index), hasLast && index == count - 1 ? 1 : 0] + piece
  }
}

private func pipeline(_ workerCount: Int) -> OrderedPipeline {
  OrderedPipeline(pieceByteCount: pieceByteCount, outputByteCount: pieceByteCount + 2, workerCount: workerCount)
}

@Suite(.timeLimit(.minutes(2)))
struct OrderedPipelineTests {
  @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 33, 79, 80, 81, 160, 1000], 1...5)
  func piecesKeepOrderAndBytesAndTheLastIsKnown(byteCount: Int, workerCount: Int) throws {
    let bytes = pattern(byteCount)
    let sink = MemorySink()
    try pipeline(workerCount).run(from: TrickleSource(bytes), to: sink, transform: mark)
    #expect(sink.bytes == marked(bytes))
  }

  @Test func randomSizesAndWorkerCountsKeepOrderAndBytes() throws {
    let seed = newSeed()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      let bytes = pattern(Int.random(in: 0...600, using: &generator))
      let workerCount = Int.random(in: 1...8, using: &generator)
      let step = Int.random(in: 1...40, using: &generator)
      let sink = MemorySink()
      try pipeline(workerCount).run(
        from: TrickleSource(bytes, pieceByteCount: step), to: sink, transform: mark)
      #expect(
        sink.bytes == marked(bytes), "seed \(seed): \(bytes.count) bytes by \(step), \(workerCount) workers")
    }
  }

  @Test(arguments: 1...5)
  func firstErrorInStreamOrderWinsAndNothingAfterItIsWritten(workerCount: Int) {
    let transform: OrderedPipeline.Transform = { index, piece, isLast, output in
      // Piece 4 is the slowest, so that later ones fail before it.
      if index == 4 { sleepAtRandom(upToMicroseconds: 2000) }
      let outcome = mark(index, piece, isLast, &output)
      return index < 4 ? outcome : .init(byteCount: 0, failure: TestFailure(name: "piece \(index)"))
    }
    for _ in 0..<20 {
      let sink = MemorySink()
      #expect(throws: TestFailure(name: "piece 4")) {
        try pipeline(workerCount).run(from: TrickleSource(pattern(200)), to: sink, transform: transform)
      }
      #expect(sink.bytes == marked(pattern(64), hasLast: false))
    }
  }

  @Test(arguments: 1...5)
  func goodBytesOfTheFailingPieceAreWritten(workerCount: Int) {
    let sink = MemorySink()
    let transform: OrderedPipeline.Transform = { index, piece, isLast, output in
      let outcome = mark(index, piece, isLast, &output)
      return index == 2 ? .init(byteCount: 3, failure: TestFailure(name: "inside")) : outcome
    }
    #expect(throws: TestFailure(name: "inside")) {
      try pipeline(workerCount).run(from: TrickleSource(pattern(100)), to: sink, transform: transform)
    }
    #expect(sink.bytes == marked(pattern(32), hasLast: false) + [2, 0, pattern(33)[32]])
  }

  @Test(arguments: [0, 1, 15, 16, 17, 32, 40, 48], 1...5)
  func goodPiecesBeforeASourceErrorAreWrittenAndNoneIsTheLast(byteCount: Int, workerCount: Int) {
    let sink = MemorySink()
    let source = TrickleSource(pattern(byteCount), failure: TestFailure(name: "source"))
    #expect(throws: TestFailure(name: "source")) {
      try pipeline(workerCount).run(from: source, to: sink, transform: mark)
    }
    let whole = byteCount / pieceByteCount * pieceByteCount
    #expect(sink.bytes == (whole == 0 ? [] : marked(pattern(whole), hasLast: false)))
  }

  @Test(arguments: 1...5)
  func transformErrorBeforeASourceErrorWins(workerCount: Int) {
    let source = TrickleSource(pattern(48), failure: TestFailure(name: "source"))
    let transform: OrderedPipeline.Transform = { index, _, _, _ in
      sleepAtRandom(upToMicroseconds: 1000)
      return .init(byteCount: 0, failure: index == 2 ? TestFailure(name: "transform") : nil)
    }
    #expect(throws: TestFailure(name: "transform")) {
      try pipeline(workerCount).run(from: source, to: MemorySink(), transform: transform)
    }
  }

  @Test(arguments: 1...5, 0...4)
  func sinkErrorEndsAnEndlessStream(workerCount: Int, writeCount: Int) {
    let sink = FailingSink(writesBeforeFailure: writeCount)
    #expect(throws: TestFailure(name: "sink")) {
      try pipeline(workerCount).run(from: EndlessSource(), to: sink, transform: mark)
    }
    #expect(sink.writeCount == writeCount + 1, "no write after the one that failed")
    #expect(sink.bytes.count == writeCount * (pieceByteCount + 2))
  }

  @Test(arguments: 1...5)
  func transformErrorEndsAnEndlessStream(workerCount: Int) {
    let transform: OrderedPipeline.Transform = { index, _, _, _ in
      .init(byteCount: 0, failure: index == 30 ? TestFailure(name: "transform") : nil)
    }
    #expect(throws: TestFailure(name: "transform")) {
      try pipeline(workerCount).run(from: EndlessSource(), to: MemorySink(), transform: transform)
    }
  }

  @Test(arguments: 2...5)
  func noMorePiecesThanWorkersAreInFlight(workerCount: Int) throws {
    let running = Guarded((now: 0, most: 0))
    try pipeline(workerCount).run(from: TrickleSource(pattern(1600)), to: MemorySink()) { _, _, _, _ in
      running.update {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
      sleepAtRandom(upToMicroseconds: 500)
      running.update { $0.now -= 1 }
      return .init(byteCount: 0)
    }
    #expect(running.value.now == 0, "no worker is left behind")
    #expect((2...workerCount).contains(running.value.most))
  }

  @Test func severalWorkersAreTheDefault() { #expect(Parallelism.workerCount >= 2) }
}
