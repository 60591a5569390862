import Primitives
import SwiftASN1
import TestFolders
import Testing

@testable import TimeStamp

/// DER put together by hand: what no authority of `openssl` writes.
enum Hand {
  static func value(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
    let content = Array(parts.joined())
    let length = UInt8(truncatingIfNeeded: content.count)
    return (content.count < 128 ? [tag, length] : [tag, 0x81, length]) + content
  }

  static let sha256: [UInt8] = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]
  static let sha512: [UInt8] = sha256.dropLast() + [0x03]

  static func imprint(_ hash: [UInt8] = sha256, byteCount: Int = 32) -> [UInt8] {
    value(0x30, value(0x30, value(0x06, hash)), value(0x04, [UInt8](repeating: 7, count: byteCount)))
  }

  static func fields(_ bytes: [UInt8]) throws -> ASN1Node { try DER.parse(bytes) }
}

/// What an authority may state beside the time, and what it may not.
struct InfoTests {
  private static let time = Array("20230526093000Z".utf8)

  /// A TSTInfo with `more` behind the time.
  private func info(version: UInt8 = 1, _ more: [UInt8]...) throws -> TSTInfo {
    try TSTInfo(
      Hand.value(
        0x30, Hand.value(0x02, [version]), Hand.value(0x06, [0x2a, 0x03]), Hand.imprint(), Hand.value(0x02, [5]),
        Hand.value(0x18, Self.time), Array(more.joined())))
  }

  private func extensions(isCritical: Bool?) -> [UInt8] {
    let flag = isCritical.map { Hand.value(0x01, [$0 ? 0xff : 0]) } ?? []
    return Hand.value(0xa1, Hand.value(0x30, Hand.value(0x06, [0x2a, 0x04]), flag, Hand.value(0x04, [1])))
  }

  @Test func whatIsOptionalMayBeThere() throws {
    let plain = try info()
    #expect(plain.time == 1_685_093_400 && plain.accuracy == 0 && plain.nonce == nil)
    let accuracy = Hand.value(0x30, Hand.value(0x02, [2]), Hand.value(0x80, [1]), Hand.value(0x81, [1]))
    let name = Hand.value(0xa0, Hand.value(0x82, Array("clock.invalid".utf8)))
    let full = try info(
      accuracy, Hand.value(0x01, [0xff]), Hand.value(0x02, [9]), name, extensions(isCritical: nil))
    #expect(full.accuracy == 3 && full.nonce == [9])
    #expect(try info(extensions(isCritical: false)).time == plain.time)
  }

  /// The later moment is the one that is certain.
  @Test func aPartOfASecondCountsAsAWholeOne() throws {
    func moment(_ text: String) throws -> Int64 {
      try Moment.generalized(DER.parse(Hand.value(0x18, Array(text.utf8))))
    }
    #expect(try moment("20230526093000.001Z") == moment("20230526093001Z"))
  }

  @Test func whatIsNotKnownIsRefused() {
    #expect(throws: DERFields.Unexpected.self) { try info(version: 2) }
    #expect(throws: DERFields.Unexpected.self) { try info(extensions(isCritical: true)) }
    // An ordering that is the default, which DER leaves out.
    #expect(throws: DERFields.Unexpected.self) { try info(Hand.value(0x01, [0])) }
    #expect(throws: ASN1Error.self) { try info(Hand.value(0x01, [1])) }
    #expect(throws: DERFields.Unexpected.self) { try info(Hand.value(0x30, Hand.value(0x80, [0]))) }
    #expect(throws: DERFields.Unexpected.self) { try info(Hand.value(0x04, [])) }
    #expect(throws: ASN1Error.self) { try info(Hand.value(0xa1, [0x30])) }
  }

  @Test func onlyAQueryAsItIsWrittenHereIsRead() throws {
    func request(version: UInt8 = 1, _ imprint: [UInt8]) throws -> TimeStampRequest {
      try TimeStampRequest(
        Hand.value(
          0x30, Hand.value(0x02, [version]), imprint, Hand.value(0x02, [9]), Hand.value(0x01, [0xff])))
    }
    let own = TimeStampRequest(imprint: Sample.digest, nonce: 9).bytes
    #expect(try TimeStampRequest(own).nonce == 9)
    #expect(throws: TimeStampError.malformed(.request)) { try request(version: 2, Hand.imprint()) }
    #expect(throws: TimeStampError.malformed(.request)) { try request(Hand.imprint(Hand.sha512, byteCount: 64)) }
    #expect(throws: TimeStampError.malformed(.request)) { try request(Hand.imprint(byteCount: 31)) }
    // Without the NULL behind the name of the hash.
    #expect(throws: TimeStampError.malformed(.request)) { try request(Hand.imprint()) }
  }
}

/// What a certificate says its key is for.
struct UsageTests {
  private func extensions(_ list: (name: [UInt8], value: [UInt8])...) throws -> CertificateExtensions {
    let nodes = list.flatMap { Hand.value(0x30, Hand.value(0x06, $0.name), Hand.value(0x04, $0.value)) }
    return try CertificateExtensions(Hand.fields(Hand.value(0x30, nodes)))
  }

  private let usage: [UInt8] = [0x55, 0x1d, 0x0f]
  private let constraints: [UInt8] = [0x55, 0x1d, 0x13]
  private let isAuthority = Hand.value(0x30, Hand.value(0x01, [0xff]))

  @Test func aKeyWithoutAnyUsageDoesNothing() throws {
    let none = try extensions((constraints, isAuthority), (usage, [0x03, 0x01, 0x00]))
    #expect(!none.mayIssue && !none.maySignMessages)
    let all = try extensions((usage, [0x03, 0x02, 0x00, 0xff]), (constraints, isAuthority))
    #expect(all.mayIssue && all.maySignMessages)
    let unsaid = try extensions((constraints, isAuthority))
    #expect(unsaid.mayIssue && unsaid.maySignMessages)
    let signing = try extensions((constraints, isAuthority), (usage, [0x03, 0x02, 0x07, 0x80]))
    #expect(!signing.mayIssue && signing.maySignMessages)
  }

  @Test func noExtensionStandsTwice() {
    #expect(throws: DERFields.Unexpected.self) {
      try extensions((constraints, isAuthority), (constraints, isAuthority))
    }
  }

  /// The key decides which signatures it can have made, whatever the message says.
  @Test func anAlgorithmOfAnotherKindOfKeyIsNeverValid() throws {
    let rsa = try SignatureAlgorithm(
      Hand.fields(Hand.value(0x30, Hand.value(0x06, [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]))))
    let ecdsa = try SignatureAlgorithm(
      Hand.fields(Hand.value(0x30, Hand.value(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))))
    let (one, other) = (try Sample.made(.rsa).root.certificate, try Sample.made(.p256).root.certificate)
    #expect(!rsa.isValid([1], for: [2], by: other.key) && !ecdsa.isValid([1], for: [2], by: one.key))
  }
}
