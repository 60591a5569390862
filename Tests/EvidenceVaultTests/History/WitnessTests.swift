import Foundation
import Primitives
import TestFolders
import Testing
import TransparencyLog

@testable import EvidenceVault

/// A vault, and two others whose owners witness it.
@Suite struct WitnessTests {
  private let fixture: VaultFixture
  private let witnesses: [VaultFixture]

  init() throws {
    fixture = try VaultFixture()
    witnesses = try [VaultFixture(), VaultFixture()]
    try fixture.addDocument("One")
    try fixture.addDocument("Two")
  }

  private func request(since size: UInt64 = 0) throws -> AddCheckpointRequest {
    let vault = try fixture.open()
    return try vault.headFile(vault.head(), since: size)
  }

  private func sign(_ request: AddCheckpointRequest, _ number: Int = 0) throws -> SignedNote {
    try witnesses[number].open().countersign(request, of: fixture.open().note, signer: witnesses[number].signer)
  }

  private func keys() throws -> [WitnessKey] { try witnesses.map { try $0.open().note.witnessKey } }

  private func expectRefused(_ refusal: WitnessRefusal, _ body: () throws -> Void) {
    #expect {
      try body()
    } throws: { error in
      if case VaultError.witnessRefused(refusal) = error { true } else { false }
    }
  }

  private func flip(bit: Int, of path: String) throws {
    var bytes = try [UInt8](Data(contentsOf: URL(filePath: path)))
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    try Tree.replace(path, with: bytes)
  }

  @Test func aPolicyIsMetOnceEnoughHaveSigned() throws {
    let vault = try fixture.open()
    let policy = try WitnessPolicy(2, of: keys())
    #expect(try vault.verify(policy: policy).witnesses.metSize == nil)
    _ = try vault.keep(sign(request()), by: keys())
    #expect(try vault.verify(policy: policy).witnesses.metSize == nil)
    try fixture.addDocument("Three")
    _ = try vault.keep(sign(request(), 1), by: keys())
    let report = try vault.verify(policy: policy)
    #expect(report.findings.isEmpty)
    #expect(report.witnesses.metSize == 2, "both vouch for two entries, one for three")
    #expect(report.witnesses.countersignatures.map(\.witness).sorted() == ["w1", "w2"])
    #expect(Set(report.witnesses.countersignatures.map(\.size)) == [2, 3])
    #expect(try vault.verify().witnesses.countersignatures.allSatisfy { $0.key == nil && $0.time == nil })
  }

  @Test func whatGrewIsSignedWithAProofAndNotWithout() throws {
    _ = try sign(request())
    try fixture.addDocument("Three")
    expectRefused(.needsProof(from: 2)) { _ = try sign(request()) }
    expectRefused(.needsProof(from: 2)) { _ = try sign(request(since: 1)) }
    _ = try sign(request(since: 2))
    _ = try sign(request(since: 2))
    expectRefused(.needsProof(from: 3)) {
      try fixture.addDocument("Four")
      _ = try sign(request(since: 2))
    }
  }

  @Test func anOlderCopyAndAForkAreNotSigned() throws {
    let older = try Tree(of: fixture.path)
    let head = try request()
    try fixture.addDocument("Three")
    _ = try sign(request())
    expectRefused(.olderHead(seen: 3)) { _ = try sign(head) }
    try TemporaryFolder.remove(fixture.path)
    try older.write(to: fixture.path)
    try fixture.addDocument("Another third")
    expectRefused(.fork(seen: 3)) { _ = try sign(request()) }
    try fixture.addDocument("Another fourth")
    expectRefused(.fork(seen: 3)) { _ = try sign(request(since: 3)) }
    _ = try sign(request(), 1)
  }

  /// Whoever has the passphrase can make another history, and let it go on from a copy under another origin.
  @Test func whatWentOnFromACopyIsSignedOnlyIfItContinuesWhatWasSigned() throws {
    let older = try Tree(of: fixture.path)
    _ = try sign(request())
    try fixture.addDocument("Three")
    _ = try sign(request(), 1)
    try older.write(to: fixture.path)
    let last = try Vault.checkpoint(
      TreeHead(size: 9, root: SHA256Hasher.digest(of: [9])), note: fixture.open().note, signer: fixture.signer)
    _ = try fixture.open().accept(
      fixture.open().plannedRestoration(expecting: .note(last)), signer: fixture.signer)
    try fixture.addDocument("Another third")
    expectRefused(.needsProof(from: 2)) { _ = try sign(request()) }
    _ = try sign(request(since: 2))
    expectRefused(.givenUp(seen: 3, kept: 2)) { _ = try sign(request(since: 2), 1) }
    // The copy again, with the card that it has.
    try TemporaryFolder.remove(fixture.path)
    try older.write(to: fixture.path)
    expectRefused(.olderCard) { _ = try sign(request()) }
    // And with another key, which the old one names.
    _ = try fixture.open().replaceSigningKey(
      with: NextSigningKey(generating: fixture.environment), passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      signer: fixture.signer)
    expectRefused(.olderCard) { _ = try sign(request()) }
  }

  /// What is beside a head is signed along, and would be too large to be read again.
  @Test func aHeadWithTooMuchBesideItIsNotSignedAndHidesNothing() throws {
    let vault = try fixture.open()
    let plain = try request().note.text.bytes
    let text = try NoteText(plain + Array("\(String(repeating: "x", count: 66_000))\n".utf8))
    let large = try SignedNote(
      text: text, signatures: [fixture.signer.sign(text, for: .checkpoints, origin: vault.note.origin)])
    expectRefused(.tooLarge) {
      _ = try sign(AddCheckpointRequest(oldSize: 0, proof: ConsistencyProof(hashes: []), note: large))
    }
    _ = try sign(request())
  }

  @Test func headsOfOthersAndOfOneselfAreNotSigned() throws {
    let other = try VaultFixture()
    expectRefused(.otherVault) {
      _ = try witnesses[0].open().countersign(request(), of: other.open().note, signer: witnesses[0].signer)
    }
    expectRefused(.ownHead) {
      _ = try fixture.open().countersign(request(), of: fixture.open().note, signer: fixture.signer)
    }
  }

  /// A witness whose memory was damaged stops, rather than sign a fork.
  @Test func aDamagedMemoryStopsTheWitness() throws {
    _ = try sign(request())
    let path = try #require(Tree(of: witnesses[0].path).files.first { $0.hasPrefix("witness/") })
    try flip(bit: 100, of: "\(witnesses[0].path)/\(path)")
    #expect {
      _ = try sign(request())
    } throws: { error in
      if case VaultError.damaged(let finding) = error { finding.subject == .cosignature } else { false }
    }
  }

  @Test func whatIsKeptMustBeOwnKnownAndPartOfTheIndex() throws {
    let vault = try fixture.open()
    let cosigned = try sign(request())
    expectRefused(.notCountersigned) { _ = try vault.keep(cosigned, by: [keys()[1]]) }
    expectRefused(.otherVault) { _ = try witnesses[1].open().keep(cosigned, by: keys()) }
    let older = try Tree(of: fixture.path)
    try fixture.addDocument("Three")
    let newer = try sign(request(since: 2))
    try TemporaryFolder.remove(fixture.path)
    try older.write(to: fixture.path)
    #expect {
      _ = try fixture.open().keep(newer, by: keys())
    } throws: { error in
      if case VaultError.rolledBack(seenSize: 3, size: 2) = error { true } else { false }
    }
    try fixture.addDocument("Another third")
    #expect(throws: VaultError.self) { try fixture.open().keep(newer, by: keys()) }
    #expect(try fixture.open().keep(cosigned, by: keys()).count == 1)
    #expect(try fixture.open().keep(cosigned, by: keys()).count == 1)
    #expect(try fixture.open().verify().witnesses.countersignatures.count == 1, "kept once")
  }

  @Test func aChangedCountersignatureIsFound() throws {
    _ = try fixture.open().keep(sign(request()), by: keys())
    let policy = try WitnessPolicy(1, of: keys())
    let sound = try Tree(of: fixture.path)
    let path = try #require(sound.files.first { $0.hasPrefix("cosignatures/") })
    for bit in stride(from: 0, to: try #require(sound[path]).count * 8, by: 97) {
      try flip(bit: bit, of: "\(fixture.path)/\(path)")
      let report = try fixture.open().verify(policy: policy)
      #expect(report.findings.map(\.subject) == [.cosignature], "bit \(bit)")
      #expect(report.witnesses.metSize == nil)
      try flip(bit: bit, of: "\(fixture.path)/\(path)")
    }
    #expect(try fixture.open().verify(policy: policy).witnesses.metSize == 2)
  }

  @Test func aTimeToComeIsNoticed() throws {
    var environment = VaultFixture.environment(stateFolder: nil)
    environment.now = { Timestamp(secondsSince1970: 4_000_000_000) }
    let late = try Vault(opening: witnesses[0].path, environment: environment)
    let cosigned = try late.countersign(request(), of: fixture.open().note, signer: witnesses[0].signer)
    _ = try fixture.open().keep(cosigned, by: keys())
    let report = try fixture.open().verify(policy: WitnessPolicy(1, of: keys()))
    #expect(report.isSound)
    #expect(report.findings.map(\.subject) == [.cosignature])
  }
}
