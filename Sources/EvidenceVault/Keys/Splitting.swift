public import Age
internal import DurableStore
internal import Primitives
internal import SecretSharing
internal import StrictJSON

/// Into how many shares a reading identity is to be split.
public struct SplitPlan: Sendable {
  /// How many shares bring it back.
  public let threshold: Int
  /// How many there are to be.
  public let count: Int
  /// Who holds them, in the order of their numbers; may be fewer, or none.
  public let holders: [String]
  /// Whether whoever brings the reading identity back is to sign as well.
  public let isWithSigning: Bool

  /// Checks the numbers.
  ///
  /// - Throws: `VaultError.shares(.invalidThreshold)` unless 2 ≤ `threshold` ≤ `count` ≤ 16.
  public init(threshold: Int, count: Int, holders: [String], isWithSigning: Bool) throws(VaultError) {
    guard threshold >= 2, threshold <= count, count <= Sharing.maximumShareCount else {
      throw .shares(.invalidThreshold)
    }
    self.threshold = threshold
    self.count = count
    self.holders = holders
    self.isWithSigning = isWithSigning
  }
}

/// What came of a splitting.
public struct SplitReceipt: Sendable {
  /// The entry that says so.
  public let index: UInt64
  /// The head after it was entered.
  public let head: Vault.Head
  /// The number that all shares have in common.
  public let set: Int
  /// The sheets in the new folder.
  public let fileNames: [String]
}

/// The kind of the entries about recovery.
enum Recovery {
  static let kind = "recovery"
}

extension Vault {
  /// Splits a reading identity into shares, one sheet for each in a new folder at `path`. The sheets are read again
  /// first: any `threshold` of them, one after the other in a circle, have to give the identity back. The splitting is
  /// entered into the index, and only then `keys/signing-recovery.age` and the folder get their names, all under the
  /// lock: beside a rotation, that file would open to a key that is a reader no more.
  ///
  /// - Throws: `VaultError.notAReader`; `.damagedKey` for a damaged `keys/signing-recovery.age`; as `add`. There is
  ///   nothing at `path` then.
  ///
  /// Source: FORMAT section 2.
  public func split(
    _ identity: Identity, _ plan: SplitPlan, signer: VaultSigner, to path: String
  ) throws(VaultError) -> SplitReceipt {
    do {
      try requireReader([identity])
      let quarantine = try Quarantine(for: path, nonce: Hex.encode(environment.randomness.bytes(8)))
      let shares = try Sharing.split(
        identity.copyOfSeed(), threshold: plan.threshold, count: plan.count, from: environment.randomness)
      var readAgain: [Share] = []
      var fileNames: [String] = []
      for (place, share) in shares.enumerated() {
        let sheet = ShareSheet.text(of: share, number: place + 1)
        readAgain.append(try Share(ShareSheet.words(in: sheet)))
        fileNames.append(ShareSheet.fileName(place + 1))
        let file = try quarantine.createFile([ShareSheet.fileName(place + 1)])
        try sheet.withSpan { try file.write($0) }
        try file.finish()
      }
      try require(readAgain, give: identity, threshold: plan.threshold)
      // It takes what room it needs before anything is entered.
      let recovery = plan.isWithSigning ? try preparedSigningRecovery(for: identity, signer: signer) : nil
      let set = shares[0].set.identifier
      let (index, head) = try addEvent(Recovery.kind, fields(plan, set: set), signer: signer) {
        // Before anybody can hold a sheet that promises it.
        try placeSigningRecovery(recovery)
        try quarantine.publish()
      }
      return SplitReceipt(index: index, head: head, set: set, fileNames: fileNames)
    } catch {
      throw VaultError(error)
    }
  }

  private func require(_ shares: [Share], give identity: Identity, threshold: Int) throws {
    for start in shares.indices {
      let some = (0..<threshold).map { shares[(start + $0) % shares.count] }
      let isSame = try Sharing.combine(some).isEqual(to: identity.copyOfSeed())
      guard isSame else { throw SharingError.wrongDigest }  // not secret: whether the shares are right
    }
  }

  private func fields(_ plan: SplitPlan, set: Int) -> JSONObject {
    var fields: JSONObject = [
      "event": .string("shares_made"), "threshold": .integer(Int64(plan.threshold)),
      "shares": .integer(Int64(plan.count)), "set": .integer(Int64(set)), "signing": .bool(plan.isWithSigning),
    ]
    if !plan.holders.isEmpty { fields["holders"] = .array(plan.holders.map { .string($0) }) }
    return fields
  }
}
