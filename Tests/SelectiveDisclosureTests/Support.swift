import Primitives
import SelectiveDisclosure
import StrictJSON
import Synchronization

/// Bytes that differ from call to call and are the same in every run.
final class CountingRandomness: RandomSource {
  private let next = Atomic<UInt64>(1)

  func fill(_ bytes: inout MutableSpan<UInt8>) {
    let start = next.add(1, ordering: .relaxed).newValue &* 0x9E37_79B9_7F4A_7C15
    for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: (start &* UInt64(index + 1)) >> 24) }
  }
}

func testKey(_ first: UInt8 = 0) -> SigningKey {
  SigningKey(seed: SecretBytes(count: 32) { for index in 0..<32 { $0[index] = UInt8(index) ^ first } })
}

/// A record with a title, a member inside a member, and two files of which each name can be withheld alone.
struct Sample {
  let jws: JWS
  let disclosures: [Disclosure]
  var presentation: Presentation { Presentation(jws: jws, disclosures: disclosures) }

  init() throws {
    let random = CountingRandomness()
    let title = try Disclosure(name: "title", value: "Ҳуҷҷати намунавӣ", randomness: random)
    let paths = try ["a.txt", "b.txt"].map { try Disclosure(name: "path", value: .string($0), randomness: random) }
    let elements = try zip(1..., paths).map { size, path in
      Disclosure(
        element: .object(
          try IssuerClaims.object(
            ["size": .integer(Int64(size))], hiding: [path], digestCount: 2, randomness: random)),
        randomness: random)
    }
    let files = try Disclosure(
      name: "files", value: IssuerClaims.array(hiding: elements, digestCount: 3, randomness: random),
      randomness: random)
    let payload = try IssuerClaims.payload(
      ["kind": "example"], hiding: [title, files], digestCount: 8, randomness: random)
    let key = testKey()
    self.jws = JWS.sign(payload, type: "example+sd-jwt", key: key)
    self.disclosures = [title, files] + zip(elements, paths).flatMap { [$0, $1] }
  }
}

func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Runs the rules on a payload that the issuer did not compose with `IssuerClaims`.
func process(_ payload: JSONObject, _ disclosures: [Disclosure]) throws(SDJWTError) -> DisclosedClaims {
  let key = testKey()
  let jws = JWS.sign(payload, type: "test", key: key)
  return try Presentation(jws: jws, disclosures: disclosures).claimsTrustingSignature()
}

func digestText(_ disclosure: Disclosure) -> JSON { .string(Base64.url.encode(disclosure.digest.bytes)) }
