import Age
import DurableStore
@testable import EvidenceVault
import Primitives
import SelectiveDisclosure
import Streams
import StrictJSON
import Tar
import TestFolders
import Testing
import TransparencyLog

@Suite struct SalvageTests {
  private let fixture: VaultFixture
  private let large = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

  init() throws {
    fixture = try VaultFixture.filled()
    try fixture.folder.write(large, to: "input/large/large.bin")
    let sources = try ItemSource.find([fixture.folder["input/large"]])
    let fields: JSONObject = ["title": "Large", "document.kind": "audio"]
    _ = try fixture.open().add(sources, kind: "document", fields: fields, signer: fixture.signer)
  }

  private func salvage(to name: String = "new") throws -> (SalvageReport, VaultReader) {
    let report = try Vault.salvage(
      fixture.path, identities: [fixture.identity], to: fixture.folder[name], passphrase: VaultFixture.passphrase(),
      workFactorLog2: 1, environment: fixture.environment)
    let identity = try report.vault.readingIdentity(VaultFixture.passphrase())
    return (report, try VaultReader(report.vault, identities: [identity]))
  }

  private func lose(_ names: String...) throws {
    for name in names { try TemporaryFolder.remove("\(fixture.path)/\(name)") }
  }

  @Test func allItemsComeBackFromAVaultWithoutNoteCheckpointAndIndex() throws {
    let originals = try (0..<4).map { try fixture.reader().record(at: $0) }.filter { !$0.files.isEmpty }
    try lose("vault.note", "checkpoint", "tile")
    let before = try Tree(of: fixture.path)
    let (report, reader) = try salvage()
    #expect(try Tree(of: fixture.path) == before)
    #expect(report.isComplete, "\(report.troubles) \(report.looseRecords)")
    #expect(report.items.count == originals.count)
    for original in originals {
      let item = try #require(report.items.first { $0.title == original.title })
      let record = try reader.record(at: item.index)
      #expect(record.kind == original.kind)
      var fields = original.fields
      if original.kind == "testimony" { for name in ["consent.lawyer", "consent.quotes"] { fields[name] = nil } }
      if original.kind != "testimony" { fields["consent.by"] = .integer(.max) }
      fields = try Schema.named(original.kind).validated(fields, fromProgram: true)
      #expect(record.fields == fields, "what a witness agreed to is asked again")
      #expect(item.heldBackFields == (original.kind == "testimony" ? ["consent.lawyer", "consent.quotes"] : []))
      #expect(Array(record.files.dropLast()) == original.files)
      let folder = fixture.folder["out-\(item.index)"]
      _ = try reader.extract(item.index, to: folder)
      let kept = try #require(Tree(of: folder)["salvaged-record.json"])
      let json = try JSON.parse(kept)
      let disclosures = original.presentation.disclosures.map(\.encoded)
      #expect(json["disclosures"]?.arrayValue?.compactMap(\.stringValue) == disclosures)
      if original.title == "Large" { #expect(try Tree(of: folder)["large/large.bin"] == large) }
    }
    #expect(try report.vault.verify(deepWith: reader.identities).findings.isEmpty)
  }

  @Test func theNewVaultSaysWhatItIs() throws {
    let origin = try fixture.open().note.origin.description
    try lose("vault.note")
    let (report, reader) = try salvage()
    let event = try reader.record(at: UInt64(report.items.count))
    #expect(event.kind == "salvage")
    #expect(event.fields["origin"]?.stringValue == origin)
    #expect(event.fields["items"]?.arrayValue?.compactMap(\.integerValue) == report.items.map { Int64($0.index) })
    #expect(event.fields["order"] == "not_proven")
    #expect(event.fields["completeness"] == "not_proven")
    #expect(
      event.fields["original_objects"]?.arrayValue?.compactMap(\.stringValue)
        == report.items.map { String($0.path.suffix(68).dropLast(4)) })
  }

