import Age
import Foundation
import Primitives
import Testing

struct SSHKeyTests {
  /// As ssh-keygen made them; they protect nothing.
  static let keyFile = """
    -----BEGIN OPENSSH PRIVATE KEY-----
    b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
    QyNTUxOQAAACAy0R+N6ENxMiAxZPsKD/ozv5E6dkLx/NbElioJvoYEEAAAAJDKxK4qysSu
    KgAAAAtzc2gtZWQyNTUxOQAAACAy0R+N6ENxMiAxZPsKD/ozv5E6dkLx/NbElioJvoYEEA
    AAAECjDTt+Tk352TtKWSJhjiesHF52f3eXDdrJ8rbAEL5jxzLRH43oQ3EyIDFk+woP+jO/
    kTp2QvH81sSWKgm+hgQQAAAADGFyY2hpdmUgZGVzawE=
    -----END OPENSSH PRIVATE KEY-----

    """
  static let line = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDLRH43oQ3EyIDFk+woP+jO/kTp2QvH81sSWKgm+hgQQ"
  private static let encryptedKeyFile = """
    -----BEGIN OPENSSH PRIVATE KEY-----
    b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABBcPtpfyV
    PtvU1RHSW1Kh0CAAAAAQAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIFoAgooICCXq27bt
    RXoyqn/R9VMqrLgZuXTIyYDsXuUqAAAAkDedUQw7iPWA+h/EVXbRiqZ50Ch+fojmIVXFJc
    uBwkC0kxd/EiZR0hnNbGf7rE7uKxsTpBNn06Z8VLTUxcJ+82JGwQTYR0cETOr9meh2bPcB
    vaNJxsrdl/1ImhpV/0MN+XcFBbLEGmwG0DoGIoRp4W1/ksOrKbjlDTYJ0TNLnPa2JCJ7R9
    7dFbtAhQiVe7Oq+Q==
    -----END OPENSSH PRIVATE KEY-----

    """
  private static let otherKeyFile = """
    -----BEGIN OPENSSH PRIVATE KEY-----
    b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS
    1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQSOEcn4bP1N06lMDhVcK2OPVMgtVKy+
    EHg1eVkDl2FDxRuz3DRDVCs+r/v5u6VQ/+CCsNX+4oaVVcQLHvsZWUXpAAAAmAKJ8aMCif
    GjAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBI4Ryfhs/U3TqUwO
    FVwrY49UyC1UrL4QeDV5WQOXYUPFG7PcNENUKz6v+/m7pVD/4IKw1f7ihpVVxAse+xlZRe
    kAAAAgcKhrpmJxPuN2UfflrwWYDvColR80f0LPP3el/N/mixYAAAAA
    -----END OPENSSH PRIVATE KEY-----

    """
  private static let otherLine =

    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBI4Ryfhs/U3TqUwOFV"
    + "wrY49UyC1UrL4QeDV5WQOXYUPFG7PcNENUKz6v+/m7pVD/4IKw1f7ihpVVxAse+xlZRek="

  private static func identities(_ bytes: some Sequence<UInt8>) throws -> [Identity] {
    try KeyFile.identities(in: secret(String(decoding: Array(bytes), as: UTF8.self)))
  }

  // MARK: - Public keys

  @Test func linesAreReadWithAndWithoutACommentAndSpelledWithout() throws {
    for text in [Self.line, "\(Self.line) ", "\(Self.line) desk", "\(Self.line) архив desk  two"] {
      let recipient = try Recipient(text)
      #expect(recipient.description == Self.line)
      #expect(recipient.isSSH && !recipient.isPostQuantum)
    }
    #expect(!Lock.x25519Identity.recipient.isSSH)
  }

  @Test func misspelledLinesAreRefused() {
    let base64 = String(Self.line.dropFirst(12))
    let wrongType = base64.replacing("lZDI1NTE5", with: "lZDI1NTE4")
    let lines = [
      " \(Self.line)", "ssh-ed25519  \(base64)", "ssh-ed25519\t\(base64)", "SSH-ED25519 \(base64)", "ssh-ed25519",
      "ssh-ed25519 ", "ssh-ed25519 \(base64)=", "ssh-ed25519 \(base64)AAAA", "ssh-ed25519 \(base64.dropLast(4))",
      "ssh-ed25519 \(base64.dropLast())", "ssh-ed25519 \(wrongType)", "\(Self.line) a\nb", "\(Self.line)\u{0}",
      "no-pty \(Self.line)", base64, "\(Self.line)\r",
    ]
    for line in lines {
      #expect(throws: AgeError.invalidRecipient(line: nil), "\(line)") { try Recipient(line) }
    }
  }

  @Test func everyTruncationOfALineIsRefused() {
    for count in 0..<Self.line.utf8.count {
      #expect(throws: AgeError.self, "\(count) characters") { try Recipient(Self.line.prefix(count)) }
    }
  }

  /// The points of small order, one that is no point, and one that is not canonical.
  @Test(arguments: [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "0200000000000000000000000000000000000000000000000000000000000000",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ])
  func keysOutsideThePrimeOrderGroupAreRefused(hex: String) throws {
    let bytes = try #require(Hex.decode(Array(hex.utf8)))
    let wire = [0, 0, 0, 11] + Array("ssh-ed25519".utf8) + [0, 0, 0, 32] + bytes
    #expect(throws: AgeError.invalidRecipient(line: nil)) { try Recipient("ssh-ed25519 \(Base64.padded.encode(wire))") }
  }

