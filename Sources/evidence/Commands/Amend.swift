internal import ArgumentParser
internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct Amend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Correct or complete the record of an item; the old record stays."),
    discussion: say(
      """
      The new record becomes an entry of its own, which says what it amends. The item keeps its number and its files;
      files that are given are added to them. What a key wrote that was revoked since is not taken over into a new
      record; with neither fields nor files, it is confirmed as it is: read it first, with evidence show.

      Example: evidence amend 12 --set consent.media=refused --reason "The witness called on 3 May"
      """))

  @Argument(help: about("The number of the item."))
  var item: UInt64

  @Argument(help: about("Files to add, if any."))
  var files: [String] = []

  @Option(
    name: .customLong("set"), help: about("Give a field a value; may be repeated.", valueName: "field=value"))
  var settings: [String] = []

  @Option(help: about("Leave a field without value; may be repeated.", valueName: "field"))
  var unset: [String] = []

  @Option(help: about("Take fields from a JSON file; --set goes before it.", valueName: "file"))
  var record: String?

  @Option(help: about("Why, for those who read the history."))
  var reason: String

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let sources = try ItemSource.find(files)
    let (identities, signer, vault) = try options.unlockedForSigning(entering: true)
    Progress.current.begin("sealing")
    let (receipt, reader, schema, changes, present) = try retryingWhenGrown {
      let reader = try VaultReader(vault, identities: identities)
      let present = try reader.currentItem(item)
      let schema = try Schema.named(present.current.kind)
      let changes = try FieldSettings.fields(record: record, settings: settings, unset: unset, schema: schema)
      let receipt = try reader.amend(
        item, setting: changes, removing: Set(unset), reason: reason, adding: sources, signer: signer)
      return (receipt, reader, schema, changes, present)
    }
    let json: JSONObject = [
      "item": .integer(Int64(clamping: item)), "entry": .integer(Int64(clamping: receipt.index)),
      "files": .integer(Int64(receipt.fileCount)), "head": .string(receipt.head.words),
    ]
    report.print(json) {
      Output.line("item \(item): amended by entry \(receipt.index)")
      Output.line("head: \(receipt.head.words)")
    }
    tellUntrusted(present, in: reader, isConfirmed: changes.names.isEmpty && unset.isEmpty && files.isEmpty)
    NamedItems.tell(changes, of: schema, item: item, in: reader)
  }

  /// What became of fields that an entry of a revoked key had.
  private func tellUntrusted(_ present: CurrentItem, in reader: VaultReader, isConfirmed: Bool) {
    let fields = reader.untrustedFields(of: present)
    guard !fields.isEmpty else { return }
    let (entry, names) = (present.current.index, Message.shown(fields.joined(separator: ", ")))
    if isConfirmed {
      Message.note("what entry \(entry), of a key that was revoked, says of these fields counts now: \(names)")
    } else {
      Message.note("what entry \(entry), of a key that was revoked, says of these fields was not taken over: \(names)")
    }
  }
}

/// Works once more with what is there now, if another process added entries meanwhile.
func retryingWhenGrown<Result>(_ body: () throws -> Result) throws -> Result {
  for _ in 0..<20 {
    do { return try body() } catch VaultError.grownMeanwhile { continue }
  }
  return try body()
}
