import Primitives
import Testing
import TransparencyLog

struct MerkleTreeTests {
  private let tree = NaiveTree(entries(0..<130))

  @Test func emptyRootIsTheDigestOfNoBytes() {
    #expect(MerkleHash.emptyRoot.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(RootAccumulator().head == TreeHead.empty)
  }

  @Test func rootsOfTheReferenceTreeOfCertificateTransparency() throws {
    let leaves = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    var accumulator = RootAccumulator()
    for leaf in leaves { accumulator.append(MerkleHash.leaf(try #require(Hex.decode(Array(leaf.utf8))))) }
    #expect(accumulator.root.hex == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")
  }

  @Test func accumulatorHasTheRootOfEverySize() {
    var accumulator = RootAccumulator()
    for size in 0...130 {
      #expect(accumulator.head == tree.head(size))
      if size < 130 { accumulator.append(tree.leaves[size]) }
    }
  }

  @Test func everyInclusionProofOfTheRFCVerifiesAndOnlyForItsLeaf() throws {
    for size in 1...130 {
      let head = tree.head(size)
      for index in 0..<size {
        let proof = try InclusionProof(index: UInt64(index), hashes: tree.path(index, 0..<size))
        #expect(throws: Never.self) { try proof.verify(tree.leaves[index], in: head) }
        #expect(throws: LogError.notProven) { try proof.verify(MerkleHash.leaf([]), in: head) }
      }
    }
  }

  @Test func everyConsistencyProofOfTheRFCVerifiesAndOnlyForItsHeads() throws {
    for newer in 0...130 {
      for older in 0...newer {
        let hashes = older == 0 ? [] : tree.subproof(older, 0..<newer, true)
        let proof = try ConsistencyProof(hashes: hashes)
        #expect(throws: Never.self) { try proof.verify(from: tree.head(older), to: tree.head(newer)) }
        guard older > 0 else { continue }
        let other = try TreeHead(size: UInt64(older), root: MerkleHash.emptyRoot)
        #expect(throws: LogError.notProven) { try proof.verify(from: other, to: tree.head(newer)) }
      }
    }
  }

  @Test func inclusionProofWithAnyBitChangedIsRefused() throws {
    for size in 2...9 {
      for index in 0..<size {
        let hashes = tree.path(index, 0..<size)
        for (place, hash) in hashes.enumerated() {
          for bit in 0..<256 {
            var changed = hashes
            changed[place] = hash.flipping(bit: bit)
            let proof = try InclusionProof(index: UInt64(index), hashes: changed)
            #expect(throws: LogError.notProven) { try proof.verify(tree.leaves[index], in: tree.head(size)) }
          }
        }
      }
    }
  }

  @Test func consistencyProofWithAnyBitChangedIsRefused() throws {
    for newer in 2...8 {
      for older in 1..<newer {
        let hashes = tree.subproof(older, 0..<newer, true)
        for (place, hash) in hashes.enumerated() {
          for bit in 0..<256 {
            var changed = hashes
            changed[place] = hash.flipping(bit: bit)
            let proof = try ConsistencyProof(hashes: changed)
            #expect(throws: LogError.notProven) { try proof.verify(from: tree.head(older), to: tree.head(newer)) }
          }
        }
      }
    }
  }

  @Test func proofWithAHashTooFewOrTooManyIsRefused() throws {
    for size in 1...20 {
      for index in 0..<size {
        let hashes = tree.path(index, 0..<size)
        for wrong in [hashes + [MerkleHash.emptyRoot], Array(hashes.dropLast()), Array(hashes.dropFirst())]
        where wrong != hashes {
          let proof = try InclusionProof(index: UInt64(index), hashes: wrong)
          #expect(throws: LogError.notProven) { try proof.verify(tree.leaves[index], in: tree.head(size)) }
        }
        let older = index + 1
        let steps = tree.subproof(older, 0..<size, true)
        for wrong in [steps + [MerkleHash.emptyRoot], Array(steps.dropLast()), Array(steps.dropFirst())]
        where wrong != steps {
          let proof = try ConsistencyProof(hashes: wrong)
          #expect(throws: LogError.notProven) { try proof.verify(from: tree.head(older), to: tree.head(size)) }
        }
      }
    }
  }

  /// A root of four leaves that is signed as one of eight: the proofs for four end below what is claimed.
  @Test func headThatClaimsMoreLeavesThanItsRootHasIsRefused() throws {
    for (size, claimed) in [(2, 4), (4, 8), (4, 7), (8, 100), (64, 128)] {
      let lying = try TreeHead(size: UInt64(claimed), root: tree.head(size).root)
      for index in 0..<size {
        let inclusion = try InclusionProof(index: UInt64(index), hashes: tree.path(index, 0..<size))
        #expect(throws: LogError.notProven) { try inclusion.verify(tree.leaves[index], in: lying) }
        guard index > 0 else { continue }
        let consistency = try ConsistencyProof(hashes: tree.subproof(index, 0..<size, true))
        #expect(throws: LogError.notProven) { try consistency.verify(from: tree.head(index), to: lying) }
      }
    }
  }

  @Test func proofForAnotherIndexIsRefused() throws {
    for size in 2...20 {
      for index in 0..<size {
        for other in 0..<size where other != index {
          let proof = try InclusionProof(index: UInt64(other), hashes: tree.path(index, 0..<size))
          #expect(throws: LogError.notProven) { try proof.verify(tree.leaves[index], in: tree.head(size)) }
        }
      }
    }
  }

  @Test func proofBeyondTheTreeIsRefused() throws {
    let proof = try InclusionProof(index: 5, hashes: [])
    #expect(throws: LogError.beyondTree(size: 5)) { try proof.verify(tree.leaves[0], in: tree.head(5)) }
    #expect(throws: LogError.beyondTree(size: 0)) { try proof.verify(tree.leaves[0], in: .empty) }
    let consistency = try ConsistencyProof(hashes: [])
    #expect(throws: LogError.beyondTree(size: 4)) { try consistency.verify(from: tree.head(5), to: tree.head(4)) }
  }

  @Test func proofsAgainstTheLargestTreeDoNotTrap() throws {
    let head = try TreeHead(size: TreeHead.maximumSize, root: tree.leaves[0])
    let hashes = [Digest](repeating: tree.leaves[1], count: 63)
    for index in [0, 1, TreeHead.maximumSize - 1] {
      let proof = try InclusionProof(index: index, hashes: hashes)
      #expect(throws: LogError.notProven) { try proof.verify(tree.leaves[0], in: head) }
    }
    for size in [1, 2, 3, UInt64(1) << 62, TreeHead.maximumSize - 1] {
      let proof = try ConsistencyProof(hashes: hashes)
      let older = try TreeHead(size: size, root: tree.leaves[2])
      #expect(throws: LogError.notProven) { try proof.verify(from: older, to: head) }
    }
  }

  @Test func limitsHold() {
    #expect(throws: LogError.beyondLimit(.treeHead)) {
      try TreeHead(size: 1 << 63, root: MerkleHash.emptyRoot)
    }
    #expect(throws: LogError.malformed(.treeHead)) { try TreeHead(size: 0, root: MerkleHash.leaf([])) }
    let hashes = [Digest](repeating: MerkleHash.emptyRoot, count: 65)
    #expect(throws: LogError.beyondLimit(.proof)) { try InclusionProof(index: 0, hashes: hashes) }
    #expect(throws: LogError.beyondLimit(.proof)) { try InclusionProof(index: .max, hashes: []) }
    #expect(throws: LogError.beyondLimit(.proof)) { try ConsistencyProof(hashes: hashes) }
  }
}
