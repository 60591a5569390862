import Age
import DurableStore
import Primitives
import SelectiveDisclosure
import StrictJSON
import Synchronization
import Tar
import TestFolders
import Testing
import TransparencyLog

@testable import EvidenceVault

/// What was taken in elsewhere comes to the archive.
@Suite struct CollectingTests {
  private let fixture: IntakeFixture
  private var main: VaultFixture { fixture.main }

  init() throws { fixture = try IntakeFixture() }

  private func files(of item: UInt64) throws -> Tree {
    let name = "out-\(item)-\(try main.open().head().tree.size)"
    _ = try main.reader().extract(item, to: main.folder[name])
    return try Tree(of: main.folder[name])
  }

  @Test func anItemComesWithItsRecordItsFilesAndWhereItCameFrom() throws {
    let summons = try fixture.add("Summons", files: ["a.txt": "", "photo.jpg": "not really a photo"])
    let account = try fixture.addTestimony()
    let collected = try fixture.collect()
    #expect(collected.items.map(\.there) == [summons, account] && collected.isCertified)
    #expect(collected.items.map(\.here) == [4, 5] && collected.left.isEmpty)
    let reader = try main.reader()
    for item in collected.items {
      let (here, there) = (try reader.record(at: item.here), try fixture.fieldReader().record(at: item.there))
      #expect(here.kind == there.kind)
      for member in there.fields.members { #expect(here.fields[member.name] == member.value, "\(member.name)") }
      #expect(here.fields[CollectedField.item] == .integer(Int64(item.there)))
      #expect(here.fields[CollectedField.origin] == .string(try fixture.field().note.origin.description))
      #expect(here.fields[CollectedField.fingerprint] == .string(try fixture.words))
      #expect(here.fields[CollectedField.added] == .string(try #require(there.added)))
      #expect(Array(here.files.prefix(there.files.count)) == there.files)
      #expect(try reader.history(of: item.here).map(\.event) == ["sealed", "received"])
      let origin = try #require(try reader.collectedOrigin(of: here.fields))
      #expect(origin.name == IntakeFixture.name && origin.item == item.there)
    }
    #expect(try files(of: 4)["photo.jpg"] == Array("not really a photo".utf8))
    let report = try main.open().verify(deepWith: [main.identity])
    #expect(report.findings.isEmpty, "\(report.findings)")
  }

  @Test func theProofsAreKeptAndStillVerify() throws {
    try fixture.addTestimony()
    try fixture.add("Other", files: ["other.txt": "other"])
    let item = try fixture.collect().items[0]
    let tree = try files(of: item.here)
    func kept(_ name: String) throws -> [UInt8] { try #require(tree["received-proofs/\(name)"], "\(name)") }
    let card = try VaultNote(kept("vault.note"))
    #expect(try card.vaultKey == fixture.field().note.vaultKey && card.isCertified(by: main.open().note))
    let presentation = try Presentation.parse(kept("entry-\(item.there).sd-jwt"))
    let claims = try presentation.verify(with: card.key(.records).key)
    #expect(claims.payload["witness.name"] == .string(VaultFixture.witnessName))
    let proof = try TlogProof(kept("entry-\(item.there).tlog-proof"))
    let leaf = Array(presentation.jws.compact.utf8)
    #expect(
      try proof.verify(leaf, in: card.origin, by: [card.key(.checkpoints)]).checkpoint.head
        == fixture.field().head().tree)
    for file in tree.files { #expect(tree[file]?.firstRange(of: Array("other.txt".utf8)) == nil, "\(file)") }
    // They say all of the record, and leave with no export.
    let plan = try fixture.plan([item.here])
    #expect(!plan.items[0].record.files.contains { $0.path?.text.hasPrefix("received-proofs/") == true })
  }

  @Test func collectingAgainAddsOnlyWhatIsNew() throws {
    try fixture.add("First", files: ["a.txt": "a"])
    #expect(try fixture.collect().items.count == 1)
    let before = try fixture.archive
    let again = try fixture.collect()
    #expect(try again.items.isEmpty && again.collectedCount == 1 && fixture.archive == before)
    try fixture.add("Second", files: ["b.txt": "b"])
    #expect(try fixture.collect().items.map(\.title) == ["Second"])
    #expect(try main.reader().summaries().filter { !$0.isEvent }.map(\.title) == ["Own", "First", "Second"])
    #expect(try main.reader().intake(IntakeFixture.name).collectedCount == 2)
  }

  @Test func amendmentsCustodyAndLinksFollowTheNumbersOfTheArchive() throws {
    let account = try fixture.addTestimony()
    let paper = try fixture.add("Paper", [("consent.by", .integer(Int64(account)))])
    let first = try fixture.collect()
    let numbers = Dictionary(uniqueKeysWithValues: first.items.map { ($0.there, $0.here) })
    let (here, paperHere) = (try #require(numbers[account]), try #require(numbers[paper]))
    #expect(try main.reader().record(at: paperHere).fields["consent.by"] == .integer(Int64(here)))

    let reader = try fixture.fieldReader()
    _ = try reader.amend(
      account, setting: ["consent.media": "none"], removing: [], reason: "asked again", adding: [],
      signer: fixture.signer)
    _ = try fixture.fieldReader().enterCustody(
      of: paper, ["event": "transferred", "at": "2026-11", "to": "Archivist Rowan"], signer: fixture.signer)
    let translation = try fixture.add(
      "Translation", kind: "translation", [("of", .integer(Int64(account))), ("language", "en"), ("text", "said")])
    let second = try fixture.collect()
    #expect(second.items.map(\.amends) == [here, nil] && second.eventCount == 1 && second.left.isEmpty)
    #expect(second.items.last?.there == translation)
    let item = try main.reader().currentItem(here)
    #expect(item.current.fields["consent.media"] == "none" && item.current.fields["amendment.reason"] == "asked again")
    #expect(try main.reader().record(at: #require(second.items.last?.here)).fields["of"] == .integer(Int64(here)))
    let line = try #require(main.reader().history(of: paperHere).last)
    #expect(line.event == "transferred" && line.fields["to"] == "Archivist Rowan")
    #expect(try main.reader().collectedOrigin(of: line.fields)?.name == IntakeFixture.name)
    #expect(try fixture.refusals([paperHere], for: "media").isEmpty)
  }

  @Test func whatWasAmendedInBothPlacesBecomesAnItemOfItsOwn() throws {
    let paper = try fixture.add("Paper", files: ["a.txt": "a"])
    let here = try fixture.collect().items[0].here
    _ = try main.reader().amend(
      here, setting: ["title": "Ours"], removing: [], reason: "r", adding: [], signer: main.signer)
    _ = try fixture.fieldReader().amend(
      paper, setting: ["title": "Theirs"], removing: [], reason: "r", adding: [], signer: fixture.signer)
    let item = try #require(try fixture.collect().items.first)
    #expect(item.amends == nil && item.besides == here)
    #expect(try main.reader().currentItem(here).current.title == "Ours")
    #expect(try main.reader().currentItem(item.here).current.title == "Theirs")
  }

  /// Wherever it goes from here, in one run or in two: the recipient joins the two by what their records say.
  @Test(arguments: [false, true])
  func whatAmendsAnItemThatStandsBesideAnotherStandsThereToo(isInOneRun: Bool) throws {
    let paper = try fixture.add("Paper")
    let here = try fixture.collect().items[0].here
    _ = try main.reader().amend(
      here, setting: ["title": "Ours"], removing: [], reason: "r", adding: [], signer: main.signer)
    func amend(_ title: String) throws {
      _ = try fixture.fieldReader().amend(
        paper, setting: ["title": .string(title)], removing: [], reason: "r", adding: [], signer: fixture.signer)
    }
    try amend("Theirs")
    var items = try isInOneRun ? [] : fixture.collect().items
    try amend("Theirs, corrected")
    items += try fixture.collect().items
    #expect(items.count == 2 && items[0].besides == here && items[1].amends == items[0].here)
    let current = try main.reader().currentItem(items[0].here).current
    #expect(current.title == "Theirs, corrected")
    #expect(current.fields["consent.same_as"] == .integer(Int64(here)))
  }

  /// What was amended in both places is one item to the witness: consent that is taken back for one, there or here, is
  /// taken back for both.
  @Test func consentReachesWhatStandsBesideTheItemThatItAmended() throws {
    let account = try fixture.addTestimony([])
    let here = try fixture.collect().items[0].here
    _ = try main.reader().amend(
      here, setting: ["title": "Ours"], removing: [], reason: "r", adding: [], signer: main.signer)
    _ = try fixture.fieldReader().amend(
      account, setting: ["title": "Theirs"], removing: [], reason: "r", adding: [], signer: fixture.signer)
    let besides = try #require(try fixture.collect().items.first)
    #expect(besides.besides == here)
    #expect(try fixture.refusals([besides.here]).isEmpty)
    _ = try fixture.fieldReader().withdraw(account, Withdrawing(reason: "called"), signer: fixture.signer)
    _ = try fixture.collect()
    for item in [here, besides.here] {
      let refusals = try fixture.refusals([item])
      #expect(!refusals.isEmpty, "\(item)")
      for refusal in refusals {
        guard case .item(.withdrawn) = refusal else {
          Issue.record("\(refusal)")
          continue
        }
      }
    }
  }

  /// What is on the disk between two commits is what a crash leaves.
  @Test func aCrashHalfWayLosesNothingAndDoublesNothing() throws {
    let count = Collector.maximumCount / 2 + 10
    let items = (0..<count).map { number in
      NewItem(kind: "document", fields: ["title": .string("Paper \(number)"), "document.kind": "note"])
    }
    _ = try fixture.field().add(many: items, signer: fixture.signer)
    let (path, start) = (main.path, try main.open().head().tree.size)
    let middle = Mutex<Tree?>(nil)
    var environment = main.environment
    environment.now = {
      middle.withLock { middle in
        let vault = try? Vault(opening: path, environment: VaultEnvironment())
        if middle == nil, let size = try? vault?.readHead().tree.size, size > start { middle = try? Tree(of: path) }
      }
      return Timestamp(secondsSince1970: 1_685_093_400)
    }
    let reader = try VaultReader(Vault(opening: path, environment: environment), identities: [main.identity])
    #expect(try reader.collect(fixture.path, signer: main.signer).items.count == count)
    let tree = try #require(middle.withLock { $0 })
    try TemporaryFolder.remove(path)
    try tree.write(to: path)
    let half = try main.reader().intake(IntakeFixture.name).collectedCount
    #expect(half > 0 && half < UInt64(count))
    #expect(try fixture.collect().items.count == count - Int(half))
    let titles = try main.reader().summaries().map(\.title).filter { $0.hasPrefix("Paper ") }
    #expect(titles.count == count && Set(titles).count == count)
    let report = try main.open().verify(deepWith: [main.identity])
    #expect(report.findings.isEmpty, "\(report.findings)")
  }
}
