@testable import EvidenceVault
import TestFolders
import Testing

/// A vault that lost its note and its checkpoint, and a copy from before it went on under another name.
@Suite struct RepairLaterKeysTests {
  private let vault: RepairFixture

  init() throws { vault = try RepairFixture() }

  private func replaceKey() throws {
    let next = NextSigningKey(generating: vault.fixture.environment)
    _ = try vault.fixture.open().replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, identities: [vault.fixture.identity],
      signer: vault.fixture.signer)
    vault.fixture.signer = next.signer
    try vault.fixture.addDocument("After")
  }

  /// Accepts `vault.whole`, of four entries, after one more was lost; returns the vault before that.
  private func acceptOlder() throws -> Tree {
    let state = vault.fixture.folder["state"]
    try vault.fixture.addDocument("Lost", to: vault.fixture.open(stateFolder: state))
    let longer = try Tree(of: vault.fixture.path)
    try vault.whole.write(to: vault.fixture.path)
    let restored = try vault.fixture.open(stateFolder: state)
    _ = try restored.accept(restored.plannedRestoration(), signer: vault.fixture.signer)
    try vault.fixture.addDocument("After")
    return longer
  }

  private func loseNoteAndCheckpoint() throws {
    for name in ["vault.note", "checkpoint"] { try vault.put(nil, at: name) }
  }

  private func expectRefusal() throws {
    let before = try Tree(of: vault.fixture.path)
    #expect { try vault.repair() } throws: {
      if case VaultError.olderCheckpoint = $0 { true } else { false }
    }
    #expect(try Tree(of: vault.fixture.path) == before)
  }

  @Test(arguments: [true, false]) func aCopyFromBeforeTakesNoEntriesOut(isKeyReplaced: Bool) throws {
    if isKeyReplaced { try replaceKey() } else { _ = try acceptOlder() }
    let good = try Tree(of: vault.fixture.path)
    try loseNoteAndCheckpoint()
    try expectRefusal()
    try good.write(to: vault.copyPath)
    let report = try vault.repair()
    #expect(report.verification.isSound && report.vault.note.continuations.count == 1)
  }

  /// It has the number of the first entry under the later name, and another entry there.
  @Test func aLongerCopyFromBeforeARestorationTakesNoEntriesOut() throws {
    try acceptOlder().write(to: vault.copyPath)
    try loseNoteAndCheckpoint()
    try expectRefusal()
  }
}
