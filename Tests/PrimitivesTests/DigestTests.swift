import Primitives
import Testing

struct DigestTests {
  /// Source: FIPS 180-4 examples (NIST CSRC).
  static let knownAnswers: [(String, String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
  ]

  @Test(arguments: knownAnswers, [0, 1, 7, 63, 64, 65, 997])
  func sha256OfPiecesIsTheKnownAnswer(answer: (text: String, hex: String), pieceByteCount: Int) {
    let bytes = Array(answer.text.utf8)
    guard pieceByteCount > 0 else {
      #expect(SHA256Hasher.digest(of: bytes).hex == answer.hex)
      return
    }
    guard pieceByteCount > 1 || bytes.count < 1000 else { return }
    var hasher = SHA256Hasher()
    for start in stride(from: 0, to: bytes.count, by: pieceByteCount) {
      hasher.update(bytes[start..<min(start + pieceByteCount, bytes.count)])
    }
    #expect(hasher.finalize().hex == answer.hex)
  }

  @Test func sha256IsTheSameForSpansAndEverySequence() {
    let bytes = Array("abc".utf8)
    var hasher = SHA256Hasher()
    hasher.update(bytes.span)
    let digest = hasher.finalize()
    #expect(digest == SHA256Hasher.digest(of: bytes))
    #expect(digest == SHA256Hasher.digest(of: bytes.lazy.map { $0 }))
    #expect(digest == SHA256Hasher.digest(of: AnySequence(bytes)))
  }

  @Test func digestGoesThereAndBack() throws {
    let seed = newSeed()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let bytes = generator.bytes(32)
      let digest = try #require(Digest(bytes))
      #expect(digest.bytes == bytes, "seed \(seed)")
      #expect(digest.hex == Hex.encode(bytes), "seed \(seed)")
      #expect(Digest(hex: digest.hex) == digest, "seed \(seed)")
      #expect(Set([digest, try #require(Digest(bytes))]).count == 1, "seed \(seed)")
    }
  }

  @Test func digestOfAnotherSizeIsRefused() {
    for count in [0, 31, 33, 64] {
      #expect(Digest([UInt8](repeating: 0, count: count)) == nil)
      #expect(Digest(hex: String(repeating: "00", count: count)) == nil)
    }
    #expect(Digest(hex: String(repeating: "0", count: 63)) == nil)
    #expect(Digest(hex: String(repeating: "A", count: 64)) == nil)
  }

  @Test func digestsDifferInEveryBit() throws {
    let zero = try #require(Digest([UInt8](repeating: 0, count: 32)))
    for bit in 0..<256 {
      var bytes = [UInt8](repeating: 0, count: 32)
      bytes[bit / 8] = 1 << UInt8(bit % 8)
      let other = try #require(Digest(bytes))
      #expect(other != zero && zero < other && !(other < zero), "bit \(bit)")
    }
  }

  @Test func digestsAreOrderedByTheirBytes() throws {
    let seed = newSeed()
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<500 {
      // Few values, so that common beginnings are frequent.
      let left = (0..<32).map { _ in UInt8.random(in: 127...128, using: &generator) }
      var right = left
      right[Int.random(in: 0..<32, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      let expected = left.lexicographicallyPrecedes(right)
      let isLess = try #require(Digest(left)) < (try #require(Digest(right)))
      #expect(isLess == expected, "seed \(seed)")
    }
  }
}
