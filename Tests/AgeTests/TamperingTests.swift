import Age
import Streams
import Testing

struct TamperingTests {
  private static let chunk = 65_536
  private static let sealedChunk = 65_552

  /// Opens what must not open, and returns the error and what was released before it.
  private static func refusal(_ sealed: [UInt8], lock: Lock = .x25519) throws -> (error: AgeError, released: [UInt8]) {
    let sink = MemorySink()
    do {
      try lock.open(sealed, to: sink)
    } catch let error as AgeError {
      return (error, sink.bytes)
    }
    throw OpenedAnyway()
  }

  struct OpenedAnyway: Error {}

  @Test func everyFlippedBitOfASmallFileIsRefusedAndReleasesNothing() throws {
    let sealed = try Lock.x25519.seal(plaintext(50))
    let headerByteCount = try headerByteCount(sealed)
    for bit in 0..<sealed.count * 8 {
      var changed = sealed
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      let (error, released) = try Self.refusal(changed)
      #expect(released.isEmpty, "bit \(bit)")
      if bit / 8 >= headerByteCount { #expect(error == .payload(chunkIndex: 0), "bit \(bit)") }
    }
  }

  @Test(arguments: [Lock.hybrid, .passphrase])
  func someFlippedBitsOfOtherKindsOfFilesAreRefusedAndReleaseNothing(lock: Lock) throws {
    let seed = newSeed()
    let randomness = SeededRandomness(seed: seed)
    let sealed = try lock.seal(plaintext(50))
    for _ in 0..<60 {
      let bit = randomness.number(below: sealed.count * 8)
      var changed = sealed
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      // A work factor of 6 (2 with a bit flipped) is work, and the wrong key; none of them is dear.
      let released = try Self.refusal(changed, lock: lock).released
      #expect(released.isEmpty, "seed \(seed), bit \(bit)")
    }
  }

  /// The line feed at the very end is left out: white space behind the armor does not count.
  @Test func everyFlippedBitOfArmorIsRefusedAndReleasesNothing() throws {
    let sealed = try Lock.x25519.seal(plaintext(10), options: SealingOptions(isArmored: true)).dropLast()
    #expect(try Lock.x25519.open(Array(sealed)) == plaintext(10))
    for bit in 0..<sealed.count * 8 {
      var changed = Array(sealed)
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      let released = try Self.refusal(changed).released
      #expect(released.isEmpty, "bit \(bit)")
    }
  }

  @Test(arguments: 0..<7)
  func flippedBitInAChunkReleasesTheChunksBeforeItAlone(chunkIndex: Int) throws {
    let seed = newSeed()
    let randomness = SeededRandomness(seed: seed)
    let bytes = plaintext(6 * Self.chunk + 100)
    let sealed = try Lock.x25519.seal(bytes)
    let start = try headerByteCount(sealed) + 16 + chunkIndex * Self.sealedChunk
    let end = min(start + Self.sealedChunk, sealed.count)
    for place in [start, end - 1, start + randomness.number(below: end - start)] {
      var changed = sealed
      changed[place] ^= 1 << UInt8(randomness.number(below: 8))
      let (error, released) = try Self.refusal(changed)
      #expect(error == .payload(chunkIndex: chunkIndex), "seed \(seed), byte \(place)")
      #expect(released == Array(bytes.prefix(chunkIndex * Self.chunk)), "seed \(seed), byte \(place)")
    }
  }

  @Test(arguments: [Lock.x25519, .passphrase])
  func everyTruncationOfASmallFileIsRefusedAndReleasesNothing(lock: Lock) throws {
    let sealed = try lock.seal(plaintext(50))
    for count in 0..<sealed.count {
      let released = try Self.refusal(Array(sealed.prefix(count)), lock: lock).released
      #expect(released.isEmpty, "\(count) bytes")
    }
  }

  @Test func everyTruncationOfArmorIsRefusedAndReleasesNothing() throws {
    let sealed = try Lock.x25519.seal(plaintext(10), options: SealingOptions(isArmored: true))
    for count in 0..<sealed.count - 1 {
      let released = try Self.refusal(Array(sealed.prefix(count))).released
      #expect(released.isEmpty, "\(count) bytes")
    }
  }

  @Test(arguments: [-17, -16, -1, 0, 1, 15, 16, 17], 1...5)
  func truncationAroundAChunkBoundaryReleasesWholeChunksAlone(offset: Int, chunkCount: Int) throws {
    let bytes = plaintext(5 * Self.chunk + 100)
    let sealed = try Lock.x25519.seal(bytes)
    let count = try headerByteCount(sealed) + 16 + chunkCount * Self.sealedChunk + offset
    let (error, released) = try Self.refusal(Array(sealed.prefix(count)))
    let whole = offset < 0 ? chunkCount - 1 : chunkCount
    #expect(error == .payload(chunkIndex: whole))
    #expect(released == Array(bytes.prefix(whole * Self.chunk)))
  }

  @Test func truncatedFinalFullChunkIsRefused() throws {
    let bytes = plaintext(2 * Self.chunk)
    let sealed = try Lock.x25519.seal(bytes)
    let (error, released) = try Self.refusal(Array(sealed.dropLast(Self.sealedChunk)))
    #expect(error == .payload(chunkIndex: 1))
    #expect(released == Array(bytes.prefix(Self.chunk)))
  }

  @Test(arguments: [(0, 1), (0, 4), (1, 2), (3, 4), (2, 5)])
  func swappedChunksAreRefused(first: Int, second: Int) throws {
    let bytes = plaintext(6 * Self.chunk)
    let sealed = try Lock.x25519.seal(bytes)
    let start = try headerByteCount(sealed) + 16
    func range(_ index: Int) -> Range<Int> {
      start + index * Self.sealedChunk..<start + (index + 1) * Self.sealedChunk
    }
    var changed = sealed
    changed.replaceSubrange(range(first), with: sealed[range(second)])
    changed.replaceSubrange(range(second), with: sealed[range(first)])
    let (error, released) = try Self.refusal(changed)
    #expect(error == .payload(chunkIndex: first))
    #expect(released == Array(bytes.prefix(first * Self.chunk)))
  }

  @Test(arguments: [0, 3, 4])
  func repeatedOrMissingChunkIsRefused(index: Int) throws {
    let bytes = plaintext(6 * Self.chunk)
    let sealed = try Lock.x25519.seal(bytes)
    let start = try headerByteCount(sealed) + 16 + index * Self.sealedChunk
    let chunk = sealed[start..<start + Self.sealedChunk]
    let repeated = try Self.refusal(Array(sealed[..<start] + chunk + sealed[start...]))
    #expect(repeated.error == .payload(chunkIndex: index + 1))
    #expect(repeated.released == Array(bytes.prefix((index + 1) * Self.chunk)))
    let missing = try Self.refusal(Array(sealed[..<start] + sealed[(start + Self.sealedChunk)...]))
    #expect(missing.error == .payload(chunkIndex: index))
    #expect(missing.released == Array(bytes.prefix(index * Self.chunk)))
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 262_144])
  func trailingBytesAreRefused(byteCount: Int) throws {
    let bytes = plaintext(byteCount)
    let sealed = try Lock.x25519.seal(bytes)
    for extra in [[0], [UInt8](repeating: 0, count: 16), [UInt8](repeating: 7, count: 70_000), sealed] {
      let (error, released) = try Self.refusal(sealed + extra)
      guard case .payload = error else {
        Issue.record("\(extra.count) bytes more: \(error)")
        continue
      }
      #expect(bytes.starts(with: released), "\(extra.count) bytes more")
    }
  }

  @Test func payloadOfAnotherFileIsRefused() throws {
    let first = try Lock.x25519.seal([1])
    let second = try Lock.x25519.seal([1])
    let mixed = try first[..<headerByteCount(first)] + second[headerByteCount(second)...]
    let (error, released) = try Self.refusal(Array(mixed))
    #expect(error == .payload(chunkIndex: 0))
    #expect(released.isEmpty)
  }
}
