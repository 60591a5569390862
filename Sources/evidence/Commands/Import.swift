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
      FILE ends in .csv, .json (an array of records) or .jsonl (a record in each line). The first row of a table names
      the fields, by their names (evidence schema KIND) or their labels; an empty cell is no value. Lists have
      semicolons or lines between their elements. Everything that is wrong is told, and nothing is added unless all
      records are sound.

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

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let vault = dryRun ? nil : try options.open()
    let read = try records()
    guard read.faultCount == 0 else { return try refuse(read) }
    guard !read.records.isEmpty else {
      throw UsageFault("\(Message.shown(file)) has no records", hint: "every row below the first is one")
    }
    guard let vault else {
      return report.print(json(read)) { Output.line("\(Count.records(read.records.count)), all sound; none added") }
    }
    let passphrase = try PassphrasePrompt.passphrase(options.passphraseFile, asking: "Passphrase of the vault")
    let signer = try vault.signer(passphrase)
    let items = read.records.map { NewItem(kind: kind, fields: $0) }
    let receipt = try vault.add(many: items, signer: signer)
    report.print(json(read, receipt)) {
      let last = receipt.indices.upperBound - 1
      let sealed: Phrase = "\(Count.records(items.count)), sealed as \(ByteCount.text(receipt.objectByteCount))"
      Output.line("items \(receipt.indices.lowerBound) to \(last): \(sealed)")
      Output.line("head: \(receipt.head.words)")
    }
  }

  private func records() throws -> ImportedRecords {
    let order = dates.flatMap(DateOrder.init)
    guard dates == nil || order != nil else {
      throw UsageFault("--dates has no such value", hint: "say --dates day-first or --dates month-first")
    }
    let ending = file.split(separator: ".").last.map { $0.lowercased() }
    guard let format = ending.flatMap(RecordImport.Format.init) else {
      throw UsageFault(
        "\(Message.shown(file)) does not end in .csv, .json or .jsonl", hint: "the ending says what it is")
    }
    let source: DescriptorStream
    do { source = try DescriptorStream(reading: file) } catch { throw VaultError(error) }
    return try RecordImport.read(
      source, format: format, kind: kind, dateOrder: order, areNamesChecked: namesChecked)
  }

  private func refuse(_ read: ImportedRecords) throws {
    report.print(json(read)) {
      for fault in read.faults {
        Output.line("\(place(of: fault, read)): \(Message.shown(fault.detail))")
      }
      if read.faultCount > read.faults.count {
        Output.line("… and \(read.faultCount - read.faults.count) more")
      }
    }
    throw UsageFault(
      "\(Count.faults(read.faultCount)) in \(Message.shown(file)); nothing was added",
      hint: "mend them all, and try it with --dry-run")
  }

  private func place(of fault: ImportFault, _ read: ImportedRecords) -> Phrase {
    let row: Phrase =
      switch read.unit {
      case "row": "row \(fault.row)"
      case "line": "line \(fault.row)"
      default: "record \(fault.row)"
      }
    if let column = fault.column { return "\(row), column \(column)" }
    return if let field = fault.field { "\(row), \(Message.shown(field))" } else { row }
  }

  private func json(_ read: ImportedRecords, _ receipt: AddManyReceipt? = nil) -> JSONObject {
    var json: JSONObject = [
      "records": .integer(Int64(read.records.count)), "fault_count": .integer(Int64(read.faultCount)),
      "faults": .array(
        read.faults.map { fault in
          .object([
            read.unit: .integer(Int64(fault.row)), "field": fault.field.map { .string($0) } ?? .null,
            "detail": .string(fault.detail.text(in: .en)),
          ])
        }), "added": .bool(receipt != nil),
    ]
    if let receipt {
      json["first_item"] = .integer(Int64(clamping: receipt.indices.lowerBound))
      json["sealed_bytes"] = .integer(Int64(clamping: receipt.objectByteCount))
      json["entries"] = .integer(Int64(clamping: receipt.head.tree.size))
      json["head"] = .string(receipt.head.words)
    }
    return json
  }
}
