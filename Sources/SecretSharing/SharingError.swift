/// Why words are no share, shares do not combine, or a secret is not shared. Nothing secret is in it: words go by their
/// place.
public enum SharingError: Error, Hashable, Sendable {
  // The words of one share.
  /// Something besides words in lower case with one space between.
  case notWords
  /// No share has this many words.
  case wordCount(Int)
  /// The word at this place, counted from 0, is not in the list.
  case unknownWord(wordIndex: Int)
  /// The checksum is wrong. `suspect` is the place, counted from 0, of the one word whose replacement would make it
  /// right; `nil` if there is none, so that several words are wrong or missing.
  case wrongChecksum(suspect: Int?)
  /// The bits that fill up the value are not zeros.
  case invalidPadding
  /// More groups are asked for than there are.
  case groupThresholdAboveCount

  // Shares together; each goes by its place in the list, counted from 0.
  /// The share is of another secret, or of another splitting of it.
  case otherSet(shareIndex: Int)
  /// The share has another length.
  case otherLength(shareIndex: Int)
  /// Shares of one group ask for different numbers of shares.
  case mismatchedThreshold(shareIndex: Int)
  /// The same share once more.
  case duplicateShare(shareIndex: Int)
  /// Fewer shares, or fewer groups, than are needed.
  case tooFewShares
  /// More shares, or more groups, than are needed: which of them to believe is not for a program to say.
  case tooManyShares
  /// The shares do not belong together, or one was forged.
  case wrongDigest

  // What a caller asks for.
  /// Not 128 to 512 bits, or an odd number of bytes.
  case secretByteCount(Int)
  /// Not 1 ≤ threshold ≤ count ≤ 16, or a threshold of 1 for several shares.
  case invalidThreshold
  /// The passphrase has characters beyond printable ASCII.
  case invalidPassphrase
  /// An iteration exponent beyond 15, or an identifier beyond 15 bits.
  case invalidParameter
}
