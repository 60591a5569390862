import Age
import DurableStore
import Glibc
import Primitives
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

@testable import EvidenceVault

/// A machine that was in somebody else's hands, with the passphrase that its owner gave up.
@Suite struct HostileIntakeTests {
  private let fixture: IntakeFixture
  private var main: VaultFixture { fixture.main }

  init() throws { fixture = try IntakeFixture() }

  private func expectNothingChanges(_ body: () throws -> Void) throws {
    let before = try fixture.archive
    try body()
    #expect(try fixture.archive == before)
  }

  /// Collecting is refused for this, and adds nothing.
  private func expect(
    _ fault: IntakeFault, at path: String? = nil, overriding change: (inout CollectionOverrides) -> Void = { _ in }
  ) throws {
    try expectNothingChanges {
      let found = try fixture.fault(path, overriding: change)
      #expect(found == fault)
    }
  }

  @Test func aVaultThatWasNotMadeHereIsRefused() throws {
    let path = main.folder["stranger"]
    let stranger = try Vault.create(
      at: path, readers: [main.identity.recipient], passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      environment: main.environment)
    try expect(.unknownVault(fingerprint: stranger.note.fingerprint), at: path)
    try expect(.unknownVault(fingerprint: main.open().note.fingerprint), at: main.path)
  }

  @Test func anOlderCopyAndAnotherHistoryAreRefused() throws {
    try fixture.add("First")
    let older = try fixture.copy("older")
    try fixture.add("Second")
    try fixture.collect()
    try expect(.olderCopy(name: IntakeFixture.name, collected: 2, size: 1), at: older)
    // The older copy goes on by itself: as many entries, others.
    let fork = try Vault(opening: older, environment: main.environment)
    for title in ["Another second", "Third"] {
      _ = try fork.add(
        [], kind: "document", fields: ["title": .string(title), "document.kind": "note"], signer: fixture.signer)
    }
    try expect(.altered(name: IntakeFixture.name, collected: 2), at: older)
  }

  @Test func damageIsFoundBeforeAnythingIsWritten() throws {
    try fixture.add("First", files: ["a.txt": "a"])
    try fixture.add("Second", files: ["b.txt": "b"])
    let whole = try Tree(of: fixture.path)
    for folder in ["objects/", "records/", "tile/"] {
      for path in whole.files where path.hasPrefix(folder) {
        var tree = whole
        var bytes = try #require(tree[path])
        bytes[bytes.count / 2] ^= 1
        tree[path] = bytes
        try TemporaryFolder.remove(fixture.path)
        try tree.write(to: fixture.path)
        try expectNothingChanges {
          do {
            try fixture.collect()
            Issue.record("\(path) was changed, and collected")
          } catch {}
        }
      }
    }
  }

