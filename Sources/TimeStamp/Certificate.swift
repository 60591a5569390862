internal import Primitives
internal import SwiftASN1

/// What a certificate says as far as time-stamping needs it.
///
/// Source: RFC 5280 section 4.1.
struct Certificate {
  let bytes: [UInt8]
  let subject: [UInt8]
  /// The subject for people.
  let subjectText: String
  let issuer: [UInt8]
  let serialNumber: [UInt8]
  let validity: ClosedRange<Int64>
  let key: CertifiedKey
  private let extensions: CertificateExtensions
  private let signed: [UInt8]
  private let algorithm: SignatureAlgorithm
  private let signature: [UInt8]

  init(_ bytes: [UInt8]) throws(TimeStampError) {
    self = try reading(.certificate) { try Certificate(DER.parse(bytes)) }
  }

  init(_ node: ASN1Node) throws {
    bytes = Array(node.encodedBytes)
    var outer = try DERFields(node)
    let body = try outer.take()
    signed = Array(body.encodedBytes)
    let outerAlgorithm = try outer.take()
    algorithm = try SignatureAlgorithm(outerAlgorithm)
    signature = try Self.wholeBytes(outer.take())
    try outer.finish()

    var fields = try DERFields(body)
    let version = try DERFields.only(in: fields.take(), DERFields.context(0))
    guard try Int(derEncoded: version) == 2 else { throw DERFields.Unexpected() }
    serialNumber = try fields.integerBytes()
    guard try fields.take().encodedBytes == outerAlgorithm.encodedBytes else { throw DERFields.Unexpected() }
    issuer = Array(try fields.take().encodedBytes)
    validity = try Self.validity(fields.take())
    let subjectNode = try fields.take()
    subject = Array(subjectNode.encodedBytes)
    subjectText = try DistinguishedName.text(subjectNode)
    key = try CertifiedKey(fields.take())
    guard let list = fields.take(tag: 3) else { throw DERFields.Unexpected() }
    extensions = try CertificateExtensions(DERFields.only(in: list, DERFields.context(3)))
    try fields.finish()
  }

  /// Whether it may sign time-stamps and nothing else.
  ///
  /// Source: RFC 3161 section 2.3.
  var isForTimeStamping: Bool { extensions.isForTimeStampingAlone && extensions.maySignMessages }

  /// Whether it may issue certificates with `depth` others between it and the signer's.
  func mayIssue(depth: Int) -> Bool {
    extensions.mayIssue && extensions.maximumDepth.map { depth <= $0 } ?? true
  }

  /// Whether the key of `issuer` signed this certificate, and the names agree.
  func isIssued(by issuer: Certificate) -> Bool {
    self.issuer == issuer.subject && algorithm.isValid(signature, for: signed, by: issuer.key)
  }

  private static func validity(_ node: ASN1Node) throws -> ClosedRange<Int64> {
    var fields = try DERFields(node)
    let (first, last) = (try Moment.ofCertificate(fields.take()), try Moment.ofCertificate(fields.take()))
    try fields.finish()
    guard first <= last else { throw DERFields.Unexpected() }
    return first...last
  }

  private static func wholeBytes(_ node: ASN1Node) throws -> [UInt8] {
    let bits = try ASN1BitString(derEncoded: node)
    guard bits.paddingBits == 0 else { throw DERFields.Unexpected() }
    return Array(bits.bytes)
  }
}