  @Test func recipientsAreListedAndNotCarriedOver() throws {
    let (report, reader) = try salvage()
    #expect(report.looseRecords.map(\.kind) == ["recipient"])
    #expect(report.looseRecords.first?.fields["name"] == "Desk")
    #expect(try reader.recipients().isEmpty)
  }

  @Test func aDamagedObjectIsNamedAndTheOthersAreRecovered() throws {
    let path = try #require(Tree(of: fixture.path).files.first { $0.hasPrefix("objects/") })
    var bytes = try #require(Tree(of: fixture.path)[path])
    bytes[bytes.count - 20] ^= 1
    try Tree.replace("\(fixture.path)/\(path)", with: bytes)
    try lose("checkpoint")
    let (report, reader) = try salvage()
    #expect(!report.isComplete)
    #expect(report.troubles.map(\.path) == [path])
    #expect(report.items.count == 2)
    #expect(report.looseRecords.filter(\.isItem).count == 1)
    #expect(try reader.record(at: 2).fields["not_recovered"] == [.string(path)])
  }

  @Test func anObjectUnderAnotherNameIsRecoveredAndTold() throws {
    let path = try #require(Tree(of: fixture.path).files.first { $0.hasPrefix("objects/") })
    try fixture.folder.write(#require(Tree(of: fixture.path)[path]), to: "vault/found/scan.age")
    try lose(path)
    let (report, _) = try salvage()
    #expect(report.items.count == 3)
    #expect(report.troubles.map(\.path) == ["found/scan.age"])
    #expect(report.troubles.map(\.isRecovered) == [true])
  }

  @Test func fieldsThatNoSchemaAllowsAreOnlyInTheKeptRecord() throws {
    try plant(kind: "document", fields: ["title": "Odd", "document.kind": "note", "of_a_later_version": "x"])
    try plant(kind: "of_a_later_version", fields: ["title": "Stranger", "colour": "red"])
    let (report, reader) = try salvage()
    let odd = try #require(report.items.first { $0.title == "Odd" })
    #expect(odd.leftFields == ["of_a_later_version"])
    let stranger = try #require(report.items.first { $0.title == "Stranger" })
    #expect(stranger.leftFields == ["kind", "colour"])
    #expect(try reader.record(at: stranger.index).kind == "document")
    // It may hold what a witness said: nobody's consent is found for it, and it goes nowhere.
    #expect(try reader.record(at: stranger.index).fields["consent.by"] == .integer(.max))
    #expect(!report.isComplete)
    #expect(try report.vault.verify(deepWith: reader.identities).isSound)
  }

  @Test func numbersOfTheLostVaultAreOnlyInTheKeptRecord() throws {
    try plant(
      kind: "document",
      fields: ["title": "Linked", "document.kind": "note", "consent.by": 0, "translation_of": 1, "amends": 2])
    let (report, reader) = try salvage()
    let linked = try #require(report.items.first { $0.title == "Linked" })
    #expect(linked.heldBackFields == ["consent.by", "translation_of"] && linked.leftFields.isEmpty)
    let record = try reader.record(at: linked.index)
    #expect(Set(record.fields.names) == ["title", "document.kind", "consent.by", "translation_of"])
    #expect(record.fields["consent.by"] == .integer(.max), "nobody speaks for it, and it is not exported")
    #expect(record.fields["translation_of"] == .integer(.max), "it was made from something, as its files tell")
  }

  /// Whose consent it needs, only a person can say; all else about it can be corrected before that.
  @Test func whatWasSalvagedIsCorrectedAndStillPointsToNobody() throws {
    let (report, reader) = try salvage()
    let item = try #require(report.items.first { $0.title == "Minutes" })
    let signer = try report.vault.signer(VaultFixture.passphrase())
    func amend(_ changes: JSONObject) throws {
      let reader = try VaultReader(report.vault, identities: reader.identities)
      _ = try reader.amend(
        item.index, setting: changes, removing: [], reason: "a correction", adding: [], signer: signer)
    }
    func current() throws -> Record {
      try VaultReader(report.vault, identities: reader.identities).currentItem(item.index).current
    }
    try amend(["title": "Minutes of May"])
    #expect(try current().title == "Minutes of May" && current().fields["consent.by"] == .integer(.max))
    // That it is there already lets nobody set it, nor another number that leads nowhere.
    for number in [Int64.max, 99] {
      #expect { try amend(["title": "Minutes of June", "consent.by": .integer(number)]) } throws: {
        if case VaultError.invalidValue(field: "consent.by", expected: _) = $0 { true } else { false }
      }
    }
    let testimony = try #require(report.items.first { $0.title == "First account" })
    try amend(["consent.by": .integer(Int64(testimony.index))])
    #expect(try current().fields["consent.by"] == .integer(Int64(testimony.index)))
  }

