internal import Primitives

/// A public key that files are sealed to.
///
/// Source: c2sp.org/age, "Native recipient types"; filippo.io/age/agessh.
public struct Recipient: Hashable, Sendable, CustomStringConvertible {
  enum Key: Hashable, Sendable {
    case hybrid(XWingPublicKey)
    case x25519([UInt8])
    case ssh(SSHPublicKey)
  }

  static let hybridPrefix = "age1pq"
  static let x25519Prefix = "age"

  let key: Key

  init(key: Key) { self.key = key }

  /// Reads `age1pq1…`, `age1…` or `ssh-ed25519 AAAA…`, the last with or without a comment behind it.
  ///
  /// - Throws: `AgeError.invalidRecipient`; `.unsupportedSSHKey` for an SSH key of another kind.
  public init(_ text: some StringProtocol) throws(AgeError) {
    let text = Array(text.utf8)
    if let bytes = Bech32.decode(text, prefix: Self.hybridPrefix), let key = try? XWingPublicKey(bytes) {
      self.key = .hybrid(key)
    } else if let bytes = Bech32.decode(text, prefix: Self.x25519Prefix), bytes.count == X25519PrivateKey.byteCount {
      self.key = .x25519(bytes)
    } else if let key = SSHPublicKey(line: text) {
      self.key = .ssh(key)
    } else if SSHPublicKey.isOfAnotherKind(line: text) {
      throw .unsupportedSSHKey(line: nil)
    } else {
      throw .invalidRecipient(line: nil)
    }
  }

  /// The one spelling of the key: its Bech32 form, or SSH's line without a comment.
  public var description: String {
    switch key {
    case .hybrid(let key): Bech32.encode(key.bytes, prefix: Self.hybridPrefix)
    case .x25519(let bytes): Bech32.encode(bytes, prefix: Self.x25519Prefix)
    case .ssh(let key): key.line
    }
  }

  /// Whether what is sealed to it stays closed to quantum computers.
  public var isPostQuantum: Bool {
    if case .hybrid = key { true } else { false }
  }

  /// Whether it is an SSH key. Files sealed to it carry a tag by which everybody who has the public key knows them.
  public var isSSH: Bool {
    if case .ssh = key { true } else { false }
  }

  func wrap(_ fileKey: borrowing FileKey, from randomness: any RandomSource) throws(AgeError) -> Stanza {
    switch key {
    case .hybrid(let key): try HybridStanza.wrap(fileKey, for: key)
    case .x25519(let bytes): try X25519Stanza.wrap(fileKey, for: bytes, from: randomness)
    case .ssh(let key): try SSHStanza.wrap(fileKey, for: key, from: randomness)
    }
  }
}
