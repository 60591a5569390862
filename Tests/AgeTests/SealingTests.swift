import Age
import Primitives
import Streams
import Testing

struct SealingTests {
  static let sizes: [Int] = {
    let boundaries = (1...5).map { $0 * 65_536 }
    return [0, 1, 3_400_017] + boundaries.flatMap { [$0 - 1, $0, $0 + 1] }
  }()

  @Test(arguments: Lock.allCases, sizes)
  func whatIsSealedOpensWithAnyNumberOfWorkers(lock: Lock, byteCount: Int) throws {
    let bytes = plaintext(byteCount)
    for workerCount in [1, 3] {
      let sealed = try lock.seal(bytes, options: SealingOptions(workerCount: workerCount))
      let chunkCount = max(1, (byteCount + 65_535) / 65_536)
      let headerByteCount = try headerByteCount(sealed)
      #expect(sealed.count == headerByteCount + 16 + byteCount + 16 * chunkCount)
      #expect(try lock.open(sealed, workerCount: 1) == bytes)
      #expect(try lock.open(sealed, workerCount: 3) == bytes)
    }
  }

  @Test(arguments: Lock.allCases, [0, 1, 47, 48, 49, 65_536, 131_073])
  func whatIsSealedInArmorOpens(lock: Lock, byteCount: Int) throws {
    let bytes = plaintext(byteCount)
    let sealed = try lock.seal(bytes, options: SealingOptions(isArmored: true))
    let lines = String(decoding: sealed, as: UTF8.self).split(separator: "\n")
    #expect(lines.first == "-----BEGIN AGE ENCRYPTED FILE-----")
    #expect(lines.last == "-----END AGE ENCRYPTED FILE-----")
    #expect(lines.dropFirst().dropLast(2).allSatisfy { $0.utf8.count == 64 })
    #expect(try lock.open(sealed) == bytes)
  }

  @Test(arguments: [Identity.Kind.hybrid, .x25519, .ssh], 1...20)
  func everyRecipientOpens(kind: Identity.Kind, count: Int) throws {
    let identities = (0..<count).map { _ in Identity(generating: kind) }
    let sink = MemorySink()
    try Sealing.seal(from: MemorySource([1, 2, 3]), to: sink, for: identities.map(\.recipient))
    for (index, identity) in identities.enumerated() {
      let opened = MemorySink()
      try SealedFile(reading: MemorySource(sink.bytes)).open(with: [identity], to: opened)
      #expect(opened.bytes == [1, 2, 3], "recipient \(index)")
    }
  }

  @Test func anyOfSeveralIdentitiesOpens() throws {
    let sealed = try Lock.hybrid.seal([7])
    let others = [Identity(generating: .x25519), Identity(generating: .hybrid)]
    let opened = MemorySink()
    try SealedFile(reading: MemorySource(sealed)).open(with: others + [Lock.hybridIdentity], to: opened)
    #expect(opened.bytes == [7])
  }