  @Test func otherKindsAreNamedAsUnsupportedWithTheirLine() throws {
    for line in [Self.otherLine, "ssh-rsa AAAA", "ssh-dss AAAA", "sk-ssh-ed25519@openssh.com AAAA", "ssh-rsa"] {
      #expect(throws: AgeError.unsupportedSSHKey(line: nil)) { try Recipient(line) }
      #expect(throws: AgeError.unsupportedSSHKey(line: 4)) {
        try KeyFile.recipients(in: Array("# keys\n\n\(Self.line) a\n\(line)\n".utf8))
      }
    }
  }

  @Test func publicKeyFilesAreRecipientsFiles() throws {
    let x25519 = Lock.x25519Identity.recipient
    let text = "# ours\n\(Self.line) archive desk\r\n\(x25519)\n"
    #expect(try KeyFile.recipients(in: Array(text.utf8)) == [Recipient(Self.line), x25519])
  }

  // MARK: - Private keys

  @Test func keyFileHasTheRecipientOfItsPublicFile() throws {
    for text in [Self.keyFile, Self.keyFile.replacing("\n", with: "\r\n"), String(Self.keyFile.dropLast())] {
      #expect(try Self.identities(text.utf8).map(\.recipient.description) == [Self.line])
    }
  }

  @Test func keysGoThereAndBack() throws {
    for _ in 0..<20 {
      let identity = Identity(generating: .ssh)
      let text = revealed(identity.encoded())
      let same = try #require(try Self.identities(text.utf8).first)
      #expect(same.recipient == identity.recipient)
      #expect(revealed(same.encoded()) == text)
      #expect(try Recipient(identity.recipient.description) == identity.recipient)
    }
  }

  @Test func encryptedAndOtherKeysAreNamedAsSuch() {
    #expect(throws: AgeError.encryptedSSHKey) { try Self.identities(Self.encryptedKeyFile.utf8) }
    #expect(throws: AgeError.unsupportedSSHKey(line: nil)) { try Self.identities(Self.otherKeyFile.utf8) }
  }

  @Test func everyTruncationOfAKeyFileIsRefused() {
    let bytes = Array(Self.keyFile.utf8)
    // The last line feed may be missing.
    for count in 0..<bytes.count - 1 {
      #expect(throws: AgeError.self, "\(count) bytes") { try Self.identities(bytes.prefix(count)) }
    }
  }

  @Test func everyChangedByteOfAKeyFileIsRefusedOrYieldsTheSameKey() {
    let bytes = Array(Self.keyFile.utf8)
    for index in bytes.indices {
      for mask: UInt8 in [0x01, 0x02, 0x04, 0x07, 0x08, 0x10, 0x20, 0x40, 0x80, 0xff] {
        var changed = bytes
        changed[index] ^= mask
        expectRefusalOrSameKey(changed, "byte \(index), mask \(mask)")
      }
    }
  }

  @Test func everyChangedOrMissingByteInsideIsRefusedUnlessItIsInTheComment() throws {
    let lines = Self.keyFile.split(separator: "\n").dropFirst().dropLast()
    let wire = try #require(Base64.padded.decode(lines.joined()))
    func file(_ wire: [UInt8]) -> [UInt8] {
      Array(
        "-----BEGIN OPENSSH PRIVATE KEY-----\n\(Base64.padded.encode(wire))\n-----END OPENSSH PRIVATE KEY-----\n".utf8)
    }
    #expect(try Self.identities(file(wire)).first?.recipient.description == Self.line)
    let comment = try #require(wire.firstRange(of: Array("archive desk".utf8)))
    for index in wire.indices {
      for bit in 0..<8 {
        var changed = wire
        changed[index] ^= 1 << UInt8(bit)
        // A comment that is one byte longer takes the padding in.
        if (comment.lowerBound - 1..<comment.upperBound).contains(index) {
          expectRefusalOrSameKey(file(changed), "byte \(index)")
        } else {
          #expect(throws: AgeError.self, "byte \(index)") { try Self.identities(file(changed)) }
        }
      }
      #expect(throws: AgeError.self) { try Self.identities(file(Array(wire.prefix(index)))) }
      var huge = wire
      huge.replaceSubrange(index..<min(index + 4, wire.count), with: [0xff, 0xff, 0xff, 0xff])
      if !comment.contains(index) { #expect(throws: AgeError.self) { try Self.identities(file(huge)) } }
    }
    for extra: [UInt8] in [[0], [2], Array(2...9)] {
      #expect(throws: AgeError.self) { try Self.identities(file(wire + extra)) }
    }
  }

  @Test func textAroundAKeyFileIsRefused() {
    for text in [
      " \(Self.keyFile)", "\n\(Self.keyFile)", "\(Self.keyFile)x", Self.keyFile + Self.keyFile,
      "\(Self.keyFile)\(KeyTextTests.x25519Text)\n", "\(KeyTextTests.x25519Text)\n\(Self.keyFile)",
      "-----BEGIN OPENSSH PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----",
      Self.keyFile.replacing("\n-----END", with: "-----END"),
      "\(Self.keyFile)\(String(repeating: "\n", count: 1 << 16))",
    ] {
      #expect(throws: AgeError.self) { try Self.identities(text.utf8) }
    }
  }

  private func expectRefusalOrSameKey(_ bytes: [UInt8], _ comment: Comment) {
    // Bytes that are no UTF-8 would be replaced on the way through a `String`.
    let text = SecretBytes(count: bytes.count) { span in
      for index in bytes.indices { span[index] = bytes[index] }
    }
    guard let identities = try? KeyFile.identities(in: text) else { return }
    #expect(identities.map(\.recipient.description) == [Self.line], comment)
  }
}
