internal import Primitives

/// The encryption of a secret before it is split: four rounds of a Feistel network. It binds the passphrase to the
/// secret; any passphrase decrypts, only the right one to the secret.
///
/// Source: SLIP-0039, "Encryption of the master secret" and "Decryption of the master secret".
enum SecretEncryption {
  private static let roundCount = 4
  private static let iterationCountOfRound = 2_500

  static func encrypt(_ secret: borrowing SecretBytes, passphrase: borrowing SecretBytes, set: ShareSet) -> SecretBytes
  {
    apply(Array(0..<UInt8(roundCount)), to: secret, passphrase: passphrase, set: set)
  }

  static func decrypt(_ secret: borrowing SecretBytes, passphrase: borrowing SecretBytes, set: ShareSet) -> SecretBytes
  {
    apply((0..<UInt8(roundCount)).reversed(), to: secret, passphrase: passphrase, set: set)
  }

  private static func apply(
    _ rounds: [UInt8], to secret: borrowing SecretBytes, passphrase: borrowing SecretBytes, set: ShareSet
  ) -> SecretBytes {
    let half = secret.count / 2
    var left = SecretBytes(copying: secret, in: 0..<half)
    var right = SecretBytes(copying: secret, in: half..<secret.count)
    for round in rounds {
      var next = value(of: round, right, passphrase: passphrase, set: set)
      for index in 0..<half { next[index] ^= left[index] }
      left = right
      right = next
    }
    return joined(right, left)
  }

  private static func value(
    of round: UInt8, _ half: borrowing SecretBytes, passphrase: borrowing SecretBytes, set: ShareSet
  ) -> SecretBytes {
    let number = SecretBytes(count: 1) { $0[0] = round }
    let identifier = [UInt8(set.identifier >> 8), UInt8(set.identifier & 0xff)]
    let prefix = set.isExtendable ? [] : Array("shamir".utf8) + identifier
    let salt = SecretBytes(count: prefix.count) { span in
      for index in prefix.indices { span[index] = prefix[index] }
    }
    let count = iterationCountOfRound << set.iterationExponent
    let value = try? PBKDF2.derive(
      from: joined(number, passphrase), salt: joined(salt, half), iterationCount: count, byteCount: half.count)
    guard let value else { preconditionFailure("SecretSharing: every round of a share can be derived") }
    return value
  }

  private static func joined(_ one: borrowing SecretBytes, _ other: borrowing SecretBytes) -> SecretBytes {
    var both = SecretBytes(count: one.count + other.count)
    for index in 0..<one.count { both[index] = one[index] }
    for index in 0..<other.count { both[one.count + index] = other[index] }
    return both
  }
}
