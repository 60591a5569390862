import Age
import DurableStore
@testable import EvidenceVault
import Primitives
import Streams
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// Consent that was taken back: what it destroys, what stays, and what it blocks.
@Suite struct WithdrawingTests {
  private func withdraw(
    _ fixture: VaultFixture, _ item: UInt64, classes: [String] = []
  ) throws -> WithdrawalReceipt {
    var withdrawing = Withdrawing(reason: "the witness called")
    withdrawing.classes = classes
    return try fixture.reader().withdraw(item, withdrawing, signer: fixture.signer)
  }

  /// Whether a text is in any file of the vault, opened with the reading key, disclosures decoded.
  private func holds(_ text: String, _ fixture: VaultFixture) throws -> Bool {
    let tree = try Tree(of: fixture.path)
    return tree.files.contains { path in
      let bytes = tree[path] ?? []
      let opened = (try? SealedFile(reading: MemorySource(bytes)).open(with: [fixture.identity])) ?? bytes
      let texts = opened.split { $0 == UInt8(ascii: "\"") }.compactMap { Base64.url.decode($0) } + [opened]
      return texts.contains { String(decoding: $0, as: UTF8.self).contains(text) }
    }
  }

  /// The record still says what holds no more.
  @Test func whatWasAgreedToForAClassIsNotToldToOthersOnceItWasTakenBack() throws {
    let fixture = try VaultFixture()
    _ = try fixture.addRecipient("Desk")
    let item = try fixture.addTestimony(more: [("consent.media", "code"), ("consent.media.quotes", "verbatim")])
    let answers: Set = ["consent.media", "consent.media.quotes"]
    func shown() throws -> ExportPlan.Item { try fixture.planForDesk([item]).items[0] }
    #expect(try answers.isSubset(of: shown().record.fields.names))
    _ = try withdraw(fixture, item, classes: ["media"])
    let after = try shown()
    #expect(answers.isDisjoint(with: after.record.fields.names))
    #expect(Set(after.withheldFields.filter { $0.reason == .takenBack }.map(\.name)) == answers)
    #expect(after.record.fields["consent.lawyer"] != nil)
  }

  /// Nothing ties one to the other, and somebody asked that it is forgotten.
  @Test func whatHasTheSameContentIsTold() throws {
    let fixture = try VaultFixture()
    let first = try fixture.addDocument("Letter", files: ["letter.txt": "what she wrote", "empty.txt": ""])
    let copy = try fixture.addDocument("Scan", files: ["copy.txt": "what she wrote"])
    let other = try fixture.addDocument("Note", files: ["note.txt": "what he wrote!", "empty.txt": ""])
    try fixture.folder.write("what she wrote".utf8, to: "added.txt")
    _ = try fixture.reader().amend(
      other, setting: [:], removing: [], reason: "found", adding: ItemSource.find([fixture.folder["added.txt"]]),
      signer: fixture.signer)
    let apart = try fixture.addDocument("Draft", files: ["draft.txt": "WHAT she wrote", "empty.txt": ""])
    #expect(try fixture.reader().previewWithdrawal(of: first).sameContent == [copy, other])
    #expect(try fixture.reader().previewWithdrawal(of: apart).sameContent.isEmpty)
    #expect(try withdraw(fixture, first).sameContent == [copy, other])
    #expect(try withdraw(fixture, copy, classes: ["media"]).sameContent == [other], "what is gone is not named")
  }

