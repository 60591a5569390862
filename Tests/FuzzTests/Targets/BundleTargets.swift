import Age
import Foundation
import Primitives
import SelectiveDisclosure
import Streams
import TransparencyLog

@testable import EvidenceVault

extension FuzzTarget {
  /// A bundle changed as the input says, and, where its first byte is odd, signed anew by its sender, who may want to
  /// deceive. Whatever passes shows records that the vault signed, and their very files.
  static let bundleEdits = FuzzTarget(
    "bundle-edits", sampleCount: 300, seeds: { (0..<16).map { [$0, $0 / 2, 3, 0, 200, $0, 5, 1, 7] } }
  ) { input throws(PropertyFailure) in
    let bundle = try needed(BundleSeeds.bundle, "the bundle of a released version")
    var edits = BundleEdits(bundle, input)
    let files = edits.run()
    let check = BundleCheck(files: files, expectedSender: .card(bundle.sender), openedAs: [])
    guard let checked = accepted({ try check.run() }) else {
      try require(edits.isChanged, "a bundle that is as it was passes")
      return
    }
    try require(edits.isSignedAnew || !edits.isChanged, "what the sender did not sign does not pass")
    for record in checked.items + checked.events {
      try require(
        bundle.entries[record.index] == record.presentation.jws.compact, "a record that passes is one of the vault's")
    }
    for record in checked.items {
      for (file, path) in zip(record.files, BagNames.paths(record)) {
        try require(files.digests[path]?.digest == file.digest, "a file that passes is the one of its record")
      }
    }
    let known = Set(checked.items.flatMap(BagNames.paths))
    let evidence = files.digests.keys.filter(BundleFiles.isEvidence)
    try require(evidence.allSatisfy { known.contains($0) }, "and there is no other")
  }
}

/// The bundle of a released version, with the keys of its sender.
struct BundleSeeds: Sendable {
  let files: BundleFiles
  let sender: VaultNote
  let signer: VaultSigner
  /// The signed entry of each number.
  let entries: [UInt64: String]

  static let bundle = accepted { try BundleSeeds() }

  private init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Vault/releases/v1")
    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appending(path: name))) }
    let identities = try KeyFile.identities(in: secret(bytes("recipient.key")))
    guard let passphrase = Passphrase(secret(try bytes("passphrase").filter { $0 != 10 })) else {
      throw AgeError.noMatch
    }
    let key = try SealedFile(reading: MemorySource(bytes("vault/keys/signing.age"))).openSecret(with: passphrase)
    guard let signer = VaultSigner(encoded: key) else { throw AgeError.noMatch }
    self.signer = signer
    files = try Bundle.unpack(
      MemorySource(bytes("bundle.age")), with: identities, environment: VaultEnvironment())
    let checked = try BundleCheck(files: files, expectedSender: .anyone, openedAs: []).run()
    sender = checked.sender
    entries = Dictionary(
      (checked.items + checked.events).map { ($0.index, $0.presentation.jws.compact) }, uniquingKeysWith: { $1 })
  }
}

/// Changes to the files of a bundle, each of four bytes of the input.
struct BundleEdits {
  private let bundle: BundleSeeds
  private let original: BundleFiles
  private var files: BundleFiles
  private var script: ArraySlice<UInt8>
  let isSignedAnew: Bool

  init(_ bundle: BundleSeeds, _ input: [UInt8]) {
    self.bundle = bundle
    original = bundle.files
    files = bundle.files
    script = input.prefix(40)
    isSignedAnew = (script.popFirst() ?? 0) & 1 == 1
  }

  /// Whether anything is another than the sender signed.
  var isChanged: Bool {
    files.digests.mapValues(\.digest) != original.digests.mapValues(\.digest) || files.contents != original.contents
  }

  mutating func run() -> BundleFiles {
    while !script.isEmpty { edit(next(8), next(256), next(256), next(256)) }
    if isSignedAnew, isChanged { sign() }
    return files
  }

