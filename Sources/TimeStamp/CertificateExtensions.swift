internal import SwiftASN1

/// The extensions of a certificate that decide anything here; an unknown one that is critical is refused.
///
/// Source: RFC 5280 section 4.2.
struct CertificateExtensions {
  private(set) var isForTimeStampingAlone = false
  private(set) var mayIssue = false
  private(set) var maximumDepth: Int?
  private var usage: [UInt8]?

  init(_ node: ASN1Node) throws {
    var names: Set<String> = []
    var fields = try DERFields(node)
    for node in try fields.remaining() {
      let extended = try CertificateExtension(node)
      guard names.insert(extended.name).inserted else { throw DERFields.Unexpected() }
      try take(extended)
    }
  }

  /// Whether the key may sign messages: bits 0 and 1 of the key usage, or no key usage.
  var maySignMessages: Bool { usage.map { $0.first.map { $0 & 0xc0 != 0 } ?? false } ?? true }

  private mutating func take(_ extended: CertificateExtension) throws {
    switch extended.name {
    case "2.5.29.15":
      usage = Array(try ASN1BitString(derEncoded: extended.value).bytes)
    case "2.5.29.19":
      var fields = try DERFields(DER.parse(extended.value))
      mayIssue = try fields.take(if: .boolean).map { try Bool(derEncoded: $0) } ?? false
      maximumDepth = try fields.take(if: .integer).map { try Int(derEncoded: $0) }
      try fields.finish()
    case "2.5.29.37":
      var fields = try DERFields(DER.parse(extended.value))
      let purposes = try fields.remaining().map { try ASN1ObjectIdentifier(derEncoded: $0).description }
      isForTimeStampingAlone = extended.isCritical && purposes == ["1.3.6.1.5.5.7.3.8"]
    case "2.5.29.17", "2.5.29.32":
      break  // Other names, and policies: whoever names the authority has judged them.
    default:
      guard !extended.isCritical else { throw DERFields.Unexpected() }
    }
    // Bit 5 of the key usage: without it a key issues nothing.
    if let usage, usage.first.map({ $0 & 0x04 == 0 }) ?? true { mayIssue = false }
  }
}

/// One extension, of a certificate or a time-stamp.
///
/// Source: RFC 5280 section 4.1.
struct CertificateExtension {
  let name: String
  let isCritical: Bool
  let value: [UInt8]

  init(_ node: ASN1Node) throws {
    var fields = try DERFields(node)
    name = try fields.identifier().description
    isCritical = try fields.take(if: .boolean).map { try Bool(derEncoded: $0) } ?? false
    value = try fields.octets()
    try fields.finish()
  }
}