  @Test func whatWasSaidIsGoneAndTheIndexStillVerifies() throws {
    let fixture = try VaultFixture()
    try fixture.addDocument("Minutes", files: ["minutes.txt": "Present: three"])
    try fixture.addTestimony("First account", more: [("account", "they threatened my colleagues")])
    _ = try fixture.reader().amend(
      1, setting: ["account": "they threatened my colleagues twice"], removing: [], reason: "more", adding: [],
      signer: fixture.signer)
    _ = try fixture.reader().summaries()
    let head = try fixture.open().head()
    let texts = ["they threatened my colleagues", VaultFixture.witnessName, "First account"]
    for text in texts { #expect(try holds(text, fixture)) }

    let receipt = try withdraw(fixture, 1)
    #expect(receipt.index == 3)
    #expect(receipt.objectCount == 2)
    for text in texts { #expect(try !holds(text, fixture)) }
    #expect(try holds("the witness called", fixture) && holds("Present: three", fixture))
    let report = try fixture.open().verify(
      deepWith: [fixture.identity], expecting: .note(head.note))
    #expect(report.findings.isEmpty)
    #expect(report.withdrawnItems == [1, 2])
    #expect(report.comparison?.isAsExpected == true)
  }

  @Test func eachItemOfOneCommitIsWithdrawnByItsOwnEntry() throws {
    let fixture = try VaultFixture()
    let items = ["One", "Two"].map {
      NewItem(kind: "document", fields: ["title": .string($0), "document.kind": "note"])
    }
    _ = try fixture.open().add(many: items, signer: fixture.signer)
    for item in [UInt64(0), 1] { #expect(try withdraw(fixture, item).index == item + 2) }
    for item in [UInt64(0), 1] {
      #expect { try fixture.reader().record(at: item) } throws: {
        if case VaultError.withdrawn(item, by: item + 2) = $0 { true } else { false }
      }
    }
  }

  @Test func theItemIsNeverShownOrExportedAgainAndOthersAre() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    try fixture.addDocument("Minutes")
    _ = try fixture.addRecipient("Desk")
    _ = try withdraw(fixture, 0)
    let reader = try fixture.reader()
    #expect { try reader.record(at: 0) } throws: {
      if case VaultError.withdrawn(0, by: 3) = $0 { true } else { false }
    }
    var choice = DisclosureChoice()
    choice.overrideReason = "no reason goes before a withdrawal"
    #expect {
      try reader.plan([0], for: .recipients([reader.recipient("Desk")]), purpose: "", choice: choice)
    } throws: { error in
      if case VaultError.refusedByConsent(let refusals) = error {
        refusals.map(\.cause) == [.item(.withdrawn(by: 3))]
      } else {
        false
      }
    }
    #expect(
      try reader.plan([1], for: .recipients([reader.recipient("Desk")]), purpose: "", choice: choice).items.count == 1)
    #expect(try reader.summaries().map(\.kind) == ["withdrawn", "document", "recipient", "withdrawal"])
    #expect { try withdraw(fixture, 0) } throws: { if case VaultError.withdrawn = $0 { true } else { false } }
    #expect(try reader.history(of: 0).map(\.event) == ["consent_withdrawn"])
  }

  /// A list that began before a withdrawal may end after it: it must not bring back what is gone, nor keep it.
  @Test func aReaderFromBeforeAWithdrawalNeitherShowsNorKeepsWhatIsGone() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony("First account", more: [("account", "they threatened my colleagues")])
    try fixture.addDocument("Minutes")
    let before = try fixture.reader()
    _ = try withdraw(fixture, 0)
    // One that reads on has no cache left to read from, and of the entries only what is there now.
    let shown = (try? before.summaries()) ?? []
    #expect(!shown.contains { $0.title.contains("First account") })
    #expect(try !holds("First account", fixture) && !holds("they threatened my colleagues", fixture))
    #expect(try fixture.reader().summaries().map(\.kind) == ["withdrawn", "document", "withdrawal"])
    #expect(try !holds("First account", fixture))
  }

  @Test func aWithdrawalForOneClassDestroysNothingAndBlocksThatClass() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    _ = try fixture.addRecipient("Desk")
    let receipt = try withdraw(fixture, 0, classes: ["media"])
    #expect(receipt.objectCount == 0)
    func plan() throws -> ExportPlan {
      let reader = try fixture.reader()
      return try reader.plan(
        [0], for: .recipients([reader.recipient("Desk")]), purpose: "", choice: DisclosureChoice())
    }
    #expect(try plan().items.count == 1)
    _ = try withdraw(fixture, 0, classes: ["lawyer"])
    #expect { try plan() } throws: { if case VaultError.refusedByConsent = $0 { true } else { false } }
    #expect(try fixture.reader().record(at: 0).title == "First account")
  }

  @Test func twoItemsOfOneCommitAreWithdrawnOneAfterTheOther() throws {
    let fixture = try VaultFixture()
    let vault = try fixture.open()
    let entries = try ["a", "b", "c"].map { title in
      let sealer = ObjectSealer(
        kind: "document", fields: ["title": .string(title), "document.kind": "note"], sources: [],
        origin: vault.note.origin.description, environment: fixture.environment)
      let (object, record) = try sealer.seal(
        to: vault.note.readers, in: vault.root.directory(Vault.incomingFolder))
      return PreparedEntry(record: record, object: object)
    }
    _ = try vault.commit(entries, signer: fixture.signer)
    _ = try withdraw(fixture, 0)
    _ = try withdraw(fixture, 2)
    let report = try fixture.open().verify(deepWith: [fixture.identity])
    #expect(report.findings.isEmpty)
    #expect(report.withdrawnItems == [0, 2])
    #expect(try fixture.reader().record(at: 1).title == "b")
  }

  @Test func whatAPowerCutLeftOfAWithdrawalIsNamedAndRemoved() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    try fixture.addDocument("Minutes")
    let before = try Tree(of: fixture.path)
    _ = try withdraw(fixture, 0)
    func present() throws -> [String] { try Tree(of: fixture.path).files }
    let after = try present()
    let gone = before.files.filter { path in
      (path.hasPrefix("objects/") || path.hasPrefix("records/")) && !after.contains(path)
    }
    #expect(gone.count == 2)
    for path in gone { try fixture.folder.write(before[path] ?? [], to: "vault/\(path)") }
    let report = try fixture.open().verify()
    #expect(report.isSound)
    #expect(Set(report.findings.map(\.subject)) == [.withdrawn])
    _ = try Vault.repair(fixture.path, environment: fixture.environment)
    #expect(try fixture.open().verify().findings.isEmpty)
    #expect(try present().filter(gone.contains).isEmpty)
  }

  /// The entry is signed before anything is removed: it says what is to be destroyed, and the receipt what is gone.
  @Test func whatCannotBeRemovedIsToldAndTheNextWriterRemovesIt() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    try fixture.addDocument("Minutes")
    let entry = try fixture.reader().entry(at: 0)
    let stuck = [try #require(entry.object).path, entry.records.path, Catalog.Contents.summaries.fileName]
    let reader = try VaultReader(fixture.openPuttingFolders(at: stuck), identities: [fixture.identity])
    let receipt = try reader.withdraw(0, Withdrawing(reason: "asked"), signer: fixture.signer)
    #expect(receipt.remaining == stuck)
    #expect(receipt.objectCount == 0 && !receipt.isRecordGone)
    #expect(try fixture.reader().record(at: receipt.index).fields["objects_destroyed"] == 1)

    for path in stuck { try Tree.replace("\(fixture.path)/\(path)", with: Array("left".utf8)) }
    try fixture.addDocument("Letter")
    let files = try Tree(of: fixture.path).files
    #expect(!files.contains(where: stuck.contains), "\(files)")
    #expect(try fixture.open().verify().findings.isEmpty)
  }

  @Test func aCopyDoesNotBringAWithdrawnItemBack() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    try Tree(of: fixture.path).write(to: fixture.folder["copy"])
    _ = try withdraw(fixture, 0)
    _ = try Vault.repair(fixture.path, from: fixture.folder["copy"], environment: fixture.environment)
    let report = try fixture.open().verify()
    #expect(report.findings.isEmpty)
    #expect(report.withdrawnItems == [0])
  }

  @Test func whoHoldsCopiesIsListed() throws {
    let bundle = try BundleFixture()
    let receipt = try withdraw(bundle.fixture, 0)
    #expect(receipt.copies.map(\.recipient) == ["Desk"])
    #expect(receipt.copies.first?.bundle.count == 32)
  }

  /// A crash, or a backup that was laid over the vault, may leave files that a withdrawal took out.
  @Test func whatWasLeftOfAWithdrawalComesBackNeitherByReadingNorByTheNextWithdrawal() throws {
    let fixture = try VaultFixture()
    let fields: [JSONObject] = (0..<3).map { number in
      [
        "title": .string("Person \(number)"), "code": .string("Code \(number)"),
        "name.latin": .string("Namesake \(number)"),
      ]
    }
    let items = fields.map { NewItem(kind: "person", fields: $0) }
    _ = try fixture.open().add(many: items, signer: fixture.signer)
    let before = try Tree(of: fixture.path)
    _ = try withdraw(fixture, 0)
    for path in before.files where path.hasPrefix("records/") {
      try fixture.folder.write(before[path] ?? [], to: "vault/\(path)")
    }
    #expect { try fixture.reader().record(at: 0) } throws: { if case VaultError.withdrawn = $0 { true } else { false } }
    #expect { try withdraw(fixture, 0) } throws: { if case VaultError.withdrawn = $0 { true } else { false } }
    _ = try withdraw(fixture, 1)
    _ = try Vault.repair(fixture.path, environment: fixture.environment)
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    #expect(try !holds("Namesake 0", fixture) && !holds("Namesake 1", fixture) && holds("Namesake 2", fixture))
  }

  @Test func theNamesOfFilesDoNotOutliveAWithdrawalInTheEntriesOfExports() throws {
    let bundle = try BundleFixture()
    _ = try withdraw(bundle.fixture, 1)
    #expect(try !holds("account.txt", bundle.fixture))
  }

  @Test func whatATestimonySpokeForStaysAndIsNotExportedAnyMoreWhateverAnAmendmentSays() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony()
    let letter: JSONObject = ["title": "Letter", "document.kind": "note", "consent.by": 0]
    _ = try fixture.open().add([], kind: "document", fields: letter, signer: fixture.signer)
    _ = try fixture.addRecipient("Desk")
    #expect(try withdraw(fixture, 0).covered == [1])
    var choice = DisclosureChoice()
    choice.overrideReason = "no reason goes before a withdrawal"
    func isRefused() throws -> Bool {
      let reader = try fixture.reader()
      do {
        _ = try reader.plan([1], for: .recipients([reader.recipient("Desk")]), purpose: "", choice: choice)
        return false
      } catch VaultError.refusedByConsent { return true }
    }
    #expect(try isRefused())
    _ = try fixture.reader().amend(
      1, setting: [:], removing: ["consent.by"], reason: "gone", adding: [], signer: fixture.signer)
    #expect(try isRefused())
  }
}
