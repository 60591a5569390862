import Primitives
import Testing
import TransparencyLog

struct CheckpointTests {
  private static let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
  private static let example = "example.com/behind-the-sofa\n20852163\n\(root)\n"

  @Test func theCheckpointOfTheSpecificationParses() throws {
    let note = try SignedNote(
      Array(
        """
        \(Self.example)
        — example.com/behind-the-sofa \
        Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
        — witness.example.com/w1 \
        jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZC\
        B9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

        """.utf8))
    let checkpoint = try Checkpoint(note.text)
    #expect(checkpoint.origin.description == "example.com/behind-the-sofa")
    #expect(checkpoint.head.size == 20_852_163)
    #expect(checkpoint.head.root.bytes == Base64.padded.decode(Self.root))
    #expect(checkpoint.extensions.isEmpty)
    #expect(note.signatures.map(\.signature.count) == [64, 72])
    #expect(try Checkpoint(origin: checkpoint.origin, head: checkpoint.head).text == note.text)
  }

  @Test func extensionLinesAreKept() throws {
    let text = try NoteText("log\n1\n\(Self.root)\none\ntwo words\n")
    let checkpoint = try Checkpoint(text)
    #expect(checkpoint.extensions.map(\.description) == ["one", "two words"])
    #expect(checkpoint.text == text)
  }

  @Test func theEmptyTreeHasOneCheckpoint() throws {
    let checkpoint = try Checkpoint(origin: NoteLine("log"), head: .empty)
    #expect(checkpoint.text.description == "log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
    #expect(throws: LogError.malformed(.treeHead)) { try Checkpoint(NoteText("log\n0\n\(Self.root)\n")) }
  }

  @Test(arguments: [
    "\n", "log\n", "log\n1\n", "log\n1\n\n", "\n1\n\(root)\n", "log\n\n\(root)\n",
    "log\n01\n\(root)\n", "log\n00\n\(root)\n",
    "log\n+1\n\(root)\n", "log\n-1\n\(root)\n", "log\n 1\n\(root)\n", "log\n1 \n\(root)\n", "log\n0x1\n\(root)\n",
    "log\n٣\n\(root)\n", "log\n18446744073709551616\n\(root)\n", "log\n18446744073709551615\n\(root)\n",
    "log\n9223372036854775808\n\(root)\n", "log\n99999999999999999999999999\n\(root)\n", "log\n1\n\(root)\n\n",
    "log\n1\n\(root)\na\n\n", "log\n1\n\(root)\n\na\n", "log\n1\n\(root) \n", "log\n1\nAAAA\n",
    "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n", "log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
  ])
  func malformedCheckpointsAreRefused(text: String) {
    #expect(throws: LogError.self) { try Checkpoint(NoteText(text)) }
  }

  @Test func carriageReturnsAreRefused() {
    #expect(throws: LogError.malformed(.text)) { try NoteText("log\r\n1\r\n\(Self.root)\r\n") }
  }

  @Test func everyTruncationIsRefused() {
    for bytes in truncations(of: Array(Self.example.utf8)) {
      #expect(throws: LogError.self) { try Checkpoint(NoteText(bytes)) }
    }
  }

  @Test func aCheckpointThatParsesIsWrittenBackUnchanged() {
    for bytes in mutations(of: Array((Self.example + "extension\n").utf8)) {
      if let checkpoint = try? Checkpoint(NoteText(bytes)) { #expect(checkpoint.text.bytes == bytes) }
    }
  }

  @Test func aCheckpointOfAnotherOriginIsRefused() throws {
    let signer = try signer("log", seedByte: 1)
    let checkpoint = try Checkpoint(origin: NoteLine("caf\u{E9}"), head: .empty)
    let note = try SignedNote(text: checkpoint.text, signatures: [signer.sign(checkpoint.text)])
    let verified = try note.verifiedCheckpoint(of: checkpoint.origin, by: [signer.verifierKey])
    #expect(verified.checkpoint == checkpoint && verified.signers == [signer.verifierKey])
    #expect(throws: LogError.otherOrigin(checkpoint.origin)) {
      try note.verifiedCheckpoint(of: NoteLine("cafe\u{301}"), by: [signer.verifierKey])
    }
    #expect(throws: LogError.notSigned) { try note.verifiedCheckpoint(of: checkpoint.origin, by: []) }
  }
}

struct TlogProofTests {
  private let origin: NoteLine
  private let key: VerifierKey
  private let proof: TlogProof

  init() throws {
    let signer = try signer("example.com/log", seedByte: 1)
    let store = MemoryTiles()
    let head = try store.append(entries(0..<7), to: .empty)
    origin = try NoteLine("example.com/log")
    let text = try Checkpoint(origin: origin, head: head).text
    key = signer.verifierKey
    proof = try TlogProof(
      inclusion: TileTree(head: head, reader: store.reader()).inclusionProof(for: 5),
      note: SignedNote(text: text, signatures: [signer.sign(text)]))
  }

  @Test func theFileHasTheFormOfTheSpecification() throws {
    let lines = String(decoding: proof.bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.prefix(2) == ["c2sp.org/tlog-proof@v1", "index 5"])
    #expect(lines[2..<5].map(String.init) == proof.inclusion.hashes.map { Base64.padded.encode($0.bytes) })
    #expect(lines[5...].joined(separator: "\n").utf8.elementsEqual("\n".utf8 + proof.note.bytes))
  }

