import Primitives
import Testing
import TransparencyLog

/// What is longer than any request is refused before it is read.
struct LimitTests {
  @Test func aRequestHasALimit() {
    let long = [UInt8](repeating: UInt8(ascii: "A"), count: AddCheckpointRequest.maximumByteCount + 1)
    #expect { try AddCheckpointRequest(long) } throws: {
      if case LogError.beyondLimit(.witnessRequest) = $0 { true } else { false }
    }
  }

  @Test func noTreeHasAProofOfSoManyHashes() throws {
    let hash = SHA256Hasher.digest(of: [])
    let hashes = [Digest](repeating: hash, count: AddCheckpointRequest.maximumHashCount + 1)
    let line = Base64.padded.encode(hash.bytes)
    let signature = Base64.padded.encode([UInt8](repeating: 3, count: 68))
    let note = try SignedNote(Array("log.invalid/a\n3\n\(line)\n\n— log.invalid/a \(signature)\n".utf8))
    let proof = try ConsistencyProof(hashes: hashes)
    #expect { try AddCheckpointRequest(oldSize: 1, proof: proof, note: note) } throws: {
      if case LogError.beyondLimit(.proof) = $0 { true } else { false }
    }
  }
}
