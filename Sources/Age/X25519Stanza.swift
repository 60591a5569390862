internal import Primitives

/// The `X25519` stanza.
///
/// Source: c2sp.org/age, "X25519 recipient stanza".
enum X25519Stanza {
  static let type = "X25519"
  private static let info = Array("age-encryption.org/v1/X25519".utf8)

  static func wrap(
    _ fileKey: borrowing FileKey, for recipient: [UInt8], from randomness: any RandomSource
  ) throws(AgeError) -> Stanza {
    let ephemeral = X25519PrivateKey(SecretBytes(randomCount: X25519PrivateKey.byteCount, from: randomness))
    let share = ephemeral.publicKey()
    let key = try wrapKey(ephemeral, with: recipient, salt: share + recipient, fault: .invalidRecipient(line: nil))
    return Stanza([type, Base64.unpadded.encode(share)], body: fileKey.wrapped(under: key))
  }

  /// The file key, or `nil` if the stanza is for somebody else.
  static func unwrap(
    _ stanza: Stanza, with identity: borrowing X25519PrivateKey
  ) throws(AgeError) -> FileKey? {
    guard stanza.isOfType(type) else { return nil }
    guard stanza.arguments.count == 2, let share = Base64.unpadded.decode(stanza.arguments[1]),
      share.count == X25519PrivateKey.byteCount, stanza.body.count == FileKey.wrappedByteCount
    else { throw .header(.malformedStanza) }
    let salt = share + identity.publicKey()
    let key = try wrapKey(identity, with: share, salt: salt, fault: .header(.malformedStanza))
    return FileKey(unwrapping: stanza.body, under: key)
  }

  private static func wrapKey(
    _ own: borrowing X25519PrivateKey, with other: [UInt8], salt: [UInt8], fault: AgeError
  ) throws(AgeError) -> ChaChaPolyKey {
    do {
      let shared = try own.sharedSecret(with: other)
      return ChaChaPolyKey(HKDF.derive32(from: shared, salt: salt, info: info))
    } catch {
      throw fault
    }
  }
}
