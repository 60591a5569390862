import Primitives
import TestFolders
import TimeStamp

/// One stamp of a local authority, to be refused in every way.
struct Sample: Sendable {
  static let digest = SHA256Hasher.digest(of: "a checkpoint\n".utf8)
  static let request = TimeStampRequest(imprint: digest, nonce: 0xf123_4567_89ab_cdef)

  let response: [UInt8]
  let root: AuthorityCertificate
  let intermediate: AuthorityCertificate

  init(_ authority: TimeStampAuthority) throws {
    response = try authority.answer(Self.request.bytes)
    root = try AuthorityCertificate(pem: authority.certificate)
    intermediate = try AuthorityCertificate(pem: authority.intermediate)
  }

  static let rsa = Result { try Sample(TimeStampAuthority(.rsa)) }
  static let p256 = Result { try Sample(TimeStampAuthority(.p256)) }

  static func made(_ keys: TimeStampAuthority.Keys) throws -> Sample { try (keys == .rsa ? rsa : p256).get() }

  func verified(_ response: [UInt8]? = nil) throws -> VerifiedTimeStamp {
    try TimeStampResponse(response ?? self.response).token.verified(
      imprint: Self.digest, nonce: Self.request.nonce, authority: root)
  }
}
