/// Why a query, an answer or a certificate was refused.
public enum TimeStampError: Error, Hashable, Sendable {
  /// What cannot be read.
  public enum Part: String, Hashable, Sendable {
    /// The query.
    case request
    /// The answer of the authority.
    case response
    /// The signed message in the answer.
    case token
    /// A certificate.
    case certificate
  }

  /// Not the DER that the standard prescribes, or with something this version does not know.
  case malformed(Part)
  /// More bytes or certificates than are looked at.
  case beyondLimit(Part)
  /// The authority answered that it makes no time-stamp; `status` as in RFC 3161 section 2.4.2.
  case refused(status: Int)
  /// An algorithm that is not supported, by its object identifier.
  case unsupportedAlgorithm(String)
  /// The stamp is on other bytes.
  case otherImprint
  /// The answer is to another query.
  case otherNonce
  /// The digest or the signature does not fit the content.
  case invalidSignature
  /// The signed attributes name another certificate than the signer's, or it is not in the token.
  case otherSigner
  /// The signer's certificate is not one for time-stamping alone.
  case notForTimeStamping
  /// A certificate was not valid at the time that the stamp states.
  case notValidThen
  /// The signer's certificate does not lead to the authority.
  case otherAuthority
}
