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
    let sentence = Message.shown(error.explanation)
    self =
      switch error {
      case .malformed, .beyondLimit:
        Explanation(.findings, "the answer of the authority cannot be read", askAgain)
      case .refused: Explanation(.failure, sentence, askAgain)
      case .unsupportedAlgorithm: Explanation(.failure, sentence, "ask another authority")
      case .otherImprint, .otherNonce, .invalidSignature, .otherSigner: Explanation(.findings, sentence, askAgain)
      case .notForTimeStamping, .notValidThen: Explanation(.unknownSigner, sentence, askAgain)
      case .otherAuthority:
        Explanation(.unknownSigner, sentence, "give the certificate that issued the signer's, from a source you trust")
      }
  }
}

private let askAgain: Phrase = "send a query again, to this authority or another"
