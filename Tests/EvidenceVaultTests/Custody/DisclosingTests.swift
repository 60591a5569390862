import Age
@testable import EvidenceVault
import EvidenceReport
import Primitives
import SelectiveDisclosure
import StrictJSON
import Streams
import TestFolders
import Testing

/// A field that was withheld is revealed later, and put together with what the recipient has.
@Suite struct DisclosingTests {
  private func supplement(
    _ bundle: BundleFixture, _ fields: [String], of item: UInt64 = 1, choice: DisclosureChoice = DisclosureChoice()
  ) throws -> (sealed: [UInt8], entry: UInt64) {
    let reader = try bundle.fixture.reader()
    let plan = try reader.planDisclosure(
      of: fields, in: item, to: reader.recipient("Desk"), purpose: "more", choice: choice)
    let path = bundle.fixture.folder["more.age"]
    let receipt = try reader.export(
      plan, pages: Pages.all(for: plan, with: nil, from: reader), to: path, passphrase: nil,
      signer: bundle.fixture.signer)
    return (try #require(try Tree(of: bundle.fixture.folder.path)["more.age"]), receipt.index)
  }

  @Test func theFieldAloneIsRevealedAndFitsWhatTheRecipientHas() throws {
    let bundle = try BundleFixture(withholding: ["title"])
    let held = try bundle.open(bundle.sealed)
    #expect(held.items[1].fields["title"] == nil)
    let (sealed, entry) = try supplement(bundle, ["title"])
    let merging = try merging(into: held, of: bundle)
    let more = try bundle.open(sealed, to: "more", merging: merging)
    #expect(more.items.map(\.index) == [1])
    #expect(more.items[0].fields.names == ["title"])
    let merged = merging.records
    #expect(merged[0].fields["title"] == "First account")
    #expect(merged[0].fields["witness.code"] == "Blue Heron")
    #expect(merged[0].fields["witness.name"] == nil)
    #expect(try Tree(of: bundle.fixture.folder["merged"]).files == ["item-1.json", "item-1.sd-jwt"])
    #expect(try bundle.fixture.reader().record(at: entry).kind == "disclosure")
  }

  @Test func aSupplementOfAnotherVaultOrItemIsNotMerged() throws {
    let bundle = try BundleFixture(withholding: ["title"])
    let other = try BundleFixture(withholding: ["title"])
    let held = try bundle.open(bundle.sealed)
    let more = try supplement(other, ["title"]).sealed
    #expect { try merge(more, of: other, into: held, of: bundle) } throws: {
      if case VaultError.unknownSigner = $0 { true } else { false }
    }
    let document = try bundle.fixture.addDocument("Other")
    let elsewhere = try BundleFixture(
      of: bundle.fixture, items: [document], identity: bundle.identity, name: "other.age")
    #expect { try merge(elsewhere.sealed, of: bundle, into: held, of: bundle) } throws: {
      if case VaultError.notInFolder(item: document) = $0 { true } else { false }
    }
    for folder in [bundle.fixture.folder, other.fixture.folder] {
      let names = try Tree(of: folder.path).nodes.keys
      #expect(!names.contains { $0.contains("merged") || $0.contains("more/") || $0.contains("partial") }, "\(names)")
    }
  }

  /// The same number under the same key, after the vault was put back to what it was before.
  @Test func aSupplementOfAnotherHistoryIsNotMerged() throws {
    let fixture = try VaultFixture()
    let identity = try fixture.addRecipient("Desk")
    let before = try Tree(of: fixture.path)
    var choice = DisclosureChoice()
    choice.withheld = ["title"]
    func bundle(_ title: String, _ name: String) throws -> BundleFixture {
      try BundleFixture(
        of: fixture, items: [fixture.addDocument(title)], identity: identity, choice: choice, name: name)
    }
    let held = try bundle("One", "one.age")
    let opened = try held.open(held.sealed)
    let number = try #require(opened.items.first).index
    try TemporaryFolder.remove(fixture.path)
    try before.write(to: fixture.path)
    let other = try bundle("Other", "other.age")
    let more = try supplement(other, ["title"], of: number).sealed
    #expect {
      try merge(more, of: other, into: opened, of: held)
    } throws: {
      if case VaultError.bundle(.itemDoesNotFit(item: number, path: _)) = $0 { true } else { false }
    }
  }

  /// Another program takes the name of the merged folder while the supplement is read.
  @Test func neitherFolderStaysWhereOneCannotGetItsName() throws {
    let bundle = try BundleFixture(withholding: ["title"])
    let held = try bundle.open(bundle.sealed)
    let sealed = try supplement(bundle, ["title"]).sealed
    let merging = try merging(into: held, of: bundle)
    try bundle.fixture.folder.write("of another".utf8, to: "merged/file")
    #expect(throws: VaultError.self) { try bundle.open(sealed, to: "more", merging: merging) }
    let tree = try Tree(of: bundle.fixture.folder.path)
    #expect(tree["merged/file"] == Array("of another".utf8))
    #expect(!tree.nodes.keys.contains { $0.hasPrefix("more/") || $0 == "more" || $0.contains("partial") })
  }

  /// As only another program signs it: one field, two values, each disclosed in a bundle of its own.
  @Test func anotherValueOfAFieldThatIsThereIsNotMerged() throws {
    let bundle = try BundleFixture()
    let opened = try bundle.open(bundle.sealed)
    let values = try ["One", "Other"].map { try Disclosure(name: "title", value: .string($0)) }
    let digests = values.map { JSON.string(Base64.url.encode($0.digest.bytes)) }
    let signed = JWS.sign(
      ["kind": "document", "_sd": .array(digests), "_sd_alg": "sha-256"], type: "sd-jwt",
      key: bundle.fixture.signer.key(for: .records))
    func disclosing(_ value: Disclosure) throws -> CheckedBundle {
      let record = try Record(index: 0, presentation: Presentation(jws: signed, disclosures: [value]))
      return CheckedBundle(
        note: opened.note, sender: opened.sender, items: [record], events: [], checkpoint: opened.checkpoint,
        trustedTimes: [], hasReport: true, fileCount: 0, byteCount: 0)
    }
    let merging = try merging(into: disclosing(values[0]), of: bundle)
    defer { merging.retract() }
    #expect {
      try merging.fill(with: disclosing(values[1]))
    } throws: {
      if case VaultError.bundle(.otherValue(item: 0, field: "title")) = $0 { true } else { false }
    }
    try merging.fill(with: disclosing(values[0]))
    #expect(merging.records[0].fields["title"] == "One")
  }

  private func merging(into held: CheckedBundle, of bundle: BundleFixture) throws -> Merging {
    try Merging(into: held, at: bundle.fixture.folder["merged"], environment: bundle.fixture.environment)
  }

  private func merge(
    _ more: [UInt8], of sender: BundleFixture, into held: CheckedBundle, of bundle: BundleFixture
  ) throws {
    try sender.open(more, to: "more", merging: merging(into: held, of: bundle))
  }

  @Test func whatConsentDoesNotCoverIsNotRevealedLaterEither() throws {
    let bundle = try BundleFixture()
    #expect { try supplement(bundle, ["witness.name"]) } throws: {
      if case VaultError.refusedByConsent = $0 { true } else { false }
    }
  }

  @Test func theReasonOfAnOverrideIsKeptInTheEntry() throws {
    let bundle = try BundleFixture()
    var choice = DisclosureChoice()
    choice.overrideReason = "an order of the court"
    let (_, entry) = try supplement(bundle, ["witness.name"], choice: choice)
    let fields = try bundle.fixture.reader().record(at: entry).fields
    #expect(fields["override.reason"] == "an order of the court")
    #expect(fields["overridden"] == ["1:witness.name"])
  }

  /// A supplement is fields alone: what binds them must be there, as it is now.
  @Test func whatIsBoundSinceItWasSentIsNotRevealedBeforeItIsSentAgain() throws {
    let fixture = try ReceivingFixture()
    let sender = fixture.sender
    let letter = try sender.open().add(
      [], kind: "document", fields: ["title": "Letter", "document.kind": "note", "issuer": "Office"],
      signer: sender.signer
    ).index
    func reveal() throws -> UInt64? {
      let reader = try sender.reader()
      do {
        _ = try reader.planDisclosure(
          of: ["issuer"], in: letter, to: reader.recipient("Desk"), purpose: "", choice: DisclosureChoice())
        return nil
      } catch {
        guard case .conditionsNotSent(letter, let testimony, "Desk") = error else { throw error }
        return testimony
      }
    }
    func amend(_ item: UInt64, _ changes: JSONObject) throws {
      _ = try sender.reader().amend(
        item, setting: changes, removing: [], reason: "r", adding: [], signer: sender.signer)
    }
    _ = try fixture.send([letter]) { $0.withheld = ["issuer"] }
    #expect(try reveal() == nil)
    let testimony = try sender.addTestimony(more: [("attachments", [.integer(Int64(letter))])])
    #expect(try reveal() == testimony)
    _ = try fixture.send([letter]) { $0.withheld = ["issuer"] }
    #expect(try reveal() == nil)
    try amend(testimony, ["consent.media": "refused"])
    #expect(try reveal() == testimony, "it binds more now")
    _ = try fixture.send([letter]) { $0.withheld = ["issuer"] }
    #expect(try reveal() == nil)
  }

  @Test func anItemThatWasNotSentIsNotSupplemented() throws {
    let bundle = try BundleFixture()
    let document = try bundle.fixture.addDocument("Other")
    #expect { try supplement(bundle, ["title"], of: document) } throws: {
      if case VaultError.notSent = $0 { true } else { false }
    }
    #expect { try supplement(bundle, ["titel"]) } throws: {
      if case VaultError.unknownFieldOfItem("titel", _, nearest: "title") = $0 { true } else { false }
    }
  }
}
