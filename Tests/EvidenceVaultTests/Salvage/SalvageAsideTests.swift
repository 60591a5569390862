import Age
@testable import EvidenceVault
import Primitives
import SecretSharing
import StrictJSON
import TestFolders
import Testing

/// What a salvage makes of what lies in `aside/`: keys are no evidence there either, and all else may be.
@Suite struct SalvageAsideTests {
  private let fixture: VaultFixture

  init() throws { fixture = try VaultFixture.filled() }

  private func salvage() throws -> (report: SalvageReport, notRecovered: [String]) {
    let report = try Vault.salvage(
      fixture.path, identities: [fixture.identity], to: fixture.folder["new"], passphrase: VaultFixture.passphrase(),
      workFactorLog2: 1, environment: fixture.environment)
    let identity = try report.vault.readingIdentity(VaultFixture.passphrase())
    let event = try VaultReader(report.vault, identities: [identity]).record(at: UInt64(report.items.count))
    try #require(event.kind == "salvage")
    return (report, event.fields["not_recovered"]?.arrayValue?.compactMap(\.stringValue) ?? [])
  }

  @Test func keyFilesThatNewOnesReplacedAreNoLoss() throws {
    let plan = try SplitPlan(threshold: 2, count: 2, holders: [], isWithSigning: true)
    _ = try fixture.open().split(fixture.identity, plan, signer: fixture.signer, to: fixture.folder["sheets"])
    let shares = try Sharing.split(fixture.identity.copyOfSeed(), threshold: 2, count: 2, from: SystemRandomness())
    let result = try fixture.open().restoreKeys(
      RecoveredIdentity(shares, of: [fixture.identity.recipient]), passphrase: VaultFixture.passphrase("new words"),
      workFactorLog2: 1, isReplacing: true)
    let aside = try #require(result.aside)
    let kept = try Tree(of: fixture.path).files.filter { $0.hasPrefix("\(aside)/") }
    #expect(kept.sorted() == ["\(aside)/keys/reading.age", "\(aside)/keys/signing.age"])
    let (report, notRecovered) = try salvage()
    #expect(report.isComplete && report.items.count == 2, "\(report.troubles)")
    #expect(notRecovered == [])
  }

  @Test func whatElseLiesAsideIsRecoveredOrTold() throws {
    let aside = "aside/20230526T093000Z-00000000"
    let tree = try Tree(of: fixture.path)
    for path in tree.files where path.hasPrefix("objects/") {
      try fixture.folder.write(#require(tree[path]), to: "vault/\(aside)/\(path)")
    }
    try TemporaryFolder.remove("\(fixture.path)/objects")
    let others = ["\(aside)/found/keys/a.age", "aside/keys/a.age", "found/20230526T093000Z-00000000/keys/a.age"]
    for path in others { try fixture.folder.write("no sealed file".utf8, to: "vault/\(path)") }
    let (report, notRecovered) = try salvage()
    #expect(report.items.count == 2)
    #expect(Set(report.troubles.map(\.path)) == Set(others) && Set(notRecovered) == Set(others))
  }
}
