internal import Age
internal import ArgumentParser
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Seal items into a bundle for recipients."),
    discussion: say(
      """
      What the witness agreed to decides: an item goes, goes in part, or is refused (status 30). Restricted fields go \
      where consent covers the recipients; names and whatever leads to a person only if named with --disclose, and \
      agreed to. --preview shows exactly what the recipients would learn, and makes nothing. The export itself becomes \
      an entry of the vault. With --template the bundle also has a submission sheet, which answers the questions of a \
      UN mechanism in its own order; what is missing is listed, and an incomplete sheet refused (status 31).
      """))

  @Argument(help: about("Numbers of items, and ranges such as 3-7."))
  var items: [String]

  @Option(help: about("A recipient of this vault; may be repeated."))
  var to: [String] = []

  @Flag(
    help: about(
      "Seal to a passphrase instead; it is made and shown, or taken from --bundle-passphrase-file. Say --class."))
  var passphrase = false

  @Option(
    name: .customLong("class"),
    help: about("With --passphrase: what class of recipient they are.", valueName: "class"))
  var recipientClass: String?

  @Option(help: about("The passphrase of the bundle, in the first line of this file.", valueName: "path"))
  var bundlePassphraseFile: String?

  @Option(
    help: about("The file to make; FOLDER/, with the slash, for a neutral name in it.", valueName: "file"))
  var output: String?

  @Option(
    help: about(
      "Make a folder of numbered parts of this size instead, for mail and USB sticks: 20M, 2G, 20MiB.",
      valueName: "size"))
  var split: String?

  @Option(
    help: about("Write a text for the e-mail, which gives nothing away, to this new file.", valueName: "file"))
  var letter: String?

  @Option(
    help: about(
      "Disclose this field, file:PATH, file:ITEM:PATH, or restricted (all restricted fields); may be repeated.",
      valueName: "field"))
  var disclose: [String] = []

  @Option(
    help: about(
      "Withhold this field, file:PATH, files, name:PATH (of a file) or names; may be repeated.", valueName: "field"))
  var withhold: [String] = []

  @Option(help: about("What the bundle is for; the recipients see it."))
  var purpose = ""

  @Option(help: about("How the recipients reach you with questions; they see it.", valueName: "text"))
  var contact = ""

  @Flag(help: about("Show what the recipients would learn, and make nothing."))
  var preview = false

  @Flag(help: about("Go on with the others when some items are refused (status 3)."))
  var leaveOutRefused = false

  @OptionGroup var submission: SubmissionOptions
  @OptionGroup var consent: ConsentOptions
  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    _ = try submission.chosen()
    guard to.isEmpty == passphrase else { throw UsageFault("say either --to NAME or --passphrase") }
    guard passphrase == (recipientClass != nil) else {
      throw UsageFault(
        "--passphrase and --class go together: consent speaks of classes of recipients",
        hint: "evidence schema recipient shows the classes; a recipient of --to has one already")
    }
    guard preview || output != nil else {
      throw UsageFault("say where to put the bundle", hint: "--output FILE, or --preview")
    }
    guard !preview || submission.sheet == nil else {
      throw UsageFault("--preview makes nothing, and so no --sheet", hint: "it shows the sheet; leave one of them out")
    }
    let numbers = try items.flatMap(ItemNumbers.parse)
    let vault = try options.open()
    let (identities, signer) = try options.unlock(vault, signing: !preview)
    let reader = try VaultReader(vault, identities: identities)
    try ClockNote.give(reader)
    let plan = try reader.plan(numbers, for: audience(reader), purpose: purpose, choice: choice)
    let sheet = try submission.sheet(plan)
    let stamps = StampsOfBundle(plan)
    if preview {
      report.print(ExportText.json(plan, sheet, stamps)) {
        PreviewSummary(plan, stamps).lines.forEach { Output.line($0) }
        Output.line(data: TextReport(previewOf: plan, in: .current).text)
        if let sheet {
          Output.line(data: sheet.text)
          SubmissionReport.lines(sheet).forEach { Output.line($0) }
        }
      }
    }
    try submission.requireComplete(sheet, report: preview ? nil : report)
    if !preview, let output, let signer {
      try export(plan, sheet, stamps, reader: reader, signer: signer, to: output)
    }
    stamps.notes.forEach { Message.note($0) }
    if !plan.refused.isEmpty { throw ExitStatus.partial }
  }

  private var choice: DisclosureChoice {
    var choice = consent.choice
    choice.disclosed = Set(disclose)
    choice.withheld = Set(withhold)
    choice.isLeavingOutRefused = leaveOutRefused
    choice.contact = contact
    return choice
  }

  private func audience(_ reader: VaultReader) throws -> Audience {
    guard let recipientClass else { return .recipients(try to.map { try reader.recipient($0) }) }
    _ = try Schema.named("recipient").field("class")?.type.value(typed: recipientClass, field: "class")
    return .passphrase(recipientClass: recipientClass)
  }

  private func export(
    _ plan: ExportPlan, _ sheet: SubmissionSheet?, _ stamps: StampsOfBundle, reader: VaultReader, signer: VaultSigner,
    to output: String
  ) throws {
    let place = try SealedOutput(output, split: split, letter: letter, for: plan)
    let output = place.path
    let passphrase = try bundlePassphrase()
    let folder = try submission.sheet.flatMap { path in try sheet.map { try SheetFolder(path, $0) } }
    Progress.current.begin("reading pictures")
    let pages = try Pages.all(for: plan, with: sheet, from: reader)
    Progress.current.begin("sealing")
    let receipt = try reader.export(
      plan, pages: pages, to: output, partByteCount: place.partByteCount, passphrase: passphrase, signer: signer)
    var json = ExportText.json(plan, sheet, stamps)
    json["entry"] = .integer(Int64(clamping: receipt.index))
    json["output"] = .string(output)
    json["sha256"] = .string(receipt.digest.hex)
    json["bytes"] = .integer(Int64(clamping: receipt.byteCount))
    for (name, value) in place.json(receipt) { json[name] = value }
    let asked = Set(plan.items.filter { !$0.isAlong }.map { $0.amends ?? $0.record.index }).count
    report.print(json) {
      Output.line("\(Message.shown(output)): \(Count.items(asked)), \(ByteCount.text(receipt.byteCount))")
      for item in plan.items where item.isAlong && item.amends == nil {
        Output.line("  item \(item.record.index) goes along with what its witness allows, and nothing else of it")
      }
      for item in plan.items where !item.withheld.isEmpty && !item.isAlong {
        let names = item.withheld.map { Message.shown($0) }.joined(separator: ", ")
        Output.line("  item \(item.record.index) without \(names)")
      }
      for refusal in plan.refused { Output.line("  left out: \(Message.shown(ConsentText.sentence(refusal)))") }
      stamps.lines.forEach { Output.line($0) }
      if let sheet { SubmissionReport.lines(sheet).forEach { Output.line("  \($0)") } }
      place.tell(receipt)
      Output.line("SHA-256 \(receipt.digest.hex)")
      Output.line("entry \(receipt.index); head: \(receipt.head.words)")
      Message.note("tell the recipient your fingerprint over another channel: \(plan.sender.fingerprint)")
    }
    // The bundle is made and entered, and that was told: what fails now is told of these alone.
    try folder?.publish()
    try place.writeLetter(receipt, for: plan.audience, isPrinting: !report.json)
  }

  private func bundlePassphrase() throws -> Passphrase? {
    guard passphrase else { return nil }
    if let bundlePassphraseFile { return try PassphrasePrompt.passphrase(bundlePassphraseFile, asking: "") }
    let wordCount = 10
    let words = WordList.passphrase(wordCount: wordCount)
    let terminal = try Terminal(
      for: "the passphrase of the bundle is shown at a terminal, and there is none",
      hint: "say --bundle-passphrase-file PATH; /dev/fd/3 works")
    let bits = wordCount * WordList.bitsPerWord
    let opening = say("The passphrase of the bundle (\(bits) bits); give it over another channel than the bundle:")
    terminal.write(opening + "\n\n    ")
    words.withSpan { terminal.write($0) }
    terminal.write("\n\n")
    return Passphrase(words)
  }
}

