internal import SwiftASN1

/// What an authority answered: a token, or a refusal.
///
/// Source: RFC 3161 section 2.4.2.
public struct TimeStampResponse: Sendable {
  /// The token, not verified yet.
  public let token: TimeStampToken

  /// Reads an answer.
  ///
  /// - Throws: `refused` unless the status is granted, or granted with modifications; `malformed`, `beyondLimit`,
  ///   `unsupportedAlgorithm`.
  public init(_ bytes: [UInt8]) throws(TimeStampError) {
    guard bytes.count <= TimeStampToken.maximumByteCount else { throw .beyondLimit(.response) }
    let encoded = try reading(.response) {
      var fields = try DERFields(DER.parse(bytes))
      let status = try Self.status(fields.take())
      guard (0...1).contains(status) else { throw TimeStampError.refused(status: status) }
      let token = try fields.take()
      try fields.finish()
      return Array(token.encodedBytes)
    }
    token = try TimeStampToken(encoded)
  }

  /// PKIStatusInfo: the number, then a text and bits for people, which decide nothing.
  private static func status(_ node: ASN1Node) throws -> Int {
    var fields = try DERFields(node)
    let status = try fields.integer()
    _ = fields.take(if: .sequence)
    _ = fields.take(if: .bitString)
    try fields.finish()
    return status
  }
}
