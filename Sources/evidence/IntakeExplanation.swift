internal import EvidenceVault
internal import Wording

extension Explanation {
  /// Why an intake vault was not made, found or collected. Nothing was changed in any of these cases.
  init(_ fault: IntakeFault) {
    self =
      switch fault {
      case .exists(let name):
        Explanation(
          .failure, "there is an intake vault called \(Message.shown(name)) already",
          "choose another name; if that one was never finished, or is lost: evidence intake revoke")
      case .unknownName(let name, let nearest):
        Explanation(
          .failure, "no intake vault is called \(Message.shown(name))",
          nearest.map { "did you mean \(Message.shown($0))?" } ?? "evidence intake list shows them")
      case .alreadyRevoked(let name): Explanation(.failure, "\(Message.shown(name)) was revoked before")
      case .unknownVault(let fingerprint):
        Explanation(
          .unknownSigner, "this vault did not make the vault that is there: its key is \(fingerprint)",
          "evidence intake list shows the intake vaults that it made; find out where this one came from")
      case .forgotten(let fingerprint):
        Explanation(
          .unknownSigner, "this vault made the vault that is there, and does not know it any more: \(fingerprint)",
          """
          a backup from before may have taken its place, and what was revoked since is lost as well; if this one was \
          not: evidence intake adopt PATH --name NAME --reason TEXT
          """)
      case .known(let name):
        Explanation(
          .failure, "this vault knows the vault that is there, as \(Message.shown(name))",
          "evidence intake list shows how far it is trusted; evidence collect PATH brings in what is new")
      case .revokedBefore(let entry):
        Explanation(
          .unknownSigner, "the intake vault that is there was revoked by entry \(entry)",
          "somebody else may have added to it; evidence salvage saves what is in it into a new vault")
      case .revoked(let name, let entry):
        Explanation(
          .unknownSigner, "the intake vault \(Message.shown(name)) was revoked by entry \(entry)",
          "somebody else may have added to it; when you know that nobody did: --override-revocation \"REASON\"")
      case .foreignReader(let name, let key):
        Explanation(
          .unknownSigner,
          "the intake vault \(Message.shown(name)) also seals to a key that is not this vault's: \(Message.shown(key))",
          "its owner reads what was added there; find out who put it in, then say --override-reader \"REASON\"")
      case .notTheTrustedHead(let name, let head, let entry):
        Explanation(
          .findings,
          "the index of \(Message.shown(name)) has not the head that entry \(entry) trusts: \(Message.shown(head))",
          "entries were changed or removed there since; ask for a copy from before")
      case .keyNotPromised(let name, let words):
        Explanation(
          .unknownSigner,
          "the intake vault \(Message.shown(name)) has a signing key that it had not promised before: \(words)",
          "whoever seized it could do that; when you have compared these words by voice: --override-key \"REASON\"")
      case .noHead(let text):
        Explanation(
          .usage, "\(Message.shown(text)) is no head",
          "--up-to takes a number and eight words, as evidence head prints them in the intake vault")
      case .olderCopy(let name, let collected, let size):
        Explanation(
          .rolledBack,
          """
          this is an older copy of \(Message.shown(name)): each of its entries (\(size)) is among the \(collected) \
          that were collected
          """, "ask for the newer copy; nothing was collected from this one")
      case .cannotTell(let name, let collected, let size):
        Explanation(
          .rolledBack,
          """
          this copy of \(Message.shown(name)) has \(Count.entries(size)), not all of the \(collected) that were \
          collected
          """,
          """
          whether it is older, or went on otherwise, cannot be told from it: look through it before you delete it \
          (evidence salvage saves what is in it into a new vault)
          """)
      case .wentOnOtherwise(let name, let entry):
        Explanation(
          .findings,
          "this is another history of \(Message.shown(name)) than what was collected before: entry \(entry) differs",
          Self.twoHistories)
      case .altered(let name, let collected):
        Explanation(
          .findings,
          "this is another history of \(Message.shown(name)) than the \(collected) entries that were collected before",
          Self.twoHistories)
      case .damaged(let name, let findings):
        Explanation(
          .findings, "the intake vault \(Message.shown(name)) is damaged: \(Self.first(of: findings))",
          """
          no more was collected; evidence verify --vault PATH shows all of it, and evidence repair --from COPY mends \
          it
          """)
      }
  }

  private static let twoHistories: Phrase = """
    either two copies of it both went on, or entries were changed or removed there: keep it, do not add to it, and \
    find out who had it (evidence salvage saves what is in it into a new vault)
    """

  private static func first(of findings: [Finding]) -> Phrase {
    guard let first = findings.first else { return "" }
    guard findings.count > 1 else { return Message.sentence(first) }
    return "\(Message.sentence(first)), and other findings: \(findings.count - 1)"
  }
}
