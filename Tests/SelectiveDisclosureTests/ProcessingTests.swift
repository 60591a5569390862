import Primitives
import SelectiveDisclosure
import StrictJSON
import Testing

@Test func unreferencedDisclosuresAreRefused() throws {
  let shown = try Disclosure(name: "a", value: 1)
  let stray = try Disclosure(name: "b", value: 2)
  #expect(throws: SDJWTError.unreferencedDisclosure(index: 1)) {
    try process(["_sd": [digestText(shown)]], [shown, stray])
  }
}

@Test func innerDisclosuresNeedTheOuterOne() throws {
  let inner = try Disclosure(name: "inner", value: 1)
  let outer = try Disclosure(name: "outer", value: ["_sd": [digestText(inner)]])
  let payload: JSONObject = ["_sd": [digestText(outer)]]
  #expect(try process(payload, [inner, outer]).payload == ["outer": ["inner": 1]])
  #expect(throws: SDJWTError.unreferencedDisclosure(index: 0)) { try process(payload, [inner]) }
}

@Test func duplicatesAreRefused() throws {
  let claim = try Disclosure(name: "a", value: 1)
  let element = Disclosure(element: 1)
  let digest = digestText(claim)
  #expect(throws: SDJWTError.duplicateDisclosure) { try process(["_sd": [digest]], [claim, claim]) }
  #expect(throws: SDJWTError.duplicateDigest) { try process(["_sd": [digest, digest]], []) }
  #expect(throws: SDJWTError.duplicateDigest) { try process(["_sd": [digest], "b": ["_sd": [digest]]], [claim]) }
  #expect(throws: SDJWTError.duplicateDigest) {
    try process(["b": [["...": digestText(element)], ["...": digestText(element)]]], [element])
  }
}

@Test func takenNamesAreRefused() throws {
  let first = try Disclosure(name: "a", value: 1)
  let second = try Disclosure(name: "a", value: 2)
  #expect(throws: SDJWTError.nameCollision("a")) { try process(["_sd": [digestText(first)], "a": 0], [first]) }
  #expect(throws: SDJWTError.nameCollision("a")) {
    try process(["_sd": [digestText(first), digestText(second)]], [first, second])
  }
  #expect(throws: SDJWTError.nameCollision("a")) { try IssuerClaims.object(["a": 0], hiding: [first]) }
  #expect(throws: SDJWTError.nameCollision("a")) { try IssuerClaims.object([:], hiding: [first, second]) }
}

@Test func disclosuresOfTheWrongKindAreRefused() throws {
  let claim = try Disclosure(name: "a", value: 1)
  let element = Disclosure(element: 1)
  #expect(throws: SDJWTError.disclosureOfWrongKind) { try process(["_sd": [digestText(element)]], [element]) }
  #expect(throws: SDJWTError.disclosureOfWrongKind) { try process(["x": [["...": digestText(claim)]]], [claim]) }
  #expect(throws: SDJWTError.disclosureOfWrongKind) { try IssuerClaims.object([:], hiding: [element]) }
  #expect(throws: SDJWTError.disclosureOfWrongKind) { try IssuerClaims.array(hiding: [claim]) }
}

private let digest: JSON = .string(Base64.url.encode([UInt8](repeating: 7, count: 32)))
private let misuses: [(JSONObject, SDJWTError)] = [
  (["_sd": "x"], .malformedDigest), (["_sd": [1]], .malformedDigest), (["_sd": ["x"]], .malformedDigest),
  (["a": ["_sd": ["b": 1]]], .malformedDigest),
  (["_sd": ["BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="]], .malformedDigest),
  (["a": [["...": 1]]], .malformedDigest), (["a": [["...": digest, "b": 1]]], .reservedName),
  (["...": digest], .reservedName), (["a": ["...": digest]], .reservedName),
  (["a": ["_sd_alg": "sha-256"]], .reservedName), (["_sd_alg": "sha-512"], .unsupportedDigestAlgorithm),
  (["_sd_alg": "SHA-256"], .unsupportedDigestAlgorithm), (["_sd_alg": 1], .unsupportedDigestAlgorithm),
]

@Test(arguments: misuses)
func misusedNamesOfTheFormatAreRefused(payload: JSONObject, error: SDJWTError) {
  #expect(throws: error) { try process(payload, []) }
}

@Test func namesOfTheFormatAreRefusedInDisclosedValuesToo() throws {
  let claim = try Disclosure(name: "a", value: ["_sd_alg": "sha-256"])
  #expect(throws: SDJWTError.reservedName) { try process(["_sd": [digestText(claim)]], [claim]) }
  #expect(throws: SDJWTError.reservedName) { try IssuerClaims.payload(["_sd": []], hiding: []) }
}

@Test func digestsAndTheirAlgorithmLeaveNoTrace() throws {
  let withheld: JSONObject = ["_sd_alg": "sha-256", "_sd": [digest], "a": ["_sd": []], "b": [1]]
  let shown = try process(withheld, [])
  #expect(shown.payload == ["a": [:], "b": [1]])
  #expect(shown.undisclosedDigestCount == 1)
}

@Test func composedAndDecomposedNamesDoNotCollide() throws {
  let composed = try Disclosure(name: "\u{00E9}", value: 1)
  let shown = try process(["_sd": [digestText(composed)], "e\u{0301}": 2], [composed])
  #expect(shown.payload.count == 2)
}

@Test func depthIsBoundedAcrossDisclosures() throws {
  #expect(throws: SDJWTError.tooDeep) { try chain(of: 16) }
  #expect(try chain(of: 15).claims.count == 15)
}

/// Each disclosure holds the digest of the next.
private func chain(of count: Int) throws -> DisclosedClaims {
  var disclosures = [try Disclosure(name: "a", value: [:])]
  for _ in 1..<count {
    disclosures.append(try Disclosure(name: "a", value: ["_sd": [digestText(disclosures[disclosures.count - 1])]]))
  }
  return try process(["_sd": [digestText(disclosures[count - 1])]], disclosures)
}

@Test func decoysFillUpToTheRequestedCount() throws {
  let claims = try (0..<3).map { try Disclosure(name: "n\($0)", value: 0) }
  let elements = (0..<3).map { Disclosure(element: .integer(Int64($0))) }
  let object = try IssuerClaims.object(["x": 1], hiding: claims, digestCount: 8)
  let digests = try #require(object["_sd"]?.arrayValue?.compactMap { $0.stringValue.flatMap { Base64.url.decode($0) } })
  #expect(digests.count == 8)
  #expect(digests.map { Digest($0) } == digests.compactMap { Digest($0) }.sorted())
  let array = try IssuerClaims.array(hiding: elements, digestCount: 8)
  #expect(array.arrayValue?.count == 8)
  #expect(try process(["a": array], elements).payload["a"] == [0, 1, 2])
  #expect(try IssuerClaims.object(["x": 1], hiding: [], digestCount: 0) == ["x": 1])
}

@Test func twentyThousandDisclosuresVerify() throws {
  let elements = (0..<20_000).map { Disclosure(element: ["n": .integer(Int64($0))]) }
  let payload = try IssuerClaims.payload(["files": IssuerClaims.array(hiding: elements)], hiding: [])
  let key = testKey()
  let bytes = Presentation(jws: JWS.sign(payload, type: "test", key: key), disclosures: elements).serialized
  let shown = try Presentation.parse(bytes).verify(with: key.verifyingKey)
  #expect(shown.payload["files"]?.arrayValue?.count == 20_000)
}
