import Primitives
import Testing

@testable import SecretSharing

struct VectorTests {
  @Test(.enabled(if: PublishedVector.isPresent, PublishedVector.absence)) func publishedVectorsHold() throws {
    let vectors = try PublishedVector.all()
    #expect(vectors.count > 20)
    for vector in vectors {
      if vector.secret.isEmpty {
        #expect(throws: SharingError.self, "\(vector)") {
          _ = try Sharing.combine(vector.shares.map { try Share(words: $0) }, passphrase: secret("TREZOR".utf8))
        }
      } else {
        let shares = try vector.shares.map { try Share(words: $0) }
        #expect(shares.map(\.words) == vector.shares, "\(vector)")
        let combined = try Sharing.combine(shares.reversed(), passphrase: secret("TREZOR".utf8))
        #expect(Hex.encode(revealed(combined)) == vector.secret, "\(vector)")
      }
    }
  }

  /// Each vector that must fail does so for the reason that it names.
  @Test(.enabled(if: PublishedVector.isPresent, PublishedVector.absence)) func publishedVectorsFailForTheirReason()
    throws
  {
    let reasons: [(String, (SharingError) -> Bool)] = [
      ("invalid checksum", { if case .wrongChecksum = $0 { true } else { false } }),
      ("invalid padding", { $0 == .invalidPadding }),
      ("different identifiers", { $0 == .otherSet(shareIndex: 1) }),
      ("different iteration exponents", { $0 == .otherSet(shareIndex: 1) }),
      ("mismatching group thresholds", { if case .otherSet = $0 { true } else { false } }),
      ("mismatching group counts", { $0 == .otherSet(shareIndex: 1) }),
      ("greater group threshold", { $0 == .groupThresholdAboveCount }),
      ("duplicate member indices", { $0 == .duplicateShare(shareIndex: 1) }),
      ("mismatching member thresholds", { $0 == .mismatchedThreshold(shareIndex: 1) }),
      ("invalid digest", { $0 == .wrongDigest }),
      ("Insufficient number", { $0 == .tooFewShares }),
      ("insufficient number of members", { $0 == .tooFewShares }),
      ("insufficient length", { $0 == .wordCount(19) }),
    ]
    var triedCount = 0
    for vector in try PublishedVector.all() {
      guard let reason = reasons.first(where: { vector.description.contains($0.0) }) else { continue }
      do {
        _ = try Sharing.combine(vector.shares.map { try Share(words: $0) })
        Issue.record("\(vector) combines")
      } catch let error as SharingError {
        #expect(reason.1(error), "\(vector): \(error)")
      }
      triedCount += 1
    }
    #expect(triedCount >= reasons.count)
  }

  @Test func theWordListIsThatOfTheStandard() {
    #expect(ShareWords.all.count == 1024)
    #expect(ShareWords.all == ShareWords.all.sorted())
    #expect(ShareWords.all.allSatisfy { (4...8).contains($0.utf8.count) })
    #expect(Set(ShareWords.all.map { $0.prefix(4) }).count == 1024)
    #expect(
      SHA256Hasher.digest(of: (ShareWords.all.joined(separator: "\n") + "\n").utf8).hex
        == "bcc4555340332d169718aed8bf31dd9d5248cb7da6e5d355140ef4f1e601eec3")
  }

  /// x³ + x + 1 and its like are easily mistaken: products and inverses are compared with the definition.
  @Test func theFieldIsThatOfAES() {
    #expect(FiniteField.multiply(0x57, 0x83) == 0xc1)  // FIPS 197 section 4.2
    #expect(FiniteField.multiply(0x57, 0x13) == 0xfe)
    for element in UInt8(1)...255 { #expect(FiniteField.multiply(element, FiniteField.inverse(element)) == 1) }
    #expect(FiniteField.inverse(0) == 0)
  }
}
