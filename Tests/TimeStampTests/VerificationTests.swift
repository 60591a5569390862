import Foundation
import Primitives
import TestFolders
import Testing

@testable import TimeStamp

struct VerificationTests {
  @Test(arguments: TimeStampAuthority.Keys.allCases)
  func stampOfALocalAuthorityIsVerifiedThroughItsIntermediate(keys: TimeStampAuthority.Keys) throws {
    let sample = try Sample.made(keys)
    let stamp = try sample.verified()
    #expect(stamp.imprint == Sample.digest)
    #expect(stamp.authority == "O=Sample Trust, CN=Sample Root")
    #expect(stamp.signer == "O=Sample Trust, CN=Sample Clock")
    #expect(abs(stamp.latest - Int64(Date().timeIntervalSince1970)) < 600)
    // The clock of the sample is a second off at most.
    #expect(stamp.latest - stamp.earliest == 2)
    let token = try TimeStampResponse(sample.response).token
    let direct = try token.verified(imprint: Sample.digest, nonce: nil, authority: sample.intermediate)
    #expect(direct.authority == "O=Sample Trust, CN=Sample Intermediate")
    #expect(direct.content == stamp.content)
  }

  @Test(arguments: TimeStampAuthority.Keys.allCases, ["sha384", "sha512"])
  func otherHashesUnderTheSignatureAreSupported(keys: TimeStampAuthority.Keys, hash: String) throws {
    #expect(try Sample(TimeStampAuthority(keys, hash: hash)).verified().imprint == Sample.digest)
  }

  @Test(arguments: [("P-384", "sha384"), ("P-521", "sha512"), ("P-384", "sha256")])
  func otherCurvesAreSupported(curve: String, hash: String) throws {
    let sample = try Sample(TimeStampAuthority(.p256, curve: curve, hash: hash))
    #expect(try sample.verified().imprint == Sample.digest)
    for index in sample.response.indices.suffix(90) {
      var changed = sample.response
      changed[index] ^= 1
      #expect(throws: TimeStampError.invalidSignature, "byte \(index)") { try sample.verified(changed) }
    }
  }

