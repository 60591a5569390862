public import Age
internal import DurableStore
internal import Primitives
internal import StrictJSON
internal import TransparencyLog

/// An intake vault that was made.
public struct NewIntake: Sendable {
  /// The new vault.
  public let vault: Vault
  /// The entry here that makes it known.
  public let entry: UInt64
}

extension VaultReader {
  /// Makes an intake vault at `path`, where nothing may be yet: its readers are those of this vault, its signing key is
  /// its own, and it has no key that reads. This vault certifies it, and knows it by an entry.
  ///
  /// The vault is built under a temporary name, the entry is made, and then the vault appears whole: a crash between
  /// the two leaves an entry of a vault that nobody has, never a vault without an entry.
  ///
  /// - Throws: `VaultError.file(.exists)`, `.intake(.exists)`, `.grownMeanwhile` if another process added entries: read
  ///   again then; as `Vault.create`.
  ///
  /// Source: FORMAT section 16.
  public func createIntake(
    at path: String, name: String, reason: String? = nil, passphrase: borrowing Passphrase,
    workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, signer: VaultSigner
  ) throws(VaultError) -> NewIntake {
    let environment = vault.environment
    do {
      // First, since it also removes what a crash left here, even if the entry of that try now holds the name.
      let quarantine = try Quarantine(for: path, nonce: Hex.encode(environment.randomness.bytes(8)))
      if try intakes().contains(where: { $0.name.utf8.elementsEqual(name.utf8) && $0.revocation == nil }) {
        throw VaultError.intake(.exists(name: name))
      }
      let note = try Vault.build(
        in: quarantine.root, readers: vault.note.readers, passphrase: passphrase, workFactorLog2: workFactorLog2,
        certifier: Certifier(origin: vault.note.origin, signer: signer), environment: environment)
      var fields: JSONObject = ["name": .string(name), "verifying_key": .string(note.vaultKey.description)]
      if let reason { fields["reason"] = .string(reason) }
      let entry = try vault.addEvents(
        IntakeEvent.made, [fields], after: head.tree, signer: signer, finishing: { try quarantine.publish() }
      ).indices.lowerBound
      let made = try Vault(opening: path, environment: environment)
      made.pin(try made.readHead())
      return NewIntake(vault: made, entry: entry)
    } catch {
      throw VaultError(error)
    }
  }
}
