internal import DurableStore
internal import Primitives
internal import TimeStamp
internal import TransparencyLog

/// The names of the files under `timestamps/`.
///
/// Source: FORMAT section 6.
enum TimestampFiles: Hashable {
  static let folder = "timestamps"

  /// The checkpoint that is to be stamped, under its own digest.
  case checkpoint(Digest)
  /// The query for it.
  case request(Digest)
  /// The token for it, and the certificate of the authority that vouches.
  case token(Digest, authority: Digest)
  /// The certificate of an authority as PEM, under the digest of its DER.
  case authority(Digest)

  /// The file of this name; `nil` for any other name.
  init?(name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard let digest = parts.first.flatMap({ Digest(hex: $0) }) else { return nil }
    switch parts.dropFirst() {
    case ["checkpoint"]: self = .checkpoint(digest)
    case ["tsq"]: self = .request(digest)
    case ["pem"]: self = .authority(digest)
    default:
      guard parts.count == 3, parts[2] == "tst", let authority = Digest(hex: parts[1]) else { return nil }
      self = .token(digest, authority: authority)
    }
  }

  /// The path relative to the vault.
  var path: String {
    switch self {
    case .checkpoint(let digest): "\(Self.folder)/\(digest.hex).checkpoint"
    case .request(let digest): "\(Self.folder)/\(digest.hex).tsq"
    case .token(let digest, let authority): "\(Self.folder)/\(digest.hex).\(authority.hex).tst"
    case .authority(let digest): "\(Self.folder)/\(digest.hex).pem"
    }
  }
}

/// The time-stamps of a head.
struct HeadStamps: Sendable {
  /// A token, which was verified, with the certificate of its authority.
  struct Stamp: Sendable {
    let time: TrustedTime
    let token: [UInt8]
    let certificate: [UInt8]
  }

  let sound: [Stamp]
  /// The paths of those that do not hold.
  let unsoundPaths: [String]
}

/// The files under `timestamps/`, each read and held against its name. What one of them states is checked, too: nothing
/// here is trusted because it lies in the vault.
struct TimestampReader {
  let vault: Vault
  /// The head that everything has to agree with.
  let head: Vault.Head

  /// The head in the checkpoint of this digest.
  ///
  /// - Throws: `TimestampFault.otherHead` if it is no earlier head of this vault, nor the present one.
  func stampedHead(_ digest: Digest) throws -> TreeHead {
    let file = TimestampFiles.checkpoint(digest)
    let bytes = try vault.root.contents(of: file.path, limit: SignedNote.maximumByteCount)
    guard SHA256Hasher.digest(of: bytes) == digest else { throw TimestampFault.refused(.otherImprint) }
    return try stampedHead(bytes)
  }

  func stampedHead(_ checkpoint: [UInt8]) throws -> TreeHead {
    guard let stamped = try? vault.note.anyHead(signedIn: SignedNote(checkpoint)), stamped.size <= head.tree.size
    else { throw TimestampFault.otherHead }
    let present = stamped.size == head.tree.size ? head.tree : try vault.tree(head.tree).head(ofSize: stamped.size)
    guard stamped == present else { throw TimestampFault.otherHead }
    return stamped
  }

  /// The query for the checkpoint of this digest; `nil` if none was kept.
  func request(_ digest: Digest) throws -> TimeStampRequest? {
    do {
      let bytes = try vault.root.contents(
        of: TimestampFiles.request(digest).path, limit: TimeStampRequest.maximumByteCount)
      let request = try TimeStampRequest(bytes)
      guard request.imprint == digest else { throw TimestampFault.refused(.otherImprint) }
      return request
    } catch StoreError.notFound {
      return nil
    }
  }

  func authority(_ digest: Digest) throws -> AuthorityCertificate {
    let bytes = try vault.root.contents(
      of: TimestampFiles.authority(digest).path, limit: AuthorityCertificate.maximumByteCount)
    let certificate = try AuthorityCertificate(pem: bytes)
    guard certificate.digest == digest, certificate.pem == bytes else {
      throw TimestampFault.certificate(.malformed(.certificate))
    }
    return certificate
  }

  /// The stamps of the very head that this reads by.
  func stampsOfHead() throws -> HeadStamps {
    var (sound, unsound) = ([HeadStamps.Stamp](), [String]())
    guard vault.root.contains(TimestampFiles.folder) else { return HeadStamps(sound: sound, unsoundPaths: unsound) }
    let head = SHA256Hasher.digest(of: head.note.bytes)
    for entry in try vault.root.directory(TimestampFiles.folder).entries() {
      guard let file = entry.name.flatMap(TimestampFiles.init(name:)), case .token(head, let authority) = file else {
        continue
      }
      do { sound.append(try stamp(head, authority: authority)) } catch {
        guard Self.isOfStamp(error) else { throw error }
        unsound.append(file.path)
      }
    }
    return HeadStamps(sound: sound, unsoundPaths: unsound.sorted())
  }

  private func stamp(_ head: Digest, authority digest: Digest) throws -> HeadStamps.Stamp {
    let token = try token(head, authority: digest)
    let authority = try authority(digest)
    let time = try trustedTime(TimeStampToken(token), stamping: stampedHead(head), head, authority: authority)
    return HeadStamps.Stamp(time: time, token: token, certificate: authority.pem)
  }

  private func token(_ digest: Digest, authority: Digest) throws -> [UInt8] {
    let path = TimestampFiles.token(digest, authority: authority).path
    return try vault.root.contents(of: path, limit: TimeStampToken.maximumByteCount)
  }

  /// Whether something is wrong with the stamp, and not with the disk.
  private static func isOfStamp(_ error: any Error) -> Bool {
    switch error {
    case is TimestampFault, is TimeStampError, StoreError.notFound, StoreError.notAFile, StoreError.symbolicLink,
      StoreError.tooLong:
      true
    default: false
    }
  }

  /// Verifies a token that is kept, and all that it rests on.
  func trustedTime(_ digest: Digest, authority: Digest) throws -> TrustedTime {
    let token = try TimeStampToken(token(digest, authority: authority))
    return try trustedTime(token, stamping: stampedHead(digest), digest, authority: self.authority(authority))
  }

  func trustedTime(
    _ token: TimeStampToken, stamping head: TreeHead, _ digest: Digest, authority: AuthorityCertificate
  ) throws -> TrustedTime {
    let stamp = try token.verified(imprint: digest, nonce: request(digest)?.nonce, authority: authority)
    return TrustedTime(
      earliest: Timestamp(secondsSince1970: stamp.earliest), latest: Timestamp(secondsSince1970: stamp.latest),
      authority: stamp.authority,
      authorityDigest: authority.digest, entryCount: head.size,
      path: TimestampFiles.token(digest, authority: authority.digest).path)
  }
}
