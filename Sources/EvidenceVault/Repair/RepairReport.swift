public import Wording

/// One thing that a repair did.
public struct RepairStep: Hashable, Sendable {
  /// What was done.
  public enum Action: String, Sendable {
    /// A folder that every vault has was made.
    case made
    /// The file was taken from the second copy.
    case restored
    /// The file was made again from the entries of the index.
    case regenerated
    /// The file was damaged, or unknown to the index, and is in `aside/` now.
    case moved
    /// The file was a cache, which is made again when it is needed.
    case removed
  }

  /// What was done.
  public let action: Action
  /// The file or folder concerned, relative to the vault.
  public let path: String
  /// Where it is now, or what it still needs.
  public let detail: Phrase?
}

/// What a repair did, and how the vault is now.
public struct RepairReport: Sendable {
  /// The vault, opened after the repair.
  public let vault: Vault
  /// What was done, in order.
  public let steps: [RepairStep]
  /// The check after the repair: the same as `Vault.verify`.
  public let verification: VerificationReport
  /// The reading key in the second copy, where this vault has none. It is never copied: an intake vault, or a vault on
  /// the way across a border, is without one on purpose.
  public let readingKeyInCopy: String?
  /// How many entries the second copy has, if these are more than here: it went on where this vault did not, and knows
  /// of withdrawals that this one does not.
  public let laterCopySize: UInt64?

  /// How often something was done.
  public func count(_ action: RepairStep.Action) -> Int { steps.count { $0.action == action } }
}
