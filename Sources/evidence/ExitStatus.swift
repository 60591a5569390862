internal import Wording

/// How a command ends; the table of the manual.
enum ExitStatus: Int32, Error, CaseIterable {
  /// Done, or sound.
  case done = 0
  /// A failure not listed here.
  case failure = 1
  /// Partly done.
  case partial = 3
  /// No vault here.
  case noVault = 10
  /// Another process is committing.
  case busy = 11
  /// Wrong passphrase or key.
  case wrongKey = 12
  /// Integrity findings.
  case findings = 20
  /// An older copy than expected.
  case rolledBack = 21
  /// Signed by an unknown key.
  case unknownSigner = 22
  /// Refused by consent.
  case refused = 30
  /// Incomplete for the chosen template.
  case incomplete = 31
  /// Wrong use of the command line.
  case usage = 64
  /// Interrupted.
  case interrupted = 130
}

/// A command line that cannot be meant.
struct UsageFault: Error {
  let sentence: Phrase
  let hint: Phrase?

  init(_ sentence: Phrase, hint: Phrase? = nil) {
    self.sentence = sentence
    self.hint = hint
  }
}
