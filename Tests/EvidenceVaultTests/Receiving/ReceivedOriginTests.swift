@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

/// Which machine took an item in, and which vault sent it, leads to whoever had them: no bundle names it unasked.
@Suite struct ReceivedOriginTests {
  private static let names = ReceivedField.all.union(CollectedField.all)

  @Test(arguments: Schema.itemKinds)
  func everyKindKeepsThem(kind: String) throws {
    for name in Self.names {
      let field = try #require(try Schema.named(kind).field(name), "\(kind) \(name)")
      #expect(field.sensitivity == .identity && field.isSetByProgram, "\(kind) \(name)")
    }
  }

  private func shown(_ plan: ExportPlan) -> [String] {
    plan.items.flatMap(\.record.fields.names).filter { Self.names.contains($0) }
  }

  @Test func theIntakeMachineIsInNoBundle() throws {
    let fixture = try IntakeFixture()
    try fixture.add("Summons", files: ["a.txt": "a"])
    try fixture.addTestimony([("consent.media", "code")])
    let items = try fixture.collect().items.map(\.here)
    for recipientClass in ["lawyer", "media"] {
      #expect(try shown(fixture.plan([items[1]], for: recipientClass)).isEmpty)
    }
    // The witness agreed to a code name, and is asked first.
    #expect(
      try fixture.refusals([items[1]]) { $0.disclosed = ["collected.fingerprint"] }
        == [.part("collected.fingerprint", .name)])
  }

  @Test func theVaultThatSentItIsInNoBundleUnlessItIsNamed() throws {
    let fixture = try ReceivingFixture()
    try fixture.sender.addTestimony(more: [("consent.lawyer", "full")])
    let here = try fixture.receive(fixture.send([1])).items.map(\.here)
    #expect(try shown(fixture.plan(here)).isEmpty)
    #expect(try shown(fixture.plan(here) { $0.disclosed = ["restricted"] }).isEmpty)
    #expect(try shown(fixture.plan(here) { $0.disclosed = ["received.from"] }) == ["received.from"])
  }
}
