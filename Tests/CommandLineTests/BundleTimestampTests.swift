import Age
@testable import EvidenceVault
import Foundation
import Primitives
import Streams
import Tar
import TestFolders
import Testing
import TimeStamp
import TransparencyLog

/// Time-stamps in bundles that do not hold: changed by whoever had the bundle, or signed so by the sender.
@Suite struct BundleTimestampTests {
  private let desk: Desk
  private let words: String
  private let authority: TimeStampAuthority
  /// An opened bundle with the stamp of its head.
  private let bundle: Tree
  private let recipient: String

  init() throws {
    desk = try Desk.withVault()
    words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    authority = try TimeStampAuthority(.p256)
    try desk.folder.write(authority.certificate, to: "root.pem")
    bundle = try Self.exported("first", desk, words, authority)
    let key = try String(contentsOfFile: desk["desk.key"], encoding: .utf8)
    recipient = String(try #require(key.firstMatch(of: /public key: (age1\S+)/)).output.1)
  }

  /// Has the present head stamped, exports, and opens what came of it.
  private static func exported(
    _ name: String, _ desk: Desk, _ words: String, _ authority: TimeStampAuthority
  ) throws -> Tree {
    func require(_ outcome: Outcome) throws { try #require(outcome.status == 0, "\(outcome.errors)") }
    let query = desk["\(name).tsq"]
    try require(desk.run("timestamp", "request", "--output", query))
    let answer = try authority.answer(Array(Data(contentsOf: URL(filePath: query))))
    try desk.folder.write(answer, to: "\(name).tsr")
    try require(desk.run("timestamp", "attach", desk["\(name).tsr"], "--authority", desk["root.pem"]))
    try require(desk.unlocked("export", "0", "--to", "desk", "--output", desk["\(name).age"]))
    try require(
      desk.run(
        "open", desk["\(name).age"], "--output", desk[name], "--identity", desk["desk.key"], "--sender", words))
    return try Tree(of: desk[name])
  }

  private func path(_ ending: String) throws -> String {
    try #require(bundle.files.first { $0.hasPrefix("proofs/timestamps/") && $0.hasSuffix(ending) })
  }

  /// The token on something else that the authority was asked for.
  private func tokenOnSomethingElse() throws -> [UInt8] {
    var query = try #require(Tree(of: desk.folder.path)["first.tsq"])
    query[40] ^= 1
    return try TimeStampResponse(authority.answer(query)).token.bytes
  }

  /// The bundle in which each thing that can be wrong is wrong, and what it is.
  private func wrongBundles() throws -> [(what: String, tree: Tree)] {
    let (token, certificate) = (try path(".tst"), try path(".pem"))
    let other = try TimeStampAuthority(.p256).certificate
    let second = try Self.exported("second", desk, words, authority)
    func bundle(_ what: String, _ change: (inout Tree) throws -> Void) rethrows -> (what: String, tree: Tree) {
      var tree = self.bundle
      try change(&tree)
      return (what, tree)
    }
    var wrong = [
      try bundle("a token on something else") { $0[token] = try tokenOnSomethingElse() },
      bundle("the token of a later head of the same vault") { $0[token] = second[token] },
      bundle("the certificate of another authority") { $0[certificate] = other },
      try bundle("another authority in name and certificate") {
        let name = "proofs/timestamps/\(try AuthorityCertificate(pem: other).digest.hex)"
        ($0["\(name).tst"], $0["\(name).pem"]) = ($0[token], other)
        ($0[token], $0[certificate]) = (nil, nil)
      },
      bundle("no certificate") { $0[certificate] = nil },
      bundle("no token") { $0[token] = nil },
      bundle("a file beside them") { $0["proofs/timestamps/notes.txt"] = Array("look here".utf8) },
      bundle("another key for ssh-keygen") { $0[Bag.allowedSigners.text]?.append(0x20) },
    ]
    let bytes = try #require(self.bundle[token])
    for offset in [0, bytes.count / 2, bytes.count - 1] {
      wrong.append(bundle("byte \(offset) of the token changed") { $0[token]?[offset] ^= 1 })
    }
    return wrong
  }

  /// The bundle as its sender would have signed it.
  private func signed(_ tree: Tree) throws -> Tree {
    var words = SecretBytes(count: Desk.passphrase.utf8.count)
    for (index, byte) in Desk.passphrase.utf8.enumerated() { words[index] = byte }
    guard let passphrase = Passphrase(words) else { throw VaultError.invalidKey(what: "passphrase") }
    let signer = try Vault(opening: desk["vault"], environment: VaultEnvironment()).signer(passphrase)
    var (tree, digests) = (tree, [BagPath: Digest]())
    for path in tree.files.map(BagPath.init) where ![Bag.tagManifest, Bag.note, Bag.sshSignature].contains(path) {
      if !path.isBelow(Bag.payload) { digests[path] = SHA256Hasher.digest(of: tree[path.text] ?? []) }
    }
    let manifest = Array(Bag.manifestText(digests).utf8)
    let old = try BundleNote(SignedNote(tree[Bag.note.text] ?? []).text)
    let note = BundleNote(
      origin: old.origin, identifier: old.identifier, created: old.created, purpose: old.purpose,
      recipients: old.recipients, head: old.head, tagManifest: SHA256Hasher.digest(of: manifest))
    let text = try NoteText(note.text)
    tree[Bag.tagManifest.text] = manifest
    tree[Bag.sshSignature.text] = BundleSSHSignature.file(on: manifest, signer: signer)
    tree[Bag.note.text] = try SignedNote(
      text: text, signatures: [signer.sign(text, for: .bundles, origin: old.origin)]
    ).bytes
    return tree
  }

  private func seal(_ tree: Tree) throws {
    let archive = MemorySink()
    let writer = TarWriter(to: archive)
    for path in tree.files {
      let bytes = tree[path] ?? []
      try writer.begin(TarHeader(path: ArchivePath("bundle/\(path)"), byteCount: UInt64(bytes.count)))
      try writer.write(bytes)
    }
    try writer.finish()
    try desk.folder.write(archive.bytes, to: "plain")
    try? TemporaryFolder.remove(desk["received.age"])
    try #require(desk.run("seal", "-r", recipient, "--output", desk["received.age"], desk["plain"]).status == 0)
  }

  private func verify(_ tree: Tree) throws -> Outcome {
    try tree.write(to: desk["received"])
    return try desk.run("verify", "--bundle", desk["received"], "--sender", words)
  }

  private func open() throws -> Outcome {
    try desk.run(
      "open", desk["received.age"], "--output", desk["output/opened"], "--identity", desk["desk.key"], "--sender", words
    )
  }

  @Test func aStampThatDoesNotHoldIsRefusedWhoeverSignedIt() throws {
    for (what, tree) in try wrongBundles() {
      for tree in [tree, try signed(tree)] {
        try seal(tree)
        try expectRefusal(20, at: desk) { try verify(tree) }
        try expectRefusal(20, at: desk) { try open() }
        #expect(try Tree(of: desk["output"]).nodes.keys.sorted() == ["present", "present/file.txt"], "\(what)")
      }
    }
  }

  @Test func theBundlePutTogetherAndSignedAgainIsAccepted() throws {
    try desk.folder.write("stays".utf8, to: "output/present/file.txt")
    let again = try signed(bundle)
    try seal(again)
    #expect(try verify(again).status == 0)
    let opened = try open()
    #expect(opened.status == 0, "\(opened.errors)")
    #expect(opened.output.contains("existed at the latest on"))
  }
}