  @Test func anotherCurveIsRefusedByName() {
    #expect(throws: TimeStampError.unsupportedAlgorithm("1.3.132.0.10")) {
      try Sample(TimeStampAuthority(.p256, curve: "secp256k1"))
    }
  }

  /// As many authorities still do: the digest names the certificate, and nothing else rests on it.
  @Test func certificateMayBeNamedBySHA1() throws {
    let sample = try Sample(TimeStampAuthority(.p256, naming: "sha1"))
    let stamp = try sample.verified()
    let token = try TimeStampResponse(sample.response).token
    #expect(token.certificates.filter(token.signer.attributes.names).map(\.subjectText) == [stamp.signer])
    #expect(throws: TimeStampError.unsupportedAlgorithm("1.2.840.113549.1.1.5")) {
      try Sample(TimeStampAuthority(.rsa, hash: "sha1"))
    }
  }

  /// An answer changed in one byte is refused, or states what was signed by the same signer: texts of the status,
  /// certificates and attributes that nobody needs are not signed.
  @Test(arguments: TimeStampAuthority.Keys.allCases)
  func changedByteIsRefusedOrChangesNothing(keys: TimeStampAuthority.Keys) throws {
    let sample = try Sample.made(keys)
    let stamp = try sample.verified()
    var refusedCount = 0
    for index in sample.response.indices {
      for mask in [0x01, 0x80] as [UInt8] {
        var changed = sample.response
        changed[index] ^= mask
        guard let other = try? sample.verified(changed) else {
          refusedCount += 1
          continue
        }
        #expect(other == stamp, "byte \(index)")
      }
    }
    #expect(refusedCount > sample.response.count)
    for count in sample.response.indices {
      #expect(throws: TimeStampError.self) { try sample.verified(Array(sample.response.prefix(count))) }
    }
    #expect(throws: TimeStampError.malformed(.response)) { try sample.verified(sample.response + [0]) }
  }

  @Test func otherImprintAndOtherNonceAreRefused() throws {
    let sample = try Sample.made(.p256)
    let token = try TimeStampResponse(sample.response).token
    #expect(throws: TimeStampError.otherImprint) {
      try token.verified(imprint: SHA256Hasher.digest(of: []), nonce: nil, authority: sample.root)
    }
    #expect(throws: TimeStampError.otherNonce) {
      try token.verified(imprint: Sample.digest, nonce: 1, authority: sample.root)
    }
  }

  @Test func authorityThatIssuedNothingIsRefused() throws {
    let sample = try Sample.made(.p256)
    let token = try TimeStampResponse(sample.response).token
    // The names are the same; the keys are not.
    let other = try AuthorityCertificate(pem: TimeStampAuthority(.p256).certificate)
    #expect(throws: TimeStampError.otherAuthority) {
      try token.verified(imprint: Sample.digest, nonce: nil, authority: other)
    }
  }

  @Test(arguments: [("ca", "endEntity"), ("ca", "mayNotIssue"), ("short", "ca")])
  func certificateThatMayNotIssueIsNoPartOfAChain(root: String, middle: String) throws {
    let sample = try Sample(TimeStampAuthority(.p256, root: root, middle: middle))
    #expect(throws: TimeStampError.otherAuthority) { try sample.verified() }
  }

  @Test func expiredCertificateIsRefused() throws {
    let authority = try TimeStampAuthority(.p256, signer: .expired)
    sleep(2)
    #expect(throws: TimeStampError.notValidThen) { try Sample(authority).verified() }
  }

  /// Made with `openssl cms`, because `openssl ts` refuses to sign with such certificates.
  @Test(arguments: TimeStampAuthority.Signer.allCases.filter { $0 != .expired })
  func certificateThatIsNotForThisAloneIsRefused(signer: TimeStampAuthority.Signer) throws {
    let authority = try TimeStampAuthority(.p256, signer: signer)
    // Stated later than the certificate was made.
    let content = try Sample(TimeStampAuthority(.p256)).verified().content
    let token = try TimeStampToken(authority.token(signing: content))
    let root = try AuthorityCertificate(pem: authority.certificate)
    let verified = Result {
      try token.verified(imprint: Sample.digest, nonce: Sample.request.nonce, authority: root)
    }
    if signer == .proper {
      #expect(try verified.get().content == content)
    } else {
      #expect(throws: TimeStampError.notForTimeStamping) { try verified.get() }
    }
  }

  @Test func tokenThatDoesNotNameItsCertificateIsRefused() throws {
    let content = try Sample.made(.p256).verified().content
    let token = try TimeStampAuthority(.p256).token(signing: content, isNamingCertificate: false)
    #expect(throws: TimeStampError.malformed(.token)) { try TimeStampToken(token) }
  }

  @Test(arguments: TimeStampAuthority.Keys.allCases)
  func changedSignatureIsRefused(keys: TimeStampAuthority.Keys) throws {
    let sample = try Sample.made(keys)
    let signature = try TimeStampResponse(sample.response).token.signer.signature
    try #require(sample.response.suffix(signature.count).elementsEqual(signature))
    for index in sample.response.indices.suffix(signature.count) {
      var changed = sample.response
      changed[index] ^= 1
      #expect(throws: TimeStampError.invalidSignature) { try sample.verified(changed) }
    }
  }

  @Test func changedTimeIsRefusedEvenWithItsDigestMadeAnew() throws {
    let sample = try Sample.made(.p256)
    let token = try TimeStampResponse(sample.response).token
    var content = token.content
    // A GeneralizedTime of 15 bytes; its last digit stands before the Z.
    let time = try #require(content.indices.dropLast(2).first { content[$0] == 0x18 && content[$0 + 1] == 15 })
    content[time + 15] ^= 1
    var changed = replacing(token.content, with: content, in: sample.response)
    #expect(throws: TimeStampError.invalidSignature) { try sample.verified(changed) }
    let digest = SHA256Hasher.digest(of: content).bytes
    changed = replacing(token.signer.attributes.messageDigest, with: digest, in: changed)
    #expect(try TimeStampResponse(changed).token.signer.attributes.messageDigest == digest)
    #expect(throws: TimeStampError.invalidSignature) { try sample.verified(changed) }
  }

  private func replacing(_ old: [UInt8], with new: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: old) }) else { return bytes }
    return bytes[..<start] + new + bytes[(start + old.count)...]
  }

  @Test func signedAttributesMeanOneCertificate() throws {
    let sample = try Sample.made(.p256)
    let token = try TimeStampResponse(sample.response).token
    let signer = try sample.verified().signer
    #expect(token.certificates.filter(token.signer.attributes.names).map(\.subjectText) == [signer])
    #expect(token.certificates.count == 2)
  }

  /// Two certificates can have one issuer and one number.
  @Test func aSignerNamesTheBytesOfItsCertificate() throws {
    let signer = try TimeStampResponse(Sample.made(.p256).response).token.signer
    let named = try #require(
      try TimeStampResponse(Sample.made(.p256).response).token.certificates.first(where: signer.names))
    var bytes = named.bytes
    bytes[bytes.count - 1] ^= 1
    let other = try Certificate(bytes)
    #expect(other.issuer == named.issuer && other.serialNumber == named.serialNumber)
    #expect(!signer.names(other))
  }

  /// One key can stand in the certificates of two authorities.
  @Test func whoIssuedACertificateIsToldByNameAndKey() throws {
    let sample = try Sample.made(.p256)
    let (middle, root) = (sample.intermediate.certificate, sample.root.certificate)
    #expect(middle.isIssued(by: root))
    let bytes = replacing(Array("Sample Root".utf8), with: Array("Sample Boot".utf8), in: root.bytes)
    let other = try Certificate(replacing(Array("Sample Root".utf8), with: Array("Sample Boot".utf8), in: bytes))
    #expect(other.subject != root.subject)
    #expect(!middle.isIssued(by: other))
  }

  /// The signature itself is good: under another hash than the rest of the stamp.
  @Test func aSignatureUnderAnotherHashThanTheStampIsRefused() throws {
    let authority = try TimeStampAuthority(.p256)
    let sample = try Sample(authority)
    let signer = try TimeStampResponse(sample.response).token.signer
    var signature: [UInt8] = []
    // One in three is as long as the one that it takes the place of.
    for _ in 0..<100 where signature.count != signer.signature.count {
      signature = try authority.signature(over: signer.attributes.signed, hash: "sha512")
    }
    var changed = sample.response.dropLast(signature.count) + signature
    let withSHA256: [UInt8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
    let place = try #require(changed.indices.last { changed[$0...].starts(with: withSHA256) })
    changed[place + withSHA256.count - 1] = 0x04
    let made = try TimeStampResponse(Array(changed)).token.signer
    #expect(made.signature == signature && made.hash == signer.hash)
    #expect(throws: TimeStampError.invalidSignature) { try sample.verified(Array(changed)) }
  }

  @Test func refusalIsToldByItsNumber() {
    let refusal: [UInt8] = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]
    #expect(throws: TimeStampError.refused(status: 2)) { try TimeStampResponse(refusal) }
  }

  @Test(arguments: [0, 1, 0x7f, 0x80, 0xffff_ffff_ffff_ffff] as [UInt64])
  func requestIsTheOneSpellingOfItself(nonce: UInt64) throws {
    let request = TimeStampRequest(imprint: Sample.digest, nonce: nonce)
    #expect(try TimeStampRequest(request.bytes) == request)
    #expect(throws: TimeStampError.malformed(.request)) { try TimeStampRequest(request.bytes + [0]) }
  }

  @Test func certificateIsWrittenInOneWay() throws {
    let pem = try TimeStampAuthority(.p256).certificate
    #expect(try AuthorityCertificate(pem: pem).pem == pem)
    #expect(try AuthorityCertificate(pem: Array("a word before\n".utf8) + pem).pem == pem)
    #expect(throws: TimeStampError.malformed(.certificate)) { try AuthorityCertificate(pem: pem + pem) }
    let lines = String(decoding: pem, as: UTF8.self).replacing("\n", with: "\r\n")
    let rewritten = try AuthorityCertificate(pem: Array(lines.utf8))
    #expect(rewritten.pem == pem && rewritten.subject == "O=Sample Trust, CN=Sample Root")
  }
}
