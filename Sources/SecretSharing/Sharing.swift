public import Primitives

/// Splits a secret into shares of which some number brings it back, and fewer tell nothing about it.
///
/// Source: SLIP-0039.
public enum Sharing {
  /// The most shares of a group, and the most groups.
  public static let maximumShareCount = 16
  private static let secretPlace: UInt8 = 255
  private static let digestPlace: UInt8 = 254
  private static let digestByteCount = 4

  /// Splits a secret of 16 to 64 bytes, an even number, into one group of `count` shares.
  ///
  /// An empty passphrase is one as well. The iteration exponent makes guessing a passphrase dearer; without one it only
  /// takes time.
  ///
  /// Source: SLIP-0039, "Generating the shares".
  ///
  /// - Throws: `SharingError.secretByteCount`, `.invalidThreshold`, `.invalidPassphrase`, `.invalidParameter`.
  public static func split(
    _ secret: borrowing SecretBytes, threshold: Int, count: Int,
    passphrase: borrowing SecretBytes = SecretBytes(count: 0),
    isExtendable: Bool = true, iterationExponent: Int = 0, from randomness: any RandomSource = SystemRandomness()
  ) throws(SharingError) -> [Share] {
    guard (Share.minimumByteCount...Share.maximumByteCount).contains(secret.count), secret.count.isMultiple(of: 2)
    else {
      throw .secretByteCount(secret.count)
    }
    guard threshold >= 1, threshold <= count, count <= maximumShareCount, threshold > 1 || count == 1 else {
      throw .invalidThreshold
    }
    guard (0...ShareSet.maximumIterationExponent).contains(iterationExponent) else { throw .invalidParameter }
    try requirePrintable(passphrase)
    let random = randomness.bytes(2)
    let set = ShareSet(
      identifier: (Int(random[0]) << 8 | Int(random[1])) & ShareSet.maximumIdentifier, isExtendable: isExtendable,
      iterationExponent: iterationExponent, groupThreshold: 1, groupCount: 1)
    let encrypted = SecretEncryption.encrypt(secret, passphrase: passphrase, set: set)
    let points = points(of: encrypted, threshold: threshold, from: randomness)
    return (0..<count).map { index in
      Share(
        set: set, groupIndex: 0, memberIndex: index, memberThreshold: threshold, value: points.value(at: UInt8(index)))
    }
  }

  /// Brings a secret back from exactly as many shares as are needed, in any order. With another passphrase than it was
  /// split with, another secret comes back: nothing in shares tells which is right.
  ///
  /// Source: SLIP-0039, "Combining the shares".
  ///
  /// - Throws: `SharingError`, one of those about shares together; `.invalidPassphrase`.
  public static func combine(
    _ shares: [Share], passphrase: borrowing SecretBytes = SecretBytes(count: 0)
  ) throws(SharingError) -> SecretBytes {
    try requirePrintable(passphrase)
    guard let first = shares.first else { throw .tooFewShares }
    try requireOneSet(shares)
    let groups = Dictionary(grouping: shares, by: \.groupIndex)
    guard groups.count >= first.set.groupThreshold else { throw .tooFewShares }
    guard groups.count == first.set.groupThreshold else { throw .tooManyShares }
    var points = Points(capacity: groups.count, byteCount: first.value.count)
    for place in groups.keys.sorted() { points.append(try groupSecret(groups[place] ?? []), at: UInt8(place)) }
    let encrypted = try secret(of: points, threshold: first.set.groupThreshold)
    return SecretEncryption.decrypt(encrypted, passphrase: passphrase, set: first.set)
  }

  // MARK: - Splitting

  /// The polynomials of a secret: through it, through its digest, and through random values.
  ///
  /// Source: SLIP-0039, "Sharing a secret".
  private static func points(
    of secret: borrowing SecretBytes, threshold: Int, from randomness: any RandomSource
  ) -> Points {
    let byteCount = secret.count
    var points = Points(capacity: threshold, byteCount: byteCount)
    if threshold > 1 {
      var digest = SecretBytes(randomCount: byteCount, from: randomness)
      let code = digestCode(of: secret, keyIn: digest)
      for index in 0..<digestByteCount { digest[index] = code[index] }
      points.append(digest, at: digestPlace)
      for place in 0..<(threshold - 2) {
        points.append(SecretBytes(randomCount: byteCount, from: randomness), at: UInt8(place))
      }
    }
    points.append(secret, at: secretPlace)
    return points
  }

  /// The code of a secret under the random part of its digest.
  private static func digestCode(of secret: borrowing SecretBytes, keyIn digest: borrowing SecretBytes) -> SecretBytes {
    var code = HMACSHA256(key: SecretBytes(copying: digest, in: digestByteCount..<digest.count))
    secret.withSpan { code.update($0) }
    return code.finalizeSecret()
  }

  // MARK: - Combining

  static func requireOneSet(_ shares: [Share]) throws(SharingError) {
    guard let first = shares.first else { return }
    for (index, share) in shares.enumerated() {
      guard share.set == first.set else { throw .otherSet(shareIndex: index) }
      guard share.value.count == first.value.count else { throw .otherLength(shareIndex: index) }
      for earlier in shares[..<index] where earlier.groupIndex == share.groupIndex {
        guard earlier.memberThreshold == share.memberThreshold else { throw .mismatchedThreshold(shareIndex: index) }
        guard earlier.memberIndex != share.memberIndex else { throw .duplicateShare(shareIndex: index) }
      }
    }
  }

  private static func groupSecret(_ members: [Share]) throws(SharingError) -> SecretBytes {
    guard let first = members.first, members.count >= first.memberThreshold else { throw .tooFewShares }
    guard members.count == first.memberThreshold else { throw .tooManyShares }
    var points = Points(capacity: members.count, byteCount: first.value.count)
    for member in members { points.append(member.value, at: UInt8(member.memberIndex)) }
    return try secret(of: points, threshold: first.memberThreshold)
  }

  /// Source: SLIP-0039, "Sharing a secret", RecoverSecret.
  private static func secret(of points: borrowing Points, threshold: Int) throws(SharingError) -> SecretBytes {
    let secret = points.value(at: secretPlace)
    guard threshold > 1 else { return secret }
    let digest = points.value(at: digestPlace)
    let code = digestCode(of: secret, keyIn: digest)
    let isRight = SecretBytes(copying: code, in: 0..<digestByteCount)
      .isEqual(to: SecretBytes(copying: digest, in: 0..<digestByteCount))
    guard isRight else { throw .wrongDigest }  // not secret: whether the shares belong together
    return secret
  }

  /// Source: SLIP-0039, "Passphrase".
  private static func requirePrintable(_ passphrase: borrowing SecretBytes) throws(SharingError) {
    var fault: UInt8 = 0
    for index in 0..<passphrase.count { fault |= (0x7e &- passphrase[index]) | (passphrase[index] &- 0x20) }
    guard fault & 0x80 == 0 else { throw .invalidPassphrase }  // not secret: whether it is a passphrase
  }
}
