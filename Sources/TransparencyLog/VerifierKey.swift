public import Primitives

/// A public key that verifies notes, under its name.
///
/// Source: C2SP signed-note sections "Signatures" and "Ed25519 signatures"; the textual form is that of verifier keys
/// there.
public struct VerifierKey: Hashable, Sendable, CustomStringConvertible {
  /// Says that a key or signature is plain Ed25519.
  static let ed25519: UInt8 = 1

  let named: NamedKey

  /// The name of the key.
  public var name: KeyName { named.name }
  /// The first 32 bits of a digest of name and key, in big-endian order: a label, not a proof.
  public var keyID: UInt32 { named.keyID }
  /// The Ed25519 key.
  public var key: VerifyingKey { named.key }

  /// Names a key; the key ID follows from both.
  public init(name: KeyName, key: VerifyingKey) {
    named = NamedKey(name: name, algorithm: Self.ed25519, key: key)
  }

  /// Reads `<name>+<key ID in 8 hexadecimal digits>+<base64 of the byte 1 and the key>`.
  ///
  /// - Throws: `malformed(.verifierKey)` for another form, kind of key or key ID, `malformed(.keyName)` or
  ///   `beyondLimit(.keyName)`.
  public init(_ text: String) throws(LogError) { named = try NamedKey(text, algorithm: Self.ed25519) }

  /// The textual form.
  public var description: String { named.description }
}

/// A private key that signs notes, under its name.
///
/// Source: C2SP signed-note section "Ed25519 signatures".
public struct NoteSigner: ~Copyable, Sendable {
  private let key: SigningKey
  /// The public half, under the same name.
  public let verifierKey: VerifierKey

  /// Takes the key over and names it.
  public init(name: KeyName, key: consuming SigningKey) {
    self.verifierKey = VerifierKey(name: name, key: key.verifyingKey)
    self.key = key
  }

  /// The signature of `text`; the same for the same text.
  public borrowing func sign(_ text: NoteText) -> NoteSignature {
    NoteSignature(
      signed: key.signature(for: text.bytes), name: verifierKey.name, keyID: verifierKey.keyID)
  }
}
