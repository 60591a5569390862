public import Primitives
internal import TransparencyLog

/// What a recipient has to say of a bundle.
public enum BundleAnswer: Sendable {
  /// It verified, and somebody vouched for its sender, or nobody did.
  case verified(CheckedBundle, isSenderKnown: Bool)
  /// It was refused.
  case refused(Receipt.Refusal)
  /// It was not checked.
  case notChecked
}

/// Why there is no countersignature in the receipt of a bundle that verified.
public enum CountersignatureLack: Hashable, Sendable {
  /// Nobody vouched for the sender.
  case unknownSender
  /// This vault, as a witness, does not countersign that head.
  case refused(WitnessRefusal)
}

extension Vault {
  /// Answers a bundle. If it verified and its sender is known, the head of the sender's index is countersigned too, by
  /// the rules of a witness: where a proof from a head that was countersigned before is missing, the receipt does
  /// without.
  ///
  /// - Throws: `VaultError.damaged` if what was countersigned before cannot be read; `.receipt(.tooLarge)`.
  ///
  /// Source: FORMAT section 13.
  public func receipt(
    _ answer: BundleAnswer, sealed: Digest, signer: VaultSigner
  ) throws(VaultError) -> (receipt: Receipt, lack: CountersignatureLack?) {
    do {
      var lack: CountersignatureLack?
      let outcome: Receipt.Outcome
      switch answer {
      case .notChecked: outcome = .notChecked
      case .refused(let refusal): outcome = .refused(refusal)
      case .verified(let bundle, let isSenderKnown):
        var cosigned: SignedNote?
        if isSenderKnown { (cosigned, lack) = try countersigned(bundle, signer: signer) } else { lack = .unknownSender }
        outcome = .verified(
          Receipt.Verified(
            bundle: bundle.note.identifier, sender: bundle.sender.vaultKey, tagManifest: bundle.note.tagManifest,
            head: bundle.note.head, cosigned: cosigned))
      }
      let receipt = try Receipt(
        card: note, received: environment.now(), sealed: sealed, outcome: outcome, signer: signer)
      return (receipt, lack)
    } catch {
      throw VaultError(error)
    }
  }

  private func countersigned(
    _ bundle: CheckedBundle, signer: VaultSigner
  ) throws -> (cosigned: SignedNote?, lack: CountersignatureLack?) {
    let request = try AddCheckpointRequest(
      oldSize: 0, proof: ConsistencyProof(hashes: []), note: bundle.checkpoint)
    do {
      return (try countersign(request, of: bundle.sender, signer: signer), nil)
    } catch {
      guard case .witnessRefused(let refusal) = error else { throw error }
      return (nil, .refused(refusal))
    }
  }
}
