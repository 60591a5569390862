import Age
import Primitives
import Streams
import Testing

struct SSHStanzaTests {
  private struct Parts {
    let tag: String
    let share: String
    let body: String
    let rest: [UInt8]

    init(_ sealed: [UInt8]) throws {
      let lines = sealed.split(separator: UInt8(ascii: "\n"), maxSplits: 3, omittingEmptySubsequences: false)
      try #require(lines.count == 4)
      let words = String(decoding: lines[1], as: UTF8.self).split(separator: " ")
      try #require(words.count == 4 && words[0] == "->" && words[1] == "ssh-ed25519")
      tag = String(words[2])
      share = String(words[3])
      body = String(decoding: lines[2], as: UTF8.self)
      rest = Array(lines[3])
    }

    func file(_ arguments: String, body: String? = nil) -> [UInt8] {
      Array("age-encryption.org/v1\n-> ssh-ed25519\(arguments)\n\(body ?? self.body)\n".utf8) + rest
    }
  }

  @Test func tagIsTheStartOfTheDigestOfThePublicKey() throws {
    let parts = try Parts(try Lock.ssh.seal([1]))
    let words = Lock.sshIdentity.recipient.description.split(separator: " ")
    let wire = try #require(Base64.padded.decode(words[1]))
    #expect(parts.tag == Base64.unpadded.encode(SHA256Hasher.digest(of: wire).bytes.prefix(4)))
    #expect(try Lock.ssh.open(parts.file(" \(parts.tag) \(parts.share)")) == [1])
  }

  @Test func anotherTagIsSomebodyElses() throws {
    let parts = try Parts(try Lock.ssh.seal([1]))
    #expect(throws: AgeError.noMatch) { try Lock.ssh.open(parts.file(" AAAAAA \(parts.share)")) }
    #expect(throws: AgeError.noMatch) {
      try SealedFile(reading: MemorySource(try Lock.ssh.seal([1]))).open(
        with: [Identity(generating: .ssh), Lock.x25519Identity, Lock.hybridIdentity], to: MemorySink())
    }
  }

  @Test func malformedStanzasAreRefused() throws {
    let parts = try Parts(try Lock.ssh.seal([1]))
    let (tag, share) = (parts.tag, parts.share)
    let zeros = { Base64.unpadded.encode([UInt8](repeating: 0, count: $0)) }
    let arguments = [
      "", " \(tag)", " \(share)", " \(tag) \(share) x", " \(tag)A \(share)", " AAAAAB \(share)",
      " \(zeros(3)) \(share)",
      " \(zeros(5)) \(share)", " \(tag)== \(share)", " \(tag) \(share)=", " \(tag) \(zeros(31))",
      " \(tag) \(zeros(33))",
      " \(tag) \(zeros(32).dropLast())B", " \(tag) \(zeros(32))",
    ]
    for text in arguments {
      #expect(throws: AgeError.header(.malformedStanza), "\(text)") { try Lock.ssh.open(parts.file(text)) }
    }
    for body in ["", zeros(31), zeros(33), zeros(16)] {
      #expect(throws: AgeError.header(.malformedStanza), "\(body)") {
        try Lock.ssh.open(parts.file(" \(tag) \(share)", body: body))
      }
    }
  }

  @Test func malformedStanzaIsNothingToOtherIdentities() throws {
    let parts = try Parts(try Lock.ssh.seal([1]))
    for identity in [Lock.x25519Identity, Lock.hybridIdentity] {
      #expect(throws: AgeError.noMatch) {
        try SealedFile(reading: MemorySource(parts.file(" x"))).open(with: [identity], to: MemorySink())
      }
    }
  }

  @Test func everyFlippedBitOfASmallFileIsRefused() throws {
    let sealed = try Lock.ssh.seal(plaintext(50))
    for bit in 0..<sealed.count * 8 {
      var changed = sealed
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: (any Error).self, "bit \(bit)") { try Lock.ssh.open(changed) }
    }
  }

  @Test func sshAndX25519KeysMayStandTogether() throws {
    let identities = [Lock.sshIdentity, Lock.x25519Identity]
    let sink = MemorySink()
    try Sealing.seal(from: MemorySource([5]), to: sink, for: identities.map(\.recipient))
    for identity in identities {
      let opened = MemorySink()
      try SealedFile(reading: MemorySource(sink.bytes)).open(with: [identity], to: opened)
      #expect(opened.bytes == [5])
    }
  }

  /// The bytes of one file are pinned; age opens it with the key of seed 4.
  @Test func goldenFileIsSealedAsEverAndOpens() throws {
    let options = SealingOptions(isArmored: true, randomness: SeededRandomness(seed: 42))
    let sealed = try Lock.ssh.seal(Array("golden".utf8), options: options)
    #expect(String(decoding: sealed, as: UTF8.self) == Self.goldenFile)
    #expect(try Lock.ssh.open(Array(Self.goldenFile.utf8)) == Array("golden".utf8))
  }

  static let goldenFile = """
    -----BEGIN AGE ENCRYPTED FILE-----
    YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IHNzaC1lZDI1NTE5IDlHSnV3ZyBCSXhx
    SHVoNjdqZXQ2cHhheDdXS2puQnBIdlNHUU02Uk1Cb1IrVHFCczI4CkVtQUhSRGpV
    ZkorUlVJNzhxcUgyd3FtOTdMQjJ1MEtDeXRVdGozdG5SbWMKLS0tIE54WnhZN1lE
    ZmVYb2ZiRFp5R2MvMFNta0c0MmF5MmNsU21hT3ZQS09sVGsKbu9BCCRbNUsBurC6
    FoZGqvakqwqwZsJ4XI5p5IMD/rznlzKS5fE=
    -----END AGE ENCRYPTED FILE-----

    """
}
