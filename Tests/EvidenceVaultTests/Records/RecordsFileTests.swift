import Age
@testable import EvidenceVault
import SelectiveDisclosure
import Streams
import Testing

/// Records files that a reader of the vault, or anybody who has their public key, put in its place.
@Suite struct RecordsFileTests {
  private let identity = Identity(generating: .x25519)

  private func open(_ text: String) throws -> [[Disclosure]] {
    let sealed = MemorySink()
    try Sealing.seal(from: MemorySource(Array(text.utf8)), to: sealed, for: [identity.recipient])
    return try RecordsFile.open(MemorySource(sealed.bytes), with: [identity])
  }

  @Test func linesAreDisclosuresAndNothingElse() throws {
    let line = #"{"disclosures":["WyJzIiwxXQ"]}"#
    #expect(try open("\(line)\n\(#"{"disclosures":[]}"#)\n\n\n").map(\.count) == [1, 0])
    for wrong in [
      #"{"disclosures":[1]}"#, #"{"disclosures":[null]}"#, #"{"disclosures":["WyJzIiwxXQ",["WyJzIiwxXQ"]]}"#,
      #"{"disclosures":{}}"#, "{}", "[]", #"{"disclosures":["x"]}"#,
    ] {
      #expect(throws: SDJWTError.malformedDisclosure, "\(wrong)") { try open("\(line)\n\(wrong)\n") }
    }
  }
}
