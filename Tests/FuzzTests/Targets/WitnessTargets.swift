import Primitives
import TransparencyLog

extension FuzzTarget {
  /// A witness's key that is read is the only spelling of itself.
  static let witnessKey = FuzzTarget("witness-key", seeds: { try [Array(WitnessSeeds.key(1).description.utf8)] }) {
    input throws(PropertyFailure) in
    guard let text = String(validating: input, as: UTF8.self), let key = accepted({ try WitnessKey(text) })
    else { return }
    try require(Array(key.description.utf8) == input, "a key is spelled as it was read")
  }

  /// A policy survives being written; nobody's signature is never enough, unless nobody's is asked for; more
  /// signatures never undo what fewer met.
  static let witnessPolicy = FuzzTarget("witness-policy", sampleCount: 500, seeds: { try WitnessSeeds.policies() }) {
    input throws(PropertyFailure) in
    guard let policy = accepted({ try WitnessPolicy(input) }) else { return }
    try require(accepted { try WitnessPolicy(policy.bytes) } == policy, "a policy that was written is read as the same")
    let keys = policy.witnesses.map(\.key)
    try require(policy.isMet(by: keys), "all witnesses are always enough")
    var wasMet = policy.isMet(by: [])
    for count in keys.indices {
      let isMet = policy.isMet(by: Array(keys.prefix(count + 1)))
      try require(isMet || !wasMet, "one more signature undoes nothing")
      wasMet = isMet
    }
  }

  /// Of a note with cosignatures in it, those that verify are of the text that was signed, and nothing traps.
  static let cosignature = FuzzTarget("cosignature", seeds: { try [WitnessSeeds.cosigned().bytes] }) {
    input throws(PropertyFailure) in
    let keys = try needed(accepted { try [1, 2].map { try WitnessSeeds.key($0) } }, "the keys of the witnesses")
    guard let note = accepted({ try SignedNote(input) }), let found = accepted({ try note.cosignatures(by: keys) })
    else { return }
    try require(found.isEmpty || accepted { try WitnessSeeds.cosigned().text } == note.text, "no other text was signed")
  }
}

enum WitnessSeeds {
  static func signer(_ number: UInt8) throws -> CosignatureSigner {
    let seed = SecretBytes(count: 32) { span in span[0] = number }
    return CosignatureSigner(name: try KeyName("witness.invalid/\(number)"), key: SigningKey(seed: seed))
  }

  static func key(_ number: UInt8) throws -> WitnessKey { try signer(number).witnessKey }

  static func cosigned() throws -> SignedNote {
    let text = try NoteText("log.invalid/a\n3\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")
    return try SignedNote(text: text, signatures: [signer(1).sign(text, time: 1), signer(2).sign(text, time: 2)])
  }

  static func policies() throws -> [[UInt8]] {
    let keys: [WitnessKey] = try [1, 2, 3].map { try key($0) }
    let named = keys.enumerated().map { "witness \($0.offset) \($0.element)\n" }.joined()
    let groups = [
      "quorum none\n", "group a any 0 1\ngroup b all a 2\nquorum b\n", "# x\n\ngroup a 2 0 1 2\nquorum a\n",
    ]
    return try [WitnessPolicy(2, of: keys).bytes] + groups.map { Array((named + $0).utf8) }
  }
}
