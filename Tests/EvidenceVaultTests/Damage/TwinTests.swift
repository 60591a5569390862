@testable import EvidenceVault
import TestFolders
import Testing

/// A file that nobody signed must not hide behind one that was signed and whose name looks the same.
@Suite struct TwinTests {
  @Test func aTwinThatDiffersOnlyInHowALetterIsComposedIsRefused() throws {
    let fixture = try VaultFixture()
    try fixture.addDocument("Letters", files: ["\u{439}.txt": "genuine"])
    let desk = try fixture.addRecipient("Desk")
    let bundle = try BundleFixture(of: fixture, items: [0], identity: desk)
    try bundle.open(bundle.sealed)
    let folder = fixture.folder["opened"]
    _ = try Bundle.check(folder: folder, from: bundle.sender, environment: fixture.environment)
    try fixture.folder.write("forged".utf8, to: "opened/data/item-0/files/\u{438}\u{306}.txt")
    #expect { try Bundle.check(folder: folder, from: bundle.sender, environment: fixture.environment) } throws: {
      if case VaultError.bundle(.forbiddenFile) = $0 { true } else { false }
    }
  }
}
