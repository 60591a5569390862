internal import Primitives
internal import TransparencyLog

/// That the signing keys of an origin were replaced when it ended: which they were, up to where what they signed is
/// trusted, and the signature of the old `vault` key on the one that follows.
///
/// Source: FORMAT section 3.
struct KeyReplacement: Hashable, Sendable {
  static let mark = "replaced"
  private static let firstLine = "\(VaultNote.firstLine)/replaced"

  /// Entries from this number on that the old keys signed are not trusted.
  let trustedSize: UInt64
  /// The old keys, one for each purpose.
  let keys: [KeyPurpose: VerifyingKey]
  /// Of the old `vault` key.
  let signature: [UInt8]

  /// Reads the value of a line: the size, five keys and a signature, the last six in base64.
  init(_ value: String) throws {
    let parts = value.split(separator: " ", omittingEmptySubsequences: false)
    guard parts.count == KeyPurpose.allCases.count + 2, let size = UInt64(parts[0]),
      parts[0].utf8.elementsEqual(String(size).utf8),
      let signature = Base64.padded.decode(Array(parts[parts.count - 1].utf8)),
      signature.count == VerifyingKey.signatureByteCount
    else { throw VaultNote.malformed }
    var keys: [KeyPurpose: VerifyingKey] = [:]
    for (purpose, text) in zip(KeyPurpose.allCases, parts.dropFirst()) {
      guard let bytes = Base64.padded.decode(Array(text.utf8)) else { throw VaultNote.malformed }
      keys[purpose] = try VerifyingKey(bytes)
    }
    self.trustedSize = size
    self.keys = keys
    self.signature = signature
  }

  /// Lets the old key say which one follows.
  ///
  /// - Parameter old: The signer whose keys are replaced.
  init(of old: VaultSigner, by new: VerifierKey, ending continuation: Continuation, trustedSize: UInt64) {
    self.trustedSize = trustedSize
    var keys: [KeyPurpose: VerifyingKey] = [:]
    for purpose in KeyPurpose.allCases { keys[purpose] = old.key(for: purpose).verifyingKey }
    self.keys = keys
    signature = old.key(for: .vault).signature(
      for: Self.statement(by: new, ending: continuation, trustedSize: trustedSize))
  }

  /// The old key for a purpose.
  func key(_ purpose: KeyPurpose) -> VerifyingKey {
    guard let key = keys[purpose] else { preconditionFailure("EvidenceVault: every replacement has every key") }
    return key
  }

  /// The line in the note, without line feed.
  var line: String {
    let keys = KeyPurpose.allCases.map { Base64.padded.encode(key($0).bytes) }
    return ([Self.mark, String(trustedSize)] + keys + [Base64.padded.encode(signature)]).joined(separator: " ")
  }

  /// Whether the old `vault` key named `new` as the one that follows.
  func isSigned(for new: VerifierKey, ending continuation: Continuation) -> Bool {
    key(.vault).isValid(signature, for: Self.statement(by: new, ending: continuation, trustedSize: trustedSize))
  }

  /// What the old key signs. The first line keeps it from being the text of a note.
  private static func statement(
    by new: VerifierKey, ending continuation: Continuation, trustedSize: UInt64
  ) -> [UInt8] {
    Array("\(firstLine)\n\(continuation.line)\n\(trustedSize)\n\(new)\n".utf8)
  }
}

/// Which key signed what: a vault whose signing keys were replaced goes on under a new origin, and each origin has the
/// keys that it had.
///
/// Source: FORMAT section 3.
extension VaultNote {
  /// How people and programs name a `vault` key before it is used: the digest of its 32 bytes.
  static func promise(of key: VerifyingKey) -> Digest { SHA256Hasher.digest(of: key.bytes) }

  /// The origins that the vault had, oldest first, and its present one.
  var origins: [NoteLine] { continuations.map(\.origin) + [origin] }

  /// The key of the origin at a place among `origins`.
  private func rawKey(_ purpose: KeyPurpose, at place: Int) -> VerifyingKey {
    continuations.dropFirst(place).lazy.compactMap(\.replacement).first?.key(purpose) ?? key(purpose).key
  }

  /// The key of the origin at a place among `origins`, as it is called there.
  private func key(_ purpose: KeyPurpose, at place: Int) throws(LogError) -> VerifierKey {
    VerifierKey(name: try Self.name(purpose, origin: origins[place]), key: rawKey(purpose, at: place))
  }

  /// The key for a purpose that an origin had; `nil` if the vault never had that origin.
  func key(_ purpose: KeyPurpose, of origin: NoteLine) -> VerifierKey? {
    origins.firstIndex(of: origin).flatMap { try? key(purpose, at: $0) }
  }

