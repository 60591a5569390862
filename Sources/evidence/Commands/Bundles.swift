internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import Streams
internal import StrictJSON
internal import TransparencyLog

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Seal items into a bundle for recipients.",
    discussion: """
      Identity fields, such as names, are withheld unless named with --disclose. --preview shows exactly what the
      recipients would learn, and makes nothing. The export itself becomes an entry of the vault.
      """)

  @Argument(help: "Numbers of items, and ranges such as 3-7.")
  var items: [String]

  @Option(help: "A recipient of this vault; may be repeated.")
  var to: [String] = []

  @Flag(
    help:
      "Seal to a passphrase instead; it is made and shown, or taken from --bundle-passphrase-file."
  )
  var passphrase = false

  @Option(help: ArgumentHelp("The passphrase of the bundle, in the first line of this file.", valueName: "path"))
  var bundlePassphraseFile: String?

  @Option(help: ArgumentHelp("The file to make.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Disclose this identity field; may be repeated.", valueName: "field"))
  var disclose: [String] = []

  @Option(help: ArgumentHelp("Withhold this field, file:PATH, or files; may be repeated.", valueName: "field"))
  var withhold: [String] = []

  @Option(help: "What the bundle is for; the recipients see it.")
  var purpose = ""

  @Flag(help: "Show what the recipients would learn, and make nothing.")
  var preview = false

  @Flag(help: "You have looked: a withheld name that also stands elsewhere gives nobody away.")
  var namesChecked = false

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    guard to.isEmpty == passphrase else { throw UsageFault("say either --to NAME or --passphrase") }
    guard preview || output != nil else {
      throw UsageFault("say where to put the bundle", hint: "--output FILE, or --preview")
    }
    let numbers = try items.flatMap(ItemNumbers.parse)
    let vault = try options.open()
    let (identities, signer) = try options.unlock(vault, signing: !preview)
    let reader = try VaultReader(vault, identities: identities)
    var choice = DisclosureChoice()
    choice.disclosed = Set(disclose)
    choice.withheld = Set(withhold)
    choice.isNameCheckSkipped = namesChecked
    let audience: Audience = passphrase ? .passphrase : .recipients(try to.map { try reader.recipient($0) })
    let plan = try reader.plan(numbers, for: audience, purpose: purpose, choice: choice)
    if preview { return report.print(json(plan)) { Output.line(TextReport(plan: plan, isPreview: true).text) } }
    guard let output, let signer else { throw UsageFault("say where to put the bundle", hint: "--output FILE") }
    try export(plan, reader: reader, signer: signer, to: output)
  }

  private func export(_ plan: ExportPlan, reader: VaultReader, signer: VaultSigner, to output: String) throws {
    let passphrase = try bundlePassphrase()
    Progress.current.begin("sealing")
    let receipt = try reader.export(
      plan, pages: Pages.all(for: plan), to: output, passphrase: passphrase, signer: signer)
    var json = json(plan)
    json["entry"] = .integer(Int64(clamping: receipt.index))
    json["output"] = .string(output)
    json["sha256"] = .string(receipt.digest.hex)
    json["bytes"] = .integer(Int64(clamping: receipt.byteCount))
    report.print(json) {
      Output.line(
        "\(Message.shown(output)): \(counted(plan.items.count, "item")), \(ByteCount.text(receipt.byteCount))")
      for item in plan.items where !item.withheld.isEmpty {
        Output.line("  item \(item.record.index) without \(item.withheld.map(Message.shown).joined(separator: ", "))")
      }
      Output.line("SHA-256 \(receipt.digest.hex)")
      Output.line("entry \(receipt.index); head: \(receipt.head.words)")
      Message.note("tell the recipient your fingerprint over another channel: \(plan.sender.fingerprint)")
    }
  }

  private func bundlePassphrase() throws -> Passphrase? {
    guard passphrase else { return nil }
    if let bundlePassphraseFile { return try PassphrasePrompt.passphrase(bundlePassphraseFile, asking: "") }
    let words = WordList.passphrase(wordCount: 10)
    let terminal = try Terminal()
    terminal.write("The passphrase of the bundle; give it over another channel than the bundle:\n\n    ")
    words.withSpan { terminal.write($0) }
    terminal.write("\n\n")
    return Passphrase(words)
  }

  private func json(_ plan: ExportPlan) -> JSONObject {
    let items = plan.items.map { item -> JSON in
      var shown = item.record.payload
      shown["item"] = .integer(Int64(clamping: item.record.index))
      shown["withheld"] = .array(item.withheld.map { .string($0) })
      return .object(shown)
    }
    return ["bundle": .string(plan.identifier), "purpose": .string(plan.purpose), "items": .array(items)]
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

struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Open a bundle that was sealed for you, and check it.",
    discussion: """
      Ask the sender for the eight words of their key over another channel and give them with --sender. Nothing appears
      under --output before everything has verified.
      """)

  @Argument(help: "The bundle.")
  var file: String

  @Option(help: ArgumentHelp("A new folder for the bundle.", valueName: "folder"))
  var output: String

  @Flag(help: "The bundle was sealed to a passphrase.")
  var passphrase = false

  @OptionGroup var sender: SenderOptions
  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let expected = try sender.expected()
    let source = try open()
    Progress.current.begin("opening")
    let bundle: CheckedBundle
    if passphrase {
      let passphrase = try PassphrasePrompt.passphrase(options.passphraseFile, asking: "Passphrase of the bundle")
      bundle = try EvidenceVault.Bundle.open(
        source, with: passphrase, from: expected, to: output, environment: Surroundings.environment)
    } else {
      bundle = try EvidenceVault.Bundle.open(
        source, with: identities(), from: expected, to: output, environment: Surroundings.environment)
    }
    report.print(BundleText.json(bundle)) {
      BundleText.print(bundle, isSenderExpected: sender.isGiven)
      Output.line("it lies open in \(Message.shown(output)); start with REPORT.txt")
    }
  }

  private func open() throws -> DescriptorStream {
    do { return try DescriptorStream(reading: file) } catch { throw VaultError(error) }
  }

  private func identities() throws -> [Identity] {
    if !options.identity.isEmpty {
      return try IdentityFiles.load(options.identity, passphraseFile: options.passphraseFile)
    }
    guard options.vault != nil || Environment.value("EVIDENCE_VAULT") != nil else {
      throw UsageFault("no key was given", hint: "say --identity FILE, --vault PATH or --passphrase")
    }
    let vault = try options.open()
    return try options.unlock(vault, signing: false).identities
  }
}

