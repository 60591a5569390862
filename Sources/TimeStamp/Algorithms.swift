internal import Primitives
internal import SwiftASN1

extension MessageHash {
  /// Reads an AlgorithmIdentifier of a digest: without parameters, or with NULL.
  ///
  /// Source: RFC 5754 section 2.
  init(_ node: ASN1Node) throws {
    switch try AlgorithmName(node).text {
    case "2.16.840.1.101.3.4.2.1": self = .sha256
    case "2.16.840.1.101.3.4.2.2": self = .sha384
    case "2.16.840.1.101.3.4.2.3": self = .sha512
    case let other: throw TimeStampError.unsupportedAlgorithm(other)
    }
  }
}

/// A signature algorithm: the kind of key, and the digest if the algorithm names it.
///
/// Source: RFC 5754 section 3, RFC 5758 section 3.2.
struct SignatureAlgorithm: Hashable {
  enum Family { case rsa, ecdsa }

  let family: Family
  let hash: MessageHash?

  init(_ node: ASN1Node) throws {
    switch try AlgorithmName(node).text {
    case "1.2.840.113549.1.1.1": (family, hash) = (.rsa, nil)
    case "1.2.840.113549.1.1.11": (family, hash) = (.rsa, .sha256)
    case "1.2.840.113549.1.1.12": (family, hash) = (.rsa, .sha384)
    case "1.2.840.113549.1.1.13": (family, hash) = (.rsa, .sha512)
    case "1.2.840.10045.4.3.2": (family, hash) = (.ecdsa, .sha256)
    case "1.2.840.10045.4.3.3": (family, hash) = (.ecdsa, .sha384)
    case "1.2.840.10045.4.3.4": (family, hash) = (.ecdsa, .sha512)
    case let other: throw TimeStampError.unsupportedAlgorithm(other)
    }
  }

  /// Whether `signature` is one over `message`; `digest` serves where the algorithm names none.
  func isValid(_ signature: [UInt8], for message: [UInt8], by key: CertifiedKey, digest: MessageHash? = nil) -> Bool {
    guard let used = hash ?? digest, (family == .rsa) == (key.kind == .rsa) else { return false }
    return key.isValid(signature, for: message, by: used)
  }
}

/// The name in an AlgorithmIdentifier whose parameters say nothing.
struct AlgorithmName {
  let text: String

  init(_ node: ASN1Node) throws {
    var fields = try DERFields(node)
    text = try fields.identifier().description
    if let null = fields.take(if: .null) { _ = try ASN1Null(derEncoded: null) }
    guard fields.isAtEnd else { throw TimeStampError.unsupportedAlgorithm(text) }
  }
}

extension CertifiedKey {
  /// Reads a SubjectPublicKeyInfo.
  ///
  /// Source: RFC 5480 section 2, RFC 3279 section 2.3.1.
  init(_ node: ASN1Node) throws {
    var fields = try DERFields(node)
    var algorithm = try DERFields(fields.take())
    let name = try algorithm.identifier().description
    let curve = name == "1.2.840.10045.2.1" ? try algorithm.identifier().description : nil
    let kind: Kind? =
      switch (name, curve) {
      case ("1.2.840.113549.1.1.1", nil): .rsa
      case (_, "1.2.840.10045.3.1.7"): .p256
      case (_, "1.3.132.0.34"): .p384
      case (_, "1.3.132.0.35"): .p521
      default: nil
      }
    guard let kind, let key = CertifiedKey(kind, subjectPublicKeyInfo: Array(node.encodedBytes)) else {
      throw TimeStampError.unsupportedAlgorithm(curve ?? name)
    }
    self = key
  }
}
