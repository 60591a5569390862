import Age
@testable import EvidenceVault
import EvidenceReport
import Primitives
import Streams
import StrictJSON
import TestFolders
import Testing
import TransparencyLog

/// A sealed bundle and the key that opens it.
final class BundleFixture {
  let fixture: VaultFixture
  let identity: Identity
  let sealed: [UInt8]

  /// A document and a testimony for one recipient.
  convenience init(withholding withheld: Set<String> = [], disclosing disclosed: Set<String> = []) throws {
    let fixture = try VaultFixture()
    try fixture.addDocument("Minutes", files: ["minutes.txt": "Present: three", "votes.txt": ""])
    try fixture.addTestimony(more: disclosed.isEmpty ? [] : [("consent.lawyer", "full")])
    var choice = DisclosureChoice()
    choice.withheld = withheld
    choice.disclosed = disclosed
    try self.init(of: fixture, items: [0, 1], identity: fixture.addRecipient("Desk"), choice: choice)
  }

  /// Items of a vault that knows the holder of `identity` as Desk.
  init(
    of fixture: VaultFixture, items: [UInt64], identity: Identity, choice: DisclosureChoice = DisclosureChoice(),
    name: String = "bundle.age"
  ) throws {
    self.fixture = fixture
    self.identity = identity
    let reader = try fixture.reader()
    let plan = try reader.plan(
      items, for: .recipients([reader.recipient("Desk")]), purpose: "a test", choice: choice)
    let path = fixture.folder[name]
    _ = try reader.export(
      plan, pages: Pages.all(for: plan, with: nil, from: reader), to: path, passphrase: nil, signer: fixture.signer)
    sealed = try #require(try Tree(of: fixture.folder.path)[name])
  }

  var sender: ExpectedSender { get throws { .key(try fixture.open().note.vaultKey) } }

  @discardableResult
  func open(
    _ bytes: [UInt8], to name: String = "opened", from sender: ExpectedSender? = nil, as identity: Identity? = nil,
    merging: Merging? = nil
  ) throws -> CheckedBundle {
    try Bundle.open(
      MemorySource(bytes), with: [identity ?? self.identity], from: sender ?? self.sender, to: fixture.folder[name],
      merging: merging, environment: fixture.environment)
  }

  /// Opens what must not open, and says whether nothing was left of it.
  func isRefused(_ bytes: [UInt8]) throws -> Bool {
    let parent = try TemporaryFolder()
    do {
      _ = try Bundle.open(
        MemorySource(bytes), with: [identity], from: sender, to: parent["opened"], environment: fixture.environment)
      return false
    } catch {
      return try Tree(of: parent.path).nodes.isEmpty
    }
  }
}

