internal import Primitives
internal import StrictJSON

/// One walk over the signed object that puts every disclosure in the place of its digest.
///
/// Each digest is looked up once in a hash table and each value is visited once, so the time grows with the size of the
/// presentation. The stack is bounded by `SDJWTLimits.depth`.
///
/// Source: RFC 9901 section 7.1 steps 3 to 5.
struct DisclosureProcessor {
  private typealias Step = DisclosedClaims.Step

  private let disclosures: [Disclosure]
  private var indexByDigest: [Digest: Int] = [:]
  private var seen: Set<Digest> = []
  private var claims: [DisclosedClaims.Claim] = []

  /// Where in the result the walk is: the way, and the disclosed claim around it.
  private struct Place {
    var path: [Step] = []
    var claimIndex: Int?

    func inside(_ step: Step) -> Place { Place(path: path + [step], claimIndex: claimIndex) }
  }

  static func process(
    _ payload: JSONObject, _ disclosures: [Disclosure]
  ) throws(SDJWTError) -> DisclosedClaims {
    var processor = try DisclosureProcessor(disclosures)
    var signed = payload
    if let algorithm = signed[ReservedName.algorithm], algorithm != ReservedName.sha256 {
      throw .unsupportedDigestAlgorithm
    }
    signed[ReservedName.algorithm] = nil
    let payload = try processor.object(signed, at: Place())
    try processor.requireAllUsed()
    return DisclosedClaims(
      payload: payload, claims: processor.claims,
      undisclosedDigestCount: processor.seen.count - processor.claims.count)
  }

  private init(_ disclosures: [Disclosure]) throws(SDJWTError) {
    guard disclosures.count <= SDJWTLimits.disclosureCount else { throw .tooLarge }
    self.disclosures = disclosures
    indexByDigest.reserveCapacity(disclosures.count)
    for (index, disclosure) in disclosures.enumerated() {
      guard indexByDigest.updateValue(index, forKey: disclosure.digest) == nil else { throw .duplicateDisclosure }
    }
  }

  private func requireAllUsed() throws(SDJWTError) {
    guard claims.count < disclosures.count else { return }
    let used = Set(claims.map(\.disclosureIndex))
    if let index = disclosures.indices.first(where: { !used.contains($0) }) {
      throw .unreferencedDisclosure(index: index)
    }
  }

  private mutating func value(_ value: JSON, at place: Place) throws(SDJWTError) -> JSON {
    switch value {
    case .object(let object): .object(try self.object(object, at: place))
    case .array(let elements): .array(try array(elements, at: place))
    default: value
    }
  }

  private mutating func object(_ object: JSONObject, at place: Place) throws(SDJWTError) -> JSONObject {
    guard place.path.count < SDJWTLimits.depth else { throw .tooDeep }
    var result = JSONObject()
    var hidden: [Int] = []
    for member in object.members {
      if JSON.string(member.name) == JSON.string(ReservedName.digests) {
        hidden = try disclosuresOfProperties(member.value)
      } else {
        guard !ReservedName.contains(member.name) else { throw .reservedName }
        result[member.name] = try value(member.value, at: place.inside(.name(member.name)))
      }
    }
    for index in hidden {
      guard let name = disclosures[index].name else { throw .disclosureOfWrongKind }
      let value = try disclosed(index, at: place.inside(.name(name)))
      guard result.append(name, value) else { throw .nameCollision(name) }
    }
    return result
  }

  /// The disclosures behind the digests of an object, in the order in which the holder gave them: the order of the
  /// digests is random, and people read the result.
  private mutating func disclosuresOfProperties(_ digests: JSON) throws(SDJWTError) -> [Int] {
    guard case .array(let digests) = digests else { throw .malformedDigest }
    var indices: [Int] = []
    for digest in digests {
      if let index = try disclosureIndex(for: digest) { indices.append(index) }
    }
    return indices.sorted()
  }

  private mutating func array(_ elements: [JSON], at place: Place) throws(SDJWTError) -> [JSON] {
    guard place.path.count < SDJWTLimits.depth else { throw .tooDeep }
    var result: [JSON] = []
    for element in elements {
      let next = place.inside(.index(result.count))
      guard case .object(let object) = element, let digest = object[ReservedName.element] else {
        result.append(try value(element, at: next))
        continue
      }
      guard object.count == 1 else { throw .reservedName }
      guard let index = try disclosureIndex(for: digest) else { continue }
      guard disclosures[index].name == nil else { throw .disclosureOfWrongKind }
      result.append(try disclosed(index, at: next))
    }
    return result
  }

  private mutating func disclosed(_ index: Int, at place: Place) throws(SDJWTError) -> JSON {
    var place = place
    claims.append(
      DisclosedClaims.Claim(path: place.path, disclosureIndex: index, enclosingClaimIndex: place.claimIndex))
    place.claimIndex = claims.count - 1
    return try value(disclosures[index].value, at: place)
  }

  /// Takes note of a digest; `nil` if it is not disclosed.
  private mutating func disclosureIndex(for json: JSON) throws(SDJWTError) -> Int? {
    let digest = try Digest(disclosureText: json)
    guard seen.insert(digest).inserted else { throw .duplicateDigest }
    return indexByDigest[digest]
  }
}
