import Age
import DurableStore
@testable import EvidenceVault
import Foundation
import Primitives
import SecretSharing
import Streams
import StrictJSON
import TestFolders
import Testing

struct KeyRemovalTests {
  private func remove(
    _ fixture: VaultFixture, on ground: RemovalGround, isClearingAside: Bool = false
  ) throws -> KeyRemoval {
    try fixture.open().removeReadingIdentity(
      VaultFixture.passphrase(), on: ground, signer: fixture.signer, isClearingAside: isClearingAside)
  }

  private func restore(
    _ fixture: VaultFixture, _ identities: [Identity], areFromShares: Bool = false
  ) throws -> UInt64 {
    try fixture.open().restoreReadingIdentity(
      identities, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, areFromShares: areFromShares,
      signer: fixture.signer)
  }

  private func shares(_ identity: Identity, readers: [Recipient]) throws -> RecoveredIdentity {
    let shares = try Sharing.split(identity.copyOfSeed(), threshold: 2, count: 3, from: SystemRandomness())
    return try RecoveredIdentity(Array(shares.prefix(2)), of: readers)
  }

  @Test func afterwardsTheVaultIsAnIntakeVaultWithNothingThatReads() throws {
    let fixture = try VaultFixture.filled()
    let reading = try #require(try Tree(of: fixture.path)["keys/reading.age"])
    try fixture.folder.write(reading, to: "vault/aside/20230526T093000Z-00000000/keys/reading.age")
    let part = "incoming/\(String(repeating: "0", count: 32)).part"
    try fixture.folder.write(reading, to: "vault/\(part)")
    let replacement = "keys/.reading.age.partial-0123456789abcdef"
    try fixture.folder.write(reading, to: "vault/\(replacement)")
    let removal = try remove(fixture, on: .copy([fixture.identity]))
    #expect(removal.removed.contains("keys/reading.age") && removal.removed.contains("catalog.age"))
    #expect(removal.removed.contains("aside/20230526T093000Z-00000000/keys/reading.age") && removal.linked == [])
    #expect(removal.notOverwritten == [] && removal.removed.last == "keys/reading.age")
    let vault = try fixture.open()
    #expect(!vault.hasReadingIdentity)
    let tree = try Tree(of: fixture.path)
    #expect(!tree.files.contains(replacement))
    for path in tree.files where path.hasSuffix(".age") || path.hasSuffix(".part") {
      let file = try? SealedFile(tree[path] ?? [])
      guard file?.needsPassphrase == true else { continue }
      #expect(path == "keys/signing.age")
    }
    // Adding works, and the reading key reads it wherever it is.
    try fixture.addDocument("Afterwards")
    let record = try fixture.reader().record(at: removal.index)
    #expect(record.fields["event"] == "removed" && record.fields["ground"] == "copy")
    #expect(try vault.verify().isSound)

    let restored = try restore(fixture, [fixture.identity])
    #expect(try fixture.open().readingIdentity(VaultFixture.passphrase()).recipient == fixture.identity.recipient)
    let back = try fixture.reader().record(at: restored)
    #expect(back.fields["event"] == "restored" && back.fields["ground"] == "copy")
    #expect { try restore(fixture, [fixture.identity]) } throws: {
      guard case .keysExist? = $0 as? VaultError else { return false }
      return true
    }
  }

  @Test func whatDoesNotLeadToThisKeyRemovesNothing() throws {
    let fixture = try VaultFixture.filled()
    let before = try Tree(of: fixture.path)
    let other = Identity(generating: .x25519)
    let grounds: [RemovalGround] = [
      .copy([other]), .copy([]), .otherReader(other.recipient), .otherReader(fixture.identity.recipient),
      .shares(try shares(other, readers: [other.recipient])),
    ]
    for ground in grounds {
      #expect { try remove(fixture, on: ground) } throws: {
        guard case .removalNotShown? = $0 as? VaultError else { return false }
        return true
      }
    }
    #expect(throws: VaultError.self) {
      try fixture.open().removeReadingIdentity(
        VaultFixture.passphrase("another"), on: .nothing, signer: fixture.signer)
    }
    #expect(try Tree(of: fixture.path) == before)
    let ground = RemovalGround.shares(try shares(fixture.identity, readers: [fixture.identity.recipient]))
    #expect(try remove(fixture, on: ground).removed.contains("keys/reading.age"))
    #expect(throws: VaultError.self) { try remove(fixture, on: .nothing) }
    #expect(throws: VaultError.self) { try restore(fixture, [other]) }
  }

  /// What was sealed before they were a reader does not open to them: it would be lost.
  @Test func anotherReaderHasToOpenAllOfIt() throws {
    let fixture = try VaultFixture.filled()
    let other = Identity(generating: .x25519)
    _ = try fixture.open().addReader("Abroad", keys: [other.recipient], comparison: .call, signer: fixture.signer)
    try expectLess(5, [], fixture, other)
    #expect(try fixture.reader().reseal(signer: fixture.signer).troubles.isEmpty)
    #expect(try remove(fixture, on: .otherReader(other.recipient)).removed.contains("keys/reading.age"))
    let report = try fixture.open().verify(deepWith: [other])
    #expect(report.findings.map(\.subject) == [.readingKey])
  }

  @Test func anIntakeVaultFromBeforeSealsNothingToAnotherReader() throws {
    let intake = try IntakeFixture()
    let other = Identity(generating: .x25519)
    let fixture = intake.main
    _ = try fixture.open().addReader("Abroad", keys: [other.recipient], comparison: .call, signer: fixture.signer)
    _ = try fixture.reader().reseal(signer: fixture.signer)
    try expectLess(0, [IntakeFixture.name], fixture, other)
    _ = try fixture.reader().revokeIntake(
      IntakeFixture.name, reason: "given up", trustedHead: nil, signer: fixture.signer)
    #expect(try remove(fixture, on: .otherReader(other.recipient)).removed.contains("keys/reading.age"))
  }

  private func expectLess(
    _ fileCount: Int, _ intakes: [String], _ fixture: VaultFixture, _ other: Identity
  ) throws {
    let before = try fixture.reader().count
    #expect { try remove(fixture, on: .otherReader(other.recipient)) } throws: {
      guard case .otherReaderOpensLess(fileCount, intakes)? = $0 as? VaultError else { return false }
      return true
    }
    #expect(try fixture.open().hasReadingIdentity && fixture.reader().count == before)
  }

  @Test func aKeyAsideThatTheOwnerMayNeedIsAskedAboutFirst() throws {
    let fixture = try VaultFixture()
    let other = try VaultFixture()
    let foreign = try #require(try Tree(of: other.path)["keys/reading.age"])
    let path = "aside/20230526T093000Z-00000000/keys/reading.age"
    try fixture.folder.write(foreign, to: "vault/\(path)")
    let before = try Tree(of: fixture.path)
    #expect { try remove(fixture, on: .nothing) } throws: {
      guard case .otherKeysAside(path, 1)? = $0 as? VaultError else { return false }
      return true
    }
    #expect(try Tree(of: fixture.path) == before)
    #expect(try remove(fixture, on: .nothing, isClearingAside: true).removed.contains(path))
  }

  @Test func aKeyFileWithAnotherNameIsTold() throws {
    let fixture = try VaultFixture()
    try FileManager.default.linkItem(atPath: fixture.folder["vault/keys/reading.age"], toPath: fixture.folder["link"])
    #expect(try remove(fixture, on: .nothing).linked == ["keys/reading.age"])
  }

  @Test func aCopyHasToLieElsewhere() throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    let reading = try #require(try Tree(of: fixture.path)["keys/reading.age"])
    let near = try fixture.folder.write(reading, to: "copy.age")
    let inside = try fixture.folder.write(reading, to: "vault/copy.age")
    #expect { try vault.requireElsewhere(near, isSameFileSystemAllowed: false) } throws: {
      guard case .copyNotElsewhere(near, false)? = $0 as? VaultError else { return false }
      return true
    }
    try vault.requireElsewhere(near, isSameFileSystemAllowed: true)
    for isAllowed in [false, true] {
      #expect { try vault.requireElsewhere(inside, isSameFileSystemAllowed: isAllowed) } throws: {
        guard case .copyNotElsewhere(inside, true)? = $0 as? VaultError else { return false }
        return true
      }
    }
    try FileManager.default.createSymbolicLink(
      atPath: fixture.folder["link"], withDestinationPath: fixture.folder["vault/keys/reading.age"])
    #expect(throws: VaultError.self) {
      try vault.requireElsewhere(fixture.folder["link"], isSameFileSystemAllowed: true)
    }
  }

  /// Typing the words of shares takes minutes, and the vault may have another reading key then.
  @Test func sharesThatWereTypedWhileTheKeyWasReplacedPutNothingBack() throws {
    let fixture = try VaultFixture.filled()
    let vault = try fixture.open()
    let recovered = try shares(fixture.identity, readers: [fixture.identity.recipient])
    let rotation = try fixture.open().rotateReadingKey(
      VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
    let before = try Tree(of: fixture.path)
    #expect {
      try vault.restoreKeys(
        recovered, passphrase: VaultFixture.passphrase("new words"), workFactorLog2: 1, isReplacing: true)
    } throws: {
      if case VaultError.file(.changed) = $0 { true } else { false }
    }
    #expect(try Tree(of: fixture.path) == before)
    let present = try fixture.open().readingIdentity(VaultFixture.passphrase())
    #expect(present.recipient == rotation.identity.recipient)
  }

  @Test func sharesBringTheKeysBackWhereNoReadingKeyIs() throws {
    let fixture = try VaultFixture.filled()
    let plan = try SplitPlan(threshold: 2, count: 2, holders: [], isWithSigning: true)
    _ = try fixture.open().split(fixture.identity, plan, signer: fixture.signer, to: fixture.folder["sheets"])
    _ = try remove(fixture, on: .nothing)
    let recovered = try shares(fixture.identity, readers: [fixture.identity.recipient])
    let result = try fixture.open().restoreKeys(
      recovered, passphrase: VaultFixture.passphrase("new words"), workFactorLog2: 1, isReplacing: false)
    #expect(result.canSign && result.fault == nil)
    _ = try fixture.open().signer(VaultFixture.passphrase("new words"))
    _ = try fixture.open().readingIdentity(VaultFixture.passphrase("new words"))
  }
}
