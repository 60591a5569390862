import Age
import Foundation
import Primitives
import Streams
import Testing

@Suite(
  .enabled(if: StockAge.isPresent, "age and age-keygen are not on PATH"),
  .enabled(if: StockAge.isOnPath("ssh-keygen"), "ssh-keygen is not on PATH (Debian: openssh-client)"))
struct StockSSHTests {
  private static func withKey(_ body: (StockAge, Identity) throws -> Void) throws {
    let age = try StockAge()
    #expect(try age.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "a desk", "-f", "key") != nil)
    let text = String(decoding: try age.contents(of: "key"), as: UTF8.self)
    try body(age, try #require(try KeyFile.identities(in: secret(text)).first))
  }

  /// Comments of every length, so that every padding occurs.
  @Test(arguments: 0..<9)
  func keyFilesOfSSHAreReadAndHaveTheRecipientOfTheirPublicFile(commentCount: Int) throws {
    let age = try StockAge()
    let comment = String(repeating: "c", count: commentCount)
    #expect(try age.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", "key") != nil)
    let text = String(decoding: try age.contents(of: "key"), as: UTF8.self)
    let identity = try #require(try KeyFile.identities(in: secret(text)).first)
    #expect(try KeyFile.recipients(in: try age.contents(of: "key.pub")) == [identity.recipient])
  }

  @Test func sshReadsAKeyFileOfOurs() throws {
    let age = try StockAge()
    let identity = Identity(generating: .ssh)
    try age.write(Array(revealed(identity.encoded()).utf8), to: "key")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: age.url.appending(path: "key").path)
    let line = try #require(try age.run("ssh-keygen", "-y", "-f", "key"))
    #expect(try Recipient(line.trimmingCharacters(in: .newlines)) == identity.recipient)
  }

  @Test(arguments: [0, 1, 65_536, 65_537])
  func filesGoBothWaysBetweenStockAgeAndUs(byteCount: Int) throws {
    try Self.withKey { age, identity in
      try age.write(plaintext(byteCount), to: "plain")
      #expect(try age.run("age", "-R", "key.pub", "-o", "theirs.age", "plain") != nil)
      let opened = MemorySink()
      try SealedFile(reading: MemorySource(try age.contents(of: "theirs.age"))).open(with: [identity], to: opened)
      #expect(opened.bytes == plaintext(byteCount))

      let sealed = MemorySink()
      try Sealing.seal(from: MemorySource(plaintext(byteCount)), to: sealed, for: [identity.recipient])
      try age.write(sealed.bytes, to: "ours.age")
      #expect(try age.run("age", "-d", "-i", "key", "-o", "opened", "ours.age") != nil)
      // age 1.1.1 makes no file of no bytes.
      #expect(try byteCount == 0 || age.contents(of: "opened") == plaintext(byteCount))
    }
  }

  @Test func stockAgeOpensTheGoldenFile() throws {
    let age = try StockAge()
    try age.write(Array(revealed(Lock.sshIdentity.encoded()).utf8), to: "key")
    try age.write(Array(SSHStanzaTests.goldenFile.utf8), to: "golden.age")
    #expect(try age.run("age", "-d", "-i", "key", "golden.age") == "golden")
  }

  @Test func encryptedAndOtherKeysOfSSHAreNamedAsSuch() throws {
    let age = try StockAge()
    for (name, words, error) in [
      ("sealed", ["-t", "ed25519", "-N", "a phrase"], AgeError.encryptedSSHKey),
      ("gcm", ["-t", "ed25519", "-N", "a phrase", "-Z", "aes256-gcm@openssh.com"], .encryptedSSHKey),
      ("rsa", ["-t", "rsa", "-b", "2048", "-N", ""], .unsupportedSSHKey(line: nil)),
    ] {
      #expect(try age.run(["ssh-keygen", "-q", "-f", name] + words) != nil)
      let text = String(decoding: try age.contents(of: name), as: UTF8.self)
      #expect(throws: error, "\(name)") { try KeyFile.identities(in: secret(text)) }
    }
  }
}
