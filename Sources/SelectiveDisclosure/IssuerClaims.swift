public import Primitives
public import StrictJSON

/// Composes what an issuer signs: claims in the clear beside digests of claims that can be withheld.
///
/// Decoys are digests of nothing: they hide from a reader how many claims he is not shown.
///
/// Source: RFC 9901 sections 4.1 and 4.2.4 to 4.2.6.
public enum IssuerClaims {
  /// The object to sign: `object`, with the name of the digest algorithm.
  ///
  /// - Throws: as `object`.
  public static func payload(
    _ clear: JSONObject, hiding disclosures: [Disclosure], digestCount: Int = 0,
    randomness: any RandomSource = SystemRandomness()
  ) throws(SDJWTError) -> JSONObject {
    var payload = try object(clear, hiding: disclosures, digestCount: digestCount, randomness: randomness)
    payload[ReservedName.algorithm] = ReservedName.sha256
    return payload
  }

  /// An object inside the payload or inside a disclosure: clear members, then `_sd` with the digests of the others and
  /// as many decoys as make up `digestCount`. The digests are sorted, so that their order says nothing.
  ///
  /// - Throws: `reservedName`, `nameCollision`, `duplicateDisclosure`, or `disclosureOfWrongKind` for an array element.
  public static func object(
    _ clear: JSONObject, hiding disclosures: [Disclosure], digestCount: Int = 0,
    randomness: any RandomSource = SystemRandomness()
  ) throws(SDJWTError) -> JSONObject {
    guard !clear.names.contains(where: ReservedName.contains) else { throw .reservedName }
    var taken = clear
    for disclosure in disclosures {
      guard let name = disclosure.name else { throw .disclosureOfWrongKind }
      guard taken.append(name, .null) else { throw .nameCollision(name) }
    }
    var digests = try distinctDigests(disclosures)
    digests += decoys(max(0, digestCount - digests.count), randomness)
    guard !digests.isEmpty else { return clear }
    var object = clear
    object[ReservedName.digests] = .array(digests.sorted().map(\.disclosureText))
    return object
  }

  /// An array of which every element can be withheld, in the order of `disclosures`, with decoys at random places
  /// between them that make up `digestCount`.
  ///
  /// - Throws: `duplicateDisclosure`, or `disclosureOfWrongKind` for the property of an object.
  public static func array(
    hiding disclosures: [Disclosure], digestCount: Int = 0, randomness: any RandomSource = SystemRandomness()
  ) throws(SDJWTError) -> JSON {
    guard disclosures.allSatisfy({ $0.name == nil }) else { throw .disclosureOfWrongKind }
    let digests = try distinctDigests(disclosures)
    let decoys = decoys(max(0, digestCount - digests.count), randomness)
    return .array(interleave(digests, decoys, randomness).map { [ReservedName.element: $0.disclosureText] })
  }

  private static func distinctDigests(_ disclosures: [Disclosure]) throws(SDJWTError) -> [Digest] {
    let digests = disclosures.map(\.digest)
    guard Set(digests).count == digests.count else { throw .duplicateDisclosure }
    return digests
  }

  private static func decoys(_ count: Int, _ randomness: any RandomSource) -> [Digest] {
    (0..<count).map { _ in SHA256Hasher.digest(of: randomness.bytes(Digest.byteCount)) }
  }

  /// Keeps the order of `digests`; each decoy gets a place drawn at random. Decoys have no order of their own, so the
  /// places with the lowest lots are theirs.
  private static func interleave(
    _ digests: [Digest], _ decoys: [Digest], _ randomness: any RandomSource
  ) -> [Digest] {
    guard !decoys.isEmpty else { return digests }
    let lots = (0..<(digests.count + decoys.count)).map { place in
      (lot: randomness.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }, place: place)
    }
    let decoyPlaces = Set(lots.sorted { ($0.lot, $0.place) < ($1.lot, $1.place) }.prefix(decoys.count).map(\.place))
    var digests = digests.makeIterator()
    var decoys = decoys.makeIterator()
    return lots.indices.compactMap { decoyPlaces.contains($0) ? decoys.next() : digests.next() }
  }
}
