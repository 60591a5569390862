import Age
@testable import EvidenceVault
import Foundation
import Primitives
import Streams
import TestFolders
import Testing
import TransparencyLog

/// Key files that are none: the check names each with what to do, and a repair does it.
@Suite struct KeyFileRepairTests {
  /// What can stand in the place of a key file.
  enum Thing: CaseIterable {
    case empty
    case text
    case cutShort
    case sealedToAKey
    case folder
    case pipe
    case link

    var isRegular: Bool { ![.folder, .pipe, .link].contains(self) }
  }

  private let vault: RepairFixture

  init() throws { vault = try RepairFixture() }

  private func path(_ name: String) -> String { "\(vault.fixture.path)/\(name)" }

  /// Puts it there, in the place of what there is.
  private func put(_ thing: Thing, at name: String) throws {
    try? TemporaryFolder.remove(path(name))
    switch thing {
    case .empty: try vault.fixture.folder.write([], to: "vault/\(name)")
    case .text: try vault.fixture.folder.write("no key\n".utf8, to: "vault/\(name)")
    case .cutShort: try vault.fixture.folder.write("age-encryption.org/v1\n".utf8, to: "vault/\(name)")
    case .sealedToAKey:
      let sealed = MemorySink()
      try Sealing.seal(from: MemorySource([1]), to: sealed, for: [vault.fixture.identity.recipient])
      try vault.fixture.folder.write(sealed.bytes, to: "vault/\(name)")
    case .folder: try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: false)
    case .pipe: #expect(unsafe mkfifo(path(name), 0o600) == 0)
    case .link:
      try FileManager.default.createSymbolicLink(
        atPath: path(name), withDestinationPath: "\(vault.copyPath)/keys/signing.age")
    }
  }

  private func findings(at name: String) throws -> [Finding] {
    try vault.fixture.open().verify().findings.filter { $0.path == name }
  }

  private func aside() throws -> [String] {
    let steps = try FileManager.default.subpathsOfDirectory(atPath: vault.fixture.path)
    return steps.filter { $0.hasPrefix("aside/") }
  }

  @Test(arguments: Thing.allCases) func whatIsNoSigningKeyFileIsNamedAndReplacedFromACopy(thing: Thing) throws {
    let name = "keys/signing.age"
    try put(thing, at: name)
    let found = try findings(at: name)
    #expect(found.map(\.severity) == [.damage], "\(found)")
    #expect(found.map(\.subject) == [thing.isRegular ? .key : .obstacle])
    let report = try vault.repair()
    #expect(report.verification.isSound, "\(report.verification.findings)")
    #expect(try vault.isAsBefore)
    #expect(try aside().contains { $0.hasSuffix(name) })
    _ = try report.vault.signer(VaultFixture.passphrase())
    #expect(try Tree(of: vault.copyPath) == vault.whole)
  }

  @Test(arguments: Thing.allCases) func withoutACopyOnlyWhatIsNoFileGivesWay(thing: Thing) throws {
    let name = "keys/signing.age"
    try put(thing, at: name)
    let report = try vault.repair(withCopy: false)
    #expect(report.verification.findings.filter { $0.path == name }.map(\.subject) == [.key])
    #expect(try aside().contains { $0.hasSuffix(name) } == !thing.isRegular)
    #expect(FileManager.default.fileExists(atPath: path(name)) == thing.isRegular)
  }

  private func rotate() throws {
    let next = NextSigningKey(generating: vault.fixture.environment)
    _ = try vault.fixture.open().replaceSigningKey(
      with: next, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: vault.fixture.signer)
    vault.fixture.signer = try vault.fixture.open().signer(VaultFixture.passphrase())
  }

  @Test func aFormerSigningKeyIsNotTakenFromACopy() throws {
    try rotate()
    try vault.put(nil, at: "keys/signing.age")
    let report = try vault.repair()
    #expect(report.verification.findings.filter { $0.severity == .damage }.map(\.path) == ["keys/signing.age"])
    #expect(try Tree(of: vault.fixture.path)["keys/signing.age"] == nil)
    // And what is no key file is left where it is, as long as there is none to take its place.
    try put(.text, at: "keys/signing.age")
    _ = try vault.repair()
    #expect(try Tree(of: vault.fixture.path)["keys/signing.age"] == Array("no key\n".utf8))
  }

  @Test func aCopyWithoutANoteGivesNoSigningKey() throws {
    try vault.put(nil, at: "keys/signing.age")
    try vault.put(nil, at: "vault.note", in: vault.copyPath)
    #expect(try !vault.repair().verification.isSound)
    #expect(try Tree(of: vault.fixture.path)["keys/signing.age"] == nil)
  }

  /// Sealed is the former key as well as the present one: the passphrase tells which is which.
  @Test func aFormerSigningKeyThatLiesThereGivesWayWithThePassphrase() throws {
    try rotate()
    let now = try Tree(of: vault.fixture.path)
    try now.write(to: vault.copyPath)
    try vault.put(vault.whole["keys/signing.age"], at: "keys/signing.age")
    _ = try vault.repair()
    #expect(try Tree(of: vault.fixture.path)["keys/signing.age"] == vault.whole["keys/signing.age"])
    func repair(_ passphrase: String) throws -> RepairReport {
      let passphrase = try VaultFixture.passphrase(passphrase)
      return try Vault.repair(
        vault.fixture.path, from: vault.copyPath, environment: vault.fixture.environment
      ) { $0.holdsForeignSigningKey(passphrase) }
    }
    #expect(try repair("other words").steps.allSatisfy { !$0.path.hasPrefix("keys/") })
    #expect(try repair(VaultFixture.passphraseText).steps.contains { $0.path == "keys/signing.age" })
    #expect(try Tree(of: vault.fixture.path)["keys/signing.age"] == now["keys/signing.age"])
    _ = try vault.fixture.open().signer(VaultFixture.passphrase())
    #expect(try aside().contains { $0.hasSuffix("keys/signing.age") })
    // The right one stays, whatever a copy has.
    try vault.put([1], at: "keys/signing.age", in: vault.copyPath)
    #expect(try repair(VaultFixture.passphraseText).steps.allSatisfy { !$0.path.hasPrefix("keys/") })
  }

  @Test(arguments: ["keys/reading.age", "keys/signing-recovery.age"])
  func otherKeyFilesThatAreNoneAreNamed(name: String) throws {
    for thing in [Thing.empty, .text, .cutShort] {
      try put(thing, at: name)
      #expect(try findings(at: name).map(\.subject) == [.key], "\(thing)")
      _ = try vault.repair()
      #expect(try findings(at: name).map(\.subject) == [.key], "\(thing)")
    }
    for thing in [Thing.folder, .pipe, .link] {
      try put(thing, at: name)
      #expect(try findings(at: name).map(\.subject) == [.obstacle], "\(thing)")
      let report = try vault.repair()
      #expect(report.verification.isSound, "\(thing): \(report.verification.findings)")
      #expect(try aside().contains { $0.hasSuffix(name) }, "\(thing)")
    }
  }

  /// Where a key file can be for a time: the names are no secret, and anybody who has the disk can use them.
  @Test func whatIsPlantedBesideTheKeysIsNamedAndMovedAside() throws {
    let (reader, key) = (vault.fixture.identity.recipient, try vault.fixture.open().note.vaultKey.key)
    for (name, severity) in [
      (SealedKeyFile.earlier(before: reader), Finding.Severity.damage), (SealedKeyFile.reading(of: reader), .notice),
      (SealedKeyFile.signing(of: key), .notice), (SealedKeyFile.recovery(of: key), .notice),
      (SealedKeyFile.reason(of: key), .notice),
    ] {
      for thing in [Thing.text, .folder, .pipe, .link] {
        try put(thing, at: "keys/\(name)")
        let found = try findings(at: "keys/\(name)")
        #expect(found.map(\.subject) == [thing.isRegular ? .strayKey : .obstacle], "\(name), \(thing)")
        #expect(found.map(\.severity) == [thing.isRegular ? severity : .damage], "\(name), \(thing)")
        let report = try vault.repair(withCopy: false)
        #expect(report.verification.findings.map(\.subject) == [.aside], "\(name), \(thing)")
      }
    }
    #expect(try vault.isAsBefore)
  }

  @Test func aKeyFileThatWaitsForItsPlaceIsToldAndStays() throws {
    let name = "keys/\(SealedKeyFile.reading(of: vault.fixture.identity.recipient))"
    try vault.put(vault.whole["keys/reading.age"], at: name)
    #expect(try findings(at: name).map(\.subject) == [.pendingKey])
    let report = try vault.repair(withCopy: false)
    #expect(report.verification.isSound)
    #expect(report.verification.findings.map(\.subject) == [.pendingKey])
    try vault.fixture.addDocument("Next")
    #expect(try vault.fixture.open().verify().findings.isEmpty)
  }

  @Test(arguments: [Thing.folder, .pipe, .link])
  func whatStandsInThePlaceOfAFileIsMovedAside(thing: Thing) throws {
    let tile = try #require(vault.files.first { $0.hasPrefix("tile/0/") })
    let object = try #require(vault.files.first { $0.hasPrefix("objects/") })
    for name in ["next.note", "catalog.age", "fields.age", "certificate.note", tile, object] {
      try vault.reset()
      try put(thing, at: name)
      #expect(try findings(at: name).contains { $0.subject == .obstacle }, "\(name)")
      let report = try vault.repair()
      #expect(report.verification.isSound, "\(name): \(report.verification.findings)")
      #expect(report.verification.findings.allSatisfy { $0.subject == .aside }, "\(name)")
      #expect(try vault.isAsBefore, "\(name)")
      // Caches are removed for good where they can be.
      if name != "catalog.age", name != "fields.age" { #expect(try aside().contains { $0.hasSuffix(name) }, "\(name)") }
      try? TemporaryFolder.remove(path("aside"))
    }
  }

  @Test func aFolderInThePlaceOfTheNextNoteStopsAnotherReadingKeyUntilItIsMovedAside() throws {
    func rotateReadingKey() throws {
      _ = try vault.fixture.open().rotateReadingKey(
        VaultFixture.passphrase(), workFactorLog2: 1, signer: vault.fixture.signer)
    }
    try put(.folder, at: "next.note")
    #expect { try rotateReadingKey() } throws: { error in
      if case VaultError.damaged(let finding) = error { finding == .obstacle("next.note") } else { false }
    }
    try vault.fixture.addDocument("Others go on")
    _ = try vault.repair(withCopy: false)
    try rotateReadingKey()
    #expect(try vault.fixture.open().verify().isSound)
  }

  @Test(arguments: [Thing.pipe, .link, .text]) func whatHasTheNameOfAsideGoesThere(thing: Thing) throws {
    try put(thing, at: "aside")
    try put(.text, at: "keys/stray.age")
    let report = try vault.repair(withCopy: false)
    #expect(report.verification.findings.map(\.subject) == [.aside], "\(report.verification.findings)")
    let names = try aside()
    #expect(names.contains { $0.hasSuffix("/aside") } && names.contains { $0.hasSuffix("keys/stray.age") }, "\(names)")
    #expect(try Tree(of: vault.copyPath) == vault.whole)
  }
}
