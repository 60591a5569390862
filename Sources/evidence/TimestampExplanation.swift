internal import EvidenceVault
internal import TimeStamp
internal import Wording

extension Explanation {
  /// Why a time-stamp was not taken. Nothing was kept in any of these cases.
  init(_ fault: TimestampFault) {
    self =
      switch fault {
      case .certificate(.unsupportedAlgorithm(let name)):
        Explanation(.usage, "the certificate of the authority uses an unsupported algorithm: \(Message.shown(name))")
      case .certificate:
        Explanation(
          .usage, "the certificate of the authority cannot be read", "give one X.509 certificate as PEM")
      case .refused(let error): Explanation(error)
      case .notAskedFor:
        Explanation(
          .findings, "the time-stamp is on something else than a checkpoint of this vault that a stamp was asked for",
          "was it made for another vault, or a query from elsewhere?")
      case .otherHead:
        Explanation(
          .findings, "the checkpoint that was stamped is not a head of this vault", "run evidence verify")
      case .exists(let path):
        Explanation(.failure, "there is a time-stamp of this authority for this head already: \(Message.shown(path))")
      }
  }

  private init(_ error: TimeStampError) {
    self =
      switch error {
      case .refused(let status):
        Explanation(.failure, "the authority made no time-stamp: it answered with status \(status)", askAgain)
      case .malformed(.certificate), .malformed, .beyondLimit:
        Explanation(.findings, "the answer of the authority cannot be read", askAgain)
      case .unsupportedAlgorithm(let name):
        Explanation(
          .failure, "the time-stamp uses an unsupported algorithm: \(Message.shown(name))", "ask another authority")
      case .otherImprint: Explanation(.findings, "the time-stamp is on other bytes", askAgain)
      case .otherNonce: Explanation(.findings, "the time-stamp answers another query", askAgain)
      case .invalidSignature: Explanation(.findings, "the signature of the time-stamp does not fit", askAgain)
      case .otherSigner:
        Explanation(.findings, "the time-stamp lacks the certificate of its signer, or names another", askAgain)
      case .notForTimeStamping:
        Explanation(
          .unknownSigner, "the time-stamp was signed with a certificate that is not for time-stamping alone", askAgain)
      case .notValidThen:
        Explanation(
          .unknownSigner, "a certificate behind the time-stamp was not valid at the time it states", askAgain)
      case .otherAuthority:
        Explanation(
          .unknownSigner, "the time-stamp does not come from the authority of this certificate",
          "give the certificate that issued the signer's, from a source you trust")
      }
  }
}

private let askAgain: Phrase = "send a query again, to this authority or another"
