import Age
import DurableStore
@testable import EvidenceVault
import Foundation
import Primitives
import Streams
import TestFolders
import Testing

struct PassphraseChangeTests {
  private static let old = VaultFixture.passphraseText
  private static let new = "other plain words for afterwards"

  private func tried(_ text: String) throws -> TriedPassphrase {
    TriedPassphrase(try VaultFixture.passphrase(text))
  }

  @discardableResult
  private func change(_ fixture: VaultFixture, from old: String = old, to new: String = new) throws -> PassphraseChange
  {
    try fixture.open().changePassphrase(to: tried(new), from: [tried(old)], workFactorLog2: 1)
  }

  /// Which key files a passphrase opens.
  private func opened(_ fixture: VaultFixture, by text: String) throws -> [String] {
    let vault = try fixture.open()
    var opened: [String] = []
    if (try? vault.readingIdentity(VaultFixture.passphrase(text))) != nil { opened.append("reading") }
    if (try? vault.signer(VaultFixture.passphrase(text))) != nil { opened.append("signing") }
    return opened
  }

  @Test func theNewPassphraseOpensBothFilesAndTheOldOneNone() throws {
    let fixture = try VaultFixture.filled()
    let before = try Tree(of: fixture.path)
    let result = try change(fixture)
    #expect(result.changed == ["keys/reading.age", "keys/signing.age"] && result.unchanged == [])
    #expect(try opened(fixture, by: Self.new) == ["reading", "signing"])
    #expect(try opened(fixture, by: Self.old) == [])
    var after = try Tree(of: fixture.path)
    for name in result.changed { after[name] = before[name] }
    #expect(after == before)
    #expect(
      try fixture.open().readingIdentity(VaultFixture.passphrase(Self.new)).recipient == fixture.identity.recipient)
  }

  @Test(arguments: ["keys/reading.age", "keys/signing.age"])
  func whatWasInterruptedBetweenTheFilesIsCompleted(late: String) throws {
    let fixture = try VaultFixture()
    let before = try Tree(of: fixture.path)
    try change(fixture)
    try Tree.replace("\(fixture.path)/\(late)", with: try #require(before[late]))
    let other = try #require(["keys/reading.age", "keys/signing.age"].first { $0 != late })
    let result = try change(fixture)
    #expect(result.changed == [late] && result.unchanged == [other])
    #expect(try opened(fixture, by: Self.new) == ["reading", "signing"])
    let again = try change(fixture)
    #expect(again.changed == [] && again.unchanged.count == 2)
  }

  @Test func aWrongPassphraseChangesNothing() throws {
    let fixture = try VaultFixture()
    let before = try Tree(of: fixture.path)
    #expect { try change(fixture, from: "something else") } throws: {
      guard case .wrongPassphrase("keys/reading.age")? = $0 as? VaultError else { return false }
      return true
    }
    #expect(try Tree(of: fixture.path) == before)
    // One of two that does not open: nothing is changed either.
    try KeyFilePassphrase.change(
      of: "\(fixture.path)/keys/signing.age", to: tried("a third"), from: [tried(Self.old)], workFactorLog2: 1,
      environment: fixture.environment
    ).expectChanged()
    let mixed = try Tree(of: fixture.path)
    #expect(throws: VaultError.self) { try change(fixture) }
    #expect(try Tree(of: fixture.path) == mixed)
  }

  @Test func anIntakeVaultHasOneFileToChange() throws {
    let folder = try TemporaryFolder()
    let environment = VaultFixture.environment(stateFolder: nil)
    let vault = try Vault.create(
      at: folder["vault"], readers: [Identity(generating: .x25519).recipient],
      passphrase: VaultFixture.passphrase(), workFactorLog2: 1, environment: environment)
    let result = try vault.changePassphrase(to: tried(Self.new), from: [tried(Self.old)], workFactorLog2: 1)
    #expect(result.changed == ["keys/signing.age"])
    _ = try vault.signer(VaultFixture.passphrase(Self.new))
  }

  @Test func noFileUnderTheOldPassphraseStaysInTheVault() throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    let tree = try Tree(of: fixture.path)
    let reading = try #require(tree["keys/reading.age"]), signing = try #require(tree["keys/signing.age"])
    var damaged = reading
    damaged[damaged.count - 1] ^= 1
    try fixture.folder.write(reading, to: "vault/aside/20230526T093000Z-00000000/keys/reading.age")
    try fixture.folder.write(signing, to: "vault/aside/20230526T093000Z-00000000/keys/signing.age")
    try fixture.folder.write(damaged, to: "vault/aside/20230526T093000Z-00000001/keys/reading.age")
    // A key of somebody else under the same passphrase, and one under a passphrase that nobody knows.
    let other = try VaultFixture()
    let foreign = try #require(try Tree(of: other.path)["keys/reading.age"])
    try fixture.folder.write(foreign, to: "vault/aside/20230526T093000Z-00000002/keys/reading.age")
    try change(other, to: "never told")
    let unknown = try #require(try Tree(of: other.path)["keys/signing.age"])
    try fixture.folder.write(unknown, to: "vault/aside/20230526T093000Z-00000003/keys/signing.age")
    let part = "vault/incoming/\(String(repeating: "0", count: 32)).part"
    try fixture.folder.write(reading, to: part)

    let result = try vault.changePassphrase(to: tried(Self.new), from: [tried(Self.old)], workFactorLog2: 1)
    #expect(
      result.removed.sorted() == [
        "aside/20230526T093000Z-00000000/keys/reading.age", "aside/20230526T093000Z-00000000/keys/signing.age",
        "aside/20230526T093000Z-00000001/keys/reading.age",
      ])
    #expect(
      result.left.sorted() == [
        "aside/20230526T093000Z-00000002/keys/reading.age", "aside/20230526T093000Z-00000003/keys/signing.age",
      ])
    let after = try Tree(of: fixture.path)
    for file in after.files where after[file] == reading || after[file] == signing {
      Issue.record("\(file) is a key file under the old passphrase")
    }
    #expect(try fixture.open().verify().isSound)
  }

  /// A backup made of hard links keeps what it has.
  @Test func aFileWithAnotherNameIsNotOverwritten() throws {
    let fixture = try VaultFixture()
    let before = try Tree(of: fixture.path)
    try FileManager.default.linkItem(atPath: fixture.folder["vault/keys/reading.age"], toPath: fixture.folder["backup"])
    #expect(try change(fixture).linked == ["keys/reading.age"])
    #expect(try FileSource(opening: fixture.folder["backup"]).contents(limit: 1_000) == before["keys/reading.age"])
  }

  @Test func oneFileAnywhereIsSealedAnewInItsForm() throws {
    let fixture = try VaultFixture()
    for isArmored in [false, true] {
      let sink = MemorySink()
      try Sealing.seal(
        fixture.identity.encoded(), to: sink, with: VaultFixture.passphrase(Self.old), workFactorLog2: 1,
        options: SealingOptions(isArmored: isArmored))
      let path = try fixture.folder.write(sink.bytes, to: "my.key")
      func change(_ old: String) throws -> PassphraseChange {
        try KeyFilePassphrase.change(
          of: path, to: tried(Self.new), from: [tried(old)], workFactorLog2: 1, environment: fixture.environment)
      }
      #expect(throws: VaultError.self) { try change("something else") }
      #expect(try FileSource(opening: path).contents(limit: 10_000) == sink.bytes)
      #expect(try change(Self.old).changed == [path])
      #expect(try change(Self.old).unchanged == [path])
      let identities = try KeyFile.identities(reading: FileSource(opening: path)) {
        try VaultFixture.passphrase(Self.new)
      }
      #expect(identities.map(\.recipient) == [fixture.identity.recipient])
      #expect(try FileSource(opening: path).contents(limit: 10_000).first == (isArmored ? 0x2d : 0x61))
    }
    #expect(try Tree(of: fixture.folder.path).files.allSatisfy { !$0.contains("partial") })
    for text in ["AGE-SECRET-KEY-1", "", "age-encryption.org/v1\n"] {
      let path = try fixture.folder.write(text.utf8, to: "no.key")
      #expect(throws: VaultError.self) {
        try KeyFilePassphrase.change(
          of: path, to: tried(Self.new), from: [tried(Self.old)], workFactorLog2: 1, environment: fixture.environment)
      }
      #expect(try FileSource(opening: path).contents(limit: 100) == Array(text.utf8))
    }
  }

  @Test(arguments: [
    ("monkey", 28), ("monkey banana chair", 33), ("aaaaaaaaaaaaaaaa", 9), ("1234", 13),
    ("correct-horse-battery-staple", 44),
    ("seven plain words only for these tests", 77), ("Tr0ub4dor&3", 72), ("a b c d e f", 30),
    ("four words of mine", 43), ("this is my phrase 1", 45), ("word 1234", 24),
    ("x1y2-a", 29), ("махфӣ", 30),
  ])
  func aChosenPassphraseIsWorthAtMost(text: String, bits: Int) throws {
    #expect(PassphraseStrength(of: try VaultFixture.passphrase(text)).bits == bits)
  }

  @Test func drawnWordsHaveElevenBitsEach() throws {
    #expect(PassphraseStrength(drawnWords: 8).bits == 88)
    guard let drawn = Passphrase(WordList.passphrase(wordCount: 8)) else { throw VaultError.nothingToDo }
    #expect(PassphraseStrength(of: drawn).bits == 88)
  }
}

extension PassphraseChange {
  fileprivate func expectChanged() { #expect(changed.count == 1) }
}
