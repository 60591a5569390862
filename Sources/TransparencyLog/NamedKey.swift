internal import Primitives

/// An Ed25519 key under a name, for one kind of signature: what verifier keys of all kinds have in common.
///
/// Source: C2SP signed-note section "Signatures".
struct NamedKey: Hashable, Sendable {
  private static let keyIDDigitCount = 8
  /// Base64 digits of 33 bytes.
  private static let keyDigitCount = 44

  let name: KeyName
  /// The byte that tells the kind of signature.
  let algorithm: UInt8
  /// The first 32 bits of a digest of name, kind and key, in big-endian order.
  let keyID: UInt32
  let key: VerifyingKey

  init(name: KeyName, algorithm: UInt8, key: VerifyingKey) {
    self.name = name
    self.algorithm = algorithm
    self.key = key
    let digest = SHA256Hasher.digest(of: name.bytes + [ASCII.lineFeed, algorithm] + key.bytes)
    self.keyID = UInt32(BigEndian.value(digest.bytes.prefix(4)))
  }

  /// Reads `<name>+<key ID in 8 hexadecimal digits>+<base64 of the algorithm and the key>`.
  init(_ text: String, algorithm: UInt8) throws(LogError) {
    let parts = Array(text.utf8).split(separator: ASCII.plus, maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[1].count == Self.keyIDDigitCount else { throw .malformed(.verifierKey) }
    let name = try KeyName(parts[0])
    guard parts[2].count == Self.keyDigitCount, let material = Base64.padded.decode(parts[2]),
      material.first == algorithm, let key = try? VerifyingKey(material.dropFirst())
    else { throw .malformed(.verifierKey) }
    self.init(name: name, algorithm: algorithm, key: key)
    // The name must match by bytes; comparing the whole form also refuses upper-case digits and a wrong key ID.
    guard text.utf8.elementsEqual(description.utf8) else { throw .malformed(.verifierKey) }
  }

  var description: String {
    "\(name)+\(Hex.encode(BigEndian.bytes(keyID)))+\(Base64.padded.encode([algorithm] + key.bytes))"
  }
}
