import Streams
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ConduitTests {
  /// Writes `bytes` in pieces of `step`.
  private static func writer(_ bytes: [UInt8], by step: Int) -> (any ByteSink) throws -> Void {
    { sink in
      for start in stride(from: 0, to: bytes.count, by: step) {
        try sink.write(Array(bytes[start..<min(start + step, bytes.count)]))
      }
    }
  }

  private static func endless(_ sink: any ByteSink) throws {
    let piece = [UInt8](repeating: 1, count: 10_000)
    while true { try sink.write(piece) }
  }

  @Test(arguments: [0, 1, 262_143, 262_144, 262_145, 1_048_576, 1_048_577, 3_000_000])
  func allBytesPass(byteCount: Int) throws {
    let bytes = pattern(byteCount)
    let read = try Conduit.run(producer: Self.writer(bytes, by: 100_000)) { try $0.readAll(limit: byteCount) }
    #expect(read == bytes)
  }

  @Test func randomSizesPassInBothDirectionsOfHaste() throws {
    let seed = newSeed()
    var generator = SeededGenerator(seed: seed)
    let all = pattern(700_000)
    for round in 0..<200 {
      let bytes = Array(all.prefix(Int.random(in: 0...(round % 10 == 0 ? 700_000 : 2000), using: &generator)))
      let step = Int.random(in: 1...100_000, using: &generator)
      let readByteCount = Int.random(in: 1...300_000, using: &generator)
      let read = try Conduit.run(producer: Self.writer(bytes, by: step)) { source in
        var piece = [UInt8](repeating: 0, count: readByteCount)
        var result: [UInt8] = []
        while true {
          var span = piece.mutableSpan
          let count = try source.read(into: &span)
          if count == 0 { return result }
          result += piece.prefix(count)
        }
      }
      #expect(read == bytes, "seed \(seed), round \(round)")
    }
  }

  @Test func endStaysTheEnd() throws {
    let reads = try Conduit.run(producer: { try $0.write([1]) }) { source in
      var piece = [UInt8](repeating: 0, count: 9)
      return try (0..<4).map { _ in
        var span = piece.mutableSpan
        return try source.read(into: &span)
      }
    }
    #expect(reads == [1, 0, 0, 0])
  }

  @Test(arguments: [0, 1, 262_144, 2_000_000])
  func producerErrorReachesTheReaderAfterAllGoodBytes(byteCount: Int) {
    let bytes = pattern(byteCount)
    let sink = MemorySink()
    var seen: (any Error)?
    #expect(throws: TestFailure(name: "producer")) {
      try Conduit.run { sink in
        try Self.writer(bytes, by: 50_000)(sink)
        throw TestFailure(name: "producer")
      } consumer: { source in
        var piece = [UInt8](repeating: 0, count: 70_000)
        do {
          while true {
            var span = piece.mutableSpan
            let count = try source.read(into: &span)
            if count == 0 { return }
            try sink.write(Array(piece.prefix(count)))
          }
        } catch {
          seen = error
          throw error
        }
      }
    }
    #expect(seen as? TestFailure == TestFailure(name: "producer"))
    #expect(sink.bytes == bytes)
  }

  @Test func producerErrorIsThrownThoughTheReaderSwallowsIt() {
    #expect(throws: TestFailure(name: "producer")) {
      try Conduit.run { _ in
        throw TestFailure(name: "producer")
      } consumer: { source in
        _ = try? source.readAll(limit: 10)
      }
    }
  }

  @Test func consumerThatReturnsEarlyEndsTheProducerAndItsValueIsReturned() throws {
    let seed = newSeed()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let hasEnded = Guarded(false)
      let wanted = Int.random(in: 0...600_000, using: &generator)
      let value = try Conduit.run { sink in
        defer { hasEnded.update { $0 = true } }
        try Self.endless(sink)
      } consumer: { source in
        var piece = [UInt8](repeating: 0, count: wanted)
        var span = piece.mutableSpan
        return try source.fill(&span)
      }
      #expect(value == wanted, "seed \(seed)")
      #expect(hasEnded.value, "seed \(seed), \(wanted) bytes")
    }
  }

  @Test func consumerErrorEndsTheProducerAndIsThrown() {
    let seed = newSeed()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<200 {
      let wanted = Int.random(in: 0...300_000, using: &generator)
      #expect(throws: TestFailure(name: "consumer"), "seed \(seed), \(wanted) bytes") {
        try Conduit.run(producer: Self.endless) { source in
          var piece = [UInt8](repeating: 0, count: wanted)
          var span = piece.mutableSpan
          _ = try source.fill(&span)
          throw TestFailure(name: "consumer")
        }
      }
    }
  }

  @Test func consumerThatReadsNothingDoesNotWaitForTheProducerToFinishItsStream() throws {
    for _ in 0..<50 {
      let value = try Conduit.run(producer: Self.endless) { _ in 7 }
      #expect(value == 7)
    }
  }
}
