public import Primitives

/// A public key that verifies notes, under its name.
///
/// Source: C2SP signed-note sections "Signatures" and "Ed25519 signatures"; the textual form is that of verifier keys
/// there.
public struct VerifierKey: Hashable, Sendable, CustomStringConvertible {
  /// Says that a key or signature is plain Ed25519.
  static let ed25519: UInt8 = 1
  private static let keyIDDigitCount = 8
  /// Base64 digits of 33 bytes.
  private static let keyDigitCount = 44

  /// The name of the key.
  public let name: KeyName
  /// The first 32 bits of a digest of name and key, in big-endian order: a label, not a proof.
  public let keyID: UInt32
  /// The Ed25519 key.
  public let key: VerifyingKey

  /// Names a key; the key ID follows from both.
  public init(name: KeyName, key: VerifyingKey) {
    self.name = name
    self.key = key
    let digest = SHA256Hasher.digest(of: name.bytes + [ASCII.lineFeed, Self.ed25519] + key.bytes)
    self.keyID = BigEndian.value(digest.bytes.prefix(4))
  }

  /// Reads `<name>+<key ID in 8 hexadecimal digits>+<base64 of the byte 1 and the key>`.
  ///
  /// - Throws: `malformed(.verifierKey)` for another form, kind of key or key ID, `malformed(.keyName)` or
  ///   `beyondLimit(.keyName)`.
  public init(_ text: String) throws(LogError) {
    let parts = Array(text.utf8).split(separator: ASCII.plus, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].count == Self.keyIDDigitCount else { throw .malformed(.verifierKey) }
    let name = try KeyName(parts[0])
    guard parts[2].count == Self.keyDigitCount, let material = Base64.padded.decode(parts[2]),
      material.first == Self.ed25519, let key = try? VerifyingKey(material.dropFirst())
    else { throw .malformed(.verifierKey) }
    self.init(name: name, key: key)
    // The name must match by bytes; comparing the whole form also refuses upper-case digits and a wrong key ID.
    guard text.utf8.elementsEqual(description.utf8) else { throw .malformed(.verifierKey) }
  }

  /// The textual form.
  public var description: String {
    "\(name)+\(Hex.encode(BigEndian.bytes(keyID)))+\(Base64.padded.encode([Self.ed25519] + key.bytes))"
  }
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
    NoteSignature(signed: key.signature(for: text.bytes), by: verifierKey)
  }
}
