import Age
import Foundation
import Primitives
import TestFolders
import Testing

/// Sealing to SSH keys, and opening with them, as people type it.
@Suite struct SSHKeyTests {
  private let desk: Desk
  private let line: String

  init() throws {
    desk = try Desk.withVault()
    let identity = Identity(generating: .ssh)
    line = identity.recipient.description
    try desk.folder.write(identity.encoded().withSpan { span in span.indices.map { span[$0] } }, to: "id_ed25519")
    try desk.folder.write("\(line) somebody@somewhere\n".utf8, to: "id_ed25519.pub")
  }

  @Test func whatIsSealedToAnSSHKeyIsUnsealedWithIt() throws {
    for (index, words) in [["-r", "\(line) a comment"], ["-R", desk["id_ed25519.pub"]]].enumerated() {
      let sealed = desk["output-\(index).age"]
      let sealing = try desk.run(["seal", "--output", sealed] + words, input: Array("as it was".utf8))
      #expect(sealing.status == 0, "\(sealing.errors)")
      let outcome = try desk.run("unseal", "-i", desk["id_ed25519"], sealed)
      #expect(outcome.status == 0 && outcome.output == "as it was", "\(outcome.errors)")
    }
  }

  @Test func aBundleGoesToAnSSHKey() throws {
    let added = try desk.unlocked(
      "recipient", "add", "ssh", "\(line) x", "--class", "lawyer", "--words", desk.words(of: line))
    #expect(added.status == 0, "\(added.errors)")
    let bundle = desk["output-bundle.age"]
    let export = try desk.unlocked("export", "0", "--to", "ssh", "--output", bundle)
    #expect(export.status == 0, "\(export.errors)")
    let opening = try desk.run(
      "open", bundle, "--output", desk["output-bundle"], "--identity", desk["id_ed25519"], "--sender", desk["my.card"])
    #expect(opening.status == 0, "\(opening.errors)")
  }

  @Test func otherSSHKeysAreRefusedWithTheReason() throws {
    let outcomes = [
      try desk.run("seal", "-r", "ssh-rsa AAAA", "--output", desk["output-x"]),
      try desk.unlocked("recipient", "add", "rsa", "ssh-rsa AAAA", "--class", "lawyer"),
    ]
    for outcome in outcomes {
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains("only ssh-ed25519 is supported"), "\(outcome.errors)")
    }
    try desk.folder.write("# them\nssh-rsa AAAA\n".utf8, to: "rsa.pub")
    let listed = try desk.run("seal", "-R", desk["rsa.pub"], "--output", desk["output-x"])
    #expect(listed.status == 64 && listed.errors.contains("line 2"), "\(listed.errors)")
  }

  @Test func aVaultIsNotSealedToAnSSHKeyNorMixedWithPostQuantumOnes() throws {
    let reader = try desk.unlocked("init", desk["output-v"], "--reader", line)
    #expect(reader.status == 64 && reader.errors.contains("SSH key"), "\(reader.errors)")
    let hybrid = try desk.run("key", "generate", "--output", desk["output-hybrid.key"])
    let mixed = try desk.run(
      "seal", "-r", line, "-r", hybrid.output.trimmingCharacters(in: .newlines), "--output", desk["output-x"])
    #expect(mixed.status == 64, "\(mixed.errors)")
  }
}
