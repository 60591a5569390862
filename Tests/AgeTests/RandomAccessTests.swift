import Age
import Streams
import Testing

struct RandomAccessTests {
  private static let chunk = 65_536
  private static let sealedChunk = 65_552

  private static func open(_ sealed: [UInt8], _ lock: Lock = .x25519) throws -> RandomAccessFile {
    try open(MemorySource(sealed), lock)
  }

  private static func open(_ source: any RandomAccessSource, _ lock: Lock) throws -> RandomAccessFile {
    guard let identity = lock.identity else { return try RandomAccessFile(source, with: phrase("a pass phrase")) }
    return try RandomAccessFile(source, with: [identity])
  }

  private static func copied(_ range: Range<Int>, of file: RandomAccessFile, workerCount: Int = 2) throws -> [UInt8] {
    let sink = MemorySink()
    try file.copy(UInt64(range.lowerBound)..<UInt64(range.upperBound), to: sink, workerCount: workerCount)
    return sink.bytes
  }

  @Test(arguments: [0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 9 * chunk - 1, 9 * chunk, 9 * chunk + 5])
  func everyRangeIsThatOfThePlaintext(byteCount: Int) throws {
    let seed = newSeed()
    let randomness = SeededRandomness(seed: seed)
    let bytes = plaintext(byteCount)
    let file = try Self.open(try Lock.x25519.seal(bytes))
    #expect(file.byteCount == UInt64(byteCount))
    for _ in 0..<40 {
      let start = randomness.number(below: byteCount + 1)
      let end = start + randomness.number(below: byteCount - start + 1)
      let workerCount = 1 + randomness.number(below: 3)
      let copied = try Self.copied(start..<end, of: file, workerCount: workerCount)
      #expect(copied == Array(bytes[start..<end]), "seed \(seed), \(start)..<\(end), \(workerCount) workers")
      let read = try SectionSource(file, UInt64(start)..<UInt64(end)).readAll(limit: byteCount)
      #expect(read == Array(bytes[start..<end]), "seed \(seed), \(start)..<\(end)")
    }
  }

  @Test(arguments: Lock.allCases)
  func everyKindOfKeyOpensARange(lock: Lock) throws {
    let bytes = plaintext(200_000)
    let file = try Self.open(try lock.seal(bytes), lock)
    #expect(try Self.copied(70_000..<140_000, of: file) == Array(bytes[70_000..<140_000]))
  }

  @Test func whatLiesBeyondTheEndIsLeftOut() throws {
    let file = try Self.open(try Lock.x25519.seal(plaintext(10)))
    #expect(try Self.copied(5..<1_000_000, of: file) == Array(plaintext(10)[5...]))
    #expect(try Self.copied(10..<20, of: file) == [])
    var buffer = [UInt8](repeating: 0, count: 4)
    var span = buffer.mutableSpan
    #expect(try file.read(at: .max, into: &span) == 0)
  }

  @Test func onlyTheLastChunkAndThoseOfTheRangeAreRead() throws {
    let source = WatchedSource(try Lock.x25519.seal(plaintext(20 * Self.chunk)))
    let file = try Self.open(source, .x25519)
    source.ranges = []
    _ = try Self.copied((5 * Self.chunk + 10)..<(6 * Self.chunk + 10), of: file)
    let start = source.bytes.count - 20 * Self.sealedChunk
    let wanted = (start + 5 * Self.sealedChunk)..<(start + 7 * Self.sealedChunk)
    #expect(!source.ranges.isEmpty)
    #expect(source.ranges.allSatisfy { wanted.lowerBound <= $0.lowerBound && $0.upperBound <= wanted.upperBound })
  }

  @Test func aBadChunkSpoilsOnlyTheRangesThatTouchIt() throws {
    let bytes = plaintext(4 * Self.chunk + 100)
    var sealed = try Lock.x25519.seal(bytes)
    let payload = sealed.count - (4 * Self.sealedChunk + 116)
    sealed[payload + 2 * Self.sealedChunk + 7] ^= 1
    let file = try Self.open(sealed)
    #expect(try Self.copied(0..<2 * Self.chunk, of: file) == Array(bytes[..<(2 * Self.chunk)]))
    #expect(try Self.copied(3 * Self.chunk..<bytes.count, of: file) == Array(bytes[(3 * Self.chunk)...]))
    #expect(throws: AgeError.payload(chunkIndex: 2)) {
      try Self.copied(2 * Self.chunk - 1..<2 * Self.chunk + 1, of: file)
    }
    var buffer = [UInt8](repeating: 9, count: 10)
    #expect(throws: AgeError.payload(chunkIndex: 2)) {
      var span = buffer.mutableSpan
      _ = try file.read(at: UInt64(2 * Self.chunk + 50_000), into: &span)
    }
    #expect(buffer == [UInt8](repeating: 9, count: 10), "nothing of the bad chunk is handed out")
  }

  @Test func everyCutAndEveryAdditionIsRefusedBeforeAnyRangeIsRead() throws {
    let sealed = try Lock.x25519.seal(plaintext(2 * Self.chunk))
    let payload = sealed.count - 2 * Self.sealedChunk
    for count in [payload, payload + 1, payload + 16, payload + Self.sealedChunk, sealed.count - 1] {
      #expect(throws: AgeError.self, "\(count) bytes") { try Self.open(Array(sealed[..<count])) }
    }
    #expect(throws: AgeError.header(.malformed)) { try Self.open(Array(sealed[..<(payload - 1)])) }
    for more in [1, 16, 17, Self.sealedChunk] {
      #expect(throws: AgeError.payload(chunkIndex: 2)) { try Self.open(sealed + sealed[payload..<(payload + more)]) }
    }
  }

  @Test func swappedChunksAreRefused() throws {
    let sealed = try Lock.x25519.seal(plaintext(3 * Self.chunk))
    let start = sealed.count - 3 * Self.sealedChunk
    let head = Array(sealed[..<start])
    let chunks = (0..<3).map { Array(sealed[(start + $0 * Self.sealedChunk)..<(start + ($0 + 1) * Self.sealedChunk)]) }
    let file = try Self.open(head + chunks[1] + chunks[0] + chunks[2])
    #expect(throws: AgeError.payload(chunkIndex: 0)) { try Self.copied(0..<1, of: file) }
    #expect(throws: AgeError.payload(chunkIndex: 1)) { try Self.copied(Self.chunk..<Self.chunk + 1, of: file) }
    #expect(throws: AgeError.payload(chunkIndex: 2)) {
      try Self.open(head + chunks[0] + chunks[2] + chunks[1])
    }
  }

  @Test func armorHasNoPlaces() throws {
    let sealed = try Lock.x25519.seal(plaintext(10), options: SealingOptions(isArmored: true))
    #expect(throws: AgeError.noRandomAccess) { try Self.open(sealed) }
  }

  /// Remembers what was read.
  private final class WatchedSource: RandomAccessSource {
    let bytes: [UInt8]
    var ranges: [Range<Int>] = []
    private let source: MemorySource

    init(_ bytes: [UInt8]) {
      self.bytes = bytes
      source = MemorySource(bytes)
    }

    var byteCount: UInt64 { source.byteCount }

    func read(at offset: UInt64, into buffer: inout MutableSpan<UInt8>) -> Int {
      let count = source.read(at: offset, into: &buffer)
      ranges.append(Int(offset)..<(Int(offset) + count))
      return count
    }
  }
}
