internal import ArgumentParser
internal import EvidenceReport
internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct Receive: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("File a bundle that was sealed to your vault in that vault."),
    discussion: say(
      """
      Each item becomes an item here: what was disclosed of it, its files, and as files under received-proofs/ what \
      proves it. What the witness agreed to is kept, and binds exports from here as it bound the sender; where \
      nobody's consent came with an item, exporting it needs a written reason. Nothing lies open on the disk meanwhile.
      """))

  @Argument(
    help: about("The bundle; if in parts, their folder, any part, or all.", valueName: "bundle"))
  var files: [String]

  @OptionGroup var sender: SenderOptions
  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    guard sender.sender != nil else {
      throw UsageFault(
        "say whose bundle it must be",
        hint: "--sender \"EIGHT WORDS\" or their card file; --sender anyone takes it from whoever signed it")
    }
    let expected = try sender.expected()
    let (identities, signer, vault) = try options.unlockedForSigning(forBundle: true)
    Progress.current.begin("receiving")
    let received = try retryingWhenGrown {
      try VaultReader(vault, identities: identities).receive(files, from: expected, signer: signer)
    }
    report.print(json(received)) { printText(received) }
    if !sender.isGiven {
      Message.note("nobody has vouched for this sender: \(received.bundle.sender.fingerprint)")
    }
  }

  private func json(_ received: ReceivedBundle) -> JSONObject {
    let items = received.items.map { item -> JSON in
      [
        "item": .integer(Int64(clamping: item.here)), "item_at_sender": .integer(Int64(clamping: item.there)),
        "earlier": .array(item.earlier.map { .integer(Int64(clamping: $0)) }),
        "left_fields": .array(item.leftFields.map { .string($0) }),
      ]
    }
    return [
      "bundle": .string(received.bundle.note.identifier),
      "origin": .string(received.bundle.sender.origin.description),
      "fingerprint": .string(received.bundle.sender.fingerprint), "was_there": .bool(received.wasThere),
      "items": .array(items), "disowned": .array(received.disowned.map { .integer(Int64(clamping: $0)) }),
      "unshown": .array(received.unshown.map { .integer(Int64(clamping: $0)) }),
      "later": received.later.map { .integer(Int64(clamping: $0)) } ?? .null, "by_copy": .bool(received.isOfCopy),
      "entries": .integer(Int64(clamping: received.head.tree.size)),
      "head": .string(received.head.words),
    ]
  }

  private func printText(_ received: ReceivedBundle) {
    if received.wasThere { Output.line("nothing new: this bundle was received before") }
    for item in received.items {
      let title = BundleText.currentRecord(of: item.there, in: received.bundle).map(BundleText.title) ?? ""
      Output.line("item \(item.here): item \(item.there) of the sender: \(title)")
      if !item.earlier.isEmpty {
        Output.line("  it came before, in other bundles: \(Phrase.list(item.earlier.map { "item \($0)" }))")
      }
      if !item.leftFields.isEmpty {
        let names = item.leftFields.map { Message.shown($0) }.joined(separator: ", ")
        Output.line("  in its proofs alone, since this version does not know them: \(names)")
      }
    }
    VaultHistoryText.lines(ofSender: received.bundle.sender).forEach { Output.line($0) }
    for entry in received.bundle.untrusted {
      Output.line("NOT TRUSTED: entry \(entry) was signed by a key that was revoked")
    }
    printDoubts(received)
    Output.line("from \(received.bundle.sender.fingerprint)")
    Output.line("head: \(received.head.words)")
  }

  /// What became known of things that came before, or of the key of this bundle.
  private func printDoubts(_ received: ReceivedBundle) {
    if received.isOfCopy {
      Output.line(
        """
        a key of this vault signed it, and not this vault: if it is from no copy of yours, somebody else has the key, \
        and evidence key revoke takes it from them
        """)
    }
    if let later = received.later {
      Output.line("the sender has replaced this key since, as item \(later) says: ask for the card of today")
    }
    if !received.disowned.isEmpty {
      Output.line(
        """
        NOT TRUSTED: \(Count.named(received.disowned)) came under a key that was revoked since, and is not, or not all \
        of it, what the sender stands by; keep both bundles, and ask the sender before anybody relies on it
        """)
    }
    if !received.unshown.isEmpty {
      Output.line(
        """
        \(Count.named(received.unshown)) came under a key that was revoked since, and this bundle does not show \
        whether it is the sender's: have it sent again under the new key
        """)
    }
  }
}
