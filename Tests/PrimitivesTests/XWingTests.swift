import Primitives
import Testing

struct XWingTests {
  private let info = Array("a test".utf8)

  private func key(_ byte: UInt8) throws -> XWingPrivateKey {
    try XWingPrivateKey(seed: secret([UInt8](repeating: byte, count: 32)))
  }

  @Test func whatIsSealedOpens() throws {
    let own = try key(1)
    let message = try own.publicKey.seal(secret([1, 2, 3]), info: info)
    #expect(message.encapsulatedKey.count == XWingPublicKey.encapsulatedKeyByteCount)
    let opened = revealed(
      try own.open(message.ciphertext, encapsulatedKey: message.encapsulatedKey, info: info))
    #expect(opened == [1, 2, 3])
  }

  @Test func sameSeedGivesTheSameKeyAndAnotherSeedAnother() throws {
    let first = try key(1).publicKey
    let same = try key(1).publicKey
    let other = try key(2).publicKey
    #expect(first.bytes.count == XWingPublicKey.byteCount)
    #expect(first == same)
    #expect(first != other)
    #expect(try XWingPublicKey(first.bytes) == first)
  }

  @Test func everyMessageIsNew() throws {
    let key = try key(1).publicKey
    let first = try key.seal(secret([1]), info: info)
    let second = try key.seal(secret([1]), info: info)
    #expect(first.encapsulatedKey != second.encapsulatedKey)
    #expect(first.ciphertext != second.ciphertext)
  }

  @Test func wrongKeyOrPurposeIsRefused() throws {
    let message = try key(1).publicKey.seal(secret([1, 2, 3]), info: info)
    let other = try key(2)
    let own = try key(1)
    #expect(throws: PrimitiveError.notAuthentic) {
      _ = try other.open(message.ciphertext, encapsulatedKey: message.encapsulatedKey, info: info)
    }
    #expect(throws: PrimitiveError.notAuthentic) {
      _ = try own.open(message.ciphertext, encapsulatedKey: message.encapsulatedKey, info: info + [0])
    }
  }

  @Test func everyChangedBitOfTheCiphertextIsRefused() throws {
    let own = try key(1)
    let message = try own.publicKey.seal(secret([1, 2, 3]), info: info)
    for bit in 0..<message.ciphertext.count * 8 {
      var changed = message.ciphertext
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: PrimitiveError.notAuthentic, "bit \(bit)") {
        _ = try own.open(changed, encapsulatedKey: message.encapsulatedKey, info: info)
      }
    }
    #expect(throws: PrimitiveError.notAuthentic) {
      _ = try own.open([], encapsulatedKey: message.encapsulatedKey, info: info)
    }
  }

  /// Both halves count: the first 1088 bytes are of ML-KEM, the last 32 of X25519.
  @Test(arguments: [0, 500, 1087, 1088, 1118])
  func changedEncapsulatedKeyIsRefused(index: Int) throws {
    let own = try key(1)
    let message = try own.publicKey.seal(secret([1, 2, 3]), info: info)
    var changed = message.encapsulatedKey
    changed[index] ^= 1
    #expect(throws: PrimitiveError.notAuthentic) {
      _ = try own.open(message.ciphertext, encapsulatedKey: changed, info: info)
    }
  }

  @Test func encapsulatedKeyOfAnotherSizeIsRefused() throws {
    let own = try key(1)
    let message = try own.publicKey.seal(secret([1]), info: info)
    for changed in [[], Array(message.encapsulatedKey.dropLast()), message.encapsulatedKey + [0]] {
      #expect(throws: PrimitiveError.invalidKey) {
        _ = try own.open(message.ciphertext, encapsulatedKey: changed, info: info)
      }
    }
  }

  @Test func x25519ShareOfSmallOrderIsRefused() throws {
    let own = try key(1)
    let message = try own.publicKey.seal(secret([1]), info: info)
    let changed = message.encapsulatedKey.dropLast(32) + [UInt8](repeating: 0, count: 32)
    #expect(throws: PrimitiveError.self) {
      _ = try own.open(message.ciphertext, encapsulatedKey: Array(changed), info: info)
    }
  }

  @Test func publicKeyOfAnotherSizeOrWithACoefficientOutOfRangeIsRefused() throws {
    let bytes = try key(1).publicKey.bytes
    for count in [0, 1215] {
      #expect(throws: PrimitiveError.invalidKey) { try XWingPublicKey(Array(bytes.prefix(count))) }
    }
    #expect(throws: PrimitiveError.invalidKey) { try XWingPublicKey(bytes + [0]) }
    // The first coefficient becomes 4095; the modulus is 3329.
    let changed = [0xff, bytes[1] | 0x0f] + bytes.dropFirst(2)
    #expect(throws: PrimitiveError.invalidKey) { try XWingPublicKey(changed) }
  }
}
