internal import Primitives

/// The `mlkem768x25519` stanza: secure against quantum computers to come, and the default.
///
/// Source: c2sp.org/age, "mlkem768x25519 recipient stanza".
enum HybridStanza {
  static let type = "mlkem768x25519"
  private static let info = Array("age-encryption.org/mlkem768x25519".utf8)

  static func wrap(_ fileKey: borrowing FileKey, for recipient: XWingPublicKey) throws(AgeError) -> Stanza {
    do {
      let (encapsulatedKey, body) = try recipient.seal(fileKey.bytes, info: info)
      return Stanza([type, Base64.unpadded.encode(encapsulatedKey)], body: body)
    } catch {
      throw .invalidRecipient(line: nil)
    }
  }

  /// The file key, or `nil` if the stanza is for somebody else.
  static func unwrap(_ stanza: Stanza, with identity: borrowing XWingPrivateKey) throws(AgeError) -> FileKey? {
    guard stanza.isOfType(type) else { return nil }
    guard stanza.arguments.count == 2, let encapsulatedKey = Base64.unpadded.decode(stanza.arguments[1]),
      encapsulatedKey.count == XWingPublicKey.encapsulatedKeyByteCount,
      stanza.body.count == FileKey.wrappedByteCount
    else { throw .header(.malformedStanza) }
    do {
      return FileKey(try identity.open(stanza.body, encapsulatedKey: encapsulatedKey, info: info))
    } catch PrimitiveError.notAuthentic {
      return nil
    } catch {
      throw .header(.malformedStanza)
    }
  }
}