  @Test func aProofVerifiesForItsEntryOnly() throws {
    let read = try TlogProof(proof.bytes)
    #expect(read == proof)
    #expect(try read.verify(entries(5..<6)[0], in: origin, by: [key]).checkpoint.head.size == 7)
    #expect(throws: LogError.notProven) { try read.verify(entries(4..<5)[0], in: origin, by: [key]) }
    #expect(throws: LogError.notSigned) { try read.verify(entries(5..<6)[0], in: origin, by: []) }
    #expect(throws: LogError.otherOrigin(origin)) {
      try read.verify(entries(5..<6)[0], in: NoteLine("other"), by: [key])
    }
  }

  @Test(arguments: [[], [0], [1, 2, 3], [UInt8](repeating: 5, count: 65_536)] as [[UInt8]])
  func extraDataIsKept(extra: [UInt8]) throws {
    let with = try TlogProof(extra: extra, inclusion: proof.inclusion, note: proof.note)
    #expect(try TlogProof(with.bytes) == with)
    #expect(with != proof)
  }

  @Test func aProofOfATreeWithOneEntryHasNoHashes() throws {
    let signer = try signer("log", seedByte: 1)
    let head = try TreeHead(size: 1, root: MerkleHash.leaf([1]))
    let text = try Checkpoint(origin: origin, head: head).text
    let note = try SignedNote(text: text, signatures: [signer.sign(text)])
    let lone = try TlogProof(inclusion: InclusionProof(index: 0, hashes: []), note: note)
    #expect(lone.bytes.starts(with: "c2sp.org/tlog-proof@v1\nindex 0\n\nexample.com/log\n".utf8))
    #expect(try TlogProof(lone.bytes).verify([1], in: origin, by: [signer.verifierKey]).checkpoint.head == head)
  }

  @Test func everyTruncationIsRefused() {
    for bytes in truncations(of: proof.bytes) { #expect(throws: LogError.self) { try TlogProof(bytes) } }
  }

  @Test func everyChangedByteIsRefused() throws {
    let entry = entries(5..<6)[0]
    for bytes in mutations(of: proof.bytes) {
      #expect(throws: LogError.self) { try TlogProof(bytes).verify(entry, in: origin, by: [key]) }
    }
  }

  @Test func malformedFilesAreRefused() throws {
    let hashes = proof.inclusion.hashes.map { Base64.padded.encode($0.bytes) + "\n" }.joined()
    let note = String(decoding: proof.note.bytes, as: UTF8.self)
    let first = "c2sp.org/tlog-proof@v1\n"
    let sound = Array("\(first)index 5\n\(hashes)\n\(note)".utf8)
    #expect(try TlogProof(sound) == proof)
    for wrong in [
      "c2sp.org/tlog-proof@v2\nindex 5\n\(hashes)\n\(note)", "\(first)index 05\n\(hashes)\n\(note)",
      "\(first)index 18446744073709551615\n\(hashes)\n\(note)", "\(first)index 7\n\(hashes)\n\(note)",
      "\(first)index  5\n\(hashes)\n\(note)", "\(first)Index 5\n\(hashes)\n\(note)", "\(first)\(hashes)\n\(note)",
      "\(first)index 5\nextra AA==\n\(hashes)\n\(note)", "\(first)extra AA==\nextra AA==\nindex 5\n\(hashes)\n\(note)",
      "\(first)extra AB==\nindex 5\n\(hashes)\n\(note)", "\(first)extra\nindex 5\n\(hashes)\n\(note)",
      "\(first)index 5\n\(hashes)\(note)", "\(first)index 5\n\(hashes)\n\n\(note)",
      "\(first)index 5\n\(hashes)AAAA\n\n\(note)",
      "\(first)index 5\n\(String(repeating: hashes, count: 22))\n\(note)", "\(first)index 5\r\n\(hashes)\n\(note)",
      "\n\(first)index 5\n\(hashes)\n\(note)", "\(first)index 5\n\(hashes)\n\(note)\n",
    ] {
      #expect(throws: LogError.self) { try TlogProof(Array(wrong.utf8)) }
    }
  }

  @Test func limitsAndAWrongNoteAreRefused() throws {
    let tooMuch = [UInt8](repeating: 0, count: TlogProof.maximumExtraByteCount + 1)
    #expect(throws: LogError.beyondLimit(.proofFile)) {
      try TlogProof(extra: tooMuch, inclusion: proof.inclusion, note: proof.note)
    }
    #expect(throws: LogError.beyondLimit(.proofFile)) {
      try TlogProof([UInt8](repeating: 0x0A, count: TlogProof.maximumByteCount + 1))
    }
    let note = try SignedNote(text: NoteText("no checkpoint\n"), signatures: proof.note.signatures)
    #expect(throws: LogError.malformed(.checkpoint)) { try TlogProof(inclusion: proof.inclusion, note: note) }
    #expect(throws: LogError.beyondTree(size: 7)) {
      try TlogProof(inclusion: InclusionProof(index: 7, hashes: []), note: proof.note)
    }
  }
}
