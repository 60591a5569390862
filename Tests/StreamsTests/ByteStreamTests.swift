import Streams
import Testing

struct ByteStreamTests {
  @Test func memorySourceGivesItsBytesThenEnds() {
    let source = MemorySource([1, 2, 3])
    var room = [UInt8](repeating: 0, count: 2)
    var span = room.mutableSpan
    let first = source.read(into: &span)
    let second = source.read(into: &span)
    let third = source.read(into: &span)
    #expect([first, second, third] == [2, 1, 0])
    #expect(room == [3, 2])
  }

  @Test func memorySinkKeepsTheOrder() throws {
    let sink = MemorySink()
    try sink.write([1, 2])
    try sink.write([])
    try sink.write([3])
    #expect(sink.bytes == [1, 2, 3])
  }

  @Test(arguments: [0, 1, 4, 5, 6, 10, 11])
  func fillTakesAllThatFits(roomByteCount: Int) throws {
    let source = TrickleSource(pattern(10), pieceByteCount: 3)
    var room = [UInt8](repeating: 0xee, count: roomByteCount)
    var span = room.mutableSpan
    let count = try source.fill(&span)
    let expected = min(roomByteCount, 10)
    #expect(count == expected)
    #expect(room == pattern(expected) + [UInt8](repeating: 0xee, count: roomByteCount - expected))
    #expect(try source.readAll(limit: 10) == Array(pattern(10).dropFirst(expected)))
  }

  @Test func fillPassesTheFailureOn() {
    let source = TrickleSource([1, 2], failure: TestFailure(name: "source"))
    var room = [UInt8](repeating: 0, count: 3)
    #expect(throws: TestFailure(name: "source")) {
      var span = room.mutableSpan
      _ = try source.fill(&span)
    }
  }

  @Test(arguments: [0, 1, 2, 65_535, 65_536, 65_537, 200_000])
  func readAllTakesUpToItsLimit(count: Int) throws {
    let bytes = pattern(count)
    #expect(try MemorySource(bytes).readAll(limit: count) == bytes)
    #expect(try MemorySource(bytes).readAll(limit: count + 1) == bytes)
    #expect(try TrickleSource(bytes, pieceByteCount: 999).readAll(limit: count) == bytes)
    guard count > 0 else { return }
    #expect(throws: StreamError.tooLong(limit: count - 1)) { try MemorySource(bytes).readAll(limit: count - 1) }
    #expect(throws: StreamError.tooLong(limit: 0)) { try MemorySource(bytes).readAll(limit: 0) }
  }

  @Test(.timeLimit(.minutes(1))) func readAllOfAnEndlessStreamEnds() {
    #expect(throws: StreamError.tooLong(limit: 100_000)) { try EndlessSource().readAll(limit: 100_000) }
  }
}
