import Primitives
import Testing

@testable import SecretSharing

struct SharingTests {
  private static let byteCounts = [16, 20, 24, 32, 48, 64]

  @Test func anyThresholdOfSharesInAnyOrderCombines() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = SeededNumbers(state: seed)
    for _ in 0..<24 {
      let count = Int.random(in: 2...16, using: &generator)
      let threshold = Int.random(in: 2...count, using: &generator)
      let byteCount = Self.byteCounts.randomElement(using: &generator) ?? 32
      let whole = SecretBytes(randomCount: byteCount)
      let isExtendable = Bool.random(using: &generator)
      let shares = try Sharing.split(whole, threshold: threshold, count: count, isExtendable: isExtendable)
      let some = shares.shuffled(using: &generator).prefix(threshold).map { $0.words }
      let read = try some.map { try Share(words: $0) }
      #expect(read.map(\.words) == some, "seed \(seed)")
      #expect(try Sharing.combine(read).isEqual(to: whole), "seed \(seed): \(threshold) of \(count)")
      #expect(throws: SharingError.tooFewShares) { try reveal(Sharing.combine(Array(read.dropLast()))) }
    }
  }

  @Test func aSecretOfOneShareIsTheShare() throws {
    let whole = SecretBytes(randomCount: 32)
    let share = try #require(try Sharing.split(whole, threshold: 1, count: 1).first)
    #expect(try Sharing.combine([share]).isEqual(to: whole))
  }

  /// Fewer shares, given out for enough, do not lead to the secret.
  @Test func fewerSharesThatPretendToBeEnoughAreRefused() throws {
    let whole = SecretBytes(randomCount: 32)
    let shares = try Sharing.split(whole, threshold: 3, count: 5)
    let pretending = shares.prefix(2).map { share in
      Share(
        set: share.set, groupIndex: 0, memberIndex: share.memberIndex, memberThreshold: 2,
        value: SecretBytes(copying: share.value, in: 0..<32))
    }
    #expect(throws: SharingError.wrongDigest) { try reveal(Sharing.combine(pretending)) }
  }

  /// For every secret there is a polynomial through two of three shares: they leave all secrets possible.
  @Test func fewerSharesLeaveEveryByteOfTheSecretPossible() throws {
    let shares = try Sharing.split(secret(Array(repeating: 7, count: 16)), threshold: 3, count: 5)
    var found = Set<UInt8>()
    for guess in UInt8.min...UInt8.max {
      var points = Points(capacity: 3, byteCount: 16)
      points.append(shares[0].value, at: 0)
      points.append(shares[1].value, at: 1)
      points.append(secret(Array(repeating: guess, count: 16)), at: 2)
      found.insert(points.value(at: 255)[0])
    }
    #expect(found.count == 256)
  }

  @Test func theSameRandomnessMakesTheSameShares() throws {
    let whole = secret(0..<32)
    let shares = try (0..<2).map { _ in
      try Sharing.split(whole, threshold: 2, count: 3, from: SeededRandomness(seed: 5)).map(\.words)
    }
    #expect(shares[0] == shares[1])
    #expect(Set(shares[0].map { $0.split(separator: " ").prefix(3).joined(separator: " ") }).count == 1)
  }

  @Test func aPassphraseIsPartOfTheSecret() throws {
    let whole = SecretBytes(randomCount: 32)
    let shares = try Sharing.split(
      whole, threshold: 2, count: 2, passphrase: secret("plain words".utf8), isExtendable: false, iterationExponent: 1)
    #expect(try Sharing.combine(shares, passphrase: secret("plain words".utf8)).isEqual(to: whole))
    #expect(try !Sharing.combine(shares).isEqual(to: whole))
    #expect(throws: SharingError.invalidPassphrase) {
      try reveal(Sharing.combine(shares, passphrase: secret("ҷ".utf8)))
    }
    for byte in UInt8.min...UInt8.max {
      let isTaken = (try? reveal(Sharing.combine(shares, passphrase: secret([byte])))) != nil
      #expect(isTaken == (32...126).contains(byte))
    }
  }

  @Test func sharesOfTwoSetsAreToldApart() throws {
    let whole = SecretBytes(randomCount: 32)
    let one = try Sharing.split(whole, threshold: 2, count: 3, from: SeededRandomness(seed: 1))
    let other = try Sharing.split(whole, threshold: 2, count: 3, from: SeededRandomness(seed: 2))
    #expect(one[0].set.identifier != other[0].set.identifier)
    #expect(throws: SharingError.otherSet(shareIndex: 1)) { try reveal(Sharing.combine([one[0], other[1]])) }
    #expect(throws: SharingError.duplicateShare(shareIndex: 1)) { try reveal(Sharing.combine([one[0], one[0]])) }
    #expect(throws: SharingError.tooManyShares) { try reveal(Sharing.combine(one)) }
    #expect(throws: SharingError.tooFewShares) { try reveal(Sharing.combine([])) }
  }

  @Test func whatCannotBeSplitIsRefused() throws {
    for count in [0, 14, 15, 17, 31, 65, 66] {
      #expect(throws: SharingError.secretByteCount(count)) {
        try Sharing.split(SecretBytes(count: count), threshold: 2, count: 3)
      }
    }
    for (threshold, count) in [(0, 1), (2, 1), (1, 2), (3, 17), (17, 17), (-1, 3)] {
      #expect(throws: SharingError.invalidThreshold) {
        try Sharing.split(SecretBytes(count: 32), threshold: threshold, count: count)
      }
    }
    #expect(throws: SharingError.invalidParameter) {
      try Sharing.split(SecretBytes(count: 32), threshold: 2, count: 3, iterationExponent: 16)
    }
  }
}

private func reveal(_ secret: consuming SecretBytes) -> [UInt8] { revealed(secret) }
