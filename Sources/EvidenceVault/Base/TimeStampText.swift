public import TimeStamp
public import Wording

extension TimeStampError {
  /// What is wrong with a time-stamp, for people. The name of an algorithm comes from whoever made it.
  public var explanation: Phrase {
    switch self {
    case .malformed(.certificate): "the certificate of the authority cannot be read"
    case .malformed: "it does not have the form that it must have"
    case .beyondLimit: "it is larger than any such file can be"
    case .refused(let status): "the authority made no time-stamp: it answered with status \(status)"
    case .unsupportedAlgorithm(let name): "the time-stamp uses an unsupported algorithm: \(name)"
    case .otherImprint: "the time-stamp is on other bytes"
    case .otherNonce: "the time-stamp answers another query"
    case .invalidSignature: "the signature of the time-stamp does not fit"
    case .otherSigner: "the time-stamp lacks the certificate of its signer, or names another"
    case .notForTimeStamping: "the time-stamp was signed with a certificate that is not for time-stamping alone"
    case .notValidThen: "a certificate behind the time-stamp was not valid at the time it states"
    case .otherAuthority: "the time-stamp does not come from the authority of this certificate"
    }
  }
}