/// Whom a bundle must come from.
struct SenderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Whose bundle it must be: the eight words of their fingerprint, their card file, or anyone.", valueName: "sender")
  )
  var sender: String?

  var isGiven: Bool { sender != nil && sender != "anyone" }

  func expected() throws -> ExpectedSender {
    guard let sender else { return .fingerprint("") }
    if sender == "anyone" { return .anyone }
    let words = sender.split(separator: " ")
    if words.count == WordList.fingerprintWordCount { return .fingerprint(words.joined(separator: " ")) }
    if let key = try? VerifierKey(sender) { return .key(key) }
    do {
      let bytes = try DescriptorStream(reading: sender).readAll(limit: 1 << 20)
      guard let card = try? VaultNote(bytes) else { throw VaultError.invalidKey(what: sender) }
      return .key(card.vaultKey)
    } catch {
      throw VaultError(error)
    }
  }
}

/// What is said of a bundle that verified.
enum BundleText {
  static func json(_ bundle: CheckedBundle) -> JSONObject {
    let items = bundle.items.map { record -> JSON in
      var shown = record.payload
      shown["item"] = .integer(Int64(clamping: record.index))
      shown["undisclosed_digests"] = .integer(Int64(clamping: record.undisclosedDigestCount))
      return .object(shown)
    }
    return [
      "bundle": .string(bundle.note.identifier), "created": .string(bundle.note.created),
      "purpose": .string(bundle.note.purpose), "origin": .string(bundle.sender.origin.description),
      "fingerprint": .string(bundle.sender.fingerprint), "files": .integer(Int64(clamping: bundle.fileCount)),
      "bytes": .integer(Int64(clamping: bundle.byteCount)),
      "head_entries": .integer(Int64(clamping: bundle.note.head.size)),
      "timestamps": .array(bundle.trustedTimes.map { .object($0.json) }),
      "items": .array(items),
    ]
  }

  static func print(_ bundle: CheckedBundle, isSenderExpected: Bool) {
    Output.line("everything in the bundle is as its sender signed it")
    Output.line("  made \(Message.shown(bundle.note.created)) on the sender's clock")
    if !bundle.note.purpose.isEmpty { Output.line("  purpose: \(Message.shown(bundle.note.purpose))") }
    for record in bundle.items {
      let title = record.title.isEmpty ? "(title withheld)" : Message.shown(record.title)
      Output.line(
        "  item \(record.index): \(Message.shown(record.kind)), \(counted(record.files.count, "file")): \(title)")
    }
    for time in bundle.trustedTimes {
      Output.line("  \(time.sentence); the sender chose that certificate: \(time.path.dropLast(4)).pem")
    }
    Output.line("  signed by \(bundle.sender.fingerprint)")
    if isSenderExpected {
      Output.line("  which is the sender you named")
    } else {
      Message.note("nobody has vouched for this sender: compare the eight words with them over another channel")
    }
  }
}
