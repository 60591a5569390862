internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import Streams
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct Open: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Open a bundle that was sealed for you, and check it."),
    discussion: say(
      """
      Ask the sender for the eight words of their key over another channel and give them with --sender. Nothing appears
      under --output before everything has verified.
      """))

  @Argument(
    help: about("The bundle; if in parts, their folder, any part, or all.", valueName: "bundle"))
  var files: [String]

  @Option(help: about("A new folder for the bundle.", valueName: "folder"))
  var output: String

  @Flag(help: about("The bundle was sealed to a passphrase."))
  var passphrase = false

  @Option(
    help: about(
      "The bundle reveals more of items in this open folder: put both together, in OUTPUT-merged.",
      valueName: "folder"))
  var merge: String?

  @OptionGroup var sender: SenderOptions
  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let expected = try sender.expected()
    let source = try open()
    let merged = try merge.map { try merging(into: $0, expected) }
    Progress.current.begin("opening")
    let bundle: CheckedBundle
    if passphrase {
      let passphrase = try PassphrasePrompt.passphrase(
        options.secret.passphraseFile, asking: "Passphrase of the bundle")
      bundle = try EvidenceVault.Bundle.open(
        source, with: passphrase, from: expected, to: output, merging: merged, environment: Surroundings.environment)
    } else {
      bundle = try EvidenceVault.Bundle.open(
        source, with: identities(), from: expected, to: output, merging: merged, environment: Surroundings.environment)
    }
    var json = BundleText.json(bundle)
    if let merged {
      json["merged"] = .array(
        merged.records.map { ["item": .integer(Int64(clamping: $0.index)), "record": .object($0.payload)] })
      json["merged_output"] = .string(mergedPlace)
    }
    report.print(json) {
      BundleText.print(bundle, isSenderExpected: sender.isGiven)
      let place = Message.shown(output)
      Output.line(
        bundle.hasReport
          ? "it lies open in \(place); start with REPORT.html" : "it lies open in \(place), without a report")
      if merged != nil { Output.line("together with what you had: \(Message.shown(mergedPlace))") }
    }
  }

  private var mergedPlace: String { "\(String(output.reversed().drop { $0 == "/" }.reversed()))-merged" }

  private func merging(into folder: String, _ expected: ExpectedSender) throws -> Merging {
    let held = try EvidenceVault.Bundle.check(folder: folder, from: expected, environment: Surroundings.environment)
    return try Merging(into: held, at: mergedPlace, environment: Surroundings.environment)
  }

  private func open() throws -> any ByteSource {
    if let parts = try BundleParts.find(files) { return parts }
    guard let file = files.first else { throw UsageFault("say which bundle") }
    do { return try DescriptorStream(reading: file) } catch { throw VaultError(error) }
  }

  private func identities() throws -> [Identity] {
    if !options.identity.isEmpty {
      return try IdentityFiles.load(options.identity, options.secret)
    }
    guard options.vault != nil || Environment.value("EVIDENCE_VAULT") != nil else {
      throw UsageFault("no key was given", hint: "say --identity FILE, --vault PATH or --passphrase")
    }
    let vault = try options.open()
    return try options.unlock(vault, signing: false, forBundle: true).identities
  }
}

/// Whom a bundle must come from.
struct SenderOptions: ParsableArguments {
  @Option(
    help: about(
      "Whose bundle it must be: the eight words of their fingerprint or its digits, their card file, or anyone.",
      valueName: "sender"))
  var sender: String?

  var isGiven: Bool { sender != nil && sender != "anyone" }

  func expected() throws -> ExpectedSender {
    guard let sender else { return .fingerprint("") }
    if sender == "anyone" { return .anyone }
    let fault = KeyFingerprint.fault(asTyped: sender)
    if fault == nil { return .fingerprint(sender) }
    if let key = try? VerifierKey(sender) { return .key(key) }
    do {
      let bytes = try DescriptorStream(reading: sender).readAll(limit: 1 << 20)
      guard let card = try? VaultNote(bytes) else { throw VaultError.invalidKey(what: sender) }
      return .card(card)
    } catch StoreError.notFound where sender.contains(where: \.isWhitespace) {
      throw fault?.usageFault ?? VaultError.file(.notFound(path: sender))
    } catch {
      throw VaultError(error)
    }
  }
}

extension KeyFingerprint.TypedFault {
  /// What is said to whoever typed it.
  var usageFault: UsageFault {
    switch self {
    case .count(let count):
      UsageFault(
        "a fingerprint has eight words, or 32 digits; what was typed has words: \(count)",
        hint: "let them be read out once more")
    case .unknownWord(let word):
      UsageFault(
        "\(Message.shown(word)) is not in the list of words; perhaps it was misheard",
        hint: "let them be read out once more")
    }
  }
}

