internal import EvidenceVault
internal import Wording

/// Failures that are about older copies, restored ones, and witnesses of the head.
extension Explanation {
  init(history error: VaultError) {
    self =
      switch error {
      case .rolledBack(let seen, let size):
        Explanation(
          .rolledBack,
          "this copy of the vault has \(Count.entries(size)), fewer than the \(seen) that were seen here before",
          """
          whether it is older, or went on otherwise, cannot be told from it: look through it before you delete it; \
          find the other copy, or if that is lost: evidence accept-restored
          """)
      case .superseded:
        Explanation(
          .rolledBack, "this is not the copy of the vault that went on here, under another name, since it was restored",
          """
          it may be older, or have gone on otherwise: look through it before you delete it; find the other copy, or if \
          that is lost: evidence accept-restored
          """)
      case .restoredWithLess(let seen, let kept):
        Explanation(
          .rolledBack,
          """
          this vault went on from a restored copy of \(kept) entries, and \(seen) were seen here before, which it does \
          not say it gave up
          """,
          "ask whoever restored it; keep a copy that has them, and if none is left: evidence accept-restored")
      case .notRolledBack:
        Explanation(
          .failure, "nothing says that this copy is older than it should be, and there is nothing to accept",
          "give a later head of this vault as a file: evidence accept-restored --expect FILE")
      case .unfinishedRestoration:
        Explanation(
          .failure, "a restored copy was accepted, and that was not finished", "finish it: evidence accept-restored")
      case .originsUsedUp(let count):
        Explanation(
          .failure, "this vault went on with other keys or from a restored copy \(count) times, and cannot once more",
          "nothing was changed; make a new vault, and send what is in this one to it with evidence export")
      case .olderCheckpoint(let size, let entries) where entries <= size:
        Explanation(
          .findings,
          """
          the signed head of this vault is damaged, and the copy is from before it went on from a restored one: \
          nothing was changed
          """,
          "name a newer copy with --from; without one, evidence salvage saves what opens")
      case .olderCheckpoint(let size, let entries):
        Explanation(
          .findings,
          """
          the signed head of this vault is damaged, and the copy has \(Count.entries(size)), fewer than the \(entries) \
          that are here: nothing was changed
          """,
          "name a newer copy with --from; without one, evidence salvage saves what opens")
      default: Explanation(bundle: error)
      }
  }

  init(_ refusal: WitnessRefusal) {
    self =
      switch refusal {
      case .ownHead:
        Explanation(.usage, "this is a head of your own vault", "a witness is somebody else, with a vault of their own")
      case .otherVault:
        Explanation(
          .unknownSigner, "the head is not signed by the vault that is meant",
          "take the card from its owner, and compare its eight words by voice")
      case .needsProof(let size):
        Explanation(
          .failure, "the head comes without a proof from the \(size) entries that were countersigned before",
          "ask for a file made with evidence head --since \(size) --output FILE")
      case .olderHead(let seen):
        Explanation(
          .rolledBack, "not countersigned: \(seen) entries were countersigned before, and this head has fewer",
          "ask its owner whether an older copy of the vault came into use")
      case .givenUp(let seen, let kept):
        Explanation(
          .rolledBack,
          """
          not countersigned: \(seen) entries were countersigned before, and this vault went on from a copy that kept \
          \(kept)
          """,
          "ask its owner who restored it; what you countersigned before proves what is gone")
      case .olderCard:
        Explanation(
          .rolledBack,
          "not countersigned: a head of this vault was countersigned before under a name that its card does not know",
          "ask its owner for the card of today; if that is it, an older copy of the vault came into use")
      case .tooLarge:
        Explanation(
          .findings, "not countersigned: the head has so much written beside it that it could not be kept",
          "ask its owner for a bundle that has nothing of others in its head")
      case .fork(let seen):
        Explanation(
          .findings, "not countersigned: this is another history than the \(seen) entries countersigned before",
          "keep both files; entries were changed or removed, and together they prove it")
      case .notCountersigned:
        Explanation(.unknownSigner, "no countersignature in the file is by a key that was given", "ask for their card")
      }
  }
}
