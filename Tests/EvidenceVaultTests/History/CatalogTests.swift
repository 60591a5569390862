import Age
@testable import EvidenceVault
import Streams
import TestFolders
import Testing

@Suite struct CatalogTests {
  private let fixture: VaultFixture
  private let titles = ["Minutes", "First account", "Desk"]

  init() throws { fixture = try VaultFixture.filled() }

  private func listed() throws -> [String] { try fixture.reader().summaries().map(\.title) }

  private func findings() throws -> [Finding] { try fixture.open().verify(deepWith: [fixture.identity]).findings }

  private func expectIgnored(_ catalog: [UInt8]?, severity: Finding.Severity?) throws {
    let path = "\(fixture.path)/\(Catalog.fileName)"
    let whole = try Tree(of: fixture.path)
    if let catalog { try Tree.replace(path, with: catalog) } else { try TemporaryFolder.remove(path) }
    #expect(try findings().map(\.severity) == (severity.map { [$0] } ?? []))
    #expect(try findings().allSatisfy { $0.subject == .catalog })
    #expect(try listed() == titles)
    #expect(try findings().isEmpty, "the list makes the catalog again")
    try whole.write(to: fixture.path)
  }

  @Test func aMissingCatalogIsMadeAgain() throws { try expectIgnored(nil, severity: nil) }

  @Test func aDamagedCatalogIsIgnoredByTheListAndReportedByTheCheck() throws {
    var bytes = try #require(Tree(of: fixture.path)[Catalog.fileName])
    bytes[bytes.count - 1] ^= 1
    try expectIgnored(bytes, severity: .damage)
    try expectIgnored(Array("no sealed file".utf8), severity: .damage)
  }

  @Test func aCatalogThatSomebodyElseSealedToTheReaderIsIgnoredAndReported() throws {
    let opened = MemorySink()
    let bytes = try #require(Tree(of: fixture.path)[Catalog.fileName])
    try SealedFile(reading: MemorySource(bytes)).open(with: [fixture.identity], to: opened)
    let text = String(decoding: opened.bytes, as: UTF8.self).replacing("Minutes", with: "Forged!")
    #expect(text.contains("Forged!"))
    let forged = MemorySink()
    try Sealing.seal(from: MemorySource(Array(text.utf8)), to: forged, for: [fixture.identity.recipient])
    try expectIgnored(forged.bytes, severity: .damage)
  }

  @Test func aCatalogForAnotherKeyIsANotice() throws {
    let other = MemorySink()
    let stranger = Identity(generating: .x25519)
    try Sealing.seal(from: MemorySource([1, 2, 3]), to: other, for: [stranger.recipient])
    try expectIgnored(other.bytes, severity: .notice)
  }

  @Test func aCatalogOfAnotherVaultOfTheSameReaderIsIgnored() throws {
    let intake = fixture.folder["intake"]
    let other = try Vault.create(
      at: intake, readers: [fixture.identity.recipient], passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      environment: fixture.environment)
    _ = try VaultReader(other, identities: [fixture.identity]).summaries()
    let bytes = try #require(Tree(of: intake)[Catalog.fileName])
    try expectIgnored(bytes, severity: .damage)
  }

  @Test func aCatalogThatIsBehindIsBroughtUpToDate() throws {
    try fixture.addDocument("Later")
    #expect(try listed() == titles + ["Later"])
    #expect(try listed() == titles + ["Later"])
  }

  @Test func aCatalogAheadOfTheIndexIsIgnored() throws {
    let shorter = try VaultFixture()
    try shorter.addDocument("One")
    let old = try Tree(of: shorter.path)
    try shorter.addDocument("Two")
    _ = try shorter.reader().summaries()
    let catalog = try #require(Tree(of: shorter.path)[Catalog.fileName])
    try old.write(to: shorter.path)
    try Tree.replace("\(shorter.path)/\(Catalog.fileName)", with: catalog)
    #expect(try shorter.reader().summaries().map(\.title) == ["One"])
  }
}