/// What is said of a bundle that verified.
enum BundleText {
  static func json(_ bundle: CheckedBundle) -> JSONObject {
    let items = bundle.items.map { record -> JSON in
      [
        "item": .integer(Int64(clamping: record.index)),
        "undisclosed_digests": .integer(Int64(clamping: record.undisclosedDigestCount)),
        "record": .object(record.payload),
      ]
    }
    return [
      "bundle": .string(bundle.note.identifier), "created": .string(bundle.note.created),
      "purpose": .string(bundle.note.purpose), "origin": .string(bundle.sender.origin.description),
      "fingerprint": .string(bundle.sender.fingerprint), "files": .integer(Int64(clamping: bundle.fileCount)),
      "bytes": .integer(Int64(clamping: bundle.byteCount)),
      "head_entries": .integer(Int64(clamping: bundle.note.head.size)),
      "timestamps": .array(bundle.trustedTimes.map { .object($0.json) }),
      "items": .array(items),
      "sender_history": VaultHistoryText.json(bundle.sender),
      "events": .array(bundle.events.map { .integer(Int64(clamping: $0.index)) }),
      "contradictory_dates": .array(DateDoubts(in: bundle).phrases.map { .string($0.text(in: .en)) }),
      "not_trusted": SigningKeyText.untrusted(bundle.untrusted),
    ]
  }

  /// What a record is called, as far as it says.
  static func title(of record: Record) -> String {
    let title = Message.folded(record.title)
    if !title.isEmpty { return title }
    return record.fields["title"] == nil ? say("(title withheld)") : say("(no title)")
  }

  /// The record of an item that counts: its own, or that of the last entry which amends it.
  static func currentRecord(of item: UInt64, in bundle: CheckedBundle) -> Record? {
    let records = bundle.items.filter { ($0.fields["amends"]?.unsignedValue ?? $0.index) == item }
    return records.max { $0.index < $1.index }
  }

  private static func line(_ record: Record, _ amendments: Amendments) -> Phrase {
    guard !record.kind.isEmpty else { return addition(record, amendments) }
    let (title, kind) = (title(of: record), Message.shown(record.kind))
    let (entry, files) = (record.index, Count.files(record.files.count))
    guard let remark = amendments.remark(on: entry) else { return "  item \(entry): \(kind), \(files): \(title)" }
    return amendments.isAmendment(entry)
      ? "  entry \(entry) (\(remark)): \(kind), \(files): \(title)"
      : "  item \(entry) (\(remark)): \(kind), \(files): \(title)"
  }

  /// What reveals more of an entry that was sent before says neither what that is nor what it is called.
  private static func addition(_ record: Record, _ amendments: Amendments) -> Phrase {
    let names = record.fields.names.filter { $0 != "amends" }.map { Message.shown($0) }
    let files = record.files.isEmpty ? [] : [say(Count.files(record.files.count))]
    let (entry, revealed) = (record.index, (names + files).joined(separator: ", "))
    guard let remark = amendments.remark(on: entry) else {
      return "  entry \(entry): what it is, is not in this bundle; revealed of it: \(revealed)"
    }
    return "  entry \(entry) (\(remark)): what it is, is not in this bundle; revealed of it: \(revealed)"
  }

  static func print(_ bundle: CheckedBundle, isSenderExpected: Bool) {
    Output.line("everything in the bundle is as its sender signed it")
    // Before anything that the sender wrote: that could be made to look like it.
    Output.line("  signed by \(bundle.sender.fingerprint)")
    if isSenderExpected {
      Output.line("  which is the sender you named")
    } else {
      Message.note("nobody has vouched for this sender: compare the eight words with them over another channel")
    }
    VaultHistoryText.lines(ofSender: bundle.sender).forEach { Output.line("  \($0)") }
    Output.line("  made \(Message.shown(bundle.note.created)) on the sender's clock")
    if !bundle.note.purpose.isEmpty { Output.line("  purpose: \(Message.folded(bundle.note.purpose))") }
    let amendments = Amendments(among: bundle.items)
    for record in bundle.items { Output.line(line(record, amendments)) }
    for entry in bundle.untrusted {
      Output.line("NOT TRUSTED: entry \(entry) was signed by a key that was revoked")
    }
    for time in bundle.trustedTimes {
      Output.line("  \(time.sentence); the sender chose that certificate: \(time.path.dropLast(4)).pem")
    }
    for doubt in DateDoubts(in: bundle).phrases {
      Message.note("dates do not agree with one another; clocks can be wrong: \(doubt)")
    }
  }
}
