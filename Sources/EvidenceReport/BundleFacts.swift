internal import EvidenceVault
internal import Primitives
internal import Wording

/// What both reports say of a bundle in the same words.
enum BundleFacts {
  /// Whose clocks there are.
  static let clocks: Phrase = """
    The sender's clock says when the bundle was made, and when each entry was added or sealed; the sender's disk says \
    when each file was last changed. Only a time-stamp shows that something existed at a time.
    """

  /// Said before dates that do not go together.
  static let doubts: Phrase = "Dates that do not agree with one another; clocks can be wrong"

  /// Said of a receipt: nothing in a bundle proves it.
  static let receipt: Phrase = """
    what follows is the word of that recipient, by their clock, as the sender tells it
    """

  /// Said of a check of which it is not said what it found.
  static let resultWithheld: Phrase = "what the check found is not in this bundle"

  /// Which key signed what, where keys were replaced.
  static func keys(of sender: VaultNote) -> [Phrase] {
    sender.formerKeys.filter { $0.start < $0.end }.map { key in
      let (first, last, words) = (key.start, key.end - 1, key.fingerprint)
      guard key.trusted < key.end else {
        return "Entries \(first) to \(last) were signed by an earlier key (\(words)), replaced at entry \(key.end)."
      }
      return """
        Entries \(first) to \(last) were signed by an earlier key (\(words)), revoked at entry \(key.end): from entry \
        \(key.trusted) on, what it signed is not trusted.
        """
    }
  }

  /// What a time-stamp shows. Anybody can make a certificate with any name in it: the name is quoted, and the digest
  /// says which certificate it is.
  static func stamp(_ time: TrustedTime) -> Phrase {
    let (last, name) = (max(time.entryCount, 1) - 1, Printable.line(time.authority))
    return """
      By then the sender's index existed up to entry \(last), says the authority "\(name)", whose certificate has the \
      SHA-256 \(time.authorityDigest.hex). The sender chose this authority.
      """
  }
}
