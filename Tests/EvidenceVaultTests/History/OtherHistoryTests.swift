import Primitives
import TestFolders
import Testing
import TransparencyLog

@testable import EvidenceVault

/// The copy that was thought lost turns up where another one went on: whoever accepts it is told what that gives up.
@Suite struct OtherHistoryTests {
  private let fixture: VaultFixture
  private let state: String
  /// Five entries, of which the backup that went on has three.
  private let lost: Tree

  init() throws {
    fixture = try VaultFixture()
    state = fixture.folder["state"]
    for title in ["1", "2", "3"] { try fixture.addDocument(title, to: fixture.open(stateFolder: state)) }
    let backup = try Tree(of: fixture.path)
    for title in ["4", "5"] { try fixture.addDocument(title, to: fixture.open(stateFolder: state)) }
    lost = try Tree(of: fixture.path)
    try Self.put(backup, fixture)
    let vault = try fixture.open(stateFolder: state)
    _ = try vault.accept(vault.plannedRestoration(), signer: fixture.signer)
    for title in ["6", "7", "8", "9"] { try fixture.addDocument(title, to: fixture.open(stateFolder: state)) }
  }

  private static func put(_ tree: Tree, _ fixture: VaultFixture) throws {
    try TemporaryFolder.remove(fixture.path)
    try tree.write(to: fixture.path)
  }

  private func plan() throws -> Restoration {
    try Self.put(lost, fixture)
    return try fixture.open(stateFolder: state).plannedRestoration()
  }

  private func name(_ kind: String, _ origin: NoteLine) -> String {
    "\(state)/\(kind)-" + SHA256Hasher.digest(of: origin.bytes).hex
  }

  @Test func whatAnotherCopyAddedSinceIsGivenUpAndTold() throws {
    let other = try fixture.open().note.origin
    let plan = try plan()
    #expect(plan.kept.tree.size == 5 && plan.lastSeen.size == 5)
    #expect(plan.others == [OtherHistory(origin: other, size: 7, common: 3)] && plan.givenUpCount == 4)
  }

  /// Both went on from the same restored copy; what they have in common they have under two names.
  @Test func whatBothKeptUnderALaterNameIsCommon() throws {
    let third = try Tree(of: fixture.path)
    try fixture.addDocument("10", to: fixture.open(stateFolder: state))
    try Self.put(third, fixture)
    let vault = try fixture.open(stateFolder: state)
    _ = try vault.accept(vault.plannedRestoration(), signer: fixture.signer)
    try fixture.addDocument("11", to: fixture.open(stateFolder: state))
    try fixture.addDocument("12", to: fixture.open(stateFolder: state))
    let other = try fixture.open().note.origin
    try Self.put(third, fixture)
    #expect(
      try fixture.open(stateFolder: state).plannedRestoration().others
        == [OtherHistory(origin: other, size: 9, common: 7)])
  }

  /// The state folder of a program that did not keep it, or one that was written to.
  @Test(arguments: [nil, "", "3", "3 other.invalid/log\n", "x \n"] as [String?])
  func whatIsNotRememberedIsNotMadeUp(_ kept: String?) throws {
    let note = try fixture.open().note
    let path = name("kept", note.continuations[0].origin)
    if let kept { try Tree.replace(path, with: Array(kept.utf8)) } else { try TemporaryFolder.remove(path) }
    let plan = try plan()
    #expect(plan.others == [OtherHistory(origin: note.origin, size: 7, common: nil)] && plan.givenUpCount == nil)
  }

  @Test func howFarItWentOnIsNotMadeUp() throws {
    let other = try fixture.open().note.origin
    try TemporaryFolder.remove(name("head", other))
    let plan = try plan()
    #expect(plan.others == [OtherHistory(origin: other, size: nil, common: 3)] && plan.givenUpCount == nil)
  }
}
