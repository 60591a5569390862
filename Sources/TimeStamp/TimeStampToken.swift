public import Primitives
internal import SwiftASN1

/// The signed message of an authority. It means nothing until `verified(imprint:nonce:authority:)` has returned.
///
/// Source: RFC 3161 section 2.4.2; RFC 5652 section 5.
public struct TimeStampToken: Sendable {
  /// The largest token or answer, in bytes.
  public static let maximumByteCount = 65_536
  private static let maximumCertificateCount = 16

  /// The token as DER.
  public let bytes: [UInt8]
  let content: [UInt8]
  let info: TSTInfo
  let certificates: [Certificate]
  let signer: SignerInfo

  /// Reads a token.
  ///
  /// - Throws: `malformed`, `beyondLimit`, `unsupportedAlgorithm`.
  public init(_ bytes: [UInt8]) throws(TimeStampError) {
    guard bytes.count <= Self.maximumByteCount else { throw .beyondLimit(.token) }
    self = try reading(.token) { try TimeStampToken(parsing: bytes) }
  }

  /// The SHA-256 of what was stamped, as the token claims; `nil` if it was stamped by another hash.
  public var claimedImprint: Digest? { info.imprint.sha256 }

  private init(parsing bytes: [UInt8]) throws {
    self.bytes = bytes
    var outer = try DERFields(DER.parse(bytes))
    guard try outer.identifier() == [1, 2, 840, 113549, 1, 7, 2] else { throw DERFields.Unexpected() }
    var fields = try DERFields(DERFields.only(in: outer.take(), DERFields.context(0)))
    try outer.finish()

    guard try fields.integer() == 3 else { throw DERFields.Unexpected() }
    var digests = try DERFields(fields.take(), .set)
    for digest in try digests.remaining() { _ = try AlgorithmName(digest) }
    content = try Self.content(fields.take())
    info = try TSTInfo(content)
    certificates = try fields.take(tag: 0).map(Self.certificates) ?? []
    guard fields.take(tag: 1) == nil else { throw DERFields.Unexpected() }
    signer = try SignerInfo(DERFields.only(in: fields.take(), .set))
    try fields.finish()
  }

  private static func content(_ node: ASN1Node) throws -> [UInt8] {
    var fields = try DERFields(node)
    guard try fields.identifier() == TSTInfo.contentType else { throw DERFields.Unexpected() }
    let octets = try DERFields.only(in: fields.take(), DERFields.context(0))
    try fields.finish()
    return Array(try ASN1OctetString(derEncoded: octets).bytes)
  }

  /// Certificates that cannot be read are left out: a token may carry some of another kind, which it does not need.
  private static func certificates(_ node: ASN1Node) throws -> [Certificate] {
    var fields = try DERFields(node, DERFields.context(0))
    let nodes = try fields.remaining()
    guard nodes.count <= maximumCertificateCount else { throw TimeStampError.beyondLimit(.token) }
    return nodes.compactMap { try? Certificate($0) }
  }
}

/// Who signed a message, and what with it.
///
/// Source: RFC 5652 section 5.3.
struct SignerInfo {
  let issuer: [UInt8]
  let serialNumber: [UInt8]
  let hash: MessageHash
  let attributes: SignedAttributes
  let signature: [UInt8]
  private let algorithm: SignatureAlgorithm

  init(_ node: ASN1Node) throws {
    var fields = try DERFields(node)
    guard try fields.integer() == 1 else { throw DERFields.Unexpected() }
    var identifier = try DERFields(fields.take())
    issuer = Array(try identifier.take().encodedBytes)
    serialNumber = try identifier.integerBytes()
    try identifier.finish()
    hash = try MessageHash(fields.take())
    attributes = try SignedAttributes(fields.take())
    algorithm = try SignatureAlgorithm(fields.take())
    signature = try fields.octets()
    _ = fields.take(tag: 1)  // Unsigned attributes, which anybody could have put there.
    try fields.finish()
  }

  func names(_ certificate: Certificate) -> Bool {
    issuer == certificate.issuer && serialNumber == certificate.serialNumber && attributes.names(certificate)
  }

  func isSigned(by certificate: Certificate) -> Bool {
    algorithm.isValid(signature, for: attributes.signed, by: certificate.key, digest: hash)
      && (algorithm.hash ?? hash) == hash
  }
}
