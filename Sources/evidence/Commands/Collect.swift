internal import ArgumentParser
internal import EvidenceReport
internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct Collect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Bring what an intake vault has taken in into your vault."),
    discussion: say(
      """
      All of it is checked first, also against what was collected before: an older copy, or one in which entries were \
      changed, is refused. One that says that it went on from a restored copy is collected from there on; what came \
      of the entries that it gave up is told, and stays. Then each item becomes an item here, with its record, its \
      files, what proves it, and its number there. Consent taken back in the field holds here at once; what the vault \
      holds of it is destroyed when you withdraw the item yourself. An item whose consent contradicts itself, and what \
      a key signed that was revoked there, stays there; of what came before it was revoked, the items are told (status \
      3). Nothing lies open on the disk meanwhile. Collecting again adds only what is new.

      Example: evidence collect /media/stick/field.vault
      """))

  @Argument(help: about("The intake vault, or a copy of it."))
  var path: String

  @Option(help: about("Collect although it was revoked, for this reason.", valueName: "reason"))
  var overrideRevocation: String?

  @Option(help: about("Collect although it seals to another reader, for this reason.", valueName: "reason"))
  var overrideReader: String?

  @Option(
    help: about(
      "Collect although it has a signing key that it had not promised, for this reason.", valueName: "reason"))
  var overrideKey: String?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    for reason in [overrideRevocation, overrideReader, overrideKey] where reason?.allSatisfy(\.isWhitespace) == true {
      throw ValidationError(say("an override needs words that others can read later"))
    }
  }

  func run() throws {
    var overrides = CollectionOverrides()
    (overrides.revocation, overrides.reader, overrides.key) = (overrideRevocation, overrideReader, overrideKey)
    let (identities, signer, vault) = try options.unlockedForSigning()
    Progress.current.begin("collecting")
    var latest: CollectedVault?
    let collected: CollectedVault
    do {
      collected = try retryingWhenGrown {
        try VaultReader(vault, identities: identities)
          .collect(path, overriding: overrides, signer: signer, after: latest) { latest = $0 }
      }
    } catch {
      // What was committed stays, whatever stopped the rest, and is told.
      if let latest { tell(latest) }
      throw error
    }
    tell(collected)
    if collected.needsAttention { throw ExitStatus.partial }
  }

  private func tell(_ collected: CollectedVault) {
    report.print(json(collected)) { printText(collected) }
    if !collected.isCertified {
      Message.note("its note is not certified by this vault any more; its key is the one that is known here")
    }
  }

  private func json(_ collected: CollectedVault) -> JSONObject {
    func number(_ value: UInt64?) -> JSON { value.map { .integer(Int64(clamping: $0)) } ?? .null }
    let items = collected.items.map { item -> JSON in
      [
        "item": number(item.here), "item_in_intake": number(item.there), "amends": number(item.amends),
        "besides": number(item.besides), "title": .string(item.title),
        "lost_links": .array(item.lostLinks.map { .string($0) }),
      ]
    }
    let withdrawn = collected.withdrawn.map { withdrawal -> JSON in
      ["item": number(withdrawal.item), "classes": .array(withdrawal.classes.map { .string($0) })]
    }
    let left = collected.left.map { left -> JSON in
      var json: JSONObject = ["entry_in_intake": number(left.there), "reason": .string(Self.word(left.reason))]
      if case .contradictingConsent(let amended, let why) = left.reason {
        json["amends"] = number(amended)
        json["detail"] = .string(why.text(in: .en))
      }
      return .object(json)
    }
    return [
      "intake": .string(collected.intake.name), "fingerprint": .string(collected.intake.fingerprint.words),
      "certified": .bool(collected.isCertified),
      "followed_key": collected.followedKey.map { .string($0.words) } ?? .null, "items": .array(items),
      "withdrawn": .array(withdrawn),
      "custody": .integer(Int64(collected.eventCount)), "left": .array(left),
      "doubtful": .array(collected.doubtful.map(Self.json)),
      "given_up": .array((collected.givenUp?.entries ?? []).map(Self.json)),
      "kept": number(collected.givenUp?.keptCount),
      "collected": number(collected.collectedCount), "head_of_intake": .string(collected.headThere.words),
      "entries": number(collected.head.tree.size), "head": .string(collected.head.words),
    ]
  }

  private static func json(_ known: CollectedVault.Known) -> JSON {
    ["item": .integer(Int64(clamping: known.here)), "entry_in_intake": .integer(Int64(clamping: known.there))]
  }

  /// What was given up there is nowhere else now, and its numbers are given again.
  private func tell(_ givenUp: CollectedVault.GivenUp, of name: String) {
    Output.line("\(name) went on from a restored copy, with \(givenUp.keptCount) of the entries that were collected")
    for entry in givenUp.entries {
      Output.line(
        "entry \(entry.there) of \(name) was given up there; what came of it stays here, in item \(entry.here)")
    }
  }

  private func printText(_ collected: CollectedVault) {
    let name = Message.shown(collected.intake.name)
    if let key = collected.followedKey {
      Output.line(
        overrideKey == nil
          ? "\(name) has another signing key now, which it had promised: \(key.words)"
          : "\(name) has another signing key now, which its old one named: \(key.words)")
    }
    if let givenUp = collected.givenUp { tell(givenUp, of: name) }
    collected.items.forEach { tell($0, of: name) }
    for withdrawal in collected.withdrawn {
      if withdrawal.classes.isEmpty {
        Output.line("consent for item \(withdrawal.item) was taken back there: it is not exported any more")
      } else {
        let classes = Message.shown(withdrawal.classes.joined(separator: ", "))
        Output.line("consent for item \(withdrawal.item) was taken back there, for \(classes): it goes to them no more")
      }
      Output.line("  to destroy it here, and see who has copies: evidence withdraw \(withdrawal.item) --reason TEXT")
    }
    for doubt in collected.doubtful {
      Output.line(
        "item \(doubt.here) is in DOUBT: the key that signed entry \(doubt.there) of \(name) was revoked later")
      Output.line(
        "  it is exported until you amend it, if it is true, or: evidence withdraw \(doubt.here) --reason TEXT")
    }
    for left in collected.left {
      Output.line(Self.sentence(left, of: name))
      if case .contradictingConsent(let amended, _) = left.reason { Self.tellRemedy(amended) }
    }
    if collected.items.isEmpty, collected.withdrawn.isEmpty, collected.eventCount == 0, collected.left.isEmpty {
      Output.line("nothing new in \(name); entries that were collected before: \(collected.collectedCount)")
    }
    let words = (collected.followedKey ?? collected.intake.presentFingerprint).words
    Output.line("from \(name), \(words), up to its head \(collected.headThere.words)")
    Output.line("head: \(collected.head.words)")
  }

  private func tell(_ item: CollectedVault.Item, of name: String) {
    let line: Phrase =
      item.amends.map { "item \($0) is amended by entry \(item.here), entry \(item.there) of \(name)" }
      ?? "item \(item.there) of \(name) is item \(item.here) here"
    Output.line(item.title.isEmpty ? line : "\(line): \(Message.shown(item.title))")
    if let besides = item.besides {
      Output.line("  it amended item \(besides), which was amended here too: compare them, and amend one by hand")
    }
    if !item.lostLinks.isEmpty {
      Output.line("  points to what is not here: \(item.lostLinks.map(Message.shown).joined(separator: ", "))")
    }
  }

  private static func sentence(_ left: CollectedVault.Left, of name: String) -> Phrase {
    switch left.reason {
    case .withdrawnThere: "entry \(left.there) of \(name) was withdrawn there, and stays there"
    case .withdrawnHere(let item): "entry \(left.there) of \(name) stays there: item \(item) was withdrawn here"
    case .contradictingConsent(_, let why):
      "entry \(left.there) of \(name) STAYS THERE: its consent contradicts itself: \(Message.shown(why))"
    case .aboutNothing: "entry \(left.there) of \(name) stays there: what it is about did not come here"
    case .untrusted: "entry \(left.there) of \(name) stays there: it was signed by a key that was revoked"
    case .ofTheIntake(let kind):
      "entry \(left.there) of \(name) stays there: it is a note of that vault itself (\(Message.shown(kind)))"
    }
  }

  private static func tellRemedy(_ amended: UInt64?) {
    if let amended {
      Output.line(
        "  item \(amended) keeps the consent that it had: ask the witness, and amend it here before it is sent")
    } else {
      Output.line("  ask the witness which is meant, and have it added there once more")
    }
  }

  private static func word(_ reason: CollectedVault.Left.Reason) -> String {
    switch reason {
    case .withdrawnThere: "withdrawn"
    case .withdrawnHere: "withdrawn_here"
    case .contradictingConsent: "contradicting_consent"
    case .aboutNothing: "about_nothing"
    case .untrusted: "not_trusted"
    case .ofTheIntake(let kind): kind
    }
  }
}
