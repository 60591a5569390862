internal import Primitives

/// The `ssh-ed25519` stanza: for people who have an SSH key and nothing else.
///
/// X25519 with the Montgomery form of the Ed25519 key, and the shared secret multiplied once more by a tweak that binds
/// it to the key's use in SSH.
///
/// Source: filippo.io/age/agessh; c2sp.org/age does not define it.
enum SSHStanza {
  static let type = SSHPublicKey.type
  static let tagByteCount = 4
  private static let info = Array("age-encryption.org/v1/ssh-ed25519".utf8)

  static func wrap(
    _ fileKey: borrowing FileKey, for recipient: SSHPublicKey, from randomness: any RandomSource
  ) throws(AgeError) -> Stanza {
    let ephemeral = X25519PrivateKey(SecretBytes(randomCount: X25519PrivateKey.byteCount, from: randomness))
    let share = ephemeral.publicKey()
    let other = recipient.key.x25519Key()
    let key = try wrapKey(
      ephemeral, with: other, tweakedFor: recipient, salt: share + other, fault: .invalidRecipient(line: nil))
    return Stanza(
      [type, Base64.unpadded.encode(recipient.tag), Base64.unpadded.encode(share)], body: fileKey.wrapped(under: key))
  }

  /// The file key, or `nil` if the stanza is for somebody else.
  static func unwrap(
    _ stanza: Stanza, with identity: borrowing SigningKey
  ) throws(AgeError) -> FileKey? {
    guard stanza.isOfType(type) else { return nil }
    guard stanza.arguments.count == 3, let tag = Base64.unpadded.decode(stanza.arguments[1]),
      tag.count == tagByteCount, let share = Base64.unpadded.decode(stanza.arguments[2]),
      share.count == X25519PrivateKey.byteCount, stanza.body.count == FileKey.wrappedByteCount
    else { throw .header(.malformedStanza) }
    let recipient = SSHPublicKey(identity.verifyingKey)
    guard tag == recipient.tag else { return nil }
    let key = try wrapKey(
      identity.x25519Key(), with: share, tweakedFor: recipient, salt: share + recipient.key.x25519Key(),
      fault: .header(.malformedStanza))
    return FileKey(unwrapping: stanza.body, under: key)
  }

  /// The tweak is applied to the other side's point instead of to the shared secret. The product is the same, and what
  /// is multiplied first is public then, so that no secret is ever used as a point and lies in an array.
  private static func wrapKey(
    _ own: borrowing X25519PrivateKey, with other: [UInt8], tweakedFor recipient: SSHPublicKey, salt: [UInt8],
    fault: AgeError
  ) throws(AgeError) -> ChaChaPolyKey {
    let tweak = X25519PrivateKey(HKDF.derive32(from: SecretBytes(count: 0), salt: recipient.wire, info: info))
    do {
      let point = try tweak.sharedSecret(with: other).withSpan { span in span.indices.map { span[$0] } }
      let shared = try own.sharedSecret(with: point)
      return ChaChaPolyKey(HKDF.derive32(from: shared, salt: salt, info: info))
    } catch {
      throw fault
    }
  }
}

extension SSHPublicKey {
  /// Four bytes that tell the owner, and everybody else who knows the key, which stanza is theirs.
  var tag: [UInt8] { Array(SHA256Hasher.digest(of: wire).bytes.prefix(SSHStanza.tagByteCount)) }
}