  /// A later record may have taken back any of it; what restricts stays.
  @Test func aTestimonyComesWithoutWhatItsWitnessAllowed() throws {
    let allowed = [
      "consent.lawyer", "consent.quotes", "consent.media", "consent.media.quotes", "consent.media.voice_image",
      "consent.name_in_public_report", "consent.name_to_government", "consent.place_detail", "consent.voice_image",
      "consent.family_detail",
    ]
    let number = try fixture.addTestimony(
      "Second",
      more: [
        ("consent.media", "none"), ("consent.media.quotes", "none"), ("consent.media.voice_image", false),
        ("consent.name_in_public_report", "full"), ("consent.name_to_government", "yes"),
        ("consent.place_detail", "exact"), ("consent.voice_image", true), ("consent.family_detail", true),
        ("consent.until", "2030"), ("consent.conditions", "not before the trial"), ("use.not_before", "2024"),
      ])
    let original = try fixture.reader().record(at: number)
    let (report, reader) = try salvage()
    let item = try #require(report.items.first { $0.title == "Second" })
    #expect(Set(item.heldBackFields) == Set(allowed))
    let fields = try reader.record(at: item.index).fields
    for name in original.fields.names {
      #expect((fields[name] == nil) == allowed.contains(name), "\(name)")
    }
  }

  @Test func whatWasWithdrawnIsNoLoss() throws {
    _ = try fixture.reader().withdraw(1, Withdrawing(reason: "asked"), signer: fixture.signer)
    let (report, _) = try salvage()
    #expect(report.isComplete)
    #expect(report.looseRecords.allSatisfy { !$0.isItem })
  }

  /// What tied an item to a testimony may be gone, and so may what took consent back: nothing goes before somebody
  /// looked.
  @Test func nothingIsExportedBeforeSomebodySaidWhoSpeaksForIt() throws {
    let testimony = Int64(try fixture.addTestimony("Second", more: [("attachments", [0])]))
    for (kind, link) in [("translation", "of"), ("document", "translation_of"), ("document", "derived_from")] {
      var fields: JSONObject = ["title": .string("By \(link)"), link: .integer(testimony)]
      fields[kind == "document" ? "document.kind" : "language"] = kind == "document" ? "note" : "en"
      _ = try fixture.open().add([], kind: kind, fields: fields, signer: fixture.signer)
    }
    let person: JSONObject = ["title": "Card", "code": "Grey Wolf"]
    _ = try fixture.open().add([], kind: "person", fields: person, signer: fixture.signer)
    try plant(kind: "of_a_later_version", fields: ["title": "Stranger"])
    let (report, reader) = try salvage()
    let signer = try report.vault.signer(VaultFixture.passphrase())
    _ = try reader.addRecipient(
      "Desk", recipientClass: "lawyer", keys: [fixture.identity.recipient], verifierKey: nil, comparison: .call,
      signer: signer)
    var fresh = try VaultReader(report.vault, identities: reader.identities)
    func plan(_ item: UInt64) throws {
      var choice = DisclosureChoice()
      choice.overrideReason = "in a hurry"
      _ = try fresh.plan([item], for: .recipients([fresh.recipient("Desk")]), purpose: "", choice: choice)
    }
    let others = try report.items.filter { try reader.record(at: $0.index).kind != "testimony" }
    #expect(others.count == 7)
    for item in others {
      #expect(throws: VaultError.self, "\(item.title)") { try plan(item.index) }
    }
    let minutes = try #require(report.items.first { $0.title == "Minutes" }).index
    _ = try fresh.amend(minutes, setting: [:], removing: ["consent.by"], reason: "looked", adding: [], signer: signer)
    fresh = try VaultReader(report.vault, identities: reader.identities)
    try plan(minutes)
  }

