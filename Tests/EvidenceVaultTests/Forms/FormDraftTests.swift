import Age
@testable import EvidenceVault
import StrictJSON
import Testing

/// Answers of a form that is not done, as they are kept.
@Suite struct FormDraftTests {
  private static let draft = FormDraft(
    kind: "document", fields: ["title": "Номаи нав", "languages": ["tg"]], next: "case")
  private let fixture: VaultFixture

  init() throws { fixture = try VaultFixture() }

  private func expectIsDraft(_ draft: FormDraft) {
    #expect(draft.kind == Self.draft.kind && draft.next == Self.draft.next && draft.fields == Self.draft.fields)
  }

  @Test func theReadersOfTheVaultOpenItAndNobodyElse() throws {
    let sealed = try Self.draft.sealed(for: CheckedReaders(of: fixture.open()))
    #expect(try !FormDraft.needsPassphrase(sealed))
    expectIsDraft(try FormDraft(sealed, with: [fixture.identity]))
    #expect(throws: VaultError.self) { try FormDraft(sealed, with: [Identity(generating: .x25519)]) }
    var cut = sealed
    cut[cut.count - 1] ^= 1
    #expect(throws: VaultError.self) { try FormDraft(cut, with: [fixture.identity]) }
  }

  @Test func itsPassphraseOpensItAndNoOther() throws {
    let sealed = try Self.draft.sealed(with: VaultFixture.passphrase("words for a draft"))
    #expect(try FormDraft.needsPassphrase(sealed))
    expectIsDraft(try FormDraft(sealed, with: VaultFixture.passphrase("words for a draft")))
    #expect(throws: VaultError.self) { try FormDraft(sealed, with: VaultFixture.passphrase("words for another")) }
    #expect(throws: VaultError.self) { try FormDraft.needsPassphrase(Array("no sealed file".utf8)) }
  }

  @Test(arguments: [
    "", "[]", "{}", #"{"evidence-draft": 2, "kind": "document", "next": "", "fields": {}}"#,
    #"{"evidence-draft": 1, "next": "", "fields": {}}"#, #"{"evidence-draft": 1, "kind": "document", "fields": {}}"#,
    #"{"evidence-draft": 1, "kind": "document", "next": "", "fields": []}"#,
  ])
  func whatIsSealedAndNoDraftIsRefused(text: String) throws {
    let sealed = try Sealing.seal(Array(text.utf8), for: [fixture.identity.recipient])
    #expect(throws: VaultError.self) { try FormDraft(sealed, with: [fixture.identity]) }
  }
}
