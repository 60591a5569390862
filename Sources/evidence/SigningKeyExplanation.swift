internal import EvidenceVault
internal import Wording

extension Explanation {
  /// Why a signing key was not promised or replaced, or what it signed not taken. Nothing was changed in any of these
  /// cases, but for `replacedBefore` where a replacement was cut short: it is finished then.
  init(_ fault: SigningKeyFault) {
    self =
      switch fault {
      case .notPromised:
        Explanation(
          .unknownSigner, "this signing key is not the one that was promised",
          "if it is your vault, take the file that evidence key next made; else trust nothing that this key signed")
      case .needsPromised:
        Explanation(
          .usage, "a signing key is promised, and no other can follow",
          "give the file that evidence key next made: --next FILE")
      case .promisedBefore:
        Explanation(
          .failure, "another signing key is promised already, and a promise cannot be changed",
          "evidence key rotate --next FILE installs that one, and --then FILE promises the next")
      case .promisedOtherwise:
        Explanation(
          .unknownSigner, "the replacement that was cut short promised another key than the one in the --then file",
          "give the file that was named with --then when it began, or leave --then out; nothing was changed")
      case .usedBefore:
        Explanation(
          .unknownSigner, "this key signs for this vault, or did so before, or is promised already",
          "a key that was replaced never comes back; nothing was changed")
      case .noSuchHead:
        Explanation(
          .findings, "this vault never had that head", "evidence verify --expect tells how it stands to a head")
      case .replacedBefore(let range):
        Explanation(
          .failure,
          "a key that was replaced signed entries \(range.lowerBound) to \(range.upperBound - 1): they stay valid",
          "look at each, and take out what is false: evidence withdraw NUMBER --reason TEXT")
      case .replacedSince:
        Explanation(
          .rolledBack, "this is an older copy of the vault: its signing key was replaced since",
          """
          find the newer copy; if it is lost, evidence salvage saves what opens here into a new vault: nothing that \
          the old key signs now is taken
          """)
      case .senderReplaced(let words, .kept):
        Explanation(
          .unknownSigner, "the sender has another signing key now, and the one that you know had promised it: \(words)",
          "compare the new words with them by voice, and give those with --sender")
      case .senderReplaced(let words, .unknown):
        Explanation(
          .unknownSigner, "the sender has another signing key now, and the one that you know named it: \(words)",
          "whoever seized their old key could do that: compare the new words with them by voice")
      case .senderRevoked:
        Explanation(
          .unknownSigner, "signed by a key that the sender has revoked, or had replaced when this was signed",
          "ask the sender for the bundle again, under the key that they have now")
      case .replacedOwnKey:
        Explanation(
          .unknownSigner, "signed by a key that this vault has replaced, and this vault did not make it",
          "evidence open shows what is in it; if no copy of yours made it, somebody else has that key")
      case .uncompared(let words):
        Explanation(
          .unknownSigner, "nobody has compared this key with whoever made it: \(words)",
          "let them read the words out, and give what you hear with --words; a promise cannot be changed")
      case .otherWords:
        Explanation(
          .unknownSigner, "these are not the words of the key that was given",
          "nothing was promised; let the words be read out once more, and find out who sent this key")
      case .untrustedItem(let entry):
        Explanation(
          .findings, "entry \(entry) was signed by a key that was revoked, and is sent to nobody",
          "if it is true: add an item again; confirm an amendment with evidence amend ITEM --reason TEXT")
      case .disownedItem(let item):
        Explanation(
          .findings,
          "item \(item) came under a key that its sender revoked, is not what they stand by, and is sent to nobody",
          "ask the sender for what is true, under the key that they have now; keep both bundles as proof")
      }
  }
}
