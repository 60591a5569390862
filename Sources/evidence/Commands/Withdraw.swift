internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import Streams
internal import StrictJSON
internal import TransparencyLog

struct Withdraw: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take consent back: for one class of recipients, or for good.",
    discussion: """
      Without --class, what the vault holds of the item is destroyed: the sealed object, and the item's lines among the
      sealed records. Its number, signature and digests stay, so that the index verifies. No later export has the item.
      It cannot be undone. Whoever holds copies is listed; --notices writes a recall notice for each.
      """)

  @Argument(help: "The number of the item.")
  var item: UInt64

  @Option(help: "Why, in the words of the witness if possible.")
  var reason: String

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("Only for this class of recipients; may be repeated.", valueName: "class"))
  var classes: [String] = []

  @Option(help: ArgumentHelp("When the witness asked for it.", valueName: "date"))
  var requestedOn: String?

  @Option(help: ArgumentHelp("Who sees to it, by code.", valueName: "code"))
  var handledBy: String?

  @Option(help: ArgumentHelp("A new folder for the recall notices.", valueName: "folder"))
  var notices: String?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    var withdrawing = Withdrawing(reason: reason)
    withdrawing.classes = classes
    withdrawing.requestedOn = requestedOn
    withdrawing.handledBy = handledBy
    let (identities, signer, vault) = try options.unlockedForSigning()
    let receipt = try retryingWhenGrown {
      try VaultReader(vault, identities: identities).withdraw(item, withdrawing, signer: signer)
    }
    if let notices { try write(receipt, to: notices, vault: vault) }
    report.print(json(receipt)) { printText(receipt) }
    if classes.isEmpty { Self.sayLimits() }
  }

  private func printText(_ receipt: WithdrawalReceipt) {
    let scope = classes.isEmpty ? "for all recipients" : "for \(classes.map(Message.shown).joined(separator: ", "))"
    Output.line("item \(item): consent taken back \(scope), by entry \(receipt.index)")
    if classes.isEmpty { Output.line("destroyed here: \(counted(receipt.objectCount, "object")), and the record") }
    for copy in receipt.copies {
      Output.line(
        Printable.line(
          "holds a copy: \(copy.recipient), bundle \(copy.bundle), since \(copy.exported) (entry \(copy.entry))"))
    }
    if receipt.copies.isEmpty { Output.line("nobody was sent a copy by this vault") }
    Output.line("head: \(receipt.head.words)")
  }

  /// What nobody can promise is said at once.
  private static func sayLimits() {
    Message.note(
      "copies elsewhere stay: those that were sent, backups of this vault, and perhaps old blocks of a flash disk, "
        + "which only the destruction of the disk removes")
  }

  private func json(_ receipt: WithdrawalReceipt) -> JSONObject {
    let copies = receipt.copies.map { copy -> JSON in
      [
        "recipient": .string(copy.recipient), "bundle": .string(copy.bundle), "exported": .string(copy.exported),
        "entry": .integer(Int64(clamping: copy.entry)),
      ]
    }
    return [
      "item": .integer(Int64(clamping: item)), "entry": .integer(Int64(clamping: receipt.index)),
      "objects_destroyed": .integer(Int64(receipt.objectCount)), "copies": .array(copies),
      "head": .string(receipt.head.words),
    ]
  }

  private func write(_ receipt: WithdrawalReceipt, to folder: String, vault: Vault) throws {
    do {
      let quarantine = try Quarantine(for: folder, nonce: Hex.encode(SystemRandomness().bytes(8)))
      for (number, copy) in receipt.copies.enumerated() {
        let file = try quarantine.createFile(["recall-\(number + 1).txt"])
        let notice = RecallNotice(item: item, copy: copy, head: receipt.head, fingerprint: vault.note.fingerprint)
        try file.write(Array(notice.text.utf8))
        try file.finish()
      }
      try quarantine.publish()
    } catch {
      throw VaultError(error)
    }
  }
}
