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
        let reason = String(describing: error)
        throw .damaged(Finding(.note, path: Self.fileName, detail: "the certificate does not fit: \(reason)"))
      }
      return false
    }
  }
}
