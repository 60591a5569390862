import Age
import Primitives
import TransparencyLog

@testable import EvidenceVault

extension FuzzTarget {
  /// The text of a vault's note, signed as its vault would sign it: a note that is read is the only spelling of itself.
  static let vaultNote = FuzzTarget("vault-note", sampleCount: 500, seeds: { try VaultSeeds.noteTexts() }) {
    input throws(PropertyFailure) in
    guard let bytes = VaultSeeds.signed(input, for: .vault), let note = accepted({ try VaultNote(bytes) }) else {
      return
    }
    try require(note.note.bytes == bytes, "a note encodes to the bytes that it was read from")
    try require(VaultSeeds.text(of: note) == input, "all of it was understood")
    try require(note.untrustedRanges.allSatisfy { !note.isTrusted($0.lowerBound) }, "keys that were seized count not")
    for index in [0, 4, 5, 6, UInt64.max] {
      try require(note.origins.contains(note.origin(ofEntry: index)), "each entry was signed under an origin it had")
      let records = note.origins.compactMap { note.key(.records, of: $0)?.key }
      try require(records.contains(note.recordsKey(ofEntry: index)), "and by a key of the vault")
    }
  }

  /// The text of what a sender signs is the only spelling of itself.
  static let bundleNote = FuzzTarget("bundle-note", seeds: { VaultSeeds.bundleTexts.map { Array($0.utf8) } }) {
    input throws(PropertyFailure) in
    guard let text = accepted({ try NoteText(input) }), let note = accepted({ try BundleNote(text) }) else { return }
    try require(Array(note.text.utf8) == input, "a note encodes to the text that it was read from")
  }

  /// The text of a receipt, signed by the vault whose card is in it, is the only spelling of itself.
  static let receipt = FuzzTarget("receipt", sampleCount: 300, seeds: { try VaultSeeds.receiptTexts() }) {
    input throws(PropertyFailure) in
    guard let bytes = VaultSeeds.signed(input, for: .bundles), let receipt = accepted({ try Receipt(bytes) }) else {
      return
    }
    let text = ReceiptText.text(
      card: receipt.card, received: receipt.received, sealed: receipt.sealed, outcome: receipt.outcome)
    try require(Array(text.utf8) == input, "a receipt encodes to the text that it was read from")
    try require(receipt.note.bytes == bytes, "with its signature")
  }

  /// A moment has one spelling.
  static let timestamp = FuzzTarget(
    "timestamp",
    seeds: {
      ["2023-05-26T09:30:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "+12023-05-26T24:00:00+14:00"]
        .map { Array($0.utf8) }
    }
  ) { input throws(PropertyFailure) in
    guard let text = String(validating: input, as: UTF8.self), let moment = Timestamp(text) else { return }
    try require(Array(moment.description.utf8) == input, "a moment is spelled as it was read")
    try require(text.utf8.starts(with: moment.day.utf8), "and begins with its day")
  }
}

/// A vault of which nothing but its note is there.
enum VaultSeeds {
  static let origin = "vault.invalid/2f6b"
  static let signer = VaultSigner(seed: secret([UInt8](repeating: 5, count: VaultSigner.seedByteCount)))
  private static let older = VaultSigner(seed: secret([UInt8](repeating: 6, count: VaultSigner.seedByteCount)))
  private static let digest = SHA256Hasher.digest(of: [1])

  static func note() throws -> VaultNote {
    try VaultNote(origin: NoteLine(origin), readers: [AgeSeeds.identities[0].recipient], signer: signer)
  }

  /// A new note, one that went on from a restored copy, and one with other signing keys.
  static func notes() throws -> [VaultNote] {
    let old = try NoteLine("vault.invalid/a001")
    let head = try TreeHead(size: 5, root: digest)
    let restored = try Continuation(origin: old, kept: head, lastSeen: TreeHead(size: 6, root: digest))
    var replaced = try Continuation(origin: old, kept: head, lastSeen: head)
    let name = try VaultNote.name(.vault, origin: NoteLine(origin))
    replaced.replacement = KeyReplacement(
      of: older, by: VerifierKey(name: name, key: signer.key(for: .vault).verifyingKey), ending: replaced,
      trustedSize: 4)
    let readers = AgeSeeds.identities.prefix(2).map(\.recipient)
    return try [note()]
      + [restored, replaced].map {
        try VaultNote(
          origin: NoteLine(origin), continuations: [$0], promised: digest, readers: readers, signer: signer)
      }
  }

  static func noteTexts() throws -> [[UInt8]] { try notes().map { Array($0.note.text.bytes) } }

  /// The bytes of a note with this text, in the name of whatever origin it gives.
  static func signed(_ text: [UInt8], for purpose: KeyPurpose) -> [UInt8]? {
    let lines = text.split(separator: UInt8(ascii: "\n"), maxSplits: 2)
    let line = lines.dropFirst().first?.dropFirst("origin ".utf8.count)
    return accepted {
      let text = try NoteText(text)
      let origin = try (try? NoteLine(Array(line ?? []))) ?? NoteLine(Self.origin)
      return try SignedNote(text: text, signatures: [signer.sign(text, for: purpose, origin: origin)]).bytes
    }
  }

  /// The text once more, from what was read.
  static func text(of note: VaultNote) -> [UInt8] {
    var lines = [VaultNote.firstLine, "origin \(note.origin)"]
    for continuation in note.continuations {
      lines += [continuation.line] + [continuation.replacement?.line].compactMap { $0 }
    }
    lines += KeyPurpose.allCases.map { "key \($0.rawValue) \(note.key($0))" }
    if let promised = note.promised { lines.append("\(VaultNote.promiseMark) \(promised.hex)") }
    lines += note.readers.map { "reader \($0)" }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  static let bundleTexts: [String] = [
    ["passphrase"], [digest.hex], [digest.hex, SHA256Hasher.digest(of: [2]).hex].sorted(),
  ].compactMap { recipients in
    accepted {
      BundleNote(
        origin: try NoteLine(origin), identifier: Hex.encode([UInt8](repeating: 3, count: 16)),
        created: "2023-05-26T09:30:00Z", purpose: "a complaint", recipients: recipients,
        head: try TreeHead(size: 5, root: digest), tagManifest: digest
      ).text
    }
  }

  static func receiptTexts() throws -> [[UInt8]] {
    let card = try note()
    let verified = Receipt.Verified(
      bundle: Hex.encode([UInt8](repeating: 3, count: 16)), sender: card.vaultKey, tagManifest: digest,
      head: try TreeHead(size: 3, root: digest), cosigned: try WitnessSeeds.cosigned())
    let outcomes: [Receipt.Outcome] = [.notChecked, .refused(.unknownSigner), .verified(verified)]
    return outcomes.map {
      Array(
        ReceiptText.text(
          card: card, received: Timestamp(secondsSince1970: 1_685_093_400), sealed: digest, outcome: $0
        ).utf8)
    }
  }
}
