import Primitives
import TestFolders
import Testing
import TransparencyLog

@testable import EvidenceVault

/// Whoever has the passphrase can let the vault go on once more from a copy of it: a machine that saw how it went on
/// does not follow.
@Suite struct OtherFutureTests {
  private let fixture: VaultFixture
  private let backup: Tree
  private let state: String

  init() throws {
    fixture = try VaultFixture()
    state = fixture.folder["state"]
    try fixture.addDocument("One")
    backup = try Tree(of: fixture.path)
    try see()
  }

  /// The vault on the machine that remembers.
  private func open() throws -> Vault { try fixture.open(stateFolder: state) }

  private func see() throws { #expect(try open().verify().isSound) }

  private func put(_ tree: Tree) throws {
    try TemporaryFolder.remove(fixture.path)
    try tree.write(to: fixture.path)
  }

  /// Goes on from the backup under a new origin, on another machine.
  private func restoreBackup() throws {
    try put(backup)
    let vault = try fixture.open()
    let later = try Vault.checkpoint(
      TreeHead(size: 9, root: SHA256Hasher.digest(of: [9])), note: vault.note, signer: fixture.signer)
    _ = try vault.accept(vault.plannedRestoration(expecting: .note(later)), signer: fixture.signer)
  }

  private func replaceKey(with next: NextSigningKey) throws {
    _ = try fixture.open().replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
  }

  private func expectSuperseded(_ body: () throws -> some Any) {
    #expect { try body() } throws: { if case VaultError.superseded = $0 { true } else { false } }
  }

  private func expect(_ fault: SigningKeyFault, _ body: () throws -> some Any) {
    #expect { try body() } throws: { if case VaultError.signingKey(fault) = $0 { true } else { false } }
  }

  /// That it went on is known, though where to cannot be read any more.
  @Test func whatWentOnIsRefusedAlsoIfItIsNotKnownHow() throws {
    let next = "state/next-" + SHA256Hasher.digest(of: try open().note.origin.bytes).hex
    try fixture.folder.write([0xFF], to: next)
    expectSuperseded { try open().head() }
  }

  @Test func whatGoesOnOtherwiseIsRefusedUntilSomebodyAcceptsIt() throws {
    try restoreBackup()
    try fixture.addDocument("Two")
    try see()
    let first = try Tree(of: fixture.path)
    try restoreBackup()
    try fixture.addDocument("Other two")
    expectSuperseded { try open().head() }
    expectSuperseded { try fixture.addDocument("Three", to: open()) }
    let second = try open().note.origin

    let (accepted, _) = try open().accept(open().plannedRestoration(), signer: fixture.signer)
    #expect(accepted.note.continuations.map(\.origin).last == second)
    try fixture.addDocument("Three", to: open())
    try see()
    try put(first)
    expectSuperseded { try open().head() }
  }

  /// Another command looked at the other future between the check and the memory.
  @Test func whatWasSeenMeanwhileIsNotForgotten() throws {
    try restoreBackup()
    let second = try fixture.open()
    try restoreBackup()
    let pins = try #require(Pins(VaultFixture.environment(stateFolder: state)))
    let head = try fixture.open().head()
    try see()
    let signed = try Vault.checkpoint(head.tree, note: second.note, signer: fixture.signer)
    #expect(!pins.remember(second.note, checkpoint: signed, path: fixture.path))
    try see()
  }

  @Test func aKeyThatWasNotPromisedWhereTheVaultWentOnIsRefused() throws {
    try restoreBackup()
    _ = try fixture.open().promise(
      NextSigningKey(generating: fixture.environment).publicHalf, signer: fixture.signer)
    try see()
    try restoreBackup()
    try replaceKey(with: NextSigningKey(generating: fixture.environment))
    expect(.notPromised) { try open().head() }
    expect(.notPromised) { try open().plannedRestoration() }
  }

  @Test func aKeyThatWasReplacedDoesNotGoOnFromACopy() throws {
    try replaceKey(with: NextSigningKey(generating: fixture.environment))
    try see()
    try restoreBackup()
    let path = fixture.folder["elsewhere"]
    try Tree(of: fixture.path).write(to: path)
    let fork = try Vault(opening: path, environment: VaultFixture.environment(stateFolder: state))
    expect(.replacedSince) { try fork.head() }
    expect(.replacedSince) { try fork.plannedRestoration() }
    try Tree.replace("\(path)/checkpoint", with: #require(backup["checkpoint"]))
    expect(.replacedSince) { try fork.plannedRestoration() }
  }

  /// Anybody can name the origin in the note of a vault of their own.
  @Test func aStrangersVaultLeadsNowhere() throws {
    let stranger = try VaultFixture()
    let head = try fixture.open().head().tree
    let own = try stranger.open().note
    let note = try VaultNote(
      origin: own.origin,
      continuations: [Continuation(origin: fixture.open().note.origin, kept: head, lastSeen: head)],
      readers: own.readers, signer: stranger.signer)
    let pins = try #require(Pins(VaultFixture.environment(stateFolder: state)))
    let signed = try Vault.checkpoint(head, note: note, signer: stranger.signer)
    #expect(pins.remember(note, checkpoint: signed, path: stranger.path))
    try see()
    try fixture.addDocument("Two", to: open())
  }
}
