import Primitives
import Testing
import TransparencyLog

/// Three witnesses with the same keys at every run, and a checkpoint.
private enum Bench {
  static func signer(_ number: UInt8) throws -> CosignatureSigner {
    let seed = SecretBytes(count: 32) { span in span[0] = number }
    return CosignatureSigner(name: try KeyName("witness.invalid/w\(number)"), key: SigningKey(seed: seed))
  }

  static func key(_ number: UInt8) throws -> WitnessKey { try signer(number).witnessKey }

  static func text(size: UInt64 = 3, seed: UInt8 = 7) throws -> NoteText {
    let root = try #require(Digest([UInt8](repeating: seed, count: 32)))
    return try Checkpoint(origin: NoteLine("log.invalid/a"), head: TreeHead(size: size, root: root)).text
  }
}

struct CosignatureTests {
  @Test func severalWitnessesAreToldApartAndOthersPassedOver() throws {
    let text = try Bench.text()
    let signatures = try [
      Bench.signer(1).sign(text, time: 100), Bench.signer(2).sign(text, time: 200), Bench.signer(3).sign(text, time: 1),
    ]
    let note = try SignedNote(SignedNote(text: text, signatures: signatures).bytes)
    let found = try note.cosignatures(by: [Bench.key(2), Bench.key(1)])
    #expect(found.map(\.time) == [200, 100])
    #expect(try found.map(\.witness) == [Bench.key(2), Bench.key(1)])
    #expect(try note.cosignatures(by: []) == [])
  }

  @Test func theLatestOfAWitnessCountsAndItCountsOnce() throws {
    let text = try Bench.text()
    let signatures = try [5, 9, 7].map { try Bench.signer(1).sign(text, time: $0) }
    let found = try SignedNote(text: text, signatures: signatures).cosignatures(by: [Bench.key(1), Bench.key(1)])
    #expect(found.map(\.time) == [9])
  }

  @Test func everyChangedBitIsRefused() throws {
    let text = try Bench.text()
    let signature = try Bench.signer(1).sign(text, time: 1_700_000_000)
    for byte in signature.signature.indices {
      for bit in 0..<8 {
        var bytes = signature.signature
        bytes[byte] ^= 1 << UInt8(bit)
        try expectRefused(NoteSignature(name: signature.name, keyID: signature.keyID, signature: bytes), of: text)
      }
    }
    for count in 1..<signature.signature.count {
      let cut = Array(signature.signature.prefix(count))
      try expectRefused(NoteSignature(name: signature.name, keyID: signature.keyID, signature: cut), of: text)
    }
    try expectRefused(signature, of: Bench.text(size: 4))
  }

  @Test func aHundredSignaturesAreReadAndTenThousandRefused() throws {
    let text = try Bench.text()
    let own = try Bench.signer(1).sign(text, time: 5)
    let stranger = try NoteSignature(name: KeyName("s.invalid"), keyID: 7, signature: [UInt8](repeating: 1, count: 72))
    let most = SignedNote.maximumSignatureCount
    let full = try SignedNote(text: text, signatures: [own] + Array(repeating: stranger, count: most - 1))
    #expect(try SignedNote(full.bytes).cosignatures(by: [Bench.key(1)]).map(\.time) == [5])
    let line = Array(full.bytes.dropFirst(text.bytes.count + 1).split(separator: 10)[1]) + [10]
    // Within the limit of bytes it is the number that counts, beyond it nothing is read at all.
    for count in [most, 7_000, 10_000, 20_000] {
      let flood = try SignedNote(text: text, signatures: [own]).bytes + Array(repeating: line, count: count).joined()
      #expect(throws: LogError.beyondLimit(.note)) { try SignedNote(flood) }
    }
  }

  @Test func timesThatAreNoneAreRefused() throws {
    let text = try Bench.text()
    for time in [0, UInt64(Int64.max) + 1, .max] { try expectRefused(Bench.signer(1).sign(text, time: time), of: text) }
    for time in [1, UInt64(Int64.max)] {
      let note = try SignedNote(text: text, signatures: [Bench.signer(1).sign(text, time: time)])
      #expect(try note.cosignatures(by: [Bench.key(1)]).map(\.time) == [time])
    }
  }

