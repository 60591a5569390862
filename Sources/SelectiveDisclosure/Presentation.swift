public import Primitives
internal import StrictJSON

/// A signed object together with the disclosures that its holder chose to show.
///
/// Source: RFC 9901 section 4 (compact serialization, without key binding).
public struct Presentation: Hashable, Sendable {
  /// What the issuer signed.
  public let jws: JWS
  /// What is shown of the claims behind its digests.
  public let disclosures: [Disclosure]

  private static let separator = UInt8(ascii: "~")

  /// Puts a presentation together; `verify` says whether the parts belong to each other.
  public init(jws: JWS, disclosures: [Disclosure]) {
    self.jws = jws
    self.disclosures = disclosures
  }

  /// Reads `<JWS>~<disclosure>~…~`.
  ///
  /// - Throws: any `SDJWTError` of `JWS.parse` and `Disclosure.parse`, `malformedPresentation`,
  ///   `keyBindingNotSupported`, or `tooLarge`.
  public static func parse(_ bytes: [UInt8]) throws(SDJWTError) -> Presentation {
    guard bytes.count <= SDJWTLimits.presentationByteCount else { throw .tooLarge }
    let disclosureCount = bytes.lazy.filter { $0 == separator }.count - 1
    guard disclosureCount >= 0 else { throw .malformedPresentation }
    guard disclosureCount <= SDJWTLimits.disclosureCount else { throw .tooLarge }
    let parts = bytes.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.last?.isEmpty == true else { throw .keyBindingNotSupported }
    let jws = try JWS.parse(parts[0])
    var disclosures: [Disclosure] = []
    disclosures.reserveCapacity(disclosureCount)
    for part in parts.dropFirst().dropLast() {
      guard !part.isEmpty else { throw .malformedPresentation }
      disclosures.append(try Disclosure.parse(part))
    }
    return Presentation(jws: jws, disclosures: disclosures)
  }

  /// The text of the presentation, in ASCII, without a line feed at the end.
  public var serialized: [UInt8] {
    var bytes: [UInt8] = []
    // An array that grows by doubling takes three times the room of what comes out.
    bytes.reserveCapacity(disclosures.reduce(jws.compact.utf8.count + 1) { $0 + $1.encoded.utf8.count + 1 })
    bytes += jws.compact.utf8
    bytes.append(Self.separator)
    for disclosure in disclosures {
      bytes.append(contentsOf: disclosure.encoded.utf8)
      bytes.append(Self.separator)
    }
    return bytes
  }

  /// Checks signature and disclosures and returns the claims that are shown.
  ///
  /// Source: RFC 9901 section 7.1.
  ///
  /// - Throws: `notAuthentic`, or as `claimsTrustingSignature`.
  public func verify(with issuerKey: VerifyingKey) throws(SDJWTError) -> DisclosedClaims {
    try jws.verify(with: issuerKey)
    return try claimsTrustingSignature()
  }

  /// Checks the disclosures against the signed object, but not the signature: for an object that the caller has
  /// authenticated in another way, such as a Merkle root.
  ///
  /// Source: RFC 9901 section 7.1 steps 3 to 5.
  ///
  /// - Throws: `SDJWTError` if a disclosure or digest breaks a rule; nothing is returned in part.
  public func claimsTrustingSignature() throws(SDJWTError) -> DisclosedClaims {
    try DisclosedClaims(signed: jws.payload, disclosures: disclosures)
  }

  /// The same signed object with fewer disclosures: those for which `isKept` returns false are withheld, and all inside
  /// them.
  ///
  /// - Throws: as `claimsTrustingSignature`.
  public func keeping(
    where isKept: (DisclosedClaims.Claim) -> Bool
  ) throws(SDJWTError) -> Presentation {
    let claims = try claimsTrustingSignature().claims
    var isShown: [Bool] = []
    var keptIndices: [Int] = []
    for claim in claims {
      isShown.append((claim.enclosingClaimIndex.map { isShown[$0] } ?? true) && isKept(claim))
      if isShown.last == true { keptIndices.append(claim.disclosureIndex) }
    }
    return Presentation(jws: jws, disclosures: keptIndices.sorted().map { disclosures[$0] })
  }
}
