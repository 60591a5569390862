internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Add many records from one file, each as an item, in one commit."),
    discussion: say(
      """
      FILE ends in .csv or .tsv, .json (an array of records) or .jsonl (a record in each line). The first row of a
      table names the fields, by their names (evidence schema KIND) or their labels; an empty cell is no value. Lists
      have semicolons or lines between their elements. Everything that is wrong is told, and nothing is added unless all
      records are sound, and none of them is in the vault already or stands twice in FILE. A person is known by the
      code. With --dry-run the vault is looked at only if --passphrase-file or --identity opens it.

      Example: evidence import cases.csv --kind dissolution_case --dry-run
      """))

  @Argument(help: about("The file with the records."))
  var file: String

  @Option(help: about("The kind of record: \(Schema.itemKinds.joined(separator: ", "))."))
  var kind: String

  @Flag(help: about("Check the file and add nothing."))
  var dryRun = false

  @Option(help: about("What 03/04/2023 means: day-first or month-first.", valueName: "order"))
  var dates: String?

  @Flag(help: about("You have looked for names where they do not belong: do not refuse them."))
  var namesChecked = false

  @Flag(help: about("Leave out the records that are in the vault already, or stand twice in FILE."))
  var skipKnown = false

  @Flag(help: about("Add them once more."))
  var addKnown = false

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard !skipKnown || !addKnown else { throw ValidationError(say("--skip-known and --add-known exclude each other")) }
  }

  func run() throws {
    let vault = dryRun && !isOpening ? nil : try options.open()
    let schema = try Schema.named(kind)
    var read = try records()
    guard read.faultCount == 0 else { return try refuse(read) }
    guard !read.records.isEmpty else {
      throw UsageFault("\(Message.shown(file)) has no records", hint: "every row below the first is one")
    }
    let (reader, signer) = try vault.map(unlock) ?? (nil, nil)
    if let reader { read.checkLinks(in: reader, of: schema) }
    guard read.faultCount == 0 else { return try refuse(read) }
    let report = ImportReport(read, try addKnown ? [] : read.known(in: reader, kind: kind), self.report, file: file)
    try report.requireNew(orSkipping: skipKnown)
    if reader == nil, !addKnown { Self.sayUncompared(dryRun) }
    let new = read.without(report.known)
    guard let vault, let signer, !dryRun else { return report.tellSound(new.count) }
    guard !new.isEmpty else { return report.tellNothingNew() }
    let items = new.map { NewItem(kind: kind, fields: $0) }
    // What others added meanwhile was not compared.
    report.tell(try vault.add(many: items, after: reader?.head, signer: signer), count: new.count)
  }

  /// Whether a dry run has a way into the vault, which it never asks for.
  private var isOpening: Bool { options.secret.passphraseFile != nil || !options.identity.isEmpty }

  /// What reads the vault, where that can be, and what signs.
  private func unlock(_ vault: Vault) throws -> (reader: VaultReader?, signer: VaultSigner?) {
    let isReadable = vault.hasReadingIdentity || !options.identity.isEmpty
    guard isReadable else {
      let signer = try dryRun ? nil : vault.signer(options.secret.passphrase(asking: "Passphrase of the vault"))
      return (nil, signer)
    }
    let (identities, signer) = try options.unlock(vault, signing: !dryRun)
    return (try VaultReader(vault, identities: identities), signer)
  }

  private static func sayUncompared(_ isDryRun: Bool) {
    Message.note(
      isDryRun
        ? "whether the vault has them already was not looked at; --passphrase-file opens it for that"
        : "whether the vault has them already cannot be told here, where it cannot be read")
  }

  private func records() throws -> ImportedRecords {
    let order = dates.flatMap(DateOrder.init)
    guard dates == nil || order != nil else {
      throw UsageFault("--dates has no such value", hint: "say --dates day-first or --dates month-first")
    }
    let ending = file.split(separator: ".").last.map { $0.lowercased() }
    guard let format = ending.flatMap({ RecordImport.Format(rawValue: $0 == "tsv" ? "csv" : $0) }) else {
      throw UsageFault(
        "\(Message.shown(file)) does not end in .csv, .tsv, .json or .jsonl", hint: "the ending says what it is")
    }
    let source: DescriptorStream
    do { source = try DescriptorStream(reading: file) } catch { throw VaultError(error) }
    return try RecordImport.read(
      source, format: format, kind: kind, dateOrder: order, areNamesChecked: namesChecked)
  }

  private func refuse(_ read: ImportedRecords) throws {
    let report = ImportReport(read, [], self.report, file: file)
    report.tellFaults()
    throw UsageFault(
      "\(Count.faults(read.faultCount)) in \(Message.shown(file)); nothing was added",
      hint: "mend them all, and try it with --dry-run")
  }
}
