@testable import EvidenceVault
import Primitives
import Testing
import TransparencyLog

/// The truth table of comparing an index with a head that was kept, and of reading words that were typed.
@Suite struct HeadComparisonTests {
  private static let roots = (0...9).map { SHA256Hasher.digest(of: [UInt8($0)]) }
  private static func head(_ size: Int, _ root: Int? = nil) throws -> TreeHead {
    try TreeHead(size: UInt64(size), root: size == 0 ? MerkleHash.emptyRoot : roots[root ?? size])
  }
  private static func words(_ size: Int, _ root: Int? = nil) -> HeadClaim {
    .words(size: UInt64(size), fingerprint: WordList.fingerprint(of: roots[root ?? size]))
  }

  /// An index of six entries, and its root at the size of the claim.
  private func compare(_ claim: HeadClaim, root: Int?, restored: Bool = false) throws -> HeadComparison {
    let former = try Continuation(origin: NoteLine("old.example"), kept: Self.head(3), lastSeen: Self.head(5, 8))
    return HeadComparison(
      claim, size: 6, root: root.map { Self.roots[$0] }, givenUp: restored ? [former] : [])
  }

  @Test func aSignedHeadIsToldExactly() throws {
    #expect(try compare(.signed(Self.head(6), covered: 6), root: 6) == .same)
    #expect(try compare(.signed(Self.head(4), covered: 6), root: 4) == .grown)
    #expect(try compare(.signed(Self.head(7), covered: 6), root: nil) == .olderCopy)
    #expect(try compare(.signed(Self.head(6), covered: 6), root: 5) == .altered)
    #expect(try compare(.signed(Self.head(4), covered: 6), root: 5) == .altered)
    #expect(try compare(.signed(Self.head(4), covered: 6), root: nil) == .cannotTell(.unreadableIndex))
    #expect(try compare(.signedLater, root: nil) == .olderCopy)
    #expect(try compare(.foreign, root: nil) == .anotherVault)
    #expect(try compare(.forged, root: nil) == .cannotTell(.invalidSignature))
  }

  @Test func wordsSayLess() throws {
    #expect(try compare(Self.words(6), root: 6) == .same)
    #expect(try compare(Self.words(4), root: 4) == .grown)
    #expect(try compare(Self.words(6, 5), root: 6) == .altered)
    #expect(try compare(Self.words(4, 5), root: 4) == .altered)
    #expect(try compare(Self.words(7), root: nil) == .cannotTell(.moreEntriesInWords))
    #expect(try compare(Self.words(0), root: 0) == .cannotTell(.emptyHead))
    #expect(try compare(Self.words(4), root: nil) == .cannotTell(.unreadableIndex))
  }

  @Test func aRestoredVaultKnowsWhatItGaveUp() throws {
    #expect(try compare(.signed(Self.head(3), covered: 3), root: 3, restored: true) == .grown)
    #expect(try compare(.signed(Self.head(5, 8), covered: 3), root: 5, restored: true) == .olderCopy)
    #expect(try compare(Self.words(5, 8), root: 5, restored: true) == .olderCopy)
    #expect(try compare(Self.words(5), root: 5, restored: true) == .grown)
    #expect(try compare(Self.words(4, 7), root: 4, restored: true) == .cannotTell(.givenUp))
    #expect(try compare(Self.words(2, 7), root: 2, restored: true) == .altered)
    #expect(try compare(Self.words(6, 7), root: 6, restored: true) == .altered)
  }

  private static let eight = "ladder announce camp void analyst month sleep awkward"

  @Test(arguments: [
    "2 \(eight)", "2  \(eight.uppercased())\n", "2-\(eight.replacing(" ", with: "-"))", " 2, \(eight)",
  ])
  func wordsAreReadAsPeopleTypeThem(text: String) throws {
    guard case .words(let size, let fingerprint) = try ExpectedHead.typed(text) else {
      Issue.record("not read as words")
      return
    }
    #expect(size == 2)
    #expect(fingerprint == Self.eight)
  }

  @Test func theNearestWordIsNamed() {
    #expect(throws: ExpectedHead.TypingFault.unknownWord("laddr", nearest: "ladder")) {
      try ExpectedHead.typed("2 laddr announce camp void analyst month sleep awkward")
    }
    #expect(throws: ExpectedHead.TypingFault.wordCount(7)) {
      try ExpectedHead.typed("2 announce camp void analyst month sleep awkward")
    }
  }

  @Test(arguments: ["head.txt", "2", "/tmp/2 heads.txt", "./2-heads"]) func otherTextIsTheNameOfAFile(text: String)
    throws
  { #expect(try ExpectedHead.typed(text) == nil) }
}