  /// Puts another object in the place of that of the minutes.
  private func replaceMinutes(_ change: ([UInt8]) throws -> [UInt8]) throws {
    let tree = try Tree(of: fixture.path)
    for path in tree.files where path.hasPrefix("objects/") {
      let opened = MemorySink()
      try SealedFile(#require(tree[path])).open(with: [fixture.identity], to: opened)
      guard opened.bytes.starts(with: "files/minutes.txt".utf8) else { continue }
      let sealed = MemorySink()
      try Sealing.seal(
        from: MemorySource(change(opened.bytes)), to: sealed, for: [fixture.identity.recipient],
        options: fixture.environment.sealingOptions)
      let name = SHA256Hasher.digest(of: sealed.bytes)
      try lose(path)
      try fixture.folder.write(sealed.bytes, to: "vault/\(StoredFile.path(ObjectReference.folder, name))")
    }
  }

  @Test func anObjectWhoseRecordNamesAnotherDigestIsNotRecovered() throws {
    try replaceMinutes { bytes in
      let digest = Array(SHA256Hasher.digest(of: Array("Present: three".utf8)).hex.utf8)
      let place = try #require(bytes.indices.first { bytes[$0...].starts(with: digest) })
      var bytes = bytes
      bytes[place] = bytes[place] == UInt8(ascii: "0") ? UInt8(ascii: "1") : UInt8(ascii: "0")
      return bytes
    }
    let (report, _) = try salvage()
    #expect(report.items.map(\.title).sorted() == ["First account", "Large"])
    #expect(report.troubles.map(\.isRecovered) == [false])
    #expect(report.troubles.first?.detail.english.contains("not that of its record: minutes.txt") == true)
  }

  /// An extended header that no sealer writes moves all that is behind it.
  @Test func anObjectWhoseFilesAreElsewhereKeepsNoOtherFromBeingRecovered() throws {
    try replaceMinutes { bytes in
      var header = Array(bytes.prefix(512))
      header[156] = UInt8(ascii: "x")
      header.replaceSubrange(124..<135, with: "00000000014".utf8)
      header.replaceSubrange(148..<156, with: "        ".utf8)
      let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
      let padded = String(repeating: "0", count: 6 - sum.utf8.count) + sum
      header.replaceSubrange(148..<156, with: Array(padded.utf8) + [0, UInt8(ascii: " ")])
      return header + Array("12 mtime=10\n".utf8) + [UInt8](repeating: 0, count: 500) + bytes
    }
    let (report, reader) = try salvage()
    #expect(report.items.map(\.title).sorted() == ["First account", "Large"])
    #expect(report.troubles.map(\.detail.english) == ["a file came out other than before"])
    #expect(reader.count == 3)
    #expect(try Tree(of: fixture.folder["new/incoming"]).files.isEmpty)
  }

  /// Puts an object into the vault as another version of the program would have made it.
  private func plant(kind: String, fields: JSONObject) throws {
    let vault = try fixture.open()
    let incoming = try vault.root.directory(Vault.incomingFolder)
    let sealer = ObjectSealer(
      kind: kind, fields: fields, sources: [], origin: vault.note.origin.description, environment: fixture.environment)
    let object = try sealer.seal(to: vault.note.readers, in: incoming).object
    try Placement(root: vault.root, incoming: incoming, environment: fixture.environment)
      .place(object.name, at: object.reference.path)
  }

  @Test func theMachineRemembersTheNewVaultAtItsPlaceAlone() throws {
    let state = fixture.folder["state"]
    let report = try Vault.salvage(
      fixture.path, identities: [fixture.identity], to: fixture.folder["new"], passphrase: VaultFixture.passphrase(),
      workFactorLog2: 1, environment: VaultFixture.environment(stateFolder: state))
    #expect(report.vault.seenHead() == report.head.tree)
    #expect(try Tree(of: state).files.map { $0.prefix(5) } == ["head-", "path-"])
    #expect(try report.vault.verify().findings.isEmpty)
  }

  @Test func nothingIsMadeWhenNothingOpens() throws {
    #expect {
      _ = try Vault.salvage(
        fixture.path, identities: [Identity(generating: .x25519)], to: fixture.folder["new"],
        passphrase: VaultFixture.passphrase(), workFactorLog2: 1, environment: fixture.environment)
    } throws: {
      if case VaultError.wrongIdentity = $0 { true } else { false }
    }
    #expect(try Tree(of: fixture.folder["new"]).nodes.isEmpty)
  }

