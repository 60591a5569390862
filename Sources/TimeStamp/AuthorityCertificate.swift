public import Primitives

/// The certificate of an authority that somebody chose to trust, as a PEM file has it.
///
/// Source: RFC 7468 section 5.
public struct AuthorityCertificate: Sendable {
  /// The largest file, in bytes.
  public static let maximumByteCount = 65_536
  private static let begin = "-----BEGIN CERTIFICATE-----"
  private static let end = "-----END CERTIFICATE-----"
  private static let lineCharacterCount = 64

  let certificate: Certificate

  /// Reads the one certificate in a PEM file; text before and behind it is passed over.
  ///
  /// - Throws: `malformed(.certificate)` if there is none or more than one, `beyondLimit`, `unsupportedAlgorithm`.
  public init(pem: [UInt8]) throws(TimeStampError) {
    guard pem.count <= Self.maximumByteCount else { throw .beyondLimit(.certificate) }
    let lines = pem.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
    let begins = lines.indices.filter { lines[$0].elementsEqual(Self.begin.utf8) }
    let ends = lines.indices.filter { lines[$0].elementsEqual(Self.end.utf8) }
    guard begins.count == 1, ends.count == 1, begins[0] < ends[0],
      let der = Base64.padded.decode(Array(lines[(begins[0] + 1)..<ends[0]].joined()))
    else { throw .malformed(.certificate) }
    certificate = try Certificate(der)
  }

  /// The subject, for people; anything may stand in it.
  public var subject: String { certificate.subjectText }

  /// The SHA-256 of the certificate as DER.
  public var digest: Digest { SHA256Hasher.digest(of: certificate.bytes) }

  /// The one spelling of the certificate as PEM: lines of 64 characters, no other text.
  public var pem: [UInt8] {
    let text = Array(Base64.padded.encode(certificate.bytes).utf8)
    let lines = stride(from: 0, to: text.count, by: Self.lineCharacterCount)
      .map { String(decoding: text[$0..<min($0 + Self.lineCharacterCount, text.count)], as: UTF8.self) }
    return Array(([Self.begin] + lines + [Self.end, ""]).joined(separator: "\n").utf8)
  }
}
