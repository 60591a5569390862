import Age
@testable import EvidenceVault
import Primitives
import StrictJSON
import TestFolders
import Testing

/// What was sealed to earlier readers is sealed to the present ones, and nothing else about it changes.
@Suite struct ResealingTests {
  private let fixture: VaultFixture
  private let second = Identity(generating: .x25519)
  private let before: Tree

  /// Two items from before the second reader, and one from after.
  init() throws {
    fixture = try VaultFixture()
    try fixture.addDocument("One", files: ["one.txt": "1"])
    try fixture.addTestimony()
    _ = try fixture.open().addReader(
      "Archive", keys: [second.recipient], comparison: .call, signer: fixture.signer)
    try fixture.addDocument("Two", files: ["two.txt": "2"])
    before = try Tree(of: fixture.path)
  }

  private func reseal(batchByteCount: UInt64 = VaultReader.resealBatchByteCount) throws -> ResealReceipt {
    try fixture.reader().reseal(batchByteCount: batchByteCount, signer: fixture.signer)
  }

  private func sealed(_ tree: Tree) -> [String] {
    tree.files.filter { $0.hasSuffix(".age") && ($0.hasPrefix("objects/") || $0.hasPrefix("records/")) }
  }

  private func objectPath(of item: UInt64) throws -> String {
    let reader = try fixture.reader()
    return try #require(try reader.presentObject(of: reader.entry(at: item))).path
  }

  /// What is behind the header of an age file.
  private func payload(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    let end = bytes.indices.first { bytes[$0...].starts(with: "\n--- ".utf8) } ?? 0
    return bytes[(end + 49)...]
  }

