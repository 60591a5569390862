public import Age
internal import Primitives
public import TransparencyLog
internal import Wording

/// What a signing key is for. One seed, one key for each purpose: a signature made for one can never be taken for
/// another.
public enum KeyPurpose: String, CaseIterable, Sendable {
  /// Signs `vault.note`, which names all other keys: the key that people compare and trust.
  case vault
  /// Signs the heads of the index.
  case checkpoints
  /// Signs the entries.
  case records
  /// Signs bundles.
  case bundles
  /// Countersigns the heads of other vaults.
  case cosignatures
}

/// `vault.note`: who this vault is, which keys it signs with, and who reads it. It is public, and serves as the card
/// that is handed to others.
///
/// Source: FORMAT section 3.
public struct VaultNote: Hashable, Sendable {
  static let fileName = "vault.note"
  static let firstLine = "evidence-vault/v1"
  static let promiseMark = "next"
  private static let formatName = "evidence-vault/"
  /// The most readers of a vault.
  static let maximumReaderCount = 64

  /// The name of the index, a random pseudonym.
  public let origin: NoteLine
  /// What the vault was before it was restored, or its signing keys replaced, oldest first; empty if neither ever was.
  public let continuations: [Continuation]
  /// One verifying key for each purpose, named by `origin` and the purpose.
  public let keys: [KeyPurpose: VerifierKey]
  /// SHA-256 of the one `vault` key that may follow the present one; `nil` if none was promised.
  let promised: Digest?
  /// Whom new items are sealed to.
  public let readers: [Recipient]
  /// The note with its signature.
  public let note: SignedNote

  /// The key that people compare and trust.
  public var vaultKey: VerifierKey { key(.vault) }

  /// The key for a purpose.
  public func key(_ purpose: KeyPurpose) -> VerifierKey {
    guard let key = keys[purpose] else { preconditionFailure("EvidenceVault: every note has every key") }
    return key
  }

  /// What identifies the vault's key to people: eight words that two of them can compare by voice.
  public var fingerprint: String { keyFingerprint.words }

  /// Makes the note of a new vault, or of one that goes on from what it was; with a certificate, if somebody gives one.
  init(
    origin: NoteLine, continuations: [Continuation] = [], promised: Digest? = nil, readers: [Recipient],
    signer: VaultSigner, certifier: Certifier? = nil
  ) throws {
    let keys = signer.verifierKeys(origin: origin)
    var lines = [Self.firstLine, "origin \(origin)"]
    lines += continuations.flatMap { [$0.line, $0.replacement?.line].compactMap { $0 } }
    lines += KeyPurpose.allCases.map { "key \($0.rawValue) \(keys[$0]?.description ?? "")" }
    if let promised { lines.append("\(Self.promiseMark) \(promised.hex)") }
    lines += readers.map { "reader \($0)" }
    let text = try NoteText(lines.joined(separator: "\n") + "\n")
    let signatures = [try signer.sign(text, for: .vault, origin: origin), try certifier?.sign(text)].compactMap { $0 }
    try self.init(SignedNote(text: text, signatures: signatures).bytes)
  }

  /// Reads and checks a note. It vouches only for itself: whether its vault key is the right one, people have to say.
  ///
  /// - Throws: `VaultError.newerFormat`, or `.damaged`.
  public init(_ bytes: [UInt8]) throws(VaultError) {
    do {
      self = try Self.parse(bytes)
    } catch let error as VaultError {
      throw error
    } catch {
      throw .damaged(Finding(.note, path: Self.fileName, error: error))
    }
  }

  private init(
    origin: NoteLine, continuations: [Continuation], keys: [KeyPurpose: VerifierKey], promised: Digest?,
    readers: [Recipient], note: SignedNote
  ) {
    self.origin = origin
    self.continuations = continuations
    self.keys = keys
    self.promised = promised
    self.readers = readers
    self.note = note
  }

