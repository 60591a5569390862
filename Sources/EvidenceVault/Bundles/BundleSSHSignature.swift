public import Primitives
internal import SSHSignature
internal import TransparencyLog

/// The signature that `ssh-keygen -Y verify` checks, beside that of the note: by the same key, on the tag manifest.
///
/// Source: FORMAT section 7.
enum BundleSSHSignature {
  /// What the signature is for, so that it is never taken for one on something else.
  static let namespace = "evidence-bundle"
  /// What the signer is called in `proofs/allowed_signers`: the same in every bundle, so that the command is, too.
  static let principal = "sender"

  static func file(on tagManifest: [UInt8], signer: VaultSigner) -> [UInt8] {
    SSHSignature(signing: tagManifest, for: namespace, with: signer.key(for: .bundles)).file
  }

  /// The one line that tells `ssh-keygen` whose signature to accept.
  static func allowedSigners(_ sender: VaultNote) -> [UInt8] {
    Array("\(principal) namespaces=\"\(namespace)\" \(sender.bundleKey.line)\n".utf8)
  }

  /// - Throws: `VaultError.bundle`.
  static func check(_ files: BundleFiles, sender: VaultNote) throws(VaultError) {
    let file = try files.content(of: Bag.sshSignature)
    let signers = try files.content(of: Bag.allowedSigners)
    let manifest = try files.content(of: Bag.tagManifest)
    guard let signature = try? SSHSignature(file) else {
      throw .bundle(.malformedFile(Bag.sshSignature.text))
    }
    guard signature.key == sender.bundleKey, signature.namespace.utf8.elementsEqual(namespace.utf8),
      signature.isValid(for: manifest)
    else { throw .bundle(.badSignature(Bag.sshSignature.text)) }
    guard signers == allowedSigners(sender) else {
      throw .bundle(.malformedFile(Bag.allowedSigners.text))
    }
  }
}

extension VaultNote {
  /// The key that signs bundles, as SSH spells it.
  public var bundleKey: SSHPublicKey { SSHPublicKey(key(.bundles).key) }
}