  @Test(arguments: [[], [Lock.hybrid, .x25519], [Lock.x25519, .x25519, .hybrid], [.ssh, .hybrid]])
  func noRecipientsOrMixedOnesAreRefusedBeforeAnythingIsWritten(locks: [Lock]) {
    let sink = MemorySink()
    #expect(throws: AgeError.unsuitableRecipients) {
      try Sealing.seal(from: MemorySource([1]), to: sink, for: locks.compactMap(\.identity?.recipient))
    }
    #expect(sink.bytes.isEmpty)
  }

  @Test(arguments: Lock.allCases)
  func everySealingIsNew(lock: Lock) throws {
    let first = try lock.seal([1])
    let second = try lock.seal([1])
    #expect(first != second)
    #expect(first.suffix(33) != second.suffix(33), "nonce and payload")
  }

  @Test(arguments: [Lock.hybrid, .x25519])
  func wrongIdentityIsNoMatch(lock: Lock) throws {
    let sealed = try lock.seal([1, 2, 3])
    let sink = MemorySink()
    for identities in [[], [Identity(generating: .x25519), Identity(generating: .hybrid)]] {
      #expect(throws: AgeError.noMatch) {
        try SealedFile(reading: MemorySource(sealed)).open(with: identities, to: sink)
      }
    }
    #expect(throws: AgeError.noMatch) {
      try SealedFile(reading: MemorySource(sealed)).open(with: try phrase("a pass phrase"), to: sink)
    }
    #expect(sink.bytes.isEmpty)
  }

  @Test(arguments: ["a pass phras", "a pass phrase ", "A pass phrase", "x"])
  func wrongPassphraseIsNoMatch(text: String) throws {
    let file = try SealedFile(reading: MemorySource(try Lock.passphrase.seal([1, 2, 3])))
    let sink = MemorySink()
    #expect(file.needsPassphrase)
    #expect(throws: AgeError.noMatch) { try file.open(with: try phrase(text), to: sink) }
    #expect(throws: AgeError.noMatch) { try file.open(with: [Lock.x25519Identity, Lock.hybridIdentity], to: sink) }
    #expect(sink.bytes.isEmpty)
  }

  @Test func emptyPassphraseIsNone() {
    let isNone = Passphrase(SecretBytes(count: 0)) == nil
    #expect(isNone)
  }

  @Test(arguments: [-1, 0, 31]) func workFactorOutOfRangeIsRefusedWhenSealing(workFactorLog2: Int) {
    #expect(throws: AgeError.header(.workFactorTooHigh)) {
      try Sealing.seal(
        from: MemorySource([1]), to: MemorySink(), with: try phrase("x"), workFactorLog2: workFactorLog2)
    }
  }

  /// 2 to the power of 22 blocks would take 4 GiB and many seconds.
  @Test(.timeLimit(.minutes(1)), arguments: [(22, 21), (30, 22), (9999, 22), (3, 2)])
  func workFactorAboveTheCapIsRefusedWithoutTheWork(asked: Int, cap: Int) throws {
    var changed = try Lock.passphrase.seal([])
    let stanza = try #require(changed.firstRange(of: Array(" 2\n".utf8)))
    changed.replaceSubrange(stanza, with: Array(" \(asked)\n".utf8))
    let file = try SealedFile(reading: MemorySource(changed))
    let duration = ContinuousClock().measure {
      #expect(throws: AgeError.header(.workFactorTooHigh)) {
        try file.open(with: try phrase("a pass phrase"), to: MemorySink(), maximumWorkFactorLog2: cap)
      }
    }
    #expect(duration < .seconds(1))
  }

  @Test(arguments: [Lock.x25519, .passphrase], [true, false])
  func sameRandomnessGivesTheSameFileWhichOpens(lock: Lock, isArmored: Bool) throws {
    func sealed(seed: UInt64) throws -> [UInt8] {
      let randomness = SeededRandomness(seed: seed)
      return try lock.seal(
        plaintext(70_000), options: SealingOptions(isArmored: isArmored, randomness: randomness))
    }
    let first = try sealed(seed: 42)
    #expect(try sealed(seed: 42) == first)
    #expect(try sealed(seed: 43) != first)
    #expect(try lock.open(first) == plaintext(70_000))
  }

  /// The bytes of one file are pinned: a change of them is a change of the format.
  @Test func goldenFileIsSealedAsEverAndOpens() throws {
    let options = SealingOptions(isArmored: true, randomness: SeededRandomness(seed: 42))
    let sealed = try Lock.x25519.seal(Array("golden".utf8), options: options)
    #expect(String(decoding: sealed, as: UTF8.self) == Self.goldenFile)
    #expect(try Lock.x25519.open(Array(Self.goldenFile.utf8)) == Array("golden".utf8))
  }

  static let goldenFile = """
    -----BEGIN AGE ENCRYPTED FILE-----
    YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBCSXhxSHVoNjdqZXQ2cHhh
    eDdXS2puQnBIdlNHUU02Uk1Cb1IrVHFCczI4CmduUWlQM3Bsd3NqL0draHNLK0RM
    UHlLRTFadDBBa3hBbzZBem5pY3NqS1EKLS0tIHVScDVvdng1eW85d21Ra3RtaDRw
    SWk1U3NmcUp3dUQrRlU1eDU0VGtIeE0Kbu9BCCRbNUsBurC6FoZGqvakqwqwZsJ4
    XI5p5IMD/rznlzKS5fE=
    -----END AGE ENCRYPTED FILE-----

    """
}