  @Test func recordsWhoseObjectsAreAllLostAreTold() throws {
    try lose("objects", "tile")
    let (report, reader) = try salvage()
    #expect(report.items.isEmpty && !report.isComplete)
    #expect(report.looseRecords.filter(\.isItem).count == 3)
    #expect(report.looseRecords.contains { $0.fields["title"] == "Large" })
    #expect(try reader.vault.verify(deepWith: reader.identities).findings.isEmpty)
  }

  @Test func nothingIsMadeOfNothing() throws {
    func salvage(_ lost: String) throws {
      _ = try Vault.salvage(
        lost, identities: [fixture.identity], to: fixture.folder["new"], passphrase: VaultFixture.passphrase(),
        workFactorLog2: 1, environment: fixture.environment)
    }
    let empty = try VaultFixture()
    #expect {
      try salvage(empty.path)
    } throws: {
      if case VaultError.nothingSealed(empty.path) = $0 { true } else { false }
    }
    try lose("records")
    let paths = try Tree(of: fixture.path).files.filter { $0.hasPrefix("objects/") }
    for path in paths { try Tree.replace("\(fixture.path)/\(path)", with: [1, 2, 3]) }
    #expect {
      try salvage(fixture.path)
    } throws: {
      if case VaultError.damaged(let finding) = $0 { finding.path == paths.first } else { false }
    }
    #expect(try Tree(of: fixture.folder["new"]).nodes.isEmpty)
  }

  @Test func salvagingTwiceKeepsBothRecords() throws {
    let (first, _) = try salvage()
    let identity = try first.vault.readingIdentity(VaultFixture.passphrase())
    let report = try Vault.salvage(
      first.vault.path, identities: [identity], to: fixture.folder["newer"], passphrase: VaultFixture.passphrase(),
      workFactorLog2: 1, environment: fixture.environment)
    #expect(report.isComplete, "\(report.troubles)")
    let reader = try VaultReader(report.vault, identities: [report.vault.readingIdentity(VaultFixture.passphrase())])
    let names = try reader.record(at: 0).files.suffix(2).compactMap { $0.path?.text }
    #expect(names == ["salvaged-record.json", "salvaged-record-2.json"])
  }

  @Test func anExportWithholdsTheKeptRecordUnlessItIsNamed() throws {
    let (report, reader) = try salvage()
    let item = try #require(report.items.first { $0.title == "First account" })
    let record = try reader.record(at: item.index)
    var choice = DisclosureChoice()
    func shown() throws -> [String] {
      let rule = DisclosureRule(
        schema: try Schema.named(record.kind), record: record, choice: choice, consent: nil)
      return record.files.compactMap { $0.path?.text }.filter { !rule.withheldFiles.map(\.name).contains($0) }
    }
    #expect(try shown() == ["account.txt"])
    choice.disclosed = ["file:salvaged-record.json"]
    #expect(try shown() == ["account.txt", "salvaged-record.json"])
  }
}
