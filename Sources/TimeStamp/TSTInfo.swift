internal import Primitives
internal import SwiftASN1

/// What an authority signs: on what, and when.
///
/// Source: RFC 3161 section 2.4.2.
struct TSTInfo: Hashable {
  static let contentType: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 9, 16, 1, 4]

  let imprint: MessageImprint
  /// The time stated, in seconds since 1970.
  let time: Int64
  /// By how much the authority's clock may be off, in seconds.
  let accuracy: Int64
  /// The number from the query.
  let nonce: [UInt8]?

  init(_ bytes: [UInt8]) throws {
    var fields = try DERFields(DER.parse(bytes))
    guard try fields.integer() == 1 else { throw DERFields.Unexpected() }
    _ = try fields.identifier()  // The policy, which is the authority's own.
    imprint = try MessageImprint(fields.take())
    _ = try fields.integerBytes()  // The serial number.
    time = try Moment.generalized(fields.take())
    accuracy = try fields.take(if: .sequence).map(Self.accuracy) ?? 0
    if let ordering = fields.take(if: .boolean) {
      // DER leaves out a value that is the default.
      guard try Bool(derEncoded: ordering) else { throw DERFields.Unexpected() }
    }
    nonce = try fields.take(if: .integer).map(DERFields.integerBytes)
    _ = fields.take(tag: 0)  // A name of the authority; the certificate is what counts.
    if let extensions = fields.take(tag: 1) {
      var list = try DERFields(extensions, DERFields.context(1))
      guard try !list.remaining().contains(where: { try CertificateExtension($0).isCritical }) else {
        throw DERFields.Unexpected()
      }
    }
    try fields.finish()
  }

  /// Seconds, rounded up.
  private static func accuracy(_ node: ASN1Node) throws -> Int64 {
    var fields = try DERFields(node)
    let seconds = try fields.take(if: .integer).map { try UInt32(derEncoded: $0) } ?? 0
    var isMore = false
    for tag in UInt(0)...1 {
      guard let part = fields.take(tag: tag) else { continue }
      let count = try Int(derEncoded: part, withIdentifier: DERFields.context(tag))
      guard (1...999).contains(count) else { throw DERFields.Unexpected() }
      isMore = true
    }
    try fields.finish()
    return Int64(seconds) + (isMore ? 1 : 0)
  }
}
