import Crypto
import Primitives
import Testing

/// Keys out of other people's certificates.
@Suite struct CertifiedKeyTests {
  private let message = Array("what is signed".utf8)

  /// A key of each curve, its signature over `message` by a hash, and the hash.
  private func samples() throws -> [(kind: CertifiedKey.Kind, key: [UInt8], signature: [UInt8], hash: MessageHash)] {
    let (small, middle, large) = (P256.Signing.PrivateKey(), P384.Signing.PrivateKey(), P521.Signing.PrivateKey())
    return [
      (
        .p256, Array(small.publicKey.derRepresentation),
        Array(try small.signature(for: SHA256.hash(data: message)).derRepresentation), .sha256
      ),
      (
        .p384, Array(middle.publicKey.derRepresentation),
        Array(try middle.signature(for: SHA384.hash(data: message)).derRepresentation), .sha384
      ),
      (
        .p521, Array(large.publicKey.derRepresentation),
        Array(try large.signature(for: SHA512.hash(data: message)).derRepresentation), .sha512
      ),
    ]
  }

  @Test func eachCurveChecksItsOwnSignatures() throws {
    for sample in try samples() {
      let key = try #require(CertifiedKey(sample.kind, subjectPublicKeyInfo: sample.key))
      #expect(key.isValid(sample.signature, for: message, by: sample.hash))
      #expect(!key.isValid(sample.signature, for: message + [0], by: sample.hash))
      for hash in [MessageHash.sha1, .sha256, .sha384, .sha512] where hash != sample.hash {
        #expect(!key.isValid(sample.signature, for: message, by: hash), "\(hash)")
      }
      for malformed in [[], [0x30], Array(sample.signature.dropLast()), sample.signature + [0]] {
        #expect(!key.isValid(malformed, for: message, by: sample.hash))
      }
    }
  }

  @Test func aKeyIsOfTheCurveThatItsAlgorithmNames() throws {
    let samples = try samples()
    for sample in samples {
      for kind in [CertifiedKey.Kind.rsa, .p256, .p384, .p521] {
        #expect((CertifiedKey(kind, subjectPublicKeyInfo: sample.key) != nil) == (kind == sample.kind), "\(kind)")
      }
      #expect(CertifiedKey(sample.kind, subjectPublicKeyInfo: Array(sample.key.dropLast())) == nil)
    }
  }

  /// Source: FIPS 180-2 appendix A.1.
  @Test func sha1NamesCertificatesAndIsUnderNoSignature() throws {
    let digest = MessageHash.sha1.digest(of: Array("abc".utf8))
    #expect(Hex.encode(digest) == "a9993e364706816aba3e25717850c26c9cd0d89d")
    let key = P256.Signing.PrivateKey()
    let signature = Array(try key.signature(for: Insecure.SHA1.hash(data: message)).derRepresentation)
    let certified = try #require(CertifiedKey(.p256, subjectPublicKeyInfo: Array(key.publicKey.derRepresentation)))
    #expect(!certified.isValid(signature, for: message, by: .sha1))
  }
}
