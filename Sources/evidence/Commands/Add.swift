internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Streams
internal import StrictJSON
internal import Tar
internal import TransparencyLog
internal import Wording

struct Add: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Seal files and a record as one item."),
    discussion: say(
      """
      Folders are added with all below them. - reads standard input; say how to call it with --name. The originals are
      read, never changed or removed.

      Example: evidence add summons.png --kind document --title "Summons" --set document.kind=summons
      """))

  @Argument(help: about("Files, folders, or - for standard input."))
  var files: [String] = []

  @Option(help: about("The kind of record, such as testimony or document; evidence schema names them."))
  var kind: String

  @Option(help: about("The title of the item."))
  var title: String?

  @Option(
    name: .customLong("set"), help: about("Give a field a value; may be repeated.", valueName: "field=value"))
  var settings: [String] = []

  @Option(help: about("Take fields from a JSON file; --title and --set go before it.", valueName: "file"))
  var record: String?

  @Option(help: about("What to call the file that comes from standard input."))
  var name: String?

  @Flag(help: about("You have looked for names where they do not belong: do not refuse them."))
  var namesChecked = false

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let vault = try options.open()
    let schema = try Schema.named(kind)
    let fields = try schema.validated(
      FieldSettings.fields(record: record, title: title, settings: settings, schema: schema))
    let paths = files.filter { $0 != "-" }
    var sources = try ItemSource.find(paths)
    if !namesChecked, let found = NamesInRecord(schema: schema, fields: fields, paths: names(sources)).first {
      throw VaultError.nameInRecord(field: found.field, place: found.place)
    }
    guard !files.isEmpty || schema.isWhole(withoutFiles: fields) else { throw VaultError.nothingToDo }
    let passphrase = try options.secret.passphrase(asking: "Passphrase of the vault")
    let signer = try vault.signer(passphrase)
    let reader = try reader(checking: fields, of: schema, vault, passphrase)
    try reader?.requireLinks(fields, of: schema)
    if files.contains("-") {
      guard let name else { throw UsageFault("standard input has no name", hint: "say --name NAME") }
      Progress.current.begin("taking in")
      sources.append(try vault.spool(DescriptorStream(0, name: "standard input"), name: name))
    }
    Progress.current.begin("sealing")
    let receipt = try vault.add(sources, kind: kind, fields: fields, signer: signer)
    report.print(json(receipt)) {
      let files = Count.files(receipt.fileCount)
      Output.line("item \(receipt.index): \(files), sealed as \(ByteCount.text(receipt.objectByteCount))")
      Output.line("head: \(receipt.head.words)")
    }
    if let reader { NamedItems.tell(fields, of: schema, item: receipt.index, in: reader) }
  }

  /// Reads where the vault can be read and the record points to other entries, on which consent can depend.
  private func reader(
    checking fields: JSONObject, of schema: Schema, _ vault: Vault, _ passphrase: borrowing Passphrase
  ) throws -> VaultReader? {
    guard schema.hasLinks(fields), vault.hasReadingIdentity else { return nil }
    let identities = vault.includingEarlier([try vault.readingIdentity(passphrase)])
    return try VaultReader(vault, identities: identities)
  }

  /// What the files will be called in the item.
  private func names(_ sources: [ItemSource]) -> [String] {
    sources.map(\.path.text) + (files.contains("-") ? [name].compactMap(\.self) : [])
  }

  private func json(_ receipt: AddReceipt) -> JSONObject {
    [
      "item": .integer(Int64(clamping: receipt.index)), "files": .integer(Int64(clamping: receipt.fileCount)),
      "sealed_bytes": .integer(Int64(clamping: receipt.objectByteCount)),
      "entries": .integer(Int64(clamping: receipt.head.tree.size)),
      "head": .string(receipt.head.words),
    ]
  }
}

/// A record in a file of the user's.
enum RecordFile {
  static func read(_ path: String) throws -> JSONObject {
    do {
      let json = try JSON.parse(DescriptorStream(reading: path).readAll(limit: 16 << 20))
      guard let object = json.objectValue else { throw VaultError.invalidRecord(nil) }
      return object
    } catch {
      throw VaultError(error)
    }
  }
}