  private static func parse(_ bytes: [UInt8]) throws -> VaultNote {
    let note = try SignedNote(bytes)
    var lines = note.text.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
    _ = lines.popLast()
    guard let first = lines.popFirst().flatMap({ String(validating: $0, as: UTF8.self) }) else { throw malformed }
    guard first == firstLine else {
      guard first.hasPrefix(formatName) else { throw malformed }
      throw VaultError.newerFormat(found: first)
    }
    let origin = try NoteLine(Array(value(of: "origin", in: lines.popFirst()).utf8))
    let continuations = try takeContinuations(from: &lines, origin: origin)
    var keys: [KeyPurpose: VerifierKey] = [:]
    for purpose in KeyPurpose.allCases {
      let key = try VerifierKey(value(of: "key \(purpose.rawValue)", in: lines.popFirst()))
      guard key.name == (try name(purpose, origin: origin)) else { throw malformed }
      keys[purpose] = key
    }
    let promised = try takePromise(from: &lines)
    let readers = try lines.map { try Recipient(value(of: "reader", in: $0)) }
    guard (1...maximumReaderCount).contains(readers.count), Set(readers).count == readers.count,
      readers.allSatisfy({ !$0.isSSH }),
      Set(keys.values.map(\.key)).count == keys.count, let vaultKey = keys[.vault]
    else { throw malformed }
    _ = try note.verified(by: [vaultKey])
    let read = VaultNote(
      origin: origin, continuations: continuations, keys: keys, promised: promised, readers: readers, note: note)
    try read.requireSoundReplacements()
    // A key that was used before is no promise.
    guard promised.map({ !read.vaultKeys.map(Self.promise).contains($0) }) ?? true else { throw malformed }
    return read
  }

  private static func takePromise(from lines: inout ArraySlice<ArraySlice<UInt8>>) throws -> Digest? {
    guard let line = lines.first, line.starts(with: "\(promiseMark) ".utf8) else { return nil }
    guard let digest = Digest(hex: try value(of: promiseMark, in: lines.popFirst())) else { throw malformed }
    return digest
  }

  /// An origin never comes back, and what one kept the next one cannot have lost.
  private static func takeContinuations(
    from lines: inout ArraySlice<ArraySlice<UInt8>>, origin: NoteLine
  ) throws -> [Continuation] {
    var continuations: [Continuation] = []
    while let line = lines.first, line.starts(with: "\(Continuation.mark) ".utf8) {
      var continuation = try Continuation(value(of: Continuation.mark, in: lines.popFirst()))
      if let line = lines.first, line.starts(with: "\(KeyReplacement.mark) ".utf8) {
        continuation.replacement = try KeyReplacement(value(of: KeyReplacement.mark, in: lines.popFirst()))
      }
      continuations.append(continuation)
    }
    let sizes = continuations.map(\.kept.size)
    guard continuations.count <= Continuation.maximumCount, sizes == sizes.sorted(),
      Set(continuations.map(\.origin) + [origin]).count == continuations.count + 1
    else { throw malformed }
    for continuation in continuations { _ = try name(.checkpoints, origin: continuation.origin) }
    return continuations
  }

  private static func value(of name: String, in line: ArraySlice<UInt8>?) throws -> String {
    guard let line, let text = String(validating: line, as: UTF8.self), text.utf8.starts(with: "\(name) ".utf8) else {
      throw malformed
    }
    return String(decoding: text.utf8.dropFirst(name.utf8.count + 1), as: UTF8.self)
  }

  static var malformed: VaultError {
    .damaged(Finding(.note, path: fileName, detail: "not the text of a vault note"))
  }

  /// The checkpoint key carries the name of the log itself, as tlog-checkpoint asks; the others add their purpose.
  static func name(_ purpose: KeyPurpose, origin: NoteLine) throws(LogError) -> KeyName {
    try KeyName(purpose == .checkpoints ? origin.bytes : origin.bytes + "/\(purpose.rawValue)".utf8)
  }
}
