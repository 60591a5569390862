@testable import EvidenceVault
import Primitives
import SSHSignature
import SelectiveDisclosure
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// Bundles that their own sender changed and signed anew: a signature that holds proves only what the vault entered.
@Suite struct HostileSenderTests {
  private typealias Files = [BagPath: [UInt8]]

  private let bundle: BundleFixture
  private let tree: Files
  private let minutes: BagPath = "data/item-0/files/minutes.txt"
  private let votes: BagPath = "data/item-0/files/votes.txt"

  init() throws {
    bundle = try BundleFixture()
    try bundle.open(bundle.sealed)
    let opened = try Tree(of: bundle.fixture.folder["opened"])
    tree = Dictionary(uniqueKeysWithValues: opened.files.map { (BagPath($0), opened[$0] ?? []) })
  }

  /// The same with manifests of what is in it now, signed by the sender.
  private func signed(
    _ tree: Files, head: TreeHead? = nil, origin: NoteLine? = nil, byKey key: VaultSigner? = nil,
    namespace: String? = nil
  ) throws -> Files {
    var tree = tree
    func manifest(_ isListed: (BagPath) -> Bool) -> [UInt8] {
      Array(Bag.manifestText(tree.filter { isListed($0.key) }.mapValues { SHA256Hasher.digest(of: $0) }).utf8)
    }
    tree[Bag.manifest] = manifest { $0.isBelow(Bag.payload) }
    let unlisted = [Bag.tagManifest, Bag.note, Bag.sshSignature]
    let tags = manifest { !$0.isBelow(Bag.payload) && !unlisted.contains($0) }
    tree[Bag.tagManifest] = tags
    let signer = bundle.fixture.signer
    tree[Bag.sshSignature] =
      SSHSignature(
        signing: tags, for: namespace ?? BundleSSHSignature.namespace, with: (key ?? signer).key(for: .bundles)
      ).file
    let old = try BundleNote(SignedNote(tree[Bag.note] ?? []).text)
    let note = BundleNote(
      origin: origin ?? old.origin, identifier: old.identifier, created: old.created, purpose: old.purpose,
      recipients: old.recipients, head: head ?? old.head, tagManifest: SHA256Hasher.digest(of: tags))
    let text = try NoteText(note.text)
    tree[Bag.note] =
      try SignedNote(
        text: text, signatures: [signer.sign(text, for: .bundles, origin: bundle.fixture.open().note.origin)]
      ).bytes
    return tree
  }

  @discardableResult
  private func check(_ tree: Files) throws -> CheckedBundle {
    var files = BundleFiles()
    for (path, bytes) in tree {
      files.digests[path] = (SHA256Hasher.digest(of: bytes), UInt64(bytes.count))
      files.contents[path] = BundleFiles.isNeeded(path) ? bytes : nil
    }
    return try BundleCheck(files: files, expectedSender: bundle.sender, openedAs: []).run()
  }

  private func expect(_ fault: BundleFault, _ tree: Files) {
    #expect { try check(tree) } throws: { if case VaultError.bundle(fault) = $0 { true } else { false } }
  }

  /// What a change to files comes to when the sender signs it.
  private func expect(_ fault: BundleFault, changing path: BagPath, to bytes: [UInt8]?) throws {
    var changed = tree
    changed[path] = bytes
    expect(fault, try signed(changed))
  }

  @Test func whatTheSenderSignsAgainAsItWasIsSound() throws {
    #expect(try check(signed(tree)).items.count == 2)
    var changed = tree
    changed["pages/more.txt"] = [65]
    #expect(try check(signed(changed)).items.count == 2)
  }

  /// Pages for people are the sender's to give; nobody is sent to one that is not there.
  @Test func aBundleWithoutItsReportIsSoundAndKnownToHaveNone() throws {
    #expect(try check(signed(tree)).hasReport)
    var changed = tree
    changed["REPORT.html"] = nil
    #expect(try !check(signed(changed)).hasReport)
  }

  @Test func noPageHasTheNameOfAnotherFileInCapitals() throws {
    try expect(.forbiddenFile("bagit.txt"), changing: "BAGIT.TXT", to: [65])
  }

  @Test func evidenceIsWhatItsRecordSays() throws {
    let other = Array("Present: nobody".utf8)
    try expect(.itemDoesNotFit(item: 0, path: minutes.text), changing: minutes, to: other)
    try expect(.itemDoesNotFit(item: 0, path: minutes.text), changing: minutes, to: Array("Present: thre2".utf8))
    try expect(.missingFile(minutes.text), changing: minutes, to: nil)
    try expect(.unexpectedFile("data/item-0/files/more.txt"), changing: "data/item-0/files/more.txt", to: other)
    try expect(.unexpectedFile("data/more.txt"), changing: "data/more.txt", to: other)
  }

