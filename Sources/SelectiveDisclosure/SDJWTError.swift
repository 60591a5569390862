public import StrictJSON

/// Why something is not a valid SD-JWT.
public enum SDJWTError: Error, Hashable, Sendable {
  /// Not three parts of canonical base64url between full stops.
  case malformedJWS
  /// Header or payload is not JSON, or not an object.
  case malformedJSON(JSONError)
  /// The header names another algorithm than EdDSA, or none.
  case unsupportedAlgorithm
  /// The header demands an extension (`crit`), and none is understood.
  case unsupportedCriticalHeader
  /// The signature is not by this key, or something signed was changed.
  case notAuthentic
  /// No tilde at the end, or an empty part.
  case malformedPresentation
  /// A key binding JWT follows the last tilde.
  case keyBindingNotSupported
  /// Not canonical base64url of a JSON array of two or three elements with texts where they belong.
  case malformedDisclosure
  /// A claim is called `_sd`, `_sd_alg` or `...`, or one of these stands where it must not.
  case reservedName
  /// A claim has a name that its object already has.
  case nameCollision(String)
  /// `_sd_alg` names another algorithm than `sha-256`.
  case unsupportedDigestAlgorithm
  /// `_sd` is no array, or a digest is not canonical base64url of 32 bytes.
  case malformedDigest
  /// One digest stands at two places.
  case duplicateDigest
  /// One disclosure is given twice.
  case duplicateDisclosure
  /// An array element is disclosed for a digest in `_sd`, or a property for a digest in an array.
  case disclosureOfWrongKind
  /// No digest belongs to the disclosure at this index, from 0.
  case unreferencedDisclosure(index: Int)
  /// More arrays and objects inside each other than `SDJWTLimits.depth`.
  case tooDeep
  /// More disclosures or bytes than the limits.
  case tooLarge
}

/// Bounds on what is read.
public enum SDJWTLimits {
  /// Disclosures in one presentation.
  public static let disclosureCount = 200_000
  /// Arrays and objects inside each other, with every disclosure in its place.
  public static let depth = 16
  /// One part of a JWS, or one disclosure, decoded, in bytes.
  public static let partByteCount = 16 << 20
  /// The same as it stands in base64url.
  static let encodedPartByteCount = (partByteCount * 4 + 2) / 3
  /// A whole presentation, in bytes.
  public static let presentationByteCount = 256 << 20

  // A disclosure is an array around its value.
  static let json = JSON.Limits(byteCount: partByteCount, depth: depth + 1)
}

/// Names that belong to the format.
///
/// Source: RFC 9901 sections 4.1 and 4.2.4.
enum ReservedName {
  static let digests = "_sd"
  static let algorithm = "_sd_alg"
  static let element = "..."
  static let sha256: JSON = "sha-256"

  static func contains(_ name: String) -> Bool {
    [digests, algorithm, element].contains { JSON.string($0) == JSON.string(name) }
  }
}
