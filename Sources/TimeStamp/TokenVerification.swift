public import Primitives

/// What a verified token proves: that the bytes with this digest existed at a time, says an authority.
public struct VerifiedTimeStamp: Hashable, Sendable {
  /// The SHA-256 of what was stamped.
  public let imprint: Digest
  /// The earliest time at which the stamp can have been made: the one stated, less the error of the authority's clock.
  /// In seconds since 1970.
  public let earliest: Int64
  /// The latest time at which the stamp can have been made: the one stated, and the error of the authority's clock as
  /// far as it states one. In seconds since 1970, rounded up.
  public let latest: Int64
  /// The subject of the certificate that signed, for people; anything may stand in it.
  public let signer: String
  /// The subject of the authority, for people.
  public let authority: String
  /// What was signed: the TSTInfo as DER.
  public let content: [UInt8]
}

extension TimeStampToken {
  /// The most certificates between the signer's and the authority's.
  private static let maximumDepth = 8

  /// Checks the token: what it is on, what it answers, who signed it, and that the authority let them.
  ///
  /// - Parameter nonce: The number of the query; `nil` if it is not known any more.
  /// - Throws: `otherImprint`, `otherNonce`, `invalidSignature`, `otherSigner`, `notForTimeStamping`, `notValidThen`,
  ///   `otherAuthority`.
  ///
  /// Source: RFC 3161 sections 2.3 and 2.4.2; RFC 5652 section 5.6; RFC 5816 section 2.2; RFC 5280 section 6.1.
  public func verified(
    imprint: Digest, nonce: UInt64?, authority: AuthorityCertificate
  ) throws(TimeStampError) -> VerifiedTimeStamp {
    guard claimedImprint == imprint else { throw .otherImprint }
    if let nonce, info.nonce != TimeStampRequest.integerBytes(nonce) { throw .otherNonce }
    guard let certificate = certificates.first(where: signer.names) else { throw .otherSigner }
    guard signer.attributes.messageDigest == signer.hash.digest(of: content), signer.isSigned(by: certificate) else {
      throw .invalidSignature
    }
    guard certificate.isForTimeStamping else { throw .notForTimeStamping }
    try requireChain(from: certificate, to: authority.certificate)
    return VerifiedTimeStamp(
      imprint: imprint, earliest: info.time - info.accuracy, latest: info.time + info.accuracy,
      signer: certificate.subjectText, authority: authority.certificate.subjectText, content: content)
  }

  private func requireChain(from certificate: Certificate, to authority: Certificate) throws(TimeStampError) {
    var visited: Set<[UInt8]> = []
    guard let chain = chain(from: certificate, to: authority, depth: 0, visited: &visited) else {
      throw .otherAuthority
    }
    guard chain.allSatisfy({ $0.validity.contains(info.time) }) else { throw .notValidThen }
  }

  /// The certificates from the signer's to the authority's, each issued by the next. Each is tried once: certificates
  /// that issued one another must not cost a signature check for every way through them.
  private func chain(
    from certificate: Certificate, to authority: Certificate, depth: Int, visited: inout Set<[UInt8]>
  ) -> [Certificate]? {
    if authority.mayIssue(depth: depth), certificate.isIssued(by: authority) { return [certificate, authority] }
    guard depth < Self.maximumDepth, visited.insert(certificate.bytes).inserted else { return nil }
    for issuer in certificates where !visited.contains(issuer.bytes) && issuer.mayIssue(depth: depth) {
      guard certificate.isIssued(by: issuer) else { continue }
      if let rest = chain(from: issuer, to: authority, depth: depth + 1, visited: &visited) {
        return [certificate] + rest
      }
    }
    return nil
  }
}

extension TimeStampRequest {
  /// The bytes of a number as a DER INTEGER has them: no more than needed, and the first bit is the sign.
  static func integerBytes(_ number: UInt64) -> [UInt8] {
    var bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    while bytes.count > 1, bytes[0] == 0 { bytes.removeFirst() }
    return bytes[0] & 0x80 == 0 ? bytes : [0] + bytes
  }
}