  /// The `vault` key of the time when the vault had the key that signed a checkpoint, under whatever name it goes on
  /// there; `nil` if it never had that key.
  func vaultKey(ofWhoSigned checkpoint: SignedNote, origin: NoteLine) -> VerifierKey? {
    guard let name = try? Self.name(.checkpoints, origin: origin) else { return nil }
    let place = origins.indices.last { place in
      let key = VerifierKey(name: name, key: rawKey(.checkpoints, at: place))
      return (try? checkpoint.verifiedCheckpoint(of: origin, by: [key])) != nil
    }
    return place.flatMap { try? key(.vault, at: $0) }
  }

  /// The key that signed an entry.
  func recordsKey(ofEntry index: UInt64) -> VerifyingKey {
    let place = continuations.firstIndex { index < $0.kept.size } ?? continuations.count
    return rawKey(.records, at: place)
  }

  /// The `vault` keys that the vault had, oldest first, and the present one.
  var vaultKeys: [VerifyingKey] { continuations.compactMap { $0.replacement?.key(.vault) } + [vaultKey.key] }

  /// The `vault` keys in words, oldest first.
  var fingerprints: [String] { vaultKeys.map { WordList.fingerprint(of: Self.promise(of: $0)) } }

  /// The first `vault` key, in words: by these, items of one sender are held together.
  var firstFingerprint: String { fingerprints[0] }

  /// The stretches of entries that each set of keys signed, oldest first; the last goes on.
  var keyPeriods: [KeyPeriod] {
    var periods: [KeyPeriod] = []
    var start: UInt64 = 0
    let keys = vaultKeys
    let ends = continuations.compactMap { ended in ended.replacement.map { (ended.kept.size, $0.trustedSize) } }
    for (place, (end, trusted)) in ends.enumerated() {
      periods.append(
        KeyPeriod(start: start, trusted: trusted, end: end, vaultKey: keys[place], next: keys[place + 1]))
      start = end
    }
    return periods + [KeyPeriod(start: start, trusted: .max, end: .max, vaultKey: vaultKey.key, next: nil)]
  }

  /// The signing keys that were replaced, oldest first, each with what it signed.
  public var formerKeys: [FormerKey] {
    keyPeriods.filter { $0.next != nil }.map {
      FormerKey(start: $0.start, trusted: $0.trusted, end: $0.end, fingerprint: KeyFingerprint(of: $0.vaultKey).words)
    }
  }

  /// The entries that are not trusted: keys that were seized may have signed them.
  public var untrustedRanges: [Range<UInt64>] { keyPeriods.map { $0.trusted..<$0.end }.filter { !$0.isEmpty } }

  /// Whether a key is promised, without which none follows the present one.
  public var hasPromise: Bool { promised != nil }

  /// Whether an entry was signed before its key was seized, or never was.
  public func isTrusted(_ index: UInt64) -> Bool { !untrustedRanges.contains { $0.contains(index) } }

  /// Whether the keys were replaced last, and what the present ones signed is not there yet.
  var isReplacedLast: Bool { continuations.last?.replacement != nil }

  /// Requires that each replaced key named the one that follows, that no key comes back, and that what is trusted lies
  /// within what it signed.
  func requireSoundReplacements() throws {
    guard continuations.contains(where: { $0.replacement != nil }) else { return }
    var start: UInt64 = 0
    for (place, continuation) in continuations.enumerated() {
      guard let replacement = continuation.replacement else { continue }
      guard (start...continuation.kept.size).contains(replacement.trustedSize),
        continuation.kept == continuation.lastSeen,
        replacement.isSigned(for: try key(.vault, at: place + 1), ending: continuation)
      else { throw Self.malformed }
      start = continuation.kept.size
    }
    let all = continuations.compactMap { $0.replacement.map { Array($0.keys.values) } } + [keys.values.map(\.key)]
    guard Set(all.joined()).count == all.count * KeyPurpose.allCases.count else { throw Self.malformed }
  }
}

/// A signing key that was replaced, and which entries it signed.
public struct FormerKey: Hashable, Sendable {
  /// The first of them.
  public let start: UInt64
  /// From here on they are not trusted; `end`, if all are.
  public let trusted: UInt64
  /// The first entry that another key signed.
  public let end: UInt64
  /// Its eight words.
  public let fingerprint: String
}

/// A stretch of entries that one set of keys signed.
struct KeyPeriod: Hashable, Sendable {
  let start: UInt64
  /// From here on it is not trusted.
  let trusted: UInt64
  let end: UInt64
  let vaultKey: VerifyingKey
  /// The `vault` key that follows; `nil` if these keys are the present ones.
  let next: VerifyingKey?
}
