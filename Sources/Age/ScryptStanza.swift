internal import Primitives

/// The `scrypt` stanza: a passphrase, alone in its header.
///
/// Source: c2sp.org/age, "scrypt recipient stanza".
enum ScryptStanza {
  static let type = "scrypt"
  static let saltByteCount = 16
  private static let label = Array("age-encryption.org/v1/scrypt".utf8)

  static func wrap(
    _ fileKey: borrowing FileKey, with passphrase: borrowing Passphrase, workFactorLog2: Int,
    from randomness: any RandomSource
  ) throws(AgeError) -> Stanza {
    let salt = randomness.bytes(saltByteCount)
    let key = try wrapKey(passphrase, salt: salt, workFactorLog2: workFactorLog2)
    return Stanza(
      [type, Base64.unpadded.encode(salt), String(workFactorLog2)], body: fileKey.wrapped(under: key))
  }

  /// The file key, or `nil` if the passphrase is wrong.
  ///
  /// - Throws: `header` for a malformed stanza, or one that asks for more than `maximumWorkFactorLog2`.
  static func unwrap(
    _ stanza: Stanza, with passphrase: borrowing Passphrase, maximumWorkFactorLog2: Int
  ) throws(AgeError) -> FileKey? {
    guard stanza.arguments.count == 3, let salt = Base64.unpadded.decode(stanza.arguments[1]),
      salt.count == saltByteCount, let workFactorLog2 = parseWorkFactor(stanza.arguments[2]),
      stanza.body.count == FileKey.wrappedByteCount
    else { throw .header(.malformedStanza) }
    guard workFactorLog2 <= maximumWorkFactorLog2 else { throw .header(.workFactorTooHigh) }
    let key = try wrapKey(passphrase, salt: salt, workFactorLog2: workFactorLog2)
    return FileKey(unwrapping: stanza.body, under: key)
  }

  /// A decimal number without sign or leading zero, at most four digits.
  private static func parseWorkFactor(_ text: [UInt8]) -> Int? {
    guard (1...4).contains(text.count), text.first != UInt8(ascii: "0") else { return nil }
    var value = 0
    for digit in text {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return value
  }

  private static func wrapKey(
    _ passphrase: borrowing Passphrase, salt: [UInt8], workFactorLog2: Int
  ) throws(AgeError) -> ChaChaPolyKey {
    do {
      return ChaChaPolyKey(
        try Scrypt.derive(from: passphrase.bytes, salt: label + salt, workFactorLog2: workFactorLog2))
    } catch {
      throw .header(.workFactorTooHigh)
    }
  }
}