  private func expectRefused(_ signature: NoteSignature, of text: NoteText) throws {
    let note = try SignedNote(text: text, signatures: [signature])
    #expect(throws: LogError.invalidSignature(by: signature.name)) { try note.cosignatures(by: [Bench.key(1)]) }
  }

  /// The key of a log and that of a witness have different IDs, even where key and name are the same.
  @Test func aPlainSignatureIsNoCosignature() throws {
    let text = try Bench.text()
    let seed = SecretBytes(count: 32) { span in span[0] = 1 }
    let plain = NoteSigner(name: try Bench.key(1).name, key: SigningKey(seed: seed))
    let note = try SignedNote(text: text, signatures: [plain.sign(text), Bench.signer(1).sign(text, time: 1)])
    #expect(try note.verified(by: [plain.verifierKey]) == [plain.verifierKey])
    #expect(try note.cosignatures(by: [Bench.key(1)]).count == 1)
    #expect(try plain.verifierKey.keyID != Bench.key(1).keyID)
    #expect(throws: LogError.malformed(.verifierKey)) { try WitnessKey(plain.verifierKey.description) }
    #expect(throws: LogError.malformed(.verifierKey)) { try VerifierKey(Bench.key(1).description) }
    #expect(try WitnessKey(Bench.key(1).description) == Bench.key(1))
  }
}

struct WitnessDecisionTests {
  /// Every pair of sizes of two histories that share their first four entries, with every proof that could come.
  @Test func noTwoHeadsThatContradictEachOtherAreSigned() throws {
    let histories = [Tree(forkedAt: nil), Tree(forkedAt: 4)]
    for seenSize in 0...9 {
      let seen = try histories[0].head(seenSize)
      for (number, history) in histories.enumerated() {
        for size in 0...9 {
          let head = try history.head(size)
          for oldSize in 0...size {
            let request = try history.request(from: oldSize, to: size)
            let decision = WitnessDecision.decide(on: request, head: head, seen: seen)
            let isSame = number == 0 || (size <= 4 && seenSize <= 4) || seenSize <= 4
            #expect(decision == Self.expected(seen: seen, head: head, oldSize: oldSize, isSame: isSame))
          }
        }
      }
    }
    let first = try histories[1].request(from: 0, to: 9)
    #expect(
      WitnessDecision.decide(on: first, head: try histories[1].head(9), seen: nil) == .sign(try histories[1].head(9)))
  }

  private static func expected(seen: TreeHead, head: TreeHead, oldSize: Int, isSame: Bool) -> WitnessDecision {
    if seen.size == 0 { return .sign(head) }
    if head.size < seen.size { return .olderHead(seen: seen) }
    if head.size == seen.size { return isSame ? .sign(head) : .fork(seen: seen) }
    if UInt64(oldSize) != seen.size { return .needsProof(from: seen.size) }
    return isSame ? .sign(head) : .fork(seen: seen)
  }

  /// A log of nine entries.
  private struct Tree {
    private let entries: [[UInt8]]

    init(forkedAt: Int?) {
      entries = (0..<9).map { [UInt8($0), $0 >= forkedAt ?? 9 ? 1 : 0] }
    }

    func head(_ size: Int) throws -> TreeHead {
      try LogAppender.append(entries.prefix(size), to: .empty, reader: { (_) throws(LogError) in nil }).head
    }

    func request(from oldSize: Int, to size: Int) throws -> AddCheckpointRequest {
      let (files, head) = try LogAppender.append(
        entries.prefix(size), to: .empty, reader: { (_) throws(LogError) in nil })
      let tiles = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.bytes) })
      let tree = TileTree(head: head) { (path) throws(LogError) in tiles[path] }
      let text = try Checkpoint(origin: NoteLine("log.invalid/a"), head: head).text
      let note = try SignedNote(text: text, signatures: [Bench.signer(9).sign(text, time: 1)])
      let proof = try tree.consistencyProof(from: UInt64(oldSize))
      return try AddCheckpointRequest(oldSize: UInt64(oldSize), proof: proof, note: note)
    }
  }
}

