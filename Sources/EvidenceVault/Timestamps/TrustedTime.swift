public import Primitives
public import TimeStamp

/// That a part of this vault existed at a time, says an authority.
public struct TrustedTime: Hashable, Sendable {
  /// The earliest time at which the head can have been stamped.
  public let earliest: Timestamp
  /// The latest time at which the head was stamped.
  public let latest: Timestamp
  /// The subject of the authority's certificate, for people; anything may stand in it.
  public let authority: String
  /// The SHA-256 of that certificate as DER: whoever makes one of their own can give it any name.
  public let authorityDigest: Digest
  /// The number of entries of the head that was stamped; all of them existed then.
  public let entryCount: UInt64
  /// The file of the token, relative to the vault.
  public let path: String
}

/// Why a time-stamp was not taken.
public enum TimestampFault: Error, Hashable, Sendable {
  /// The certificate of the authority cannot be used.
  case certificate(TimeStampError)
  /// The answer of the authority, or its token, does not hold.
  case refused(TimeStampError)
  /// The stamp is on no checkpoint that this vault asked a stamp for.
  case notAskedFor
  /// The checkpoint that was stamped is not an earlier or the present head of this vault.
  case otherHead
  /// There is a time-stamp of this authority for this head already.
  case exists(path: String)
}
