import Age
@testable import EvidenceVault
import EvidenceReport
import Streams
import StrictJSON
import Tar
import TestFolders
import Testing

@Suite struct BundleTests {
  @Test func aBundleForSomebodyElseDoesNotOpen() throws {
    let bundle = try BundleFixture()
    #expect { try bundle.open(bundle.sealed, as: Identity(generating: .x25519)) } throws: {
      if case VaultError.wrongIdentity = $0 { true } else { false }
    }
    #expect(try Tree(of: bundle.fixture.folder["opened"]).nodes.isEmpty)
  }

  @Test func aBundleSealedAgainForSomebodyElseIsNotTakenAsTheirs() throws {
    let bundle = try BundleFixture()
    let stranger = Identity(generating: .x25519)
    let archive = MemorySink()
    try SealedFile(reading: MemorySource(bundle.sealed)).open(with: [bundle.identity], to: archive)
    let sealed = MemorySink()
    try Sealing.seal(from: MemorySource(archive.bytes), to: sealed, for: [stranger.recipient])
    #expect { try bundle.open(sealed.bytes, as: stranger) } throws: {
      if case VaultError.bundle(.notAddressedToYou) = $0 { true } else { false }
    }
    #expect(try Tree(of: bundle.fixture.folder["opened"]).nodes.isEmpty)
  }

  @Test(arguments: [
    (["names"], ["renamed/1", "renamed/2"]), (["name:minutes.txt"], ["renamed/1", "files/votes.txt"]),
    (["names", "file:minutes.txt"], ["renamed/1"]),
  ])
  func filesWhoseNamesAreWithheldArriveAllTheSame(withheld: [String], paths: [String]) throws {
    let bundle = try BundleFixture(withholding: Set(withheld))
    #expect(try bundle.open(bundle.sealed).items[0].files.count == paths.count)
    let tree = try Tree(of: bundle.fixture.folder["opened/data/item-0"])
    let texts = withheld.contains("file:minutes.txt") ? [""] : ["Present: three", ""]
    #expect(try paths.map { String(decoding: try #require(tree[$0]), as: UTF8.self) } == texts)
  }

  @Test func anUnexpectedSenderIsRefusedByKeyAndByWords() throws {
    let bundle = try BundleFixture()
    let other = try VaultFixture().open().note
    for sender: ExpectedSender in [.key(other.vaultKey), .fingerprint(other.fingerprint), .fingerprint("")] {
      #expect { try bundle.open(bundle.sealed, from: sender) } throws: {
        if case VaultError.unknownSigner = $0 { true } else { false }
      }
    }
    #expect(try Tree(of: bundle.fixture.folder["opened"]).nodes.isEmpty)
    try bundle.open(bundle.sealed, to: "known", from: .fingerprint(bundle.fixture.open().note.fingerprint))
    try bundle.open(bundle.sealed, to: "any", from: .anyone)
  }

  @Test func identityFieldsAreWithheldUnlessDisclosedOnPurpose() throws {
    let closed = try BundleFixture()
    #expect(try closed.open(closed.sealed).items[1].fields["witness.name"] == nil)
    let open = try BundleFixture(disclosing: ["witness.name"])
    #expect(try open.open(open.sealed).items[1].fields["witness.name"] == .string(VaultFixture.witnessName))
  }

  @Test func whatIsWithheldIsMissingAndTheRestStillVerifies() throws {
    let bundle = try BundleFixture(withholding: ["title", "file:minutes.txt"])
    let checked = try bundle.open(bundle.sealed)
    #expect(checked.items.allSatisfy { $0.fields["title"] == nil })
    #expect(checked.items[0].files.map { $0.path?.text } == ["votes.txt"])
    #expect(try Tree(of: bundle.fixture.folder["opened"])["data/item-0/files/minutes.txt"] == nil)
  }

  @Test func aRevokedRecipientGetsNothing() throws {
    let fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
    _ = try fixture.reader().revokeRecipient("Desk", reason: "key lost", signer: fixture.signer)
    #expect { try fixture.reader().recipient("Desk") } throws: {
      if case VaultError.revokedRecipient = $0 { true } else { false }
    }
    #expect(try fixture.reader().recipients().map(\.revokedBy) == [1])
    _ = try fixture.addRecipient("Desk")
    #expect(try fixture.reader().recipient("Desk").index == 2)
  }

  /// Whoever has the signing key makes other keys that bundles are sealed to, or another signing key.
  @Test func aRevokedCardDoesNotComeBackWithOtherKeys() throws {
    let fixture = try VaultFixture()
    let revoked = try VaultFixture()
    func add(_ name: String, isRevokedAllowed: Bool = false) throws -> UInt64 {
      let card = try revoked.open().note
      return try fixture.reader().addRecipient(
        name, recipientClass: "lawyer", keys: card.readers, verifierKey: card.vaultKey, formerKeys: card.formerKeys,
        comparison: .call, isRevokedAllowed: isRevokedAllowed, signer: fixture.signer)
    }
    func expectAlarm() throws {
      #expect { try add("Desk again") } throws: {
        if case VaultError.keysOfRevoked(name: "Desk") = $0 { true } else { false }
      }
    }
    _ = try add("Desk")
    _ = try fixture.reader().revokeRecipient("Desk", reason: "left", signer: fixture.signer)
    _ = try revoked.open().rotateReadingKey(VaultFixture.passphrase(), workFactorLog2: 1, signer: revoked.signer)
    try expectAlarm()
    let next = NextSigningKey(generating: revoked.environment)
    let identity = try revoked.open().readingIdentity(VaultFixture.passphrase())
    _ = try revoked.open().replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, identities: [identity],
      signer: revoked.signer)
    try expectAlarm()
    #expect(try add("Desk again", isRevokedAllowed: true) == 2)
  }

  /// Whoever revokes a recipient while a bundle for them is being sealed is heard.
  @Test func aRecipientWhoIsRevokedMeanwhileGetsNothing() throws {
    let fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
    let item = try fixture.addDocument("Minutes")
    let (reader, plan) = (try fixture.reader(), try fixture.planForDesk([item]))
    _ = try fixture.reader().revokeRecipient("Desk", reason: "key lost", signer: fixture.signer)
    _ = try fixture.addRecipient("Desk")
    #expect {
      try reader.export(
        plan, pages: Pages.all(for: plan, with: nil, from: reader), to: fixture.folder["out.age"], passphrase: nil,
        signer: fixture.signer)
    } throws: {
      if case VaultError.grownMeanwhile = $0 { true } else { false }
    }
    #expect(try Tree(of: fixture.folder.path)["out.age"] == nil)
    #expect(try fixture.reader().count == 4)
  }

  /// Somebody else had the name before.
  @Test func whatIsNewToARecipientIsNotWhatANamesakeGot() throws {
    let fixture = try VaultFixture()
    try fixture.addDocument("Minutes")
    _ = try BundleFixture(of: fixture, items: [0], identity: fixture.addRecipient("Desk"))
    #expect(try fixture.planForDesk([0]).changes.map(\.lastExport) == [2])
    _ = try fixture.reader().revokeRecipient("Desk", reason: "key lost", signer: fixture.signer)
    _ = try fixture.addRecipient("Desk")
    let changes = try fixture.planForDesk([0]).changes
    #expect(changes.map(\.lastExport) == [nil])
    #expect(changes[0].added.contains("0:document.kind"))
  }

  @Test func aNameThatStandsElsewhereStopsAnExport() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony("Account of \(VaultFixture.witnessName)")
    let reader = try fixture.reader()
    #expect {
      try reader.plan([0], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: DisclosureChoice())
    } throws: {
      guard case VaultError.identityWouldLeak(let found) = $0 else { return false }
      return found.map(\.place.english) == ["item 0, title"]
    }
    var choice = DisclosureChoice()
    choice.withheld = ["title"]
    #expect(
      try reader.plan([0], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: choice).items.count == 1)
    choice = DisclosureChoice()
    choice.isNameCheckSkipped = true
    #expect(
      try reader.plan([0], for: .passphrase(recipientClass: "lawyer"), purpose: "", choice: choice).items.count == 1)
  }

  @Test func anExistingFileIsNotOverwrittenByAnExport() throws {
    let bundle = try BundleFixture()
    let reader = try bundle.fixture.reader()
    let plan = try reader.plan(
      [0], for: .recipients([reader.recipient("Desk")]), purpose: "", choice: DisclosureChoice())
    #expect(throws: VaultError.self) {
      try reader.export(
        plan, pages: [], to: bundle.fixture.folder["bundle.age"], passphrase: nil, signer: bundle.fixture.signer)
    }
    #expect(try Tree(of: bundle.fixture.folder.path)["bundle.age"] == bundle.sealed)
    #expect(try bundle.fixture.reader().count == reader.count)
  }
}
