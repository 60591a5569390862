public import Primitives
internal import SwiftASN1

/// A query to a time-stamping authority. It has the digest of the bytes to be stamped and a random number, and nothing
/// else.
///
/// Source: RFC 3161 section 2.4.1.
public struct TimeStampRequest: Hashable, Sendable {
  /// The largest query, in bytes.
  public static let maximumByteCount = 1_024

  /// The SHA-256 of what is to be stamped.
  public let imprint: Digest
  /// The random number that the answer has to repeat.
  public let nonce: UInt64

  /// Asks for a stamp on bytes with this digest.
  public init(imprint: Digest, nonce: UInt64) {
    self.imprint = imprint
    self.nonce = nonce
  }

  /// Reads a query as this type writes it.
  ///
  /// - Throws: `malformed(.request)` for any other.
  public init(_ bytes: [UInt8]) throws(TimeStampError) {
    guard bytes.count <= Self.maximumByteCount else { throw .beyondLimit(.request) }
    self = try reading(.request) {
      var fields = try DERFields(DER.parse(bytes))
      guard try fields.integer() == 1 else { throw TimeStampError.malformed(.request) }
      let imprint = try MessageImprint(fields.take())
      guard let digest = imprint.sha256 else { throw TimeStampError.malformed(.request) }
      let nonce = try UInt64(derEncoded: fields.take())
      return TimeStampRequest(imprint: digest, nonce: nonce)
    }
    guard self.bytes == bytes else { throw .malformed(.request) }
  }

  /// The query as DER, to be sent as `application/timestamp-query`.
  public var bytes: [UInt8] {
    let coded = Result {
      var coder = DER.Serializer()
      try coder.appendConstructedNode(identifier: .sequence) { coder in
        try coder.serialize(1)
        try coder.appendConstructedNode(identifier: .sequence) { coder in
          try coder.appendConstructedNode(identifier: .sequence) { coder in
            try coder.serialize(MessageImprint.sha256Name)
            try coder.serialize(ASN1Null())
          }
          try coder.serialize(ASN1OctetString(contentBytes: imprint.bytes[...]))
        }
        try coder.serialize(nonce)
        try coder.serialize(true)  // certReq: the certificate comes with the answer
      }
      return coder.serializedBytes
    }
    guard case .success(let bytes) = coded else { preconditionFailure("TimeStamp: a query has nothing to refuse") }
    return bytes
  }
}

/// What a stamp is on: a digest and how it was made.
///
/// Source: RFC 3161 section 2.4.1.
struct MessageImprint: Hashable {
  static let sha256Name: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 2, 1]

  let hash: MessageHash
  let digest: [UInt8]

  init(_ node: ASN1Node) throws {
    var fields = try DERFields(node)
    hash = try MessageHash(fields.take())
    digest = try fields.octets()
    try fields.finish()
  }

  var sha256: Digest? { hash == .sha256 ? Digest(digest) : nil }
}
