import Age
@testable import EvidenceVault
import Primitives
import TestFolders
import Testing
import TransparencyLog

/// Notes that whoever has the keys of a vault can sign, and that no program of this format writes.
@Suite struct HostileNoteTests {
  private let signer = VaultSigner(generatingFrom: SystemRandomness())
  private let older = VaultSigner(generatingFrom: SystemRandomness())
  private let oldest = VaultSigner(generatingFrom: SystemRandomness())
  private let reader = Identity(generating: .x25519).recipient
  private let origin: NoteLine

  init() throws { origin = try NoteLine("vault.invalid/c") }

  private func head(_ size: UInt64) throws -> TreeHead {
    try TreeHead(size: size, root: SHA256Hasher.digest(of: [UInt8(size)]))
  }

  private func note(
    _ continuations: [Continuation] = [], promised: Digest? = nil, readers: [Recipient]? = nil,
    signer: VaultSigner? = nil
  ) throws -> VaultNote {
    try VaultNote(
      origin: origin, continuations: continuations, promised: promised, readers: readers ?? [reader],
      signer: signer ?? self.signer)
  }

  private func expectMalformed(_ body: () throws -> VaultNote) {
    #expect { try body() } throws: { if case VaultError.damaged = $0 { true } else { false } }
  }

  /// That the keys under `name` ended at a size, and which followed.
  private func replaced(
    _ name: String, at size: UInt64, _ old: VaultSigner, by new: VaultSigner, named next: NoteLine,
    lastSeen: UInt64? = nil, trusted: UInt64
  ) throws -> Continuation {
    var end = try Continuation(origin: NoteLine(name), kept: head(size), lastSeen: head(lastSeen ?? size))
    let key = VerifierKey(
      name: try VaultNote.name(.vault, origin: next), key: new.key(for: .vault).verifyingKey)
    end.replacement = KeyReplacement(of: old, by: key, ending: end, trustedSize: trusted)
    return end
  }

  @Test func noKeyServesTwoPurposes() throws {
    let honest = try note()
    var text = String(decoding: honest.note.text.bytes, as: UTF8.self)
    let name = try VaultNote.name(.records, origin: origin)
    let other = VerifierKey(name: name, key: honest.key(.bundles).key)
    text = text.replacing("key records \(honest.key(.records))", with: "key records \(other)")
    let signed = try NoteText(text)
    let bytes = try SignedNote(text: signed, signatures: [signer.sign(signed, for: .vault, origin: origin)]).bytes
    expectMalformed { try VaultNote(bytes) }
  }

  @Test func aKeyThatWasUsedIsNoPromise() throws {
    let present = VaultNote.promise(of: signer.key(for: .vault).verifyingKey)
    let former = VaultNote.promise(of: older.key(for: .vault).verifyingKey)
    let end = try replaced("vault.invalid/b", at: 5, older, by: signer, named: origin, trusted: 5)
    #expect(try note([end], promised: SHA256Hasher.digest(of: [1])).hasPromise)
    expectMalformed { try note(promised: present) }
    expectMalformed { try note([end], promised: former) }
  }

  @Test func noKeyOfSSHReadsAVault() throws {
    expectMalformed { try note(readers: [Identity(generating: .ssh).recipient]) }
    expectMalformed { try note(readers: [reader, reader]) }
  }

  @Test func noOriginComesBack() throws {
    let end = try Continuation(origin: NoteLine("vault.invalid/b"), kept: head(3), lastSeen: head(4))
    #expect(try note([end]).origins.count == 2)
    let own = try Continuation(origin: origin, kept: head(3), lastSeen: head(4))
    expectMalformed { try note([own]) }
    expectMalformed { try note([end, end]) }
  }

  @Test func noMoreIsKeptThanWasSeen() throws {
    let name = try NoteLine("vault.invalid/b")
    let fork = try TreeHead(size: 3, root: SHA256Hasher.digest(of: [9]))
    for lastSeen in [try head(2), fork] {
      #expect(throws: VaultError.self) { try Continuation(origin: name, kept: head(3), lastSeen: lastSeen) }
    }
  }

  @Test func eachReplacementLiesWithinWhatItsKeySigned() throws {
    let middle = try NoteLine("vault.invalid/b")
    let first = try replaced("vault.invalid/a", at: 3, oldest, by: older, named: middle, trusted: 2)
    func second(lastSeen: UInt64? = nil, trusted: UInt64) throws -> Continuation {
      try replaced(
        "vault.invalid/b", at: 6, older, by: signer, named: origin, lastSeen: lastSeen, trusted: trusted)
    }
    let honest = try note([first, second(trusted: 5)])
    #expect((0...7).filter { honest.isTrusted($0) } == [0, 1, 3, 4, 6, 7])
    expectMalformed { try note([first, second(trusted: 7)]) }
    expectMalformed { try note([first, second(trusted: 2)]) }
    expectMalformed { try note([first, second(lastSeen: 7, trusted: 5)]) }
  }

  @Test func noKeyThatWasReplacedComesBack() throws {
    let end = try replaced("vault.invalid/b", at: 5, signer, by: signer, named: origin, trusted: 5)
    expectMalformed { try note([end]) }
    let middle = try NoteLine("vault.invalid/b")
    let there = try replaced("vault.invalid/a", at: 3, signer, by: older, named: middle, trusted: 3)
    let back = try replaced("vault.invalid/b", at: 5, older, by: signer, named: origin, trusted: 5)
    expectMalformed { try note([there, back]) }
  }

  @Test func ofAFormerOriginCountsWhatWasKept() throws {
    let name = try NoteLine("vault.invalid/b")
    let former = try VaultNote(origin: name, readers: [reader], signer: signer)
    let now = try note([Continuation(origin: name, kept: head(3), lastSeen: head(4))])
    let kept = try Vault.checkpoint(head(3), note: former, signer: signer)
    #expect(try now.anyHead(signedIn: kept) == head(3))
    let givenUp = try Vault.checkpoint(head(4), note: former, signer: signer)
    #expect(throws: LogError.self) { try now.anyHead(signedIn: givenUp) }
  }

  @Test func aPromiseThatNoEntryMadeIsFound() throws {
    let fixture = try VaultFixture()
    try fixture.addDocument("One")
    #expect(try fixture.open().verify().isSound)
    let forged = try fixture.open().note.promising(SHA256Hasher.digest(of: [1]), signer: fixture.signer)
    try Tree.replace("\(fixture.path)/vault.note", with: forged.note.bytes)
    #expect(try fixture.open().verify().findings.contains { $0.subject == .note && $0.severity == .damage })
  }
}