  @Test func recordsAndHistoriesAreThoseOfTheEntries() throws {
    for path in [Bag.recordPath(0), Bag.custodyPath(0)] {
      let bytes = try #require(tree[path])
      try expect(
        .itemDoesNotFit(item: 0, path: path.text), changing: path,
        to: Array(String(decoding: bytes, as: UTF8.self).replacing("2023", with: "2022").utf8))
    }
    let record = Bag.recordPath(0)
    try expect(.missingFile(record.text), changing: record, to: nil)
  }

  @Test func everyEntryIsSignedAndInTheIndexAtItsPlace() throws {
    let (presentation, proof) = (Bag.presentationPath(0), Bag.proofPath(0))
    let fault = BundleFault.itemDoesNotFit(item: 0, path: presentation.text)
    let text = String(decoding: try #require(tree[presentation]), as: UTF8.self)
    let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    let other = String(decoding: try #require(tree[Bag.presentationPath(1)]), as: UTF8.self)
    let stranger = other.split(separator: ".")[2].prefix(86)
    let forged = "\(parts[0]).\(parts[1]).\(stranger)\(parts[2].dropFirst(86))"
    try expect(fault, changing: presentation, to: Array(forged.utf8))
    try expect(fault, changing: proof, to: tree[Bag.proofPath(1)])
    try expect(.missingFile(proof.text), changing: proof, to: nil)
    // The entry of one number under another.
    var moved = tree
    for path in tree.keys where path.text.contains("item-0") {
      moved[path] = nil
      moved[BagPath(path.text.replacing("item-0", with: "item-9"))] = tree[path]
    }
    expect(.itemDoesNotFit(item: 9, path: Bag.presentationPath(9).text), try signed(moved))
  }

  @Test func theProofsLeadToTheHeadThatIsSigned() throws {
    let vault = try bundle.fixture.open()
    let head = try BundleNote(SignedNote(#require(tree[Bag.note])).text).head
    let earlier = try vault.tree(vault.head().tree).head(ofSize: head.size - 1)
    expect(.itemDoesNotFit(item: 0, path: Bag.presentationPath(0).text), try signed(tree, head: earlier))
    expect(.badSignature(Bag.note.text), try signed(tree, origin: NoteLine("other.invalid/vault")))
  }

  @Test func bothSignaturesAreOfTheSender() throws {
    let stranger = VaultSigner(generatingFrom: SystemRandomness())
    expect(.badSignature(Bag.sshSignature.text), try signed(tree, byKey: stranger))
    expect(.badSignature(Bag.sshSignature.text), try signed(tree, namespace: "file"))
    let line = SSHPublicKey(stranger.key(for: .bundles).verifyingKey).line
    let signers = Array("sender namespaces=\"evidence-bundle\" \(line)\n".utf8)
    try expect(.malformedFile(Bag.allowedSigners.text), changing: Bag.allowedSigners, to: signers)
    try expect(.malformedFile(Bag.declaration.text), changing: Bag.declaration, to: [65])
    // A second signature on the note, whosever.
    var twice = try signed(tree)
    let note = try SignedNote(#require(twice[Bag.note]))
    twice[Bag.note] =
      try SignedNote(
        text: note.text,
        signatures: note.signatures + [stranger.sign(note.text, for: .bundles, origin: NoteLine("other.invalid/vault"))]
      ).bytes
    expect(.malformedFile(Bag.note.text), twice)
  }

  @Test(arguments: [
    "fetch.txt", "manifest-md5.txt", "tagmanifest-sha512.txt", "pages/a\u{202e}b.html", "DATA/item-9/x.txt",
    "Proofs/x.txt",
  ])
  func noPageHasANameThatOtherProgramsTakeForMore(name: String) throws {
    try expect(.forbiddenFile(name), changing: BagPath(name), to: [65])
  }

  @Test func nothingLiesAmongTheProofsThatIsNone() throws {
    for name in ["proofs/more.txt", "proofs/item-7.tlog-proof", "proofs/timestamps/more.tst"] {
      try expect(.unexpectedFile(name), changing: BagPath(name), to: [65])
    }
  }

  @Test func whatNoManifestNamesIsRefused() {
    for name in ["pages/more.txt", "data/item-0/files/more.txt", "proofs/more.txt"] {
      var more = tree
      more[BagPath(name)] = [65]
      expect(.unexpectedFile(name), more)
    }
  }

  /// To people, and on some disks, they are one file.
  @Test func noTwoNamesDifferInHowALetterIsComposed() throws {
    var twins = tree
    twins["pages/\u{439}.txt"] = [65]
    #expect(try check(signed(twins)).items.count == 2)
    twins["pages/\u{438}\u{306}.txt"] = [66]
    #expect { try check(signed(twins)) } throws: {
      if case VaultError.bundle(.forbiddenFile) = $0 { true } else { false }
    }
  }

  /// An index of one entry that a stranger signed, under a head that is signed as it should be.
  @Test func anEntryThatTheKeyOfRecordsDidNotSignIsRefused() throws {
    let parsed = try Presentation.parse(#require(tree[Bag.presentationPath(0)]))
    for signer in [bundle.fixture.signer, VaultSigner(generatingFrom: SystemRandomness())] {
      let jws = JWS.sign(parsed.jws.payload, type: Entry.type, key: signer.key(for: .records))
      let whole = try alone(Presentation(jws: jws, disclosures: parsed.disclosures))
      if signer === bundle.fixture.signer {
        #expect(try check(whole).items.map(\.index) == [0])
      } else {
        expect(.itemDoesNotFit(item: 0, path: Bag.presentationPath(0).text), whole)
      }
    }
  }

  /// A moment in another form would be shown and held against nothing; so would a kind that is no word.
  @Test func whatIsNoMomentOrNoKindIsRefused() throws {
    let signed = try Presentation.parse(#require(tree[Bag.presentationPath(0)])).jws.payload
    func forged(_ name: String, _ value: JSON) throws -> Files {
      var payload = signed
      payload[name] = value
      let jws = JWS.sign(payload, type: Entry.type, key: bundle.fixture.signer.key(for: .records))
      let presentation = Presentation(jws: jws, disclosures: [])
      let record = try Record(index: 0, presentation: presentation).document()
      return try alone(presentation, with: [Bag.recordPath(0): record], without: [minutes, votes, Bag.custodyPath(0)])
    }
    let others: [(String, JSON)] = [
      ("added", "yesterday"), ("added", "2023-05-26T09:30:00.0Z"), ("added", "2023-05-26T09:30:00+00:00"),
      ("added", "1500-05-26T09:30:00Z"), ("added", 5), ("added", .null), ("added", ["2023-05-26T09:30:00Z"]),
      ("kind", 5), ("kind", .null), ("kind", ["document"]),
    ]
    for (name, value) in others {
      expect(.itemDoesNotFit(item: 0, path: Bag.presentationPath(0).text), try forged(name, value))
    }
    for (name, value) in [("added", "1583-01-01T00:00:00Z"), ("kind", "document")] as [(String, JSON)] {
      #expect(try check(forged(name, value)).items.count == 1)
    }
  }

  /// A bundle of the first item alone, with another entry in an index of its own.
  private func alone(
    _ presentation: Presentation, with more: Files = [:], without less: [BagPath] = []
  ) throws -> Files {
    var root = RootAccumulator()
    root.append(MerkleHash.leaf(Array(presentation.jws.compact.utf8)))
    let note = try bundle.fixture.open().note
    let proof = try TlogProof(
      inclusion: InclusionProof(index: 0, hashes: []),
      note: Vault.checkpoint(root.head, note: note, signer: bundle.fixture.signer))
    var forged = tree.filter { !$0.key.text.contains("item-1") && !$0.key.text.contains("event-") }
    for path in less { forged[path] = nil }
    forged[Bag.presentationPath(0)] = presentation.serialized
    forged[Bag.proofPath(0)] = proof.bytes
    return try signed(forged.merging(more) { $1 }, head: root.head)
  }

  /// Two histories under one key: what a second bundle discloses must be of the entry that the first one has.
  @Test func aSupplementOfAnotherHistoryIsNotMerged() throws {
    let fixture = try VaultFixture()
    let desk = try fixture.addRecipient("Desk")
    let before = try Tree(of: fixture.path)
    try fixture.addDocument("One", files: ["a.txt": "a"])
    let first = try BundleFixture(of: fixture, items: [1], identity: desk)
    let opened = try first.open(first.sealed)
    try before.write(to: fixture.path)
    try fixture.addDocument("Other", files: ["b.txt": "b"])
    let second = try BundleFixture(of: fixture, items: [1], identity: desk, name: "other.age")
    let merging = try Merging(into: opened, at: fixture.folder["merged"], environment: fixture.environment)
    #expect { try second.open(second.sealed, to: "second", merging: merging) } throws: {
      if case VaultError.bundle(.itemDoesNotFit(item: 1, path: _)) = $0 { true } else { false }
    }
    let names = try Tree(of: fixture.folder.path).nodes.keys
    #expect(!names.contains("second") && !names.contains("merged"))
  }
}