  @Test(arguments: ["symlink", "pipe", "missing"]) func whatIsNoRegularFileIsRefused(what: String) throws {
    try fixture.add("First", files: ["a.txt": "a"])
    let object = try #require(Tree(of: fixture.path).files.first { $0.hasPrefix("objects/") })
    let path = "\(fixture.path)/\(object)"
    let copy = main.folder["object"]
    try Tree(of: fixture.path)[object].map { _ = try main.folder.write($0, to: "object") }
    try TemporaryFolder.remove(path)
    if what == "symlink" { #expect(unsafe symlink(copy, path) == 0) }
    if what == "pipe" { #expect(unsafe mkfifo(path, 0o600) == 0) }
    try expectNothingChanges {
      let fault = try fixture.fault()
      if case .damaged? = fault { return }
      Issue.record("\(String(describing: fault))")
    }
  }

  /// Whoever has the signing key can sign any entry: none of them acts on the archive.
  @Test func entriesThatWouldActOnTheArchiveStayThere() throws {
    let account = try fixture.addTestimony()
    let key = Identity(generating: .x25519).recipient.description
    try fixture.forge(
      "recipient", ["name": "lawyer", "class": "lawyer", "age_recipients": [.string(key)], "keys_checked": "call"])
    try fixture.forge("recipient_revoked", ["name": "media", "reason": "r"])
    try fixture.forge(
      "export", ["recipients": ["lawyer"], "items": [0], "purpose": "p", "bundle": "00112233445566778899aabbccddeeff"])
    try fixture.forge(
      "intake", ["name": "Another", "verifying_key": .string(main.open().note.vaultKey.description)])
    try fixture.forge(
      "intake_revoked",
      [
        "name": "North", "verifying_key": .string(fixture.field().note.vaultKey.description), "reason": "r",
      ])
    try fixture.forge("recovery", ["event": "recovered", "threshold": 2, "set": 1])
    // Items that the archive had before, and ones that never were.
    try fixture.forge(
      "custody",
      [
        "item": .integer(Int64(account)), "event": "received", "at": "2026", "from": .string(fixture.words),
        "bundle": "00112233445566778899aabbccddeeff", "bundle_item": 0, "intake": .string(fixture.words),
        "intake_item": 99,
      ])
    try fixture.forge("withdrawal", ["item": 77, "reason": "r"])
    let before = try main.reader().recipients()
    let collected = try fixture.collect()
    #expect(
      collected.left.map(\.reason) == [
        .ofTheIntake(kind: "recipient"), .ofTheIntake(kind: "recipient_revoked"), .ofTheIntake(kind: "export"),
        .ofTheIntake(kind: "intake"), .ofTheIntake(kind: "intake_revoked"), .ofTheIntake(kind: "recovery"),
        .aboutNothing,
      ])
    let reader = try main.reader()
    #expect(try reader.recipients().map(\.keys) == before.map(\.keys))
    #expect(try reader.recipients().allSatisfy { $0.revokedBy == nil })
    #expect(try reader.intakes().map(\.name) == [IntakeFixture.name] && reader.intakes()[0].revocation == nil)
    let custody = try #require(try reader.history(of: collected.items[0].here).last)
    #expect(custody.fields["bundle"] == nil && custody.fields["intake_item"] == nil)
    #expect(custody.fields["intake_entry"] != nil)
    // A later collection goes by what the archive entered itself.
    try fixture.add("Later")
    #expect(try fixture.collect().items.map(\.title) == ["Later"])
  }

  @Test func numbersOfTheArchiveAreNoNumbersOfTheIntake() throws {
    // 0 is a document of the archive; there it is nothing that this entry may name.
    let item = try fixture.forge(
      "document",
      [
        "title": "t", "document.kind": "note", "consent.by": 0, "amends": 0, "collected.item": 3,
        "collected.fingerprint": "other words", "derived_from": 5_000_000_000,
      ])
    #expect(item == 0)
    let collected = try fixture.collect().items[0]
    let record = try main.reader().record(at: collected.here)
    #expect(record.fields["amends"] == nil && collected.amends == nil)
    #expect(record.fields["consent.by"] == .integer(.max) && record.fields["derived_from"] == .integer(.max))
    #expect(record.fields[CollectedField.item] == 0)
    #expect(try record.fields[CollectedField.fingerprint] == .string(fixture.words))
    #expect(try main.reader().currentItem(0).current.title == "Own")
  }

  /// It stays there, and what comes with it and behind it does not wait for it.
  @Test func consentThatContradictsItselfStaysThere() throws {
    let contradicting: JSONObject = [
      "title": "t", "witness.code": "c", "interview.date": "2023", "interview.language": "tg",
      "consent.media": "refused", "consent.media.quotes": "verbatim",
    ]
    try fixture.forge("testimony", contradicting)
    let testimony = try fixture.addTestimony()
    try fixture.add("Of the witness whose words stay there", [("consent.by", 0)])
    let collected = try fixture.collect()
    #expect(collected.needsAttention && collected.items.map(\.there) == [1, 2])
    #expect(collected.left.map(\.there) == [0])
    guard case .contradictingConsent(amends: nil, let why)? = collected.left.first?.reason else {
      Issue.record("\(collected.left)")
      return
    }
    #expect(why.english == "nothing goes to media, and yet it is said how")
    #expect(try fixture.refusals([collected.items[1].here]) == [.item(.noTestimony(UInt64.missingEntry))])
    #expect(try main.open().verify().findings.isEmpty)

    // An amendment that contradicts itself changes nothing of what came.
    let here = collected.items[0].here
    var amendment = contradicting
    amendment["amends"] = .integer(Int64(testimony))
    try fixture.forge("testimony", amendment)
    try fixture.add("Later")
    let later = try fixture.collect()
    #expect(later.items.map(\.title) == ["Later"])
    #expect(later.left.map(\.there) == [3] && later.needsAttention)
    guard case .contradictingConsent(amends: here, _)? = later.left.first?.reason else {
      Issue.record("\(later.left)")
      return
    }
    #expect(try main.reader().currentItem(here).records.count == 1)
    #expect(try fixture.collect().left.isEmpty)
  }

  /// Whoever has the signing key can also make the vault seal to a key of theirs from then on.
  @Test func aReaderThatWasPutInIsTold() throws {
    try fixture.add("First")
    let (vault, theirs) = (try fixture.field(), Identity(generating: .x25519).recipient)
    let note = try VaultNote(
      origin: vault.note.origin, readers: vault.note.readers + [theirs], signer: fixture.signer)
    try TemporaryFolder.remove("\(fixture.path)/vault.note")
    try main.folder.write(note.note.bytes, to: "field/vault.note")
    try expect(.foreignReader(name: IntakeFixture.name, key: theirs.description))
    // One reason says nothing of another thing that speaks against it.
    try expect(.foreignReader(name: IntakeFixture.name, key: theirs.description)) { $0.revocation = "it came back" }
    let entry = try main.reader().revokeIntake(
      IntakeFixture.name, reason: "seized", trustedHead: nil, signer: main.signer)
    try expect(.revoked(name: IntakeFixture.name, by: entry)) { $0.reader = "the officer knows" }
    let collected = try fixture.collect {
      $0.reader = "the officer knows"
      $0.revocation = "it came back"
    }
    let event = try #require(try main.reader().custody().events.last { $0.kind == IntakeEvent.collection })
    #expect(event.eventFields["override.reason"] == "it came back")
    #expect(event.eventFields["override.reader"] == "the officer knows")
    #expect(collected.items.count == 1 && !collected.isCertified)
  }

  @Test func aCertificateThatDoesNotFitIsDamage() throws {
    let note = try fixture.field().note
    #expect(try note.isCertified(by: main.open().note))
    #expect(try !main.open().note.isCertified(by: note))
    let last = try #require(note.note.signatures.last)
    var bytes = last.signature
    bytes[5] ^= 1
    let forged = try SignedNote(
      text: note.note.text,
      signatures: [note.note.signatures[0], NoteSignature(name: last.name, keyID: last.keyID, signature: bytes)])
    #expect(throws: VaultError.self) { try VaultNote(forged.bytes).isCertified(by: main.open().note) }
  }
}
