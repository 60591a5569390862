/// What all shares of one splitting have in common, and whoever holds one can see.
///
/// Source: SLIP-0039, "Format of the share mnemonic".
public struct ShareSet: Hashable, Sendable {
  static let maximumIdentifier = 0x7fff
  static let maximumIterationExponent = 15

  /// A random number of 15 bits, the same in all shares of a set.
  public let identifier: Int
  /// Whether the identifier has no part in the encryption, so that what was encrypted can be split again under another.
  public let isExtendable: Bool
  /// The encryption takes 10,000 rounds times 2 to the power of this.
  public let iterationExponent: Int
  /// How many groups are needed.
  public let groupThreshold: Int
  /// How many groups there are.
  public let groupCount: Int
}

extension WordIndices {
  /// How many words come before the value of a share.
  static let headCount = 4

  /// The sixteenth bit; it decides which checksum is the right one. Which set a share is of is not secret.
  var isExtendable: Bool { bits(1, at: 15) == 1 }
}
