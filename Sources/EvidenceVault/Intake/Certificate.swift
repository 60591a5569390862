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
  /// restored copy is accepted: it counts under every name that it had.
  ///
  /// - Throws: `VaultError.damaged` for a signature in the name of that key that does not fit.
  ///
  /// Source: FORMAT section 16.
  public func isCertified(by certifier: VaultNote) throws(VaultError) -> Bool {
    do {
      let names = try ([certifier.origin] + certifier.continuations.map(\.origin)).map {
        origin throws(LogError) in try Self.name(.vault, origin: origin)
      }
      let keys = names.map { VerifierKey(name: $0, key: certifier.vaultKey.key) }
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