struct WitnessPolicyTests {
  private static func policy(_ lines: String...) throws -> WitnessPolicy {
    try WitnessPolicy(Array((lines.joined(separator: "\n") + "\n").utf8))
  }

  private static func witness(_ number: UInt8) throws -> String { "witness w\(number) \(try Bench.key(number))" }

  @Test(arguments: 1...3) func soManyOfThree(threshold: Int) throws {
    let keys: [WitnessKey] = try [1, 2, 3].map { try Bench.key($0) }
    let policy = try WitnessPolicy(threshold, of: keys)
    #expect(try WitnessPolicy(policy.bytes) == policy)
    for subset in 0..<8 {
      let signers = (0..<3).filter { subset >> $0 & 1 == 1 }.map { keys[$0] }
      #expect(policy.isMet(by: signers) == (signers.count >= threshold))
      #expect(try policy.isMet(by: signers + signers + [Bench.key(9)]) == (signers.count >= threshold))
    }
  }

  @Test func groupsOfGroups() throws {
    let policy = try Self.policy(
      "# abroad", Self.witness(1), Self.witness(2), "", Self.witness(3), Self.witness(4), "group a any w1 w2",
      "group b all w3 w4", "group both 2 a b", "quorum both")
    func isMet(_ numbers: UInt8...) throws -> Bool { policy.isMet(by: try numbers.map { try Bench.key($0) }) }
    #expect(try isMet(1, 3, 4) && isMet(2, 3, 4) && isMet(1, 2, 3, 4))
    #expect(try !isMet(1, 2) && !isMet(3, 4) && !isMet(1, 3) && !isMet())
    #expect(try WitnessPolicy(policy.bytes).bytes == policy.bytes)
  }

  @Test func oneWitnessOrNoneCanBeTheQuorum() throws {
    let one = try Self.policy(Self.witness(1), Self.witness(2), "quorum w2")
    #expect(try !one.isMet(by: [Bench.key(1)]) && one.isMet(by: [Bench.key(2)]))
    #expect(try Self.policy("quorum none").isMet(by: []))
  }

  @Test func malformedPoliciesAreRefused() throws {
    let (first, second) = (try Self.witness(1), try Self.witness(2))
    let sameKey = "witness w3 \(try Bench.key(1))"
    let texts = [
      "", "\n", "quorum w1\n", "\(first)\n", "\(first)\nquorum w1", "\(first)\nquorum  w1\n", "\(first) \nquorum w1\n",
      "\(first)\n\(first)\nquorum w1\n", "\(first)\n\(sameKey)\nquorum w1\n", "\(first)\nquorum w1\nquorum w1\n",
      "\(first)\ngroup g 0 w1\nquorum g\n", "\(first)\ngroup g 2 w1\nquorum g\n", "\(first)\ngroup g 01 w1\nquorum g\n",
      "\(first)\ngroup g any\nquorum g\n", "\(first)\ngroup g any w1 w1\nquorum g\n",
      "\(first)\ngroup g any w2\nquorum g\n", "\(first)\ngroup w1 any w1\nquorum w1\n",
      "\(first)\ngroup g any g\nquorum g\n", "\(first)\ngroup none any w1\nquorum none\n",
      "\(first)\ngroup g any none\nquorum g\n", "\(first)\ngroup g any w1\ngroup h any w1\nquorum h\n",
      "\(first)\nquorum w1\n\(second)\n", "log x\nquorum none\n", "\(first)\r\nquorum w1\n",
      "witness w1\nquorum none\n",
    ]
    for text in texts { #expect(throws: LogError.self, "\(text)") { try WitnessPolicy(Array(text.utf8)) } }
    #expect(throws: LogError.malformed(.policy)) { try WitnessPolicy([0xFF, 0x0A]) }
    #expect(throws: LogError.beyondLimit(.policy)) { try WitnessPolicy([UInt8](repeating: 0x0A, count: 65_537)) }
    #expect(throws: LogError.malformed(.policy)) { try WitnessPolicy(2, of: [Bench.key(1)]) }
  }
}
