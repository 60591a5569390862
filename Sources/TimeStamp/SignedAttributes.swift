internal import Primitives
internal import SwiftASN1

/// What is signed of a message: the kind and the digest of its content, and which certificate its signer means.
///
/// Source: RFC 5652 sections 5.3, 11.1 and 11.2; RFC 5035 section 5.4; RFC 5816.
struct SignedAttributes {
  /// The bytes that the signature is over: encoded as a SET, whatever tag they stand under.
  let signed: [UInt8]
  let messageDigest: [UInt8]
  /// Digests of the certificate of the signer, one or two.
  private let certificateDigests: [(hash: MessageHash, digest: [UInt8])]

  init(_ node: ASN1Node) throws {
    signed = [0x31] + node.encodedBytes.dropFirst()
    var values: [String: ASN1Node] = [:]
    var fields = try DERFields(node, DERFields.context(0))
    for attribute in try fields.remaining() {
      var parts = try DERFields(attribute)
      let name = try parts.identifier().description
      var set = try DERFields(parts.take(), .set)
      let value = try set.take()
      guard set.isAtEnd, parts.isAtEnd, values.updateValue(value, forKey: name) == nil else {
        throw DERFields.Unexpected()
      }
    }
    guard let type = values["1.2.840.113549.1.9.3"], let digest = values["1.2.840.113549.1.9.4"],
      try ASN1ObjectIdentifier(derEncoded: type) == TSTInfo.contentType
    else { throw DERFields.Unexpected() }
    messageDigest = Array(try ASN1OctetString(derEncoded: digest).bytes)
    certificateDigests = try Self.certificateDigests(
      values["1.2.840.113549.1.9.16.2.12"], values["1.2.840.113549.1.9.16.2.47"])
    guard !certificateDigests.isEmpty else { throw DERFields.Unexpected() }
  }

  /// Whether every one of the attributes means this certificate.
  func names(_ certificate: Certificate) -> Bool {
    certificateDigests.allSatisfy { $0.hash.digest(of: certificate.bytes) == $0.digest }
  }

  private static func certificateDigests(_ first: ASN1Node?, _ second: ASN1Node?) throws -> [(MessageHash, [UInt8])] {
    var digests: [(MessageHash, [UInt8])] = []
    if let first {
      var fields = try signerID(first)
      digests.append((.sha1, try fields.octets()))
    }
    if let second {
      var fields = try signerID(second)
      let hash = try fields.beginsWithSequence ? MessageHash(fields.take()) : .sha256
      digests.append((hash, try fields.octets()))
    }
    return digests
  }

  /// The first of the certificates named is the signer's.
  private static func signerID(_ node: ASN1Node) throws -> DERFields {
    var fields = try DERFields(node)
    var list = try DERFields(fields.take())
    return try DERFields(list.take())
  }
}
