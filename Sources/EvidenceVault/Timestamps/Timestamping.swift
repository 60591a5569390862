internal import DurableStore
internal import Primitives
internal import TimeStamp
internal import TransparencyLog
internal import Wording

extension Vault {
  /// The query for a time-stamp on the present checkpoint, as DER. The checkpoint and the query are kept, so that the
  /// answer fits also after the vault has grown; asked again for the same checkpoint, it is the same query.
  ///
  /// - Throws: what `head` throws, `StoreError.busy` as `VaultError.file`, or the file system's refusal.
  ///
  /// Source: FORMAT section 6; RFC 3161 section 2.4.1.
  public func timestampRequest() throws(VaultError) -> (request: [UInt8], head: Head) {
    do {
      let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
      let head = try head()
      let checkpoint = head.note.bytes
      let digest = SHA256Hasher.digest(of: checkpoint)
      let reader = TimestampReader(vault: self, head: head)
      let nonce = environment.randomness.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      let request = try reader.request(digest) ?? TimeStampRequest(imprint: digest, nonce: nonce)
      let held = HeldInterrupts()
      try keep(checkpoint, as: .checkpoint(digest))
      try keep(request.bytes, as: .request(digest))
      _ = consume held
      _ = consume lock
      return (request.bytes, head)
    } catch {
      throw VaultError(error)
    }
  }

  /// Verifies what an authority answered, and keeps the token and the certificate of the authority that it was verified
  /// with, given as PEM.
  ///
  /// - Throws: `VaultError.timestamp`, and as `timestampRequest`; nothing was kept then.
  ///
  /// Source: FORMAT section 6; RFC 3161 section 2.4.2.
  public func attachTimestamp(_ response: [UInt8], authority pem: [UInt8]) throws(VaultError) -> TrustedTime {
    do {
      let authority = try Self.authority(pem)
      let token = try TimeStampResponse(response).token
      let lock = try FileLock(on: root, patience: environment.lockPatience, onWait: environment.onWait)
      let reader = TimestampReader(vault: self, head: try head())
      guard let digest = token.claimedImprint else { throw TimestampFault.refused(.otherImprint) }
      let isKept = root.contains(TimestampFiles.checkpoint(digest).path)
      // A stamp on the checkpoint that is there now fits even if somebody else asked for it.
      let checkpoint = reader.head.note.bytes
      guard isKept || SHA256Hasher.digest(of: checkpoint) == digest else { throw TimestampFault.notAskedFor }
      let stamped = try isKept ? reader.stampedHead(digest) : reader.stampedHead(checkpoint)
      let time = try reader.trustedTime(token, stamping: stamped, digest, authority: authority)
      guard !root.contains(time.path) else { throw TimestampFault.exists(path: time.path) }

      let held = HeldInterrupts()
      if !isKept { try keep(checkpoint, as: .checkpoint(digest)) }
      try keep(authority.pem, as: .authority(authority.digest))
      try keep(token.bytes, as: .token(digest, authority: authority.digest))
      _ = consume held
      _ = consume lock
      return time
    } catch {
      throw VaultError(error)
    }
  }

  private static func authority(_ pem: [UInt8]) throws -> AuthorityCertificate {
    do throws(TimeStampError) { return try AuthorityCertificate(pem: pem) } catch {
      throw TimestampFault.certificate(error)
    }
  }

  /// Puts a file in its place for good, unless the very same lies there already. What a token rests on is kept before
  /// it, so that a token is never without.
  private func keep(_ bytes: [UInt8], as file: TimestampFiles) throws {
    if root.contains(file.path) {
      let present = try? root.contents(of: file.path, limit: SignedNote.maximumByteCount)
      guard present == bytes else {
        throw VaultError.damaged(Finding(.timestamp, path: file.path, detail: "not what was written here"))
      }
      return
    }
    let incoming = try root.directory(Self.incomingFolder)
    let placement = placement(incoming)
    let name = try placement.write(bytes, ending: ".part")
    do { try placement.place(name, at: file.path) } catch {
      try? incoming.remove(name)
      throw error
    }
  }
}