@Suite struct BundleDamageTests {
  @Test func theUndamagedBundleOpens() throws {
    let bundle = try BundleFixture()
    let checked = try bundle.open(bundle.sealed)
    #expect(checked.items.map(\.index) == [0, 1])
    #expect(checked.fileCount == 3)
    #expect(
      try Tree(of: bundle.fixture.folder["opened"])["data/item-0/files/minutes.txt"] == Array("Present: three".utf8))
  }

  @Test func changeOfAnyByteOfASealedBundleIsRefusedAndLeavesNothing() throws {
    let bundle = try BundleFixture()
    for offset in Array(0..<300) + Array(stride(from: 300, to: bundle.sealed.count, by: 13)) {
      var bytes = bundle.sealed
      bytes[offset] ^= 0x01 << UInt8(offset % 8)
      #expect(try bundle.isRefused(bytes), "byte \(offset)")
    }
  }

  @Test func aSealedBundleCutShortOrLongerIsRefusedAndLeavesNothing() throws {
    let bundle = try BundleFixture()
    let count = bundle.sealed.count
    for length in [0, 1, 21, 100, 200, 300, count / 2, count - 17, count - 16, count - 1] {
      #expect(try bundle.isRefused(Array(bundle.sealed.prefix(length))), "cut to \(length) bytes")
    }
    #expect(try bundle.isRefused(bundle.sealed + [0]))
    #expect(try bundle.isRefused(bundle.sealed + bundle.sealed))
  }

  @Test func changeOfAnyByteOfAnOpenBundleIsRefused() throws {
    let bundle = try BundleFixture()
    try bundle.open(bundle.sealed)
    let path = bundle.fixture.folder["opened"]
    let tree = try Tree(of: path)
    for file in tree.files {
      let whole = try #require(tree[file])
      for offset in stride(from: 0, to: whole.count, by: whole.count <= 200 ? 1 : 13) {
        var bytes = whole
        bytes[offset] ^= 0x01 << UInt8(offset % 7)
        try Tree.replace("\(path)/\(file)", with: bytes)
        #expect(throws: VaultError.self, "\(file), byte \(offset)") {
          try Bundle.check(folder: path, from: bundle.sender, environment: bundle.fixture.environment)
        }
      }
      try Tree.replace("\(path)/\(file)", with: whole)
    }
    _ = try Bundle.check(folder: path, from: bundle.sender, environment: bundle.fixture.environment)
  }

  @Test func aMissingStrayOrLongerFileInAnOpenBundleIsRefused() throws {
    let bundle = try BundleFixture()
    try bundle.open(bundle.sealed)
    let path = bundle.fixture.folder["opened"]
    let tree = try Tree(of: path)
    func expectRefusal(_ what: String) {
      #expect(throws: VaultError.self, "\(what)") {
        try Bundle.check(folder: path, from: bundle.sender, environment: bundle.fixture.environment)
      }
    }
    for file in tree.files {
      let whole = try #require(tree[file])
      try TemporaryFolder.remove("\(path)/\(file)")
      expectRefusal("\(file) is missing")
      try Tree.replace("\(path)/\(file)", with: whole + [0x0a])
      expectRefusal("\(file) has one byte more")
      try Tree.replace("\(path)/\(file)", with: whole)
    }
    for stray in ["stray.txt", "data/stray.txt", "data/item-0/files/stray.txt", "proofs/item-9.sd-jwt"] {
      try Tree.replace("\(path)/\(stray)", with: [])
      expectRefusal(stray)
      try TemporaryFolder.remove("\(path)/\(stray)")
    }
  }

  /// Whoever has no key can still write manifests.
  @Test(arguments: ["REPORT.txt", "data/item-0/files/minutes.txt"])
  func aFileChangedTogetherWithAllManifestsIsRefused(path: String) throws {
    let bundle = try BundleFixture()
    try bundle.open(bundle.sealed)
    let folder = bundle.fixture.folder["opened"]
    func put(_ bytes: [UInt8], at path: String) throws -> Digest {
      try Tree.replace("\(folder)/\(path)", with: bytes)
      return SHA256Hasher.digest(of: bytes)
    }
    func rewrite(_ manifest: String, _ path: String, _ digest: Digest) throws -> Digest {
      let present = try #require(Tree(of: folder)[manifest])
      var digests = try #require(Bag.parseManifest(present))
      digests[BagPath(path)] = digest
      return try put(Array(Bag.manifestText(digests).utf8), at: manifest)
    }
    var changed = path
    var digest = try put(Array("forged".utf8), at: path)
    if path.hasPrefix("data/") {
      digest = try rewrite(Bag.manifest.text, path, digest)
      changed = Bag.manifest.text
    }
    _ = try rewrite(Bag.tagManifest.text, changed, digest)
    #expect { try Bundle.check(folder: folder, from: bundle.sender, environment: bundle.fixture.environment) } throws: {
      if case VaultError.bundle(.changedFile(Bag.tagManifest.text)) = $0 { true } else { false }
    }
  }

  @Test func aSecondSignatureBesideTheSendersIsRefused() throws {
    let bundle = try BundleFixture()
    try bundle.open(bundle.sealed)
    let folder = bundle.fixture.folder["opened"]
    let note = try SignedNote(#require(Tree(of: folder)[Bag.note.text]))
    let other = try VaultFixture()
    let second = try other.signer.sign(note.text, for: .bundles, origin: other.open().note.origin)
    try Tree.replace("\(folder)/\(Bag.note.text)", with: note.adding(second).bytes)
    #expect { try Bundle.check(folder: folder, from: bundle.sender, environment: bundle.fixture.environment) } throws: {
      if case VaultError.bundle(.malformedFile(Bag.note.text)) = $0 { true } else { false }
    }
  }
}
