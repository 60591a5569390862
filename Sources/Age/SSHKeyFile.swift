internal import Primitives

/// OpenSSH's private key file with one unencrypted `ssh-ed25519` key in it, read and written in guarded memory alone.
///
/// Lines of base64 may have any length, since programs differ; everything inside has one spelling only. libsodium has
/// no bcrypt_pbkdf, so a key under a passphrase is recognised and refused.
///
/// Source: PROTOCOL.key of OpenSSH.
enum SSHKeyFile {
  /// The longest file that is read, in bytes: the largest RSA key has a quarter of it.
  static let maximumByteCount = 1 << 16
  private static let begin = Array("-----BEGIN OPENSSH PRIVATE KEY-----".utf8)
  private static let end = Array("-----END OPENSSH PRIVATE KEY-----".utf8)
  private static let magic = Array("openssh-key-v1".utf8) + [0]
  private static let none = Array("none".utf8)
  private static let blockByteCount = 8
  private static let columnCount = 70

  /// Whether a text starts as such a file does.
  static func begins(_ text: borrowing SecretBytes) -> Bool { isEqual(text, at: 0, to: begin) }

  /// The seed of the key.
  ///
  /// - Throws: `AgeError.unsupportedSSHKey`, `.encryptedSSHKey`; `.invalidIdentity` for whatever is malformed.
  static func seed(in text: borrowing SecretBytes) throws(AgeError) -> SecretBytes {
    guard text.count <= maximumByteCount, let letters = letters(in: text),
      let bytes = Base64.padded.decodeSecret(letters)
    else { throw malformed }
    var reader = SSHReader(bytes)
    guard reader.skip(magic), let cipher = reader.string(), let derivation = reader.string(),
      let options = reader.string(), reader.number() == 1, let publicKey = reader.string()
    else { throw malformed }
    guard reader.starts(publicKey, with: typeField) else { throw .unsupportedSSHKey(line: nil) }
    guard reader.holds(cipher, none) else { throw .encryptedSSHKey }
    guard reader.holds(derivation, none), options.isEmpty, let length = reader.number(),
      length == reader.remainingCount, length.isMultiple(of: blockByteCount), let seed = seed(from: &reader),
      reader.holds(publicKey, SSHPublicKey(SigningKey(seed: seed).verifyingKey).wire)
    else { throw malformed }
    return seed
  }

  /// Reads the part that a passphrase would encrypt: two equal numbers, the key again, a comment, and 1, 2, 3… up to a
  /// whole block.
  private static func seed(from reader: inout SSHReader) -> SecretBytes? {
    guard let first = reader.number(), let second = reader.number(), first == second, reader.skip(typeField),
      let publicKey = reader.string(), let pair = reader.string(),
      pair.count == SigningKey.seedByteCount + VerifyingKey.byteCount, reader.string() != nil,
      reader.remainingCount < blockByteCount,
      reader.skip((0..<reader.remainingCount).map { UInt8(truncatingIfNeeded: $0 + 1) })
    else { return nil }
    let seed = SecretBytes(copying: reader.bytes, in: pair.prefix(SigningKey.seedByteCount))
    let key = SigningKey(seed: seed).verifyingKey.bytes
    guard reader.holds(publicKey, key), reader.holds(pair.dropFirst(SigningKey.seedByteCount), key) else { return nil }
    return seed
  }

  /// The base64 between the two marks, without line ends.
  private static func letters(in text: borrowing SecretBytes) -> SecretBytes? {
    let lineFeed = Header.lineFeed
    let carriageReturn = UInt8(ascii: "\r")
    var stop = text.count
    while stop > 0, text[stop - 1] == lineFeed || text[stop - 1] == carriageReturn { stop -= 1 }
    stop -= end.count
    guard stop > begin.count, begins(text), isEqual(text, at: stop, to: end), text[stop - 1] == lineFeed,
      text[begin.count] == lineFeed || text[begin.count] == carriageReturn
    else { return nil }
    var letters = SecretBytes(count: stop - begin.count)
    var count = 0
    for index in begin.count..<stop {
      let isLineEnd = text[index] == lineFeed || (text[index] == carriageReturn && text[index + 1] == lineFeed)
      if isLineEnd { continue }
      letters[count] = text[index]
      count += 1
    }
    return SecretBytes(copying: letters, in: 0..<count)
  }

  private static func isEqual(_ text: borrowing SecretBytes, at start: Int, to mark: [UInt8]) -> Bool {
    guard start >= 0, text.count - start >= mark.count else { return false }
    for index in mark.indices where text[start + index] != mark[index] { return false }
    return true
  }

  // MARK: - Writing

  /// The file of a key, as OpenSSH writes it. The two equal numbers are no secret and tell a wrong passphrase; without
  /// one they may be anything.
  static func encoded(_ seed: borrowing SecretBytes) -> SecretBytes {
    let key = SSHPublicKey(SigningKey(seed: seed).verifyingKey)
    let head = key.tag + key.tag + key.wire + field(count: seed.count + VerifyingKey.byteCount)
    let tail = key.key.bytes + field([])
    let padding = (blockByteCount - (head.count + seed.count + tail.count) % blockByteCount) % blockByteCount
    let length = head.count + seed.count + tail.count + padding
    let start = magic + field(none) + field(none) + field([]) + [0, 0, 0, 1] + field(key.wire) + field(count: length)
    let bytes = joined(start + head, seed, tail + (0..<padding).map { UInt8($0 + 1) })
    return lines(of: Base64.padded.encodeSecret(bytes))
  }

  private static func lines(of letters: borrowing SecretBytes) -> SecretBytes {
    let lineCount = (letters.count + columnCount - 1) / columnCount
    var body = SecretBytes(count: letters.count + lineCount)
    for index in 0..<letters.count { body[index + index / columnCount] = letters[index] }
    for line in 1..<lineCount { body[line * (columnCount + 1) - 1] = Header.lineFeed }
    body[body.count - 1] = Header.lineFeed
    return joined(begin + [Header.lineFeed], body, end + [Header.lineFeed])
  }

  private static func joined(_ head: [UInt8], _ secret: borrowing SecretBytes, _ tail: [UInt8]) -> SecretBytes {
    var output = SecretBytes(count: head.count + secret.count + tail.count)
    for index in head.indices { output[index] = head[index] }
    for index in 0..<secret.count { output[head.count + index] = secret[index] }
    for index in tail.indices { output[head.count + secret.count + index] = tail[index] }
    return output
  }

  private static func field(_ bytes: [UInt8]) -> [UInt8] { field(count: bytes.count) + bytes }

  private static func field(count: Int) -> [UInt8] {
    stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: count >> $0) }
  }

  private static let typeField = field(Array(SSHPublicKey.type.utf8))
  private static var malformed: AgeError { .invalidIdentity(line: 1) }
}