enum ExportText {
  static func json(_ plan: ExportPlan, _ sheet: SubmissionSheet?, _ stamps: StampsOfBundle) -> JSONObject {
    let items = plan.items.map { item -> JSON in
      var shown = item.record.payload
      shown["item"] = .integer(Int64(clamping: item.record.index))
      shown["withheld"] = .array(item.withheld.map { .string($0) })
      shown["why"] = .object(reasons(item))
      return .object(shown)
    }
    let refused = plan.refused.map { refusal -> JSON in
      ["item": .integer(Int64(clamping: refusal.item)), "why": .string(ConsentText.sentence(refusal).text(in: .en))]
    }
    let custody = plan.items.filter { $0.amends == nil }.map { item -> JSON in
      [
        "item": .integer(Int64(clamping: item.record.index)),
        "custody": .array(plan.custody(of: item.record.index).map { .object($0.json) }),
      ]
    }
    var json: JSONObject = [
      "bundle": .string(plan.identifier), "purpose": .string(plan.purpose), "contact": .string(plan.contact),
      "items": .array(items),
      "refused": .array(refused), "custody": .array(custody), "changes": .array(plan.changes.map(change)),
    ]
    let unsearched = plan.unsearchedFiles.map { file -> JSON in
      ["item": .integer(Int64(clamping: file.item)), "path": .string(file.path)]
    }
    json["not_searched"] = .array(unsearched)
    json["names_not_known"] = .array(plan.namelessTestimonies.map { .integer(Int64(clamping: $0)) })
    json["files_without_consent"] = .array(
      plan.itemsWithFilesWithoutConsent.map { item -> JSON in
        ["item": .integer(Int64(clamping: item.number)), "files": .integer(Int64(item.fileCount))]
      })
    json["timestamps"] = .array(stamps.times.map { .object($0.json) })
    if let sheet { json["submission"] = SubmissionReport.json(sheet) }
    return json
  }

  private static func reasons(_ item: ExportPlan.Item) -> JSONObject {
    var reasons: JSONObject = [:]
    for field in item.withheldFields { reasons[field.name] = .string(ConsentText.reason(field.reason).text(in: .en)) }
    for file in item.withheldFiles {
      reasons["file:\(file.name)"] = .string(ConsentText.reason(file.reason).text(in: .en))
    }
    return reasons
  }

  private static func change(_ change: ExportChange) -> JSON {
    [
      "recipient": .string(change.recipient),
      "last_export": change.lastExport.map { .integer(Int64(clamping: $0)) } ?? .null,
      "added": .array(change.added.map { .string($0) }), "missing": .array(change.missing.map { .string($0) }),
    ]
  }
}

enum ItemNumbers {
  /// `12`, or `3-7`.
  static func parse(_ text: String) throws -> [UInt64] {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
    if parts.count == 1, let number = parts[0] { return [number] }
    if parts.count == 2, let first = parts[0], let last = parts[1], first <= last, last - first < 100_000 {
      return Array(first...last)
    }
    throw UsageFault("\(Message.shown(text)) is no number of an item", hint: "write 12, or 3-7")
  }
}
