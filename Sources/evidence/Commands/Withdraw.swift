internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import Streams
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct Withdraw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Take consent back: for one class of recipients, or for good."),
    discussion: say(
      """
      Without --class, what the vault holds of the item is destroyed: the sealed object, and the item's lines among the
      sealed records. Its number, signature and digests stay, so that the index verifies. No later export has the item.
      Neither that nor taking it back for a class can be undone, so that a person at a terminal is shown what it means
      and asked for a word; --yes goes on without. Whoever holds copies is listed; --notices writes a recall notice for
      each.
      """))

  @Argument(help: about("The number of the item."))
  var item: UInt64

  @Option(help: about("Why, in the words of the witness if possible."))
  var reason: String

  @Option(
    name: .customLong("class"),
    help: about("Only for this class of recipients; may be repeated.", valueName: "class"))
  var classes: [String] = []

  @Option(help: about("When the witness asked for it.", valueName: "date"))
  var requestedOn: String?

  @Option(help: about("Who sees to it, by code.", valueName: "code"))
  var handledBy: String?

  @Option(
    help: about(
      "An item that only a replaced record tied to it, by mistake: it is not concerned; may be repeated.",
      valueName: "number"))
  var notCovering: [UInt64] = []

  @Option(help: about("A new folder for the recall notices.", valueName: "folder"))
  var notices: String?

  @Flag(help: about("Go on without asking."))
  var yes = false

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    var withdrawing = Withdrawing(reason: reason)
    withdrawing.classes = classes
    withdrawing.requestedOn = requestedOn
    withdrawing.handledBy = handledBy
    withdrawing.notCovering = notCovering
    let (identities, signer, vault) = try options.unlockedForSigning(entering: true)
    if !yes, Terminal.isTerminal(0) {
      let reader = try VaultReader(vault, identities: identities)
      let preview = try reader.previewWithdrawal(of: item, for: classes, notCovering: notCovering)
      try confirm(preview, Self.forgotten(vault))
    }
    // What cannot be written is told before anything is destroyed.
    let folder = try notices.map(NoticeFolder.init)
    let receipt = try retryingWhenGrown {
      try VaultReader(vault, identities: identities).withdraw(item, withdrawing, signer: signer)
    }
    report.print(json(receipt)) { printText(receipt) }
    if let forgotten = Self.forgotten(vault) { Message.note(forgotten) }
    if classes.isEmpty { Self.sayLimits() }
    try folder?.write(receipt, fingerprint: vault.note.fingerprint)
    try StillHere(receipt.remaining).requireNone()
  }

  /// Shows what would go, and asks for the name of the command: nobody types that by habit.
  ///
  /// - Throws: `ExitStatus.interrupted` unless the word is typed.
  private func confirm(_ preview: WithdrawalPreview, _ forgotten: Phrase?) throws {
    let terminal = try Terminal(for: "a withdrawal is asked about at a terminal")
    var lines: [Phrase] = ["item \(item): \(Message.shown(preview.kind)), \(Message.shown(preview.title))"]
    lines += classes.isEmpty ? destruction(preview) : refusal(preview)
    if let forgotten { lines.append(forgotten) }
    let word = "withdraw"
    lines.append(
      classes.isEmpty ? "To destroy it, type this word: \(word)" : "To take consent back, type this word: \(word)")
    guard try terminal.confirm(lines, typing: word) else {
      Message.note("nothing was withdrawn")
      throw ExitStatus.interrupted
    }
  }

  /// What a withdrawal for all would do.
  private func destruction(_ preview: WithdrawalPreview) -> [Phrase] {
    let (objects, size) = (Count.objects(preview.objectCount), ByteCount.text(preview.objectByteCount))
    let files = Count.files(preview.fileCount)
    var lines: [Phrase] = [
      "to be destroyed for good: the record with all its amendments, \(files), \(objects), \(size)"
    ]
    lines += preview.copies.map(Self.line)
    if preview.copies.isEmpty { lines.append("nobody was sent a copy by this vault") }
    return lines + concerned(preview.covered, preview.tiedByReplaced) + Self.alike(preview.sameContent) + [
      """
      exports will not look any more for names that this item alone holds: see first which other items have them, with \
      evidence list --text NAME and in their files
      """,
      "--class CLASS takes consent back for some recipients alone, and destroys nothing",
    ]
  }

  /// What a withdrawal for some classes would do.
  private func refusal(_ preview: WithdrawalPreview) -> [Phrase] {
    let names = classes.map { Message.shown($0) }.joined(separator: ", ")
    var lines: [Phrase] = ["it is exported to \(names) no more, and nothing is destroyed; this cannot be undone"]
    lines += preview.copies.map(Self.line)
    if preview.copies.isEmpty { lines.append("nobody of \(names) was sent a copy by this vault") }
    return lines + concerned(preview.covered, preview.tiedByReplaced) + Self.alike(preview.sameContent)
  }

  private static func line(_ copy: HeldCopy) -> Phrase {
    let (name, bundle) = (Printable.line(copy.recipient), Printable.line(copy.bundle))
    let since = Printable.line(copy.exported)
    return "holds a copy of item \(copy.item): \(name), bundle \(bundle), since \(since) (entry \(copy.entry))"
  }

  /// What else it reaches, and what of that only replaced records lead to.
  private func concerned(_ covered: [UInt64], _ tied: [UInt64]) -> [Phrase] {
    func list(_ items: [UInt64]) -> Phrase { .list(items.map { "item \($0)" }) }
    guard !covered.isEmpty else { return [] }
    let names = classes.map { Message.shown($0) }.joined(separator: ", ")
    let reached: Phrase =
      classes.isEmpty
      ? "what goes back to it is not exported any more: \(list(covered))"
      : "what goes back to it is not exported to \(names) any more: \(list(covered))"
    guard !tied.isEmpty else { return [reached] }
    return [
      reached,
      "of these, only replaced records lead to \(list(tied)); where that was a mistake: --not-covering NUMBER",
    ]
  }

  /// What stays as it is although it has the same content.
  private static func alike(_ items: [UInt64]) -> [Phrase] {
    items.isEmpty
      ? []
      : ["NOT withdrawn with it, and with a file of the same content: \(Count.named(items)); withdraw each itself"]
  }

  private func printText(_ receipt: WithdrawalReceipt) {
    let names = classes.map { Message.shown($0) }.joined(separator: ", ")
    Output.line(
      classes.isEmpty
        ? "item \(item): consent taken back for all recipients, by entry \(receipt.index)"
        : "item \(item): consent taken back for \(names), by entry \(receipt.index)")
    if classes.isEmpty { printDestroyed(receipt) }
    receipt.copies.forEach { Output.line(Self.line($0)) }
    printCovered(receipt)
    Self.alike(receipt.sameContent).forEach { Output.line($0) }
    if receipt.copies.isEmpty {
      Output.line(
        classes.isEmpty
          ? "nobody was sent a copy by this vault" : "nobody of \(names) was sent a copy by this vault")
    }
    Output.line("head: \(receipt.head.words)")
  }

  /// Only what is gone.
  private func printDestroyed(_ receipt: WithdrawalReceipt) {
    let objects = Count.objects(receipt.objectCount)
    switch (receipt.objectCount, receipt.isRecordGone) {
    case (0, false): break
    case (0, true): Output.line("destroyed here: the record")
    case (_, false): Output.line("destroyed here: \(objects)")
    case (_, true): Output.line("destroyed here: \(objects), and the record")
    }
    StillHere(receipt.remaining).printText()
  }

  private func printCovered(_ receipt: WithdrawalReceipt) {
    // Once it is destroyed, nothing can be left out of it any more.
    concerned(receipt.covered, classes.isEmpty ? [] : receipt.tiedByReplaced).forEach { Output.line($0) }
    guard classes.isEmpty, !receipt.covered.isEmpty else { return }
    Output.line(
      "their content stays readable here until each is withdrawn itself: evidence withdraw NUMBER --reason TEXT")
  }

  /// That the vault does not know all who were sent copies; `nil` if nothing was given up.
  private static func forgotten(_ vault: Vault) -> Phrase? {
    let isIncomplete = vault.note.continuations.contains { $0.kept.size < $0.lastSeen.size }
    return isIncomplete
      ? "this vault goes on from a backup: who was sent copies after it was made is not known, and not named here" : nil
  }

  /// What nobody can promise is said at once.
  private static func sayLimits() {
    Message.note(
      """
      copies elsewhere stay: those that were sent, an intake vault that it came from, backups of this vault, what a \
      repair laid in aside/, and perhaps old blocks of a flash disk, which only the destruction of the disk removes; \
      and a table or file that it was imported from, which brings it back if it is imported again
      """)
    Message.note(
      """
      names that it alone held are gone with it: no export looks for them in your other items any more; see which have \
      them with evidence list --text NAME, and in their files
      """)
  }

  private func json(_ receipt: WithdrawalReceipt) -> JSONObject {
    let copies = receipt.copies.map { copy -> JSON in
      [
        "item": .integer(Int64(clamping: copy.item)), "recipient": .string(copy.recipient),
        "bundle": .string(copy.bundle), "exported": .string(copy.exported),
        "entry": .integer(Int64(clamping: copy.entry)),
      ]
    }
    return [
      "item": .integer(Int64(clamping: item)), "entry": .integer(Int64(clamping: receipt.index)),
      "covered": .array(receipt.covered.map { .integer(Int64(clamping: $0)) }),
      "same_content": .array(receipt.sameContent.map { .integer(Int64(clamping: $0)) }),
      "objects_destroyed": .integer(Int64(receipt.objectCount)), "still_here": StillHere(receipt.remaining).json,
      "copies": .array(copies),
      "head": .string(receipt.head.words),
    ]
  }
}

/// A new folder for recall notices, which appears when all are in it.
private struct NoticeFolder {
  private let quarantine: Quarantine

  init(_ path: String) throws {
    do { quarantine = try Quarantine(for: path, nonce: Hex.encode(SystemRandomness().bytes(8))) } catch {
      throw VaultError(error)
    }
  }

  func write(_ receipt: WithdrawalReceipt, fingerprint: String) throws {
    do {
      for (number, copy) in receipt.copies.enumerated() {
        let file = try quarantine.createFile(["recall-\(number + 1).txt"])
        let notice = RecallNotice(of: copy, after: receipt, fingerprint: fingerprint)
        try file.write(Array(notice.text.utf8))
        try file.finish()
      }
      try quarantine.publish()
    } catch {
      throw VaultError(error)
    }
  }
}
