internal import Crypto
internal import CryptoExtras

/// A hash function that other people's signatures are made with.
public enum MessageHash: Sendable {
  /// SHA-1, for naming a certificate that is checked by its signature anyway; never under a signature.
  case sha1
  /// SHA-256.
  case sha256
  /// SHA-384.
  case sha384
  /// SHA-512.
  case sha512

  /// The value of the function: 20, 32, 48 or 64 bytes.
  public func digest(of bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .sha1: Array(Insecure.SHA1.hash(data: bytes))
    case .sha256: Array(SHA256.hash(data: bytes))
    case .sha384: Array(SHA384.hash(data: bytes))
    case .sha512: Array(SHA512.hash(data: bytes))
    }
  }
}

/// A public key out of somebody's certificate, of a kind that this project does not sign with itself. It only checks.
///
/// Source: RFC 8017 section 8.2, FIPS 186-5 section 6; swift-crypto, because libsodium knows neither RSA nor the curves
/// of NIST.
public struct CertifiedKey: Sendable {
  /// What sort of key it is.
  public enum Kind: Sendable {
    /// RSA, of 2,048 bits or more; signatures by PKCS #1 version 1.5.
    case rsa
    /// ECDSA over P-256.
    case p256
    /// ECDSA over P-384.
    case p384
    /// ECDSA over P-521.
    case p521
  }

  private enum Key: Sendable {
    case rsa(_RSA.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)
  }

  /// What sort of key it is.
  public let kind: Kind
  private let key: Key

  /// Reads the DER of a SubjectPublicKeyInfo; `nil` if it is no such key, or an RSA key that is too short.
  public init?(_ kind: Kind, subjectPublicKeyInfo der: [UInt8]) {
    self.kind = kind
    do {
      switch kind {
      case .rsa: key = .rsa(try _RSA.Signing.PublicKey(derRepresentation: der))
      case .p256: key = .p256(try P256.Signing.PublicKey(derRepresentation: der))
      case .p384: key = .p384(try P384.Signing.PublicKey(derRepresentation: der))
      case .p521: key = .p521(try P521.Signing.PublicKey(derRepresentation: der))
      }
    } catch {
      return nil
    }
  }

  /// Whether `signature` is one of this key over the digest of `message`; never with SHA-1.
  public func isValid(_ signature: [UInt8], for message: [UInt8], by hash: MessageHash) -> Bool {
    switch hash {
    case .sha1: false
    case .sha256: isValid(signature, for: SHA256.hash(data: message))
    case .sha384: isValid(signature, for: SHA384.hash(data: message))
    case .sha512: isValid(signature, for: SHA512.hash(data: message))
    }
  }

  private func isValid(_ signature: [UInt8], for digest: some Crypto.Digest) -> Bool {
    switch key {
    case .rsa(let key):
      key.isValidSignature(
        _RSA.Signing.RSASignature(rawRepresentation: signature), for: digest, padding: .insecurePKCS1v1_5)
    case .p256(let key):
      (try? P256.Signing.ECDSASignature(derRepresentation: signature))
        .map { key.isValidSignature($0, for: digest) } ?? false
    case .p384(let key):
      (try? P384.Signing.ECDSASignature(derRepresentation: signature))
        .map { key.isValidSignature($0, for: digest) } ?? false
    case .p521(let key):
      (try? P521.Signing.ECDSASignature(derRepresentation: signature))
        .map { key.isValidSignature($0, for: digest) } ?? false
    }
  }
}
