import Primitives
import Testing

struct KeyTests {
  /// Source: RFC 7914 section 12, third vector; the first 32 of its 64 bytes, which do not depend on the length.
  @Test func scryptIsThatOfTheRFC() throws {
    let key = try Scrypt.derive(
      from: secret(Array("pleaseletmein".utf8)), salt: Array("SodiumChloride".utf8), workFactorLog2: 14)
    let hex = Hex.encode(revealed(key))
    #expect(hex == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
  }

  @Test(arguments: [-1, 0, 31, 64, Int.max])
  func scryptRefusesWorkFactorsOutOfRange(workFactorLog2: Int) {
    #expect(throws: PrimitiveError.invalidParameter) {
      _ = try Scrypt.derive(from: secret([1]), salt: [2], workFactorLog2: workFactorLog2)
    }
  }

  @Test(arguments: [-1, 0, 8161, Int.max])
  func hkdfRefusesSizesOutOfRange(byteCount: Int) {
    #expect(throws: PrimitiveError.invalidParameter) {
      _ = try HKDF.derive(from: secret([1]), salt: [], info: [], byteCount: byteCount)
    }
  }

  @Test func shortHKDFIsHKDFOf32Bytes() throws {
    let long = revealed(try HKDF.derive(from: secret([1]), salt: [2], info: [3], byteCount: 100))
    let short = revealed(HKDF.derive32(from: secret([1]), salt: [2], info: [3]))
    #expect(short == Array(long.prefix(32)))
  }

  /// Source: RFC 8032 section 7.1, test 2.
  @Test func ed25519IsThatOfTheRFC() throws {
    let seed = try bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
    let key = SigningKey(seed: secret(seed))
    #expect(
      Hex.encode(key.verifyingKey.bytes) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    let signature = key.signature(for: [0x72])
    #expect(
      Hex.encode(signature)
        == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    #expect(key.verifyingKey.isValid(signature, for: [0x72]))
    #expect(try VerifyingKey(key.verifyingKey.bytes) == key.verifyingKey)
  }

  @Test func bothHalvesOfAnEd25519KeyBecomeTheSameX25519Key() throws {
    for _ in 0..<20 {
      let key = SigningKey(seed: SecretBytes(randomCount: SigningKey.seedByteCount))
      #expect(key.x25519Key().publicKey() == key.verifyingKey.x25519Key())
    }
  }

  /// Source: libsodium's own test of the conversion, test/default/ed25519_convert.c.
  @Test func conversionIsThatOfLibsodium() throws {
    let key = SigningKey(
      seed: secret(try bytes("421151a459faeade3d247115f94aedae42318124095afabe4d1451a559faedee")))
    let x25519 = "f1814f0e8ff1043d8a44d25babff3cedcae6c22c3edaa48f857ae70de2baae50"
    #expect(Hex.encode(key.verifyingKey.x25519Key()) == x25519)
    #expect(Hex.encode(key.x25519Key().publicKey()) == x25519)
  }

  @Test func everyChangedBitOfASignatureIsRefused() {
    let key = SigningKey(seed: SecretBytes(randomCount: SigningKey.seedByteCount))
    let message = Array("a deposit".utf8)
    let signature = key.signature(for: message)
    for bit in 0..<512 {
      var changed = signature
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(!key.verifyingKey.isValid(changed, for: message), "bit \(bit)")
    }
    #expect(!key.verifyingKey.isValid(signature, for: message + [0]))
    #expect(!key.verifyingKey.isValid(signature.dropLast(), for: message))
    #expect(!key.verifyingKey.isValid(signature + [0], for: message))
    let other = SigningKey(seed: SecretBytes(randomCount: SigningKey.seedByteCount))
    #expect(!other.verifyingKey.isValid(signature, for: message))
  }

  /// The key of Wycheproof's first group plus each point of small order but the neutral one.
  @Test(arguments: [
    "2ccc47e51625b454f58650b79dcd549328aa6d00fd03cc62ddb644472a73a2de",
    "b61f2b8324af9e3eadbceeb375df9e181d26b8432c8c5268e3cfe9d70cdb7f23",
    "93a5379926fe74b852b1e79837d1a1ba1abdba03d392a7ca3f70dba921e0b19f",
    "70b2f1809eac59649dbd4add5441197a025bbdf077cb4ef73c4251c9610ab605",
    "c133b81ae9da4bab0a79af486232ab6cd75592ff02fc339d2249bbb8d58c5d21",
    "37e0d47cdb5061c15243114c8a2061e7e2d947bcd373ad971c301628f32480dc",
    "5a5ac866d9018b47ad4e1867c82e5e45e54245fc2c6d5835c08f2456de1f4e60",
  ])
  func ed25519KeyOfMixedOrderIsRefused(hex: String) throws {
    let key = try bytes(hex)
    #expect(throws: PrimitiveError.invalidKey) { try VerifyingKey(key) }
  }

  @Test(arguments: [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0200000000000000000000000000000000000000000000000000000000000000",
    "7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549",
    "7d4d0e7f6153a69b6242b522abbee685fda4420f8834b108c3bdae369ef549fa00",
    "",
  ])
  func ed25519KeyOfSmallOrderOrWrongEncodingIsRefused(hex: String) throws {
    let key = try bytes(hex)
    #expect(throws: PrimitiveError.invalidKey) { try VerifyingKey(key) }
  }

  @Test func x25519SecretsAgreeAndWrongLengthsAreRefused() throws {
    let left = X25519PrivateKey(SecretBytes(randomCount: 32))
    let right = X25519PrivateKey(SecretBytes(randomCount: 32))
    let shared = try left.sharedSecret(with: right.publicKey())
    let same = try right.sharedSecret(with: left.publicKey())
    let agree = shared.isEqual(to: same)
    #expect(agree)
    for count in [0, 31, 33] {
      #expect(throws: PrimitiveError.invalidKey) {
        _ = try left.sharedSecret(with: [UInt8](repeating: 9, count: count))
      }
    }
  }
}

func bytes(_ hex: String) throws -> [UInt8] { try #require(Hex.decode(Array(hex.utf8))) }
