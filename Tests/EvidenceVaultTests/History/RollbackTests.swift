@testable import EvidenceVault
import TestFolders
import Testing

@Suite struct RollbackTests {
  private let fixture: VaultFixture
  private let state: String

  init() throws {
    fixture = try VaultFixture()
    state = fixture.folder["state"]
  }

  private func open() throws -> Vault { try fixture.open(stateFolder: state) }

  @Test func anOlderCopyIsToldFromTheOneThatWasSeen() throws {
    try fixture.addDocument("One", to: open())
    let older = try Tree(of: fixture.path)
    try fixture.addDocument("Two", to: open())
    try older.write(to: fixture.path)
    #expect { try open().head() } throws: {
      if case VaultError.rolledBack(seenSize: 2, size: 1) = $0 { true } else { false }
    }
    #expect(throws: VaultError.self) { try open().verify() }
    #expect(throws: VaultError.self) { try fixture.addDocument("Three", to: open()) }
    #expect(try Tree(of: fixture.path) == older)
  }

  @Test func anOlderCopyCannotBeToldWithoutAStateFolder() throws {
    let older = try Tree(of: fixture.path)
    try fixture.addDocument("One")
    try older.write(to: fixture.path)
    #expect(try fixture.open().verify().isSound)
  }

  @Test func theHeadThatWasSeenIsNeverForgottenForAnOlderOne() throws {
    try fixture.addDocument("One", to: open())
    let older = try Tree(of: fixture.path)
    let vault = try open()
    let head = try vault.head()
    try fixture.addDocument("Two", to: open())
    vault.pin(head)
    try older.write(to: fixture.path)
    #expect { try open().head() } throws: {
      if case VaultError.rolledBack(seenSize: 2, size: 1) = $0 { true } else { false }
    }
  }

  @Test func aForkIsDamageWhateverItsLength() throws {
    try fixture.addDocument("One", to: open())
    let common = try Tree(of: fixture.path)
    try fixture.addDocument("Two", to: open())
    try common.write(to: fixture.path)
    for title in ["Other two", "Other three"] {
      try fixture.addDocument(title)
      #expect { try open().head() } throws: {
        if case VaultError.damaged(let finding) = $0 { finding.subject == .pin } else { false }
      }
      let report = try open().verify()
      #expect(report.findings.map(\.subject) == [.pin])
      #expect(!report.isSound)
    }
  }

  @Test func anotherVaultAtTheSamePathIsTold() throws {
    try fixture.addDocument("One", to: open())
    let other = try VaultFixture()
    try Tree(of: other.path).write(to: fixture.path)
    #expect { try open().head() } throws: {
      guard case VaultError.replaced(_, let fingerprint) = $0 else { return false }
      return try fingerprint == other.open().note.fingerprint
    }
  }

  @Test func aGrownCopyIsFineAndIsRememberedOnceItWasChecked() throws {
    try fixture.addDocument("One", to: open())
    let older = try Tree(of: fixture.path)
    try fixture.addDocument("Two")
    #expect(try open().verify().isSound)
    try older.write(to: fixture.path)
    #expect { try open().head() } throws: {
      if case VaultError.rolledBack(seenSize: 2, size: 1) = $0 { true } else { false }
    }
  }

  @Test func aVaultThatMovedIsKnownByItsName() throws {
    try fixture.addDocument("One", to: open())
    let older = try Tree(of: fixture.path)
    try fixture.addDocument("Two", to: open())
    try older.write(to: fixture.folder["moved"])
    let moved = try Vault(
      opening: fixture.folder["moved"], environment: VaultFixture.environment(stateFolder: state))
    #expect { try moved.head() } throws: { if case VaultError.rolledBack = $0 { true } else { false } }
  }
}