  private mutating func edit(_ kind: Int, _ first: Int, _ second: Int, _ third: Int) {
    let all = files.digests.keys.sorted()
    let read = files.contents.keys.sorted()
    guard !all.isEmpty, !read.isEmpty else { return }
    let (path, other) = (all[first % all.count], all[second % all.count])
    switch kind {
    case 0:
      let path = read[first % read.count]
      guard var bytes = files.contents[path], !bytes.isEmpty else { return }
      bytes[(second * 256 + third) % bytes.count] ^= 1 << UInt8(third % 8)
      put(bytes, at: path)
    case 1: remove(path)
    case 2: copy(other, to: path)
    case 3:
      let digit = UInt8(ascii: "0") + UInt8(third % 10)
      let name = path.bytes.map { $0 == UInt8(ascii: "1") ? digit : $0 }
      copy(path, to: BagPath(String(decoding: name, as: UTF8.self)))
    case 4: put([UInt8(second)], at: BagPath(["data/item-\(third % 4)/\(second)", "page-\(second).html"][third % 2]))
    case 5: if !BundleFiles.isNeeded(path) { put([UInt8(second)], at: path) }
    case 6:
      let path = read[first % read.count]
      put(Array((files.contents[path] ?? []).dropLast(second * 16 + third % 16)), at: path)
    default:
      // What an issuer disclosed is withheld again.
      let path = read[first % read.count]
      guard let bytes = files.contents[path], path.text.hasSuffix(Bag.presentationEnding) else { return }
      var parts = bytes.split(separator: UInt8(ascii: "~"), omittingEmptySubsequences: false)
      if parts.count > 2 { parts.remove(at: 1 + second % (parts.count - 2)) }
      put(Array(parts.joined(separator: [UInt8(ascii: "~")])), at: path)
    }
  }

  private mutating func put(_ bytes: [UInt8], at path: BagPath) {
    files.digests[path] = (SHA256Hasher.digest(of: bytes), UInt64(bytes.count))
    files.contents[path] = BundleFiles.isNeeded(path) ? bytes : nil
  }

  private mutating func remove(_ path: BagPath) {
    files.digests[path] = nil
    files.contents[path] = nil
  }

  private mutating func copy(_ path: BagPath, to other: BagPath) {
    let content = files.contents[path]
    guard !BundleFiles.isNeeded(other) || content != nil else { return }
    files.digests[other] = files.digests[path]
    files.contents[other] = BundleFiles.isNeeded(other) ? content : nil
  }

  /// Writes manifests of the files that are there, and signs them.
  private mutating func sign() {
    func manifest(_ isListed: (BagPath) -> Bool) -> [UInt8] {
      let listed = files.digests.filter { isListed($0.key) }
      return Array(Bag.manifestText(listed.mapValues(\.digest)).utf8)
    }
    put(manifest { $0.isBelow(Bag.payload) }, at: Bag.manifest)
    let unlisted = [Bag.tagManifest, Bag.note, Bag.sshSignature]
    let tags = manifest { !$0.isBelow(Bag.payload) && !unlisted.contains($0) }
    put(tags, at: Bag.tagManifest)
    put(BundleSSHSignature.file(on: tags, signer: bundle.signer), at: Bag.sshSignature)
    let signed = accepted {
      let old = try BundleNote(SignedNote(original.contents[Bag.note] ?? []).text)
      let note = BundleNote(
        origin: old.origin, identifier: old.identifier, created: old.created, purpose: old.purpose,
        recipients: old.recipients, head: old.head, tagManifest: SHA256Hasher.digest(of: tags))
      let text = try NoteText(note.text)
      return try SignedNote(
        text: text, signatures: [bundle.signer.sign(text, for: .bundles, origin: bundle.sender.origin)]
      ).bytes
    }
    if let signed { put(signed, at: Bag.note) }
  }

  private mutating func next(_ bound: Int) -> Int { Int(script.popFirst() ?? 0) % bound }
}
