/// Why an age file could not be sealed or opened. The first five cases are the classes that the age test vectors tell
/// apart.
///
/// Source: c2sp.org/age; c2sp.org/CCTV/age.
public enum AgeError: Error, Equatable, Sendable {
  /// No identity or passphrase opens the file.
  case noMatch
  /// The header is not as the specification says, or a stanza in it is malformed.
  case header(HeaderFault)
  /// The header was changed after it was made.
  case headerMAC
  /// The payload is truncated, extended or changed, from this chunk on (counted from 0).
  case payload(chunkIndex: Int)
  /// The text armor around the file is malformed, at this line (counted from 1).
  case armor(line: Int)

  /// A recipient is misspelled, of an unknown kind, or a key that protects nothing, at this line of its file (counted
  /// from 1) unless it came alone.
  case invalidRecipient(line: Int?)
  /// An identity is misspelled or of an unknown kind, at this line of its file (counted from 1).
  case invalidIdentity(line: Int)
  /// An SSH key of another kind than `ssh-ed25519`, at this line of its file (counted from 1) unless it came alone.
  case unsupportedSSHKey(line: Int?)
  /// The file of an SSH key is itself encrypted with a passphrase, which this code cannot undo.
  case encryptedSSHKey
  /// No recipient was given, or classic recipients beside post-quantum ones, which would undo their protection.
  case unsuitableRecipients
  /// The file is in text armor, whose bytes have no known places; it can only be opened from its start.
  case noRandomAccess
}

/// What is wrong with a header.
public enum HeaderFault: Error, Equatable, Sendable {
  /// The first line is not that of an age file at all.
  case notAnAgeFile
  /// A version of the format that this code does not know.
  case unknownVersion
  /// A line breaks the grammar.
  case malformed
  /// Longer than any honest header.
  case tooLong
  /// A stanza that an identity knows by name has wrong arguments or a wrong size.
  case malformedStanza
  /// A passphrase stanza stands beside other stanzas.
  case passphraseNotAlone
  /// The passphrase stanza asks for more work than allowed.
  case workFactorTooHigh
}