  @Test func everythingOpensToWhoWasAdded() throws {
    let receipt = try reseal()
    #expect(receipt.objectCount == 2 && receipt.recordsCount == 2)
    #expect(receipt.entries == [4] && receipt.troubles.isEmpty)
    let after = try Tree(of: fixture.path)
    for path in sealed(after) { #expect(throws: Never.self) { try SealedFile(after[path] ?? []).open(with: [second]) } }
    #expect(sealed(after).count == sealed(before).count + 1)
    for identity in [fixture.identity, second] {
      let report = try fixture.open().verify(deepWith: [identity])
      #expect(report.findings.isEmpty && report.objectCount == 3 && report.withdrawnItems.isEmpty)
    }
    let reader = try VaultReader(fixture.open(), identities: [second])
    #expect(try reader.summaries().count == 5)
    #expect(try reader.extract(0, to: fixture.folder["out"]) == 1)
    #expect(try Tree(of: fixture.folder["out"])["one.txt"] == Array("1".utf8))
    #expect(try reseal().entries.isEmpty)
    #expect(try Tree(of: fixture.path).files.filter { $0 != "catalog.age" } == after.files)
  }

  @Test func thePayloadIsTheSameAndTheKeyOfWhoWasRemovedIsOff() throws {
    _ = try reseal()
    let opened = try Tree(of: fixture.path)
    _ = try fixture.open().removeReader(
      [second.recipient], name: "Archive", reason: "left", own: fixture.identity, signer: fixture.signer)
    let receipt = try reseal()
    #expect(receipt.objectCount == 3)
    let after = try Tree(of: fixture.path)
    for path in sealed(after) {
      let file = try SealedFile(after[path] ?? [])
      #expect(throws: AgeError.noMatch) { try file.open(with: [second]) as [UInt8] }
    }
    let old = Set(sealed(opened).map { payload(opened[$0] ?? []) })
    #expect(old.isSubset(of: Set(sealed(after).map { payload(after[$0] ?? []) })))
    #expect(try fixture.open().verify(deepWith: [fixture.identity]).findings.isEmpty)
    #expect(try fixture.reader().extract(0, to: fixture.folder["out"]) == 1)
  }

  @Test func eachBatchIsACommitOfItsOwn() throws {
    let receipt = try reseal(batchByteCount: 1)
    #expect(receipt.entries == [4, 5, 6, 7])
    #expect(try fixture.open().verify(deepWith: [second]).findings.isEmpty)
  }

  @Test func whatIsDamagedStaysAndIsTold() throws {
    let path = try objectPath(of: 0)
    var bytes = try #require(before[path])
    bytes[bytes.count - 1] ^= 1
    try Tree.replace("\(fixture.path)/\(path)", with: bytes)
    let receipt = try reseal()
    #expect(receipt.objectCount == 1 && receipt.troubles.map(\.path) == [path])
    #expect(try Tree(of: fixture.path)[path] == bytes)
    #expect(try fixture.open().verify().findings.map(\.path) == [path])
    let again = try reseal()
    #expect(again.entries.isEmpty && again.troubles.map(\.item) == [0])
  }

  @Test func whatIsMissingAfterwardsIsToldToItsItem() throws {
    _ = try reseal()
    let path = try objectPath(of: 1)
    try TemporaryFolder.remove("\(fixture.path)/\(path)")
    let findings = try fixture.open().verify(deepWith: [fixture.identity]).findings
    #expect(findings.map(\.item) == [1] && findings.map(\.path) == [path])
  }

  @Test func whatNoneOfTheKeysOpensStays() throws {
    let reader = try VaultReader(fixture.open(), identities: [second])
    let receipt = try reader.reseal(signer: fixture.signer)
    #expect(receipt.entries.isEmpty && receipt.troubles.allSatisfy { $0.subject == .readers })
    #expect(receipt.troubles.count == 4)
    #expect(try Tree(of: fixture.path).files == before.files)
  }

  @Test func oldFilesThatStayedAreNoDamageAndARepairRemovesThem() throws {
    _ = try reseal()
    let now = try Tree(of: fixture.path)
    let old = sealed(before).filter { now[$0] == nil }
    #expect(old.count == 4)
    for path in old { try Tree.replace("\(fixture.path)/\(path)", with: #require(before[path])) }
    let report = try fixture.open().verify(deepWith: [fixture.identity])
    #expect(report.isSound && report.findings.allSatisfy { $0.subject == .withdrawn && $0.severity == .notice })
    #expect(report.findings.compactMap(\.path).sorted() == old.sorted())
    let repair = try Vault.repair(fixture.path, environment: fixture.environment)
    #expect(repair.verification.findings.isEmpty && repair.count(.removed) == 4)
  }

  @Test func oldFilesThatCannotBeRemovedAreTold() throws {
    let path = try objectPath(of: 0)
    let vault = try fixture.openPuttingFolders(at: [path])
    let receipt = try VaultReader(vault, identities: [fixture.identity]).reseal(signer: fixture.signer)
    #expect(receipt.remaining == [path] && receipt.objectCount == 2 && receipt.troubles.isEmpty)
  }

  /// It may open to whoever is no reader any more.
  @Test func aCacheThatCannotBeRemovedIsTold() throws {
    let name = Catalog.Contents.fields.fileName
    let removed = try fixture.openPuttingFolders(at: [name]).removeReader(
      [second.recipient], name: "Archive", reason: "left", own: fixture.identity, signer: fixture.signer)
    #expect(removed.remaining == [name])
    try TemporaryFolder.remove("\(fixture.path)/\(name)")
    let rotation = try fixture.openPuttingFolders(at: [name]).rotateReadingKey(
      VaultFixture.passphrase(), workFactorLog2: 1, signer: fixture.signer)
    #expect(rotation.remaining == [name])
  }

  @Test func newFilesWithoutTheirEntryAreLeftovers() throws {
    _ = try reseal()
    let now = try Tree(of: fixture.path)
    let new = sealed(now).filter { before[$0] == nil }
    try before.write(to: fixture.path)
    for path in new { try fixture.folder.write(#require(now[path]), to: "vault/\(path)") }
    let report = try fixture.open().verify(deepWith: [fixture.identity])
    #expect(report.isSound && report.findings.allSatisfy { $0.subject == .leftover })
    #expect(try reseal().objectCount == 2)
    #expect(try fixture.open().verify(deepWith: [second]).isSound)
  }

  @Test func whatIsWithdrawnAfterwardsIsGoneByItsOwnEntry() throws {
    _ = try reseal()
    let receipt = try fixture.reader().withdraw(1, Withdrawing(reason: "asked"), signer: fixture.signer)
    #expect(receipt.objectCount == 1)
    #expect { try fixture.reader().record(at: 1) } throws: {
      if case VaultError.withdrawn(1, by: receipt.index) = $0 { true } else { false }
    }
    let report = try fixture.open().verify(deepWith: [fixture.identity])
    #expect(report.findings.isEmpty && report.withdrawnItems == [1] && report.objectCount == 2)
    let texts = try sealedTexts()
    #expect(!texts.contains { $0.contains("what was said") } && texts.contains { $0.contains("one.txt") })
  }

  @Test func whatWasWithdrawnBeforeDoesNotComeBack() throws {
    _ = try fixture.reader().withdraw(1, Withdrawing(reason: "asked"), signer: fixture.signer)
    #expect(try reseal().objectCount == 1)
    let report = try fixture.open().verify(deepWith: [second])
    #expect(report.findings.isEmpty && report.withdrawnItems == [1])
    #expect { try fixture.reader().record(at: 1) } throws: {
      if case VaultError.withdrawn(1, by: 4) = $0 { true } else { false }
    }
  }

  private func sealedTexts() throws -> [String] {
    let tree = try Tree(of: fixture.path)
    return try sealed(tree).map {
      String(decoding: try SealedFile(tree[$0] ?? []).open(with: [fixture.identity]), as: UTF8.self)
    }
  }

  @Test func aCopyFromBeforeIsSalvagedOnce() throws {
    _ = try reseal()
    for path in sealed(before) where try Tree(of: fixture.path)[path] == nil {
      try Tree.replace("\(fixture.path)/\(path)", with: #require(before[path]))
    }
    let survey = try SalvageSurvey(
      Vault.openFolder(fixture.path), identities: [fixture.identity], environment: fixture.environment)
    #expect(survey.objects.count == 3)
  }

  @Test func aRemovalThatNamesAnObjectInItsOwnPlaceOrWithoutSizeIsRefused() throws {
    let (zeros, ones) = (String(repeating: "0", count: 64), String(repeating: "1", count: 64))
    func removal(_ old: String, _ new: String, _ size: String) throws -> Removal? {
      let object = "{\"sha256\":\"\(old)\",\"by\":\"\(new)\",\"bytes\":\(size)}"
      return Removal(try JSON.parse(Array("{\"objects\":[\"\(zeros)\",\(object)],\"records\":[]}".utf8)))
    }
    let sound = try #require(try removal(zeros, ones, "7"))
    #expect(sound.objects.count == 1 && sound.resealed.map(\.new.byteCount) == [7])
    #expect(Removal(sound.json) == sound)
    for (old, new, size) in [(zeros, zeros, "7"), (zeros, ones, "-1"), (zeros, ones, "\"7\""), (zeros, "01", "7")] {
      #expect(try removal(old, new, size) == nil)
    }
  }
}
