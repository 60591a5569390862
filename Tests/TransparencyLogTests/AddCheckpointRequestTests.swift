import Primitives
import Testing
import TransparencyLog

@Suite struct AddCheckpointRequestTests {
  private let tree = NaiveTree(entries(0..<7))

  private func note(_ size: Int) throws -> SignedNote {
    let signer = try signer("example.org/log", seedByte: 1)
    let checkpoint = try Checkpoint(origin: NoteLine("example.org/log"), head: tree.head(size))
    return try SignedNote(text: checkpoint.text, signatures: [signer.sign(checkpoint.text)])
  }

  private func proof(from size: Int) throws -> ConsistencyProof {
    try ConsistencyProof(hashes: size == 0 ? [] : tree.subproof(size, 0..<7, true))
  }

  @Test func everyOldSizeIsWrittenAndReadTheSame() throws {
    for size in 0...7 {
      let request = try AddCheckpointRequest(oldSize: UInt64(size), proof: proof(from: size), note: note(7))
      let again = try AddCheckpointRequest(request.bytes)
      #expect(again == request)
      #expect(String(decoding: request.bytes, as: UTF8.self).hasPrefix("old \(size)\n"))
      try again.proof.verify(from: tree.head(size), to: Checkpoint(again.note.text).head)
    }
  }

  @Test func theExampleOfTheSpecificationIsRead() throws {
    let text = """
      old 20852014
      PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
      jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
      5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
      /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

      example.com/behind-the-sofa
      20852163
      CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

      — example.com/behind-the-sofa \
      Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
      — example.com/behind-the-sofa \
      opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=

      """
    let request = try AddCheckpointRequest(Array(text.utf8))
    #expect(request.oldSize == 20_852_014)
    #expect(request.proof.hashes.count == 4)
    #expect(request.note.signatures.count == 2)
    #expect(request.bytes == Array(text.utf8))
  }

  @Test(arguments: [
    "old 00\n\n", "old 8\n\n", "old  0\n\n", "new 0\n\n", "old 3\n", "old 3\n\n", "old 3\nAAAA\n\n", "old -1\n\n",
  ])
  func otherFirstLinesAreRefused(start: String) throws {
    #expect(throws: LogError.self) { try AddCheckpointRequest(Array(start.utf8) + note(7).bytes) }
  }

  @Test func hashesWhereNoneAreNeededAreRefused() throws {
    let hashes = try ConsistencyProof(hashes: [MerkleHash.emptyRoot])
    for size in [0, 7] {
      #expect(throws: LogError.malformed(.witnessRequest)) {
        try AddCheckpointRequest(oldSize: UInt64(size), proof: hashes, note: note(7))
      }
    }
  }

  @Test func moreThan63HashesAreRefused() throws {
    let hash = Base64.padded.encode(MerkleHash.emptyRoot.bytes) + "\n"
    for (count, isFine) in [(63, true), (64, false)] {
      let start = "old 3\n" + String(repeating: hash, count: count) + "\n"
      let bytes = try Array(start.utf8) + note(7).bytes
      let request = try? AddCheckpointRequest(bytes)
      #expect((request != nil) == isFine)
    }
  }
}
