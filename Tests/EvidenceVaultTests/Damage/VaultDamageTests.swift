import Age
import DurableStore
@testable import EvidenceVault
import TestFolders
import Testing
import Wording

/// A sound vault in which one file at a time is damaged.
final class DamagedVault {
  let fixture: VaultFixture
  let tree: Tree

  init() throws {
    fixture = try VaultFixture.filled()
    tree = try Tree(of: fixture.path)
  }

  /// Whether anything that has the keys says that the vault is not as it was.
  ///
  /// The catalog is a cache, and one that somebody else made is none of a reader's business: a notice is enough.
  var isDamageFound: Bool {
    do {
      let vault = try fixture.open()
      // Cheap checks first: what they find, nobody needs to look for with the keys.
      guard try vault.verify().isSound else { return true }
      guard vault.verifySigningKey(try VaultFixture.passphrase()).isEmpty else { return true }
      _ = try vault.readingIdentity(VaultFixture.passphrase())
      let report = try vault.verify(deepWith: [fixture.identity])
      return !report.isSound || report.findings.contains { $0.subject == .catalog }
    } catch {
      return error is VaultError
    }
  }

  /// Puts `bytes` in the place of a file for the time of `body`; `nil` removes it.
  func with(_ path: String, _ bytes: [UInt8]?, _ body: () throws -> Void) throws {
    guard let whole = tree[path] else { return }
    try Tree.replace("\(fixture.path)/\(path)", with: bytes ?? [])
    if bytes == nil { try TemporaryFolder.remove("\(fixture.path)/\(path)") }
    try body()
    try Tree.replace("\(fixture.path)/\(path)", with: whole)
  }
}

@Suite struct VaultDamageTests {
  /// The paths differ from run to run; these are enough to make one parameter of each kind of file.
  static let kinds = [
    "vault.note", "checkpoint", "tile/0/", "tile/entries/", "records/", "objects/", "keys/", "catalog.age",
  ]

  @Test func whatNobodyMayReadIsNotCalledLost() {
    func remedy(_ subject: Finding.Subject, _ error: StoreError) -> Phrase {
      Finding(subject, path: error.path, error: error).remedy
    }
    let denied = remedy(.object, .denied(path: "object"))
    #expect(denied != remedy(.object, .notFound(path: "object")))
    #expect(denied == remedy(.index, .denied(path: "tile")))
  }

  /// What is in a folder may be whole as well, and of a failing disk that is said in other words.
  @Test func aFolderThatCannotBeReadIsNoLeftover() {
    let denied = Finding.closedFolder("records", StoreError.denied(path: "records"))
    let failing = Finding.closedFolder("records", StoreError.system(path: "records", code: 5))
    let leftover = Finding(.leftover, detail: denied.detail).remedy
    #expect(denied.remedy == Finding(.object, error: StoreError.denied(path: "object")).remedy)
    #expect(Set([denied.remedy, failing.remedy, leftover]).count == 3 && denied.detail != failing.detail)
    #expect(denied.severity == .damage && failing.severity == .damage)
  }

  @Test func theUndamagedVaultIsSound() throws { #expect(try !DamagedVault().isDamageFound) }

  @Test(arguments: kinds) func changeOfAnyByteIsFound(kind: String) throws {
    let vault = try DamagedVault()
    let paths = vault.tree.files.filter { $0.hasPrefix(kind) }
    try #require(!paths.isEmpty)
    for path in paths {
      let whole = try #require(vault.tree[path])
      let isSmall = whole.count <= 700
      for offset in stride(from: 0, to: whole.count, by: isSmall ? 1 : 13) {
        for pattern: UInt8 in isSmall ? [0x01, 0x20, 0x80] : [0x01 << UInt8(offset % 8)] {
          var bytes = whole
          bytes[offset] ^= pattern
          try vault.with(path, bytes) {
            #expect(vault.isDamageFound, "\(path), byte \(offset), bits \(pattern)")
          }
        }
      }
    }
    #expect(!vault.isDamageFound)
  }

  @Test(arguments: ["tile/", "records/", "objects/"]) func changesAreFoundWithoutAnyKey(kind: String) throws {
    let vault = try DamagedVault()
    for path in vault.tree.files where path.hasPrefix(kind) {
      let whole = try #require(vault.tree[path])
      for offset in stride(from: 0, to: whole.count, by: max(1, whole.count / 20)) {
        var bytes = whole
        bytes[offset] ^= 1
        try vault.with(path, bytes) {
          let report = try vault.fixture.open().verify()
          #expect(!report.isSound, "\(path), byte \(offset)")
        }
      }
    }
  }

  @Test func entriesThatFitTheirTilesButNotTheSignedHeadAreFound() throws {
    let fixture = try VaultFixture()
    try fixture.addDocument("One")
    let common = try Tree(of: fixture.path)
    try fixture.addDocument("Two")
    let checkpoint = try #require(Tree(of: fixture.path)[Vault.checkpointName])
    try common.write(to: fixture.path)
    try fixture.addDocument("Other two")
    try Tree.replace("\(fixture.path)/\(Vault.checkpointName)", with: checkpoint)
    let findings = try fixture.open().verify().findings
    #expect(findings.map(\.subject) == [.checkpoint])
  }

  @Test func aFileCutShortIsFound() throws {
    let vault = try DamagedVault()
    for path in vault.tree.files {
      let whole = try #require(vault.tree[path])
      for count in Set([0, 1, whole.count / 2, whole.count - 1]) {
        try vault.with(path, Array(whole.prefix(count))) {
          #expect(vault.isDamageFound, "\(path), cut to \(count) bytes")
        }
      }
    }
  }

  @Test func bytesAfterTheEndOfAFileAreFound() throws {
    let vault = try DamagedVault()
    for path in vault.tree.files {
      let whole = try #require(vault.tree[path])
      for tail in [[0], [0x0a], whole] {
        try vault.with(path, whole + tail) {
          #expect(vault.isDamageFound, "\(path), longer by \(tail.count) bytes")
        }
      }
    }
  }

  @Test func aMissingFileIsFound() throws {
    let vault = try DamagedVault()
    for path in vault.tree.files where path != Catalog.Contents.summaries.fileName {
      try vault.with(path, nil) { #expect(vault.isDamageFound, "\(path) is missing") }
    }
  }

  @Test func aFileInThePlaceOfAnotherIsFound() throws {
    let vault = try DamagedVault()
    let files = vault.tree.files
    for path in files {
      let whole = try #require(vault.tree[path])
      for other in files where vault.tree[other] != whole {
        try vault.with(path, vault.tree[other]) { #expect(vault.isDamageFound, "\(other) in the place of \(path)") }
      }
    }
  }

  @Test func aMissingCatalogIsNoDamage() throws {
    let vault = try DamagedVault()
    try vault.with(Catalog.Contents.summaries.fileName, nil) { #expect(!vault.isDamageFound) }
  }
}
