public import Primitives

/// A private key that opens files sealed to its recipient. The key stays in guarded memory; there is one copy, shared
/// by all who hold the object.
///
/// Source: c2sp.org/age, "Native recipient types"; filippo.io/age/agessh.
public final class Identity: Sendable {
  /// The kinds of key pairs.
  public enum Kind: Sendable {
    /// ML-KEM-768 with X25519: `AGE-SECRET-KEY-PQ-1…`.
    case hybrid
    /// X25519 alone: `AGE-SECRET-KEY-1…`.
    case x25519
    /// Ed25519 as SSH uses it: OpenSSH's private key file.
    case ssh
  }

  static let seedByteCount = 32
  private static let hybridPrefix = "AGE-SECRET-KEY-PQ-"
  private static let x25519Prefix = "AGE-SECRET-KEY-"

  private let kind: Kind
  private let seed: SecretBytes
  /// The public half.
  public let recipient: Recipient

  /// Makes a new key pair.
  public convenience init(generating kind: Kind = .hybrid, from randomness: any RandomSource = SystemRandomness()) {
    guard let identity = Identity.Parts(kind, SecretBytes(randomCount: Self.seedByteCount, from: randomness)) else {
      preconditionFailure("Age: every seed is a key")
    }
    self.init(identity)
  }

  /// Makes an identity of a kind from its 32 secret bytes; `nil` if they are no key.
  public convenience init?(_ kind: Kind, seed: consuming SecretBytes) {
    guard seed.count == Self.seedByteCount, let parts = Parts(kind, seed) else { return nil }
    self.init(parts)
  }

  /// Reads `AGE-SECRET-KEY-…` from a range of guarded text.
  convenience init?(_ text: borrowing SecretBytes, in range: Range<Int>) {
    for (kind, prefix) in [(Kind.hybrid, Self.hybridPrefix), (.x25519, Self.x25519Prefix)] {
      guard let seed = Bech32.decodeSecret(text, in: range, prefix: prefix), seed.count == Self.seedByteCount,
        let parts = Parts(kind, seed)
      else { continue }
      self.init(parts)
      return
    }
    return nil
  }

  /// Reads OpenSSH's private key file.
  ///
  /// - Throws: as `SSHKeyFile.seed`.
  convenience init(sshKeyFile text: borrowing SecretBytes) throws(AgeError) {
    guard let parts = Parts(.ssh, try SSHKeyFile.seed(in: text)) else { throw .invalidIdentity(line: 1) }
    self.init(parts)
  }

  private init(_ parts: consuming Parts) {
    self.kind = parts.kind
    self.recipient = parts.recipient
    self.seed = parts.seed
  }

  /// What a file of it holds: the Bech32 form, in upper case; for an SSH key OpenSSH's file, without a comment.
  public func encoded() -> SecretBytes {
    switch kind {
    case .hybrid: Bech32.encodeSecret(seed, prefix: Self.hybridPrefix)
    case .x25519: Bech32.encodeSecret(seed, prefix: Self.x25519Prefix)
    case .ssh: SSHKeyFile.encoded(seed)
    }
  }

  /// The 32 secret bytes that the key is made from, for a backup in another form. They do not say of what kind it is.
  public func copyOfSeed() -> SecretBytes { SecretBytes(copying: seed, in: 0..<Self.seedByteCount) }

  /// Derives an X25519 identity for another purpose, such as one for a local cache that only its owner can have
  /// written: nobody else can derive its recipient. Its seed is HKDF-SHA-256 of this one, without salt, with `label` as
  /// info.
  ///
  /// Source: RFC 5869.
  public func derivedIdentity(label: String) -> Identity {
    guard let parts = Parts(.x25519, HKDF.derive32(from: seed, salt: [], info: Array(label.utf8))) else {
      preconditionFailure("Age: every seed is a key")
    }
    return Identity(parts)
  }

  /// The file key, or `nil` if the stanza is for somebody else.
  func unwrap(_ stanza: Stanza) throws(AgeError) -> FileKey? {
    let copy = SecretBytes(copying: seed, in: 0..<Self.seedByteCount)
    switch kind {
    case .x25519:
      return try X25519Stanza.unwrap(stanza, with: X25519PrivateKey(copy))
    case .hybrid:
      guard stanza.isOfType(HybridStanza.type), let key = try? XWingPrivateKey(seed: copy) else { return nil }
      return try HybridStanza.unwrap(stanza, with: key)
    case .ssh:
      return try SSHStanza.unwrap(stanza, with: SigningKey(seed: copy))
    }
  }

  private struct Parts: ~Copyable {
    let kind: Kind
    let seed: SecretBytes
    let recipient: Recipient

    init?(_ kind: Kind, _ seed: consuming SecretBytes) {
      let copy = SecretBytes(copying: seed, in: 0..<Identity.seedByteCount)
      switch kind {
      case .x25519:
        recipient = Recipient(key: .x25519(X25519PrivateKey(copy).publicKey()))
      case .hybrid:
        guard let key = try? XWingPrivateKey(seed: copy) else { return nil }
        recipient = Recipient(key: .hybrid(key.publicKey))
      case .ssh:
        recipient = Recipient(key: .ssh(SSHPublicKey(SigningKey(seed: copy).verifyingKey)))
      }
      self.kind = kind
      self.seed = seed
    }
  }
}
