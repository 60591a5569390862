internal import Primitives
internal import TimeStamp
internal import TransparencyLog

/// Checks the time-stamps in a bundle: each is on the checkpoint that the proofs lead to, and comes with the
/// certificate that its sender checked it with. Whether the authority is to be trusted, a person has to say.
///
/// Source: FORMAT section 7.
struct BundleTimestampCheck {
  let files: BundleFiles
  let note: BundleNote
  /// The items, whose proofs were checked before. Nothing else that looks like a proof counts: a stamp on an earlier
  /// head would date all of the bundle back.
  let items: [Record]

  func run() throws -> [TrustedTime] {
    let paths = files.digests.keys.filter { $0.isBelow(Bag.timestamps) }.sorted()
    let imprints = Set(checkpoints.map { SHA256Hasher.digest(of: $0) })
    var times: [TrustedTime] = []
    var remaining = Set(paths)
    for path in paths {
      guard let digest = authority(path) else { continue }
      guard remaining.remove(path) != nil, remaining.remove(Bag.authorityPath(digest)) != nil else {
        throw VaultError.bundle(.missingFile(Bag.authorityPath(digest).text))
      }
      times.append(try check(digest, imprints))
    }
    if let path = remaining.min() { throw VaultError.bundle(.unexpectedFile(path.text)) }
    return times
  }

  /// The checkpoints that the items are proven to be under: one head, perhaps with several sets of signatures.
  private var checkpoints: [[UInt8]] {
    items.compactMap { item in
      files.contents[Bag.proofPath(item.index)].flatMap { try? TlogProof($0) }?.note.bytes
    }
  }

  private func authority(_ path: BagPath) -> Digest? {
    let name = path.bytes.dropFirst(Bag.timestamps.bytes.count + 1).prefix(2 * Digest.byteCount)
    return Digest(hex: String(decoding: name, as: UTF8.self)).flatMap { Bag.tokenPath($0) == path ? $0 : nil }
  }

  private func check(_ digest: Digest, _ imprints: Set<Digest>) throws -> TrustedTime {
    let path = Bag.tokenPath(digest)
    do {
      let token = try TimeStampToken(files.content(of: path))
      let pem = try files.content(of: Bag.authorityPath(digest))
      let authority = try AuthorityCertificate(pem: pem)
      guard let imprint = token.claimedImprint, imprints.contains(imprint), authority.digest == digest,
        authority.pem == pem
      else { throw TimeStampError.otherImprint }
      let stamp = try token.verified(imprint: imprint, nonce: nil, authority: authority)
      return TrustedTime(
        earliest: Timestamp(secondsSince1970: stamp.earliest), latest: Timestamp(secondsSince1970: stamp.latest),
        authority: stamp.authority,
        authorityDigest: digest, entryCount: note.head.size, path: path.text)
    } catch {
      throw VaultError.bundle(.malformedFile(path.text))
    }
  }
}
