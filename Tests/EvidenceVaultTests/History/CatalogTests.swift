import Age
@testable import EvidenceVault
import Streams
import Synchronization
import TestFolders
import Testing
import TransparencyLog

@Suite struct CatalogTests {
  private let fixture: VaultFixture
  private let titles = ["Minutes", "First account", "Desk"]

  init() throws { fixture = try VaultFixture.filled() }

  private func listed() throws -> [String] { try fixture.reader().summaries().map(\.title) }

  private func findings() throws -> [Finding] { try fixture.open().verify(deepWith: [fixture.identity]).findings }

  private func expectIgnored(_ catalog: [UInt8]?, severity: Finding.Severity?) throws {
    let path = "\(fixture.path)/\(Catalog.Contents.summaries.fileName)"
    let whole = try Tree(of: fixture.path)
    if let catalog { try Tree.replace(path, with: catalog) } else { try TemporaryFolder.remove(path) }
    #expect(try findings().map(\.severity) == (severity.map { [$0] } ?? []))
    #expect(try findings().allSatisfy { $0.subject == .catalog })
    #expect(try listed() == titles)
    #expect(try findings().isEmpty, "the list makes the catalog again")
    try whole.write(to: fixture.path)
  }

  @Test func theCheckAndTheFirstListTellHowManyEntriesThereAreAndWereSeen() throws {
    try TemporaryFolder.remove("\(fixture.path)/\(Catalog.Contents.summaries.fileName)")
    let planned = Mutex<[UInt64]>([])
    let seen = Mutex<UInt64>(0)
    var environment = fixture.environment
    environment.onEntryPlan = { count in planned.withLock { $0.append(count) } }
    environment.onEntryProgress = { count in seen.withLock { $0 += count } }
    let vault = try Vault(opening: fixture.path, environment: environment)
    #expect(try vault.verify().isSound)
    #expect(planned.withLock { $0 } == [3])
    #expect(seen.withLock { $0 } == 3)
    for expected: UInt64 in [6, 6] {
      _ = try VaultReader(vault, identities: [fixture.identity]).summaries()
      #expect(planned.withLock { $0.reduce(0, +) } == expected)
      #expect(seen.withLock { $0 } == expected)
    }
  }

  @Test func aMissingCatalogIsMadeAgain() throws { try expectIgnored(nil, severity: nil) }

  @Test func aDamagedCatalogIsIgnoredByTheListAndReportedByTheCheck() throws {
    var bytes = try #require(Tree(of: fixture.path)[Catalog.Contents.summaries.fileName])
    bytes[bytes.count - 1] ^= 1
    try expectIgnored(bytes, severity: .damage)
    try expectIgnored(Array("no sealed file".utf8), severity: .damage)
  }

  /// The text of the catalog, opened as its reader does.
  private func text() throws -> String {
    let bytes = try #require(Tree(of: fixture.path)[Catalog.Contents.summaries.fileName])
    let own = fixture.identity.derivedIdentity(label: Catalog.Contents.summaries.format)
    return String(decoding: try SealedFile(bytes).open(with: [own]), as: UTF8.self)
  }

  private func sealed(_ text: String, to identity: Identity) throws -> [UInt8] {
    try Sealing.seal(Array(text.utf8), for: [identity.recipient])
  }

  @Test func aCatalogThatSomebodyElseSealedToTheReaderIsIgnoredAndReported() throws {
    let forged = try text().replacing("Minutes", with: "Forged!")
    #expect(forged.contains("Forged!"))
    try expectIgnored(sealed(forged, to: fixture.identity), severity: .notice)
  }

  @Test func aCatalogWhoseLinesAreNotThoseOfTheIndexIsIgnoredAndReported() throws {
    let own = fixture.identity.derivedIdentity(label: Catalog.Contents.summaries.format)
    let lines = try text().split(separator: "\n").map(String.init)
    let spoilt = [
      Array(lines.dropLast()), lines + [lines[1]], [lines[0], lines[2], lines[1], lines[3]], Array(lines.dropFirst()),
      lines.map { $0.replacing("\"kind\"", with: "\"kin\"") },
      [lines[0].replacing("v3", with: "v2")] + lines.dropFirst(),
      [lines[0] + " "] + lines.dropFirst(),
      [String(lines[0].dropLast()) + (lines[0].hasSuffix("0") ? "1" : "0")] + lines.dropFirst(),
    ]
    for lines in spoilt {
      try expectIgnored(sealed(lines.joined(separator: "\n") + "\n", to: own), severity: .damage)
    }
    try expectIgnored(sealed(lines.joined(separator: "\n"), to: own), severity: .damage)
    try expectIgnored(sealed("", to: own), severity: .damage)
  }

  @Test func aFileOfAnotherSortSealedByTheReaderIsNoCatalog() throws {
    let own = fixture.identity.derivedIdentity(label: Catalog.Contents.summaries.format)
    try expectIgnored(sealed(String(repeating: "x", count: 5 << 20), to: own), severity: .damage)
  }

  /// Chunks of age before the damaged one are the reader's own, so the lines in them come.
  @Test func linesBeforeTheDamagedChunkOfACatalogCome() throws {
    let vault = try fixture.open()
    let catalog = Catalog(.summaries, of: fixture.identity, in: vault)
    let line = Array((String(repeating: "x", count: 999) + "\n").utf8)
    let head = try vault.head().tree
    try catalog.replace(upTo: head) { sink in for _ in 0..<6000 { try sink.write(line) } }
    #expect(try lines(of: catalog) == (6000, whole: true))
    let path = "\(fixture.path)/\(Catalog.Contents.summaries.fileName)"
    var bytes = try #require(Tree(of: fixture.path)[Catalog.Contents.summaries.fileName])
    bytes[4_500_000] ^= 1
    try Tree.replace(path, with: bytes)
    let (count, isWhole) = try lines(of: catalog)
    #expect(!isWhole && count > 4000 && count < 4500)
  }

  private func lines(of catalog: Catalog) throws -> (Int, whole: Bool) {
    var count = 0
    do {
      try catalog.read {
        #expect($0.size == 3)
      } body: {
        #expect($0.count % 1000 == 0)
        count += $0.count / 1000
      }
    } catch VaultError.damaged { return (count, false) }
    return (count, true)
  }

  @Test func aDamagedCatalogIsRemovedOnceItProvedUseless() throws {
    let path = "\(fixture.path)/\(Catalog.Contents.summaries.fileName)"
    var bytes = try #require(Tree(of: fixture.path)[Catalog.Contents.summaries.fileName])
    bytes[bytes.count - 1] ^= 1
    try Tree.replace(path, with: bytes)
    let reader = try fixture.reader()
    try TemporaryFolder.remove("\(fixture.path)/\(Vault.incomingFolder)")
    #expect(try reader.summaries().map(\.title) == titles, "a catalog that cannot be written is no failure")
    #expect(try reader.summaries().map(\.title) == titles)
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
    let bytes = try #require(Tree(of: intake)[Catalog.Contents.summaries.fileName])
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
    let catalog = try #require(Tree(of: shorter.path)[Catalog.Contents.summaries.fileName])
    try old.write(to: shorter.path)
    try Tree.replace("\(shorter.path)/\(Catalog.Contents.summaries.fileName)", with: catalog)
    #expect(try shorter.reader().summaries().map(\.title) == ["One"])
  }
}
