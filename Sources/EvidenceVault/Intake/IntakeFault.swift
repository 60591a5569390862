/// Why an intake vault was not made, found or collected. Nothing was changed in any of these cases.
public enum IntakeFault: Error, Hashable, Sendable {
  /// An intake vault of this name is in use.
  case exists(name: String)
  /// No intake vault has this name.
  case unknownName(name: String, nearest: String?)
  /// The intake vault was revoked before.
  case alreadyRevoked(name: String)
  /// What is to be collected is a vault that this one did not make.
  case unknownVault(fingerprint: String)
  /// What is to be collected is a vault that this one certified, and does not know: its index may go on from a backup.
  case forgotten(fingerprint: String)
  /// The intake vault is known by this name, and need not be made known again.
  case known(name: String)
  /// An intake vault that is to be made known again was revoked, by this entry.
  case revokedBefore(by: UInt64)
  /// The intake vault is not trusted any more, by this entry: nothing of it is collected.
  case revoked(name: String, by: UInt64)
  /// The intake vault is trusted up to a head, by this entry, which its index does not have.
  case notTheTrustedHead(name: String, head: String, by: UInt64)
  /// The note of the intake vault names a reader that the main vault does not have.
  case foreignReader(name: String, key: String)
  /// The signing key of the intake vault was replaced by one that it had not promised when it was collected last.
  case keyNotPromised(name: String, fingerprint: String)
  /// A head was given that is no number with eight words.
  case noHead(String)
  /// The intake vault is an older copy: all of it was collected before, and more.
  case olderCopy(name: String, collected: UInt64, size: UInt64)
  /// The intake vault has not all that was collected before, and what is known of that does not tell whether it is an
  /// older copy, or one that went on otherwise.
  case cannotTell(name: String, collected: UInt64, size: UInt64)
  /// The intake vault went on otherwise than what was collected before: this entry is another one.
  case wentOnOtherwise(name: String, entry: UInt64)
  /// What was collected before is not in the index of the intake vault any more.
  case altered(name: String, collected: UInt64)
  /// The check of the intake vault found damage.
  case damaged(name: String, [Finding])
}
