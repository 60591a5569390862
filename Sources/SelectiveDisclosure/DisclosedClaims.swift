public import StrictJSON

/// What a presentation shows once every disclosure is in its place.
public struct DisclosedClaims: Hashable, Sendable {
  /// The signed object with the disclosed claims and without any digest.
  public let payload: JSONObject
  /// Where each disclosure ended up; a claim comes before the claims inside it.
  public let claims: [Claim]
  /// How many digests belong to no disclosure of the presentation: claims withheld, or decoys.
  public let undisclosedDigestCount: Int

  /// Puts disclosures into the places that a signed object has for them; who signed it is the caller's business.
  ///
  /// Source: RFC 9901 section 7.1 step 3.
  ///
  /// - Throws: `SDJWTError` if a disclosure or digest breaks a rule.
  public init(signed payload: JSONObject, disclosures: [Disclosure]) throws(SDJWTError) {
    self = try DisclosureProcessor.process(payload, disclosures)
  }

  init(payload: JSONObject, claims: [Claim], undisclosedDigestCount: Int) {
    self.payload = payload
    self.claims = claims
    self.undisclosedDigestCount = undisclosedDigestCount
  }

  /// One disclosure in its place.
  public struct Claim: Hashable, Sendable {
    /// The way from the top of `payload`.
    public let path: [Step]
    /// The index of the disclosure in the presentation.
    public let disclosureIndex: Int
    /// The index in `claims` of the nearest disclosed claim around this one; `nil` if all around it is signed in the
    /// clear.
    public let enclosingClaimIndex: Int?
  }

  /// One step into an object or an array. Names are the same only if their UTF-8 bytes are.
  public enum Step: Sendable {
    /// Into the member of this name.
    case name(String)
    /// Into the element at this index of the disclosed array, from 0.
    case index(Int)
  }
}

extension DisclosedClaims.Step: Hashable {
  private var json: JSON {
    switch self {
    case .name(let name): .string(name)
    case .index(let index): .integer(Int64(index))
    }
  }

  /// Whether two steps lead the same way.
  public static func == (left: Self, right: Self) -> Bool { left.json == right.json }

  /// Feeds the step to a hash table.
  public func hash(into hasher: inout Hasher) { hasher.combine(json) }
}
