import Age
import Primitives
import Testing

struct KeyTextTests {
  static let x25519Text = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
  static let x25519Recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
  static let hybridText = "AGE-SECRET-KEY-PQ-1XX76JRALNLXDMEW0CRK45QMCCH4X06SE84UN3VPM33W6HWDX0H3SK3ZQFR"
  static let hybridRecipientStart =
    "age1pq1x34nzsvr0rxjsgdn8zgyhfe8j7ceq5r9rdelkjuh3y235jzxshfg87pzf5zrqtzdxz95paef6caq5aapdmwjjqpj"
  private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

  private static func identity(_ text: String) throws -> Identity {
    try #require(try KeyFile.identities(in: secret(text)).first)
  }

  private static func isIdentity(_ text: [UInt8]) -> Bool {
    (try? KeyFile.identities(in: secret(String(decoding: text, as: UTF8.self)))) != nil
  }

  private static func isRecipient(_ text: [UInt8]) -> Bool {
    (try? Recipient(String(decoding: text, as: UTF8.self))) != nil
  }

  @Test func publishedIdentitiesHaveTheirPublishedRecipients() throws {
    let x25519 = try Self.identity(Self.x25519Text)
    #expect(x25519.recipient.description == Self.x25519Recipient)
    #expect(!x25519.recipient.isPostQuantum)
    let hybrid = try Self.identity(Self.hybridText)
    #expect(hybrid.recipient.description.hasPrefix(Self.hybridRecipientStart))
    #expect(hybrid.recipient.isPostQuantum)
  }

  @Test(arguments: [x25519Text, hybridText])
  func keysGoThereAndBack(text: String) throws {
    let identity = try Self.identity(text)
    #expect(revealed(identity.encoded()) == text)
    #expect(try Recipient(identity.recipient.description) == identity.recipient)
  }

  @Test func newKeysGoThereAndBack() throws {
    let seed = newSeed()
    let randomness = SeededRandomness(seed: seed)
    for round in 0..<40 {
      let identity = Identity(generating: round % 4 == 0 ? .hybrid : .x25519, from: randomness)
      let text = revealed(identity.encoded())
      let same = try Self.identity(text)
      #expect(same.recipient == identity.recipient, "seed \(seed)")
      #expect(revealed(same.encoded()) == text, "seed \(seed)")
      #expect(try Recipient(identity.recipient.description) == identity.recipient, "seed \(seed)")
    }
  }

  @Test(arguments: [x25519Text, hybridText])
  func identityInMixedOrLowerCaseIsRefused(text: String) {
    let bytes = Array(text.utf8)
    #expect(!Self.isIdentity(bytes.map { $0 | 0x20 }))
    for (index, byte) in bytes.enumerated() where (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) {
      var changed = bytes
      changed[index] |= 0x20
      #expect(!Self.isIdentity(changed), "character \(index)")
    }
  }

  @Test func recipientInMixedOrUpperCaseIsRefused() {
    let bytes = Array(Self.x25519Recipient.utf8)
    #expect(!Self.isRecipient(Array(Self.x25519Recipient.uppercased().utf8)))
    for (index, byte) in bytes.enumerated() where (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) {
      var changed = bytes
      changed[index] &= ~0x20
      #expect(!Self.isRecipient(changed), "character \(index)")
    }
  }

  @Test(arguments: [x25519Text, hybridText])
  func everyFlippedCharacterOfAnIdentityIsRefused(text: String) {
    let bytes = Array(text.utf8)
    let alphabet = Array("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".utf8)
    for index in bytes.indices {
      for letter in alphabet where letter != bytes[index] {
        var changed = bytes
        changed[index] = letter
        #expect(!Self.isIdentity(changed), "character \(index)")
      }
    }
  }

  @Test func everyFlippedCharacterOfAnX25519RecipientIsRefused() {
    let bytes = Array(Self.x25519Recipient.utf8)
    for index in bytes.indices {
      for letter in Self.alphabet where letter != bytes[index] {
        var changed = bytes
        changed[index] = letter
        #expect(!Self.isRecipient(changed), "character \(index)")
      }
    }
  }

  @Test func flippedCharacterOfAHybridRecipientIsRefused() throws {
    let seed = newSeed()
    let randomness = SeededRandomness(seed: seed)
    let bytes = Array(try Self.identity(Self.hybridText).recipient.description.utf8)
    for _ in 0..<100 {
      let index = randomness.number(below: bytes.count)
      var changed = bytes
      changed[index] = Self.alphabet[randomness.number(below: 32)]
      #expect(changed == bytes || !Self.isRecipient(changed), "seed \(seed), character \(index)")
    }
  }

  @Test(arguments: [x25519Text, hybridText])
  func everyTruncationAndExtensionOfAnIdentityIsRefused(text: String) {
    let bytes = Array(text.utf8)
    for count in 0..<bytes.count { #expect(!Self.isIdentity(Array(bytes.prefix(count))), "\(count) characters") }
    for extra in Self.alphabet + [0, 0x20, 0x31] { #expect(!Self.isIdentity(bytes + [extra & ~0x20])) }
  }

  @Test func everyTruncationOfARecipientIsRefused() {
    let bytes = Array(Self.x25519Recipient.utf8)
    for count in 0..<bytes.count { #expect(!Self.isRecipient(Array(bytes.prefix(count))), "\(count) characters") }
    #expect(!Self.isRecipient(bytes + Array("q".utf8)))
    #expect(!Self.isRecipient([0x20] + bytes))
    #expect(!Self.isRecipient(bytes + [0x0a]))
  }

  /// Their checksums fit; only the bits behind the last byte are not zero, or there is one character too many.
  @Test func keysWithUnusedBitsSetOrACharacterToSpareAreRefused() {
    let start = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73e"
    for end in ["pp9g8nq", "gz8c7s0", "qqhruuh4"] { #expect(!Self.isRecipient(Array((start + end).utf8)), "\(end)") }
    let x25519Start = String(Self.x25519Text.dropLast(7))
    for end in ["PG0UGY5", "GTDV38M"] { #expect(!Self.isIdentity(Array((x25519Start + end).utf8)), "\(end)") }
    #expect(!Self.isIdentity(Array((Self.hybridText.dropLast(7) + "3T8K453").utf8)))
  }

  @Test func identityIsNotARecipientNorTheOtherWayRound() {
    #expect(!Self.isRecipient(Array(Self.x25519Text.utf8)))
    #expect(!Self.isRecipient(Array(Self.x25519Text.lowercased().utf8)))
    #expect(!Self.isIdentity(Array(Self.x25519Recipient.uppercased().utf8)))
  }

  @Test func derivedIdentitiesDependOnIdentityAndLabel() throws {
    let first = try Self.identity(Self.x25519Text)
    let second = try Self.identity(Self.hybridText)
    let pairs = [(first, "cache"), (first, "cache"), (first, "other"), (second, "cache")]
    let recipients = pairs.map { identity, label in identity.derivedIdentity(label: label).recipient.description }
    #expect(recipients[0] == recipients[1])
    #expect(Set(recipients + [first.recipient.description]).count == 4)
    #expect(recipients.allSatisfy { $0.hasPrefix("age1") && !$0.hasPrefix("age1pq1") })
  }
}
