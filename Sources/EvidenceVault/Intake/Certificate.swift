internal import DurableStore
internal import TransparencyLog
internal import Wording

/// Whoever vouches for a vault that it makes: another vault, by its `vault` key.
struct Certifier {
  let origin: NoteLine
  let signer: VaultSigner

  func sign(_ text: NoteText) throws(LogError) -> NoteSignature { try signer.sign(text, for: .vault, origin: origin) }
}

extension VaultNote {
  /// Whether the `vault` key of another vault signed this note too. The key keeps its bytes and changes its name when a
  /// restored copy is accepted: it counts under every name that it had. One that was replaced counts, unless it was
  /// revoked.
  ///
  /// - Throws: `VaultError.damaged` for a signature in the name of that key that does not fit.
  ///
  /// Source: FORMAT section 16.
  public func isCertified(by certifier: VaultNote) throws(VaultError) -> Bool {
    do {
      let revoked = certifier.keyPeriods.filter { $0.trusted < $0.end }.map(\.vaultKey)
      let keys = certifier.origins.compactMap { certifier.key(.vault, of: $0) }.filter { !revoked.contains($0.key) }
      return try !note.verified(by: keys).isEmpty
    } catch {
      guard case .notSigned = error else {
        let detail: Phrase = "the certificate does not fit: \(DamageText.phrase(error))"
        throw .damaged(Finding(.note, path: Self.fileName, detail: detail))
      }
      return false
    }
  }

  /// Whether somebody else signed the note too. Who, only whoever has their card can tell.
  var hasCertificate: Bool { note.signatures.contains { $0.name != vaultKey.name } }

  /// Whether another note is one that this vault had.
  func follows(_ other: VaultNote) -> Bool { key(.vault, of: other.origin)?.key == other.vaultKey.key }
}

/// The note that a maker certified, kept when the vault has another one: readers, keys and origins change, and the
/// certificate says who made the vault.
///
/// Source: FORMAT sections 1 and 16.
extension Vault {
  static let certificateName = "certificate.note"

  /// Whether another vault made this one, and whether that says anything of its present signing key.
  public enum Certification: Hashable, Sendable {
    case none
    /// The certificate is on the note, or on an earlier one under the same signing key.
    case present
    /// It is under a key that was replaced since. Who replaced that, it does not say: whoever has seized a key can.
    case formerKey
  }

  /// - Throws: as `VaultNote.isCertified`.
  public func certification(by certifier: VaultNote) throws(VaultError) -> Certification {
    guard let key = try certifiedKey(by: certifier) else { return .none }
    return key.key == note.vaultKey.key ? .present : .formerKey
  }

  /// The `vault` key of this vault that another one certified; `nil` if it did not.
  ///
  /// - Throws: as `VaultNote.isCertified`.
  func certifiedKey(by certifier: VaultNote) throws(VaultError) -> VerifierKey? {
    if try note.isCertified(by: certifier) { return note.vaultKey }
    guard let bytes = try? root.contents(of: Self.certificateName, limit: SignedNote.maximumByteCount),
      let made = try? VaultNote(bytes), note.follows(made),
      try made.isCertified(by: certifier)
    else { return nil }
    return made.vaultKey
  }

  /// The same, if the other one made this vault: what a vault signs is also its own note.
  func keyMade(by maker: VaultNote) throws(VaultError) -> VerifierKey? {
    guard Set(note.vaultKeys).isDisjoint(with: maker.vaultKeys) else { return nil }
    return try certifiedKey(by: maker)
  }

  /// Keeps the present note before another takes its place, if somebody certified it.
  func keepCertificate(in incoming: Directory) throws {
    guard !root.contains(Self.certificateName),
      note.hasCertificate
    else { return }
    let placement = placement(incoming)
    try placement.place(placement.write(note.note.bytes, ending: ".part"), at: Self.certificateName)
  }
}
