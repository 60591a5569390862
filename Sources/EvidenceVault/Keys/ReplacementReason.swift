internal import Age
internal import DurableStore
internal import Primitives
internal import Streams
internal import TransparencyLog

/// Why a signing key was replaced, from before the replacement counts until the entry that says so: whoever finishes
/// what was cut short still has it. It is sealed to a key that the new signing seed gives, and that is at hand to
/// whoever makes the entry, also in a vault that keeps no reading key.
///
/// Source: FORMAT sections 1 and 2.
extension SealedKeyFile {
  static let reasonPrefix = "signing-reason-"

  static func reason(of key: VerifyingKey) -> String { reasonPrefix + VaultNote.promise(of: key).hex + ending }
}

extension Vault {
  /// Keeps the reason for which the key of `next` takes the place of the present one.
  func keepReason(_ reason: String, for next: VaultSigner) throws {
    guard let identity = next.sealingIdentity else { return }
    var text = SecretText(capacity: reason.utf8.count)
    text.append(reason)
    try placeKey(
      text.finish(), sealedTo: [identity.recipient],
      as: SealedKeyFile.reason(of: next.key(for: .vault).verifyingKey))
  }

  /// The reason that was kept for the present key; `nil` if there is none that opens. A damaged file keeps nobody from
  /// adding evidence.
  func keptReason(_ signer: VaultSigner) -> String? {
    let name = SealedKeyFile.reason(of: note.vaultKey.key)
    guard let identity = signer.sealingIdentity,
      let bytes = try? root.directory(SealedKeyFile.folder).contents(of: name, limit: SealedKeyFile.maximumByteCount),
      let text = try? SealedFile(reading: MemorySource(bytes)).open(with: [identity]) as [UInt8]
    else { return nil }
    return String(validating: text, as: UTF8.self)
  }

  /// Removes the reason once the entry has it: the head is signed by the present key then.
  func settleReason(in keys: Directory) throws {
    let name = SealedKeyFile.reason(of: note.vaultKey.key)
    guard (try? keys.file(name)) != nil, let head = try? readHead(), isOwn(head) else { return }
    try keys.remove(name)
    try keys.sync()
  }
}
