@testable import EvidenceVault
import StrictJSON
import Testing

/// What a witness refused does not leave.
@Suite struct ConsentTests {
  private func refusal(_ consent: String?, disclosing: Set<String> = []) throws -> String? {
    let fixture = try VaultFixture()
    try fixture.addTestimony(more: consent.map { [("consent.lawyer", .string($0))] } ?? [])
    _ = try fixture.addRecipient("Desk")
    var choice = DisclosureChoice()
    choice.disclosed = disclosing
    let reader = try fixture.reader()
    do {
      _ = try reader.plan([0], for: .recipients([reader.recipient("Desk")]), purpose: "", choice: choice)
      return nil
    } catch {
      guard case VaultError.refusedByConsent(item: 0, let what, recipientClass: "lawyer") = error else { throw error }
      return what
    }
  }

  @Test func anItemThatWasRefusedToAClassIsNotExportedToIt() throws { #expect(try refusal("refused") == "the item") }

  @Test(arguments: ["none", "code", "initials"])
  func aNameDoesNotGoWhereConsentIsForLess(level: String) throws {
    #expect(try refusal(level) == nil)
    #expect(try refusal(level, disclosing: ["witness.name"]) == "the name")
  }

  @Test func aNameGoesWhereConsentIsForTheFullName() throws {
    #expect(try refusal("full", disclosing: ["witness.name"]) == nil)
  }

  @Test func whatWasNotAskedIsLeftToThePersonWhoExports() throws {
    #expect(try refusal(nil, disclosing: ["witness.name"]) == nil)
  }
}
