import Primitives
import SelectiveDisclosure
import StrictJSON
import Testing

@Test func everythingShownIsInItsPlace() throws {
  let sample = try Sample()
  let read = try Presentation.parse(sample.presentation.serialized)
  #expect(read == sample.presentation)
  let shown = try read.verify(with: testKey().verifyingKey)
  let expected: JSONObject = [
    "kind": "example", "title": "Ҳуҷҷати намунавӣ",
    "files": [["size": 1, "path": "a.txt"], ["size": 2, "path": "b.txt"]],
  ]
  #expect(shown.payload == expected)
  #expect(shown.undisclosedDigestCount == 6 + 1 + 1 + 1)
  let paths = Dictionary(uniqueKeysWithValues: shown.claims.map { ($0.path, $0.disclosureIndex) })
  #expect(paths[[.name("title")]] == 0)
  #expect(paths[[.name("files")]] == 1)
  #expect(paths[[.name("files"), .index(1), .name("path")]] == 5)
  #expect(shown.claims.map(\.enclosingClaimIndex) == [nil, nil, 1, 2, 1, 4])
}

@Test func withheldClaimsTakeWhatIsInsideThemAlong() throws {
  let sample = try Sample()
  let withoutFirstFile = try sample.presentation.keeping { $0.path != [.name("files"), .index(0)] }
  #expect(withoutFirstFile.disclosures.count == 4)
  let shown = try withoutFirstFile.verify(with: testKey().verifyingKey)
  #expect(shown.payload["files"] == [["size": 2, "path": "b.txt"]])
  // The element itself counts now, the decoy inside it no longer.
  #expect(shown.undisclosedDigestCount == 6 + 1 + 1 + 1)
  let nothing = try sample.presentation.keeping { _ in false }.verify(with: testKey().verifyingKey)
  #expect(nothing.payload == ["kind": "example"])
  #expect(nothing.claims.isEmpty && nothing.undisclosedDigestCount == 8)
}

@Test func everyFlippedBitIsNoticed() throws {
  let sample = try Sample()
  let bytes = sample.presentation.serialized
  let key = testKey().verifyingKey
  _ = try Presentation.parse(bytes).verify(with: key)
  for index in bytes.indices {
    for bit in 0..<8 {
      var changed = bytes
      changed[index] ^= 1 << UInt8(bit)
      #expect(throws: SDJWTError.self, "byte \(index) bit \(bit)") { try Presentation.parse(changed).verify(with: key) }
    }
  }
}

@Test func noTruncationInsideAPartIsAccepted() throws {
  let bytes = try Sample().presentation.serialized
  for count in 0..<bytes.count where bytes.prefix(count).last != UInt8(ascii: "~") {
    #expect(throws: SDJWTError.self) { try Presentation.parse(Array(bytes.prefix(count))) }
  }
}

@Test func anotherKeyIsRefused() throws {
  let sample = try Sample()
  #expect(throws: SDJWTError.notAuthentic) { try sample.presentation.verify(with: testKey(1).verifyingKey) }
  _ = try sample.presentation.claimsTrustingSignature()
}

@Test func presentationsOfPythonAreAccepted() throws {
  let key = try VerifyingKey(#require(Hex.decode(ascii(PythonFixture.publicKeyHex))))
  let presentation = try Presentation.parse(ascii(PythonFixture.presentation))
  #expect(presentation.serialized == ascii(PythonFixture.presentation))
  let shown = try presentation.verify(with: key)
  #expect(shown.payload["title"] == "Ҳуҷҷати намунавӣ")
  #expect(shown.payload["files"] == [["n": 1, "path": "a.txt"], ["path": "b.txt"], "plain"])
  #expect(shown.payload["clear"] == ["open": 1, "inner": true])
  #expect(shown.payload["codes"] == ["AA", "BB"])
  #expect(presentation.jws.type == "example+sd-jwt")
  #expect(shown.undisclosedDigestCount > 0)
}

/// The text with this digest was given to `SDJWTVerifier` of Python's `sd-jwt` 0.10.4, which returned the same claims.
@Test func presentationsAreTheSameInEveryRun() throws {
  let digest = SHA256Hasher.digest(of: try Sample().presentation.serialized)
  #expect(digest.hex == "004db7860b9663d9603221275ef7f7c451e40947b36adf043f5e66b6dfd7a057")
}

@Test(arguments: [
  ("", SDJWTError.malformedPresentation), ("a.b.c", .malformedPresentation), ("~", .malformedJWS),
  ("~~", .malformedJWS),
  ("a.b~", .malformedJWS), ("a.b.c.d~", .malformedJWS), ("a.b.c~x", .keyBindingNotSupported),
])
func otherShapesAreNoPresentations(text: String, error: SDJWTError) {
  #expect(throws: error) { try Presentation.parse(ascii(text)) }
}

@Test func emptyPartsAreRefused() throws {
  let sample = try Sample()
  #expect(throws: SDJWTError.malformedPresentation) { try Presentation.parse(ascii(sample.jws.compact + "~~")) }
  let newline = sample.presentation.serialized + [0x0A]
  #expect(throws: SDJWTError.keyBindingNotSupported) { try Presentation.parse(newline) }
}

private let headers: [(String, SDJWTError)] = [
  (#"{"alg":"none"}"#, .unsupportedAlgorithm), (#"{"typ":"x"}"#, .unsupportedAlgorithm),
  (#"{"alg":"ES256"}"#, .unsupportedAlgorithm), (#"{"alg":"eddsa"}"#, .unsupportedAlgorithm),
  (#"{"alg":["EdDSA"]}"#, .unsupportedAlgorithm), (#"{"alg":"EdDSA","crit":["x"]}"#, .unsupportedCriticalHeader),
  (#"{"alg":"EdDSA","crit":[]}"#, .unsupportedCriticalHeader),
  (#"{"alg":"EdDSA","alg":"EdDSA"}"#, .malformedJSON(JSONError(.duplicateName("alg"), offset: 15, line: 1))),
  ("[]", .malformedJSON(JSONError(.unexpectedByte(0x5B), offset: 0, line: 1))),
]

@Test(arguments: headers)
func otherHeadersAreRefused(header: String, error: SDJWTError) {
  let signature = Base64.url.encode([UInt8](repeating: 0, count: 64))
  let text = Base64.url.encode(ascii(header)) + ".e30." + signature
  #expect(throws: error) { try JWS.parse(ascii(text)) }
}

@Test func paddedOrShortSignaturesAreRefused() throws {
  let compact = try Sample().jws.compact
  #expect(throws: SDJWTError.malformedJWS) { try JWS.parse(ascii(compact + "==")) }
  #expect(throws: SDJWTError.malformedJWS) { try JWS.parse(ascii(String(compact.dropLast(4)))) }
  #expect(throws: SDJWTError.malformedJWS) { try JWS.parse(ascii(" " + compact)) }
}
