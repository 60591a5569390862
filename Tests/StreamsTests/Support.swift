import Foundation
import Streams

struct TestFailure: Error, Equatable {
  let name: String
}

/// SplitMix64: the same numbers for the same seed, so that a failing property can be run again.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}

func newSeed() -> UInt64 { UInt64.random(in: 0...UInt64.max) }

/// Bytes of which no two neighbouring pieces are the same.
func pattern(_ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 31 &+ 7) ^ ($0 >> 8 &* 5)) }
}

/// Gives its bytes a few at a time, then ends or fails.
final class TrickleSource: ByteSource {
  private let bytes: [UInt8]
  private let pieceByteCount: Int
  private let failure: TestFailure?
  private var position = 0

  init(_ bytes: [UInt8], pieceByteCount: Int = 5, failure: TestFailure? = nil) {
    self.bytes = bytes
    self.pieceByteCount = pieceByteCount
    self.failure = failure
  }

  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    let count = min(buffer.count, pieceByteCount, bytes.count - position)
    if count == 0, let failure { throw failure }
    for index in 0..<count { buffer[index] = bytes[position + index] }
    position += count
    return count
  }
}

/// Goes on for longer than any reader should, and fails then, so that a broken guard shows as another error.
final class EndlessSource: ByteSource {
  private var readCount = 0

  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    readCount += 1
    guard readCount < 3000 else { throw TestFailure(name: "endless") }
    for index in buffer.indices { buffer[index] = 1 }
    return buffer.count
  }
}

/// Takes a number of writes, then fails; counts what it was asked afterwards.
final class FailingSink: ByteSink {
  private let writesBeforeFailure: Int
  private(set) var writeCount = 0
  private(set) var bytes: [UInt8] = []

  init(writesBeforeFailure: Int) { self.writesBeforeFailure = writesBeforeFailure }

  func write(_ bytes: Span<UInt8>) throws {
    writeCount += 1
    guard writeCount <= writesBeforeFailure else { throw TestFailure(name: "sink") }
    for index in bytes.indices { self.bytes.append(bytes[index]) }
  }
}

func sleepAtRandom(upToMicroseconds limit: Double) {
  Thread.sleep(forTimeInterval: Double.random(in: 0...limit) / 1_000_000)
}

/// A value that several threads write.
final class Guarded<Value: Sendable>: @unchecked Sendable {
  // Sendable: the lock is held at each access.
  private let lock = NSLock()
  private var stored: Value

  init(_ value: Value) { stored = value }

  var value: Value { lock.withLock { stored } }
  func update(_ change: (inout Value) -> Void) { lock.withLock { change(&stored) } }
}
