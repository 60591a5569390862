import Foundation
import Primitives
import Testing
import TransparencyLog

/// Every tree of up to 512 leaves: two full tiles of hashes and all that lies between.
///
/// Heads are all compared at every run, proofs at random places of some trees. With EVIDENCE_EXHAUSTIVE=1 all of them
/// are: 131,328 proofs of inclusion and as many of consistency, made from tiles, compared with those that the RFC
/// defines, and verified. That takes hours without optimisation:
///
///     EVIDENCE_EXHAUSTIVE=1 swift test -c release -Xswiftc -enable-testing --filter ExhaustiveTests
struct ExhaustiveTests {
  private static let largest = 512
  private static let isWhole = ProcessInfo.processInfo.environment["EVIDENCE_EXHAUSTIVE"] == "1"
  /// In an ordinary run, one tree of so many is tried, at one place.
  private static let sampleStep = 8

  private let tree = NaiveTree(entries(0..<largest))

  @Test func headsOfAllSizesAreThoseOfTheRFC() throws {
    let store = MemoryTiles()
    var (head, accumulator) = (TreeHead.empty, RootAccumulator())
    for size in 0...Self.largest {
      #expect(head == tree.head(size))
      #expect(accumulator.head == head)
      guard size < Self.largest else { return }
      accumulator.append(tree.leaves[size])
      head = try store.append(entries(size..<size + 1), to: head)
    }
  }

  @Test func proofsOfAllSizesAreThoseOfTheRFC() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var randomness = SplitMix(state: seed)
    let store = MemoryTiles()
    var head = TreeHead.empty
    for size in 1...Self.largest {
      head = try store.append(entries(size - 1..<size), to: head)
      let tiles = TileTree(head: head, reader: store.reader())
      let isChosen = Int.random(in: 0..<Self.sampleStep, using: &randomness) == 0
      let sample = isChosen ? [Int.random(in: 0..<size, using: &randomness)] : []
      let indices = Self.isWhole ? Array(0..<size) : sample
      for index in indices {
        let comment: Comment = "leaf \(index) of \(size), seed \(seed)"
        let inclusion = try tiles.inclusionProof(for: UInt64(index))
        #expect(inclusion.hashes == tree.path(index, 0..<size), comment)
        #expect(throws: Never.self, comment) { try inclusion.verify(tree.leaves[index], in: head) }
        let older = index + 1
        let consistency = try tiles.consistencyProof(from: UInt64(older))
        #expect(consistency.hashes == tree.subproof(older, 0..<size, true), comment)
        #expect(throws: Never.self, comment) { try consistency.verify(from: tree.head(older), to: head) }
        #expect(try tiles.head(ofSize: UInt64(older)) == tree.head(older), comment)
      }
      store.forgetReads()
    }
  }

  /// A proof that fits one pair of heads fits no other: neither another leaf nor another size.
  @Test func aProofFitsNothingElse() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var randomness = SplitMix(state: seed)
    for _ in 0..<(Self.isWhole ? 100_000 : 2_000) {
      let size = Int.random(in: 2...Self.largest, using: &randomness)
      let index = Int.random(in: 0..<size, using: &randomness)
      let other = Int.random(in: 0..<size, using: &randomness)
      guard index != other else { continue }
      let hashes = tree.path(index, 0..<size)
      #expect(throws: LogError.notProven, "leaf \(other) with the proof of \(index) of \(size), seed \(seed)") {
        try InclusionProof(index: UInt64(other), hashes: hashes).verify(tree.leaves[other], in: tree.head(size))
      }
      let proof = try ConsistencyProof(hashes: tree.subproof(index + 1, 0..<size, true))
      #expect(throws: LogError.notProven, "from \(other + 1) with the proof from \(index + 1), seed \(seed)") {
        try proof.verify(from: tree.head(other + 1), to: tree.head(size))
      }
    }
  }
}

/// Numbers that can be had again from the seed that a failure prints.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
