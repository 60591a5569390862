@testable import EvidenceVault
import TestFolders
import TransparencyLog

/// What becomes of the sender's vault and its key.
extension ReceivingFixture {
  @discardableResult
  func addOrder(_ text: String) throws -> UInt64 { try sender.addDocument("Order", files: ["order.txt": text]) }

  /// Replaces the signing key; revokes what it signed behind a head, if one is given.
  func replaceKey(trusting trusted: Vault.Head? = nil, with key: NextSigningKey? = nil) throws {
    let key = key ?? NextSigningKey(generating: sender.environment)
    _ = try sender.open().replaceSigningKey(
      with: key, trusting: trusted.map { .note($0.note) }, passphrase: VaultFixture.passphrase(), workFactorLog2: 1,
      signer: sender.signer)
    sender.signer = key.signer
  }

  /// What whoever has a copy of the vault, and its key, makes of it; then the vault is its owner's again.
  func stolen(_ act: () throws -> String) throws -> String {
    let (before, signer) = (try Tree(of: sender.path), sender.signer)
    let path = try act()
    try TemporaryFolder.remove(sender.path)
    try before.write(to: sender.path)
    sender.signer = signer
    return path
  }
}
