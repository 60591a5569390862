internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import Tar
internal import TransparencyLog

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in the vault.",
    discussion: "Events such as exports and new recipients are shown with --events.")

  @Option(help: "Only this kind.")
  var kind: String?

  @Option(name: .customLong("case"), help: ArgumentHelp("Only items of this case.", valueName: "code"))
  var caseCode: String?

  @Option(help: ArgumentHelp("Only items whose title has this text.", valueName: "text"))
  var text: String?

  @Option(help: ArgumentHelp("Only entries added on this day or later.", valueName: "YYYY-MM-DD"))
  var since: String?

  @Option(help: ArgumentHelp("Only entries added on this day or earlier.", valueName: "YYYY-MM-DD"))
  var until: String?

  @Flag(help: "Show events as well.")
  var events = false

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    if let kind { _ = try Schema.named(kind) }
    let vault = try options.open()
    if !vault.hasReadingIdentity, options.identity.isEmpty { return try listIntake(vault) }
    let reader = try VaultReader(vault, identities: options.unlock(vault, signing: false).identities)
    vault.pin(reader.head)
    Progress.current.begin("reading")
    if report.json { try printJSON(reader) } else { try printText(reader) }
  }

  private func printText(_ reader: VaultReader) throws {
    let output = Output.Pieces()
    try reader.forEachSummary(mapping: selection.line) { output.add($0 + "\n") }
    output.flush()
    if output.isEmpty { Message.note("no entry fits; the vault has \(reader.count)") }
  }

  /// An item on each line: the whole need not be in memory, here or where it is read.
  private func printJSON(_ reader: VaultReader) throws {
    let output = Output.Pieces()
    let head = "{\n  \"entries\": \(reader.count),\n  \"items\": ["
    try reader.forEachSummary(mapping: selection.json) { output.add((output.isEmpty ? head : ",") + "\n    " + $0) }
    output.add(output.isEmpty ? "\(head)]\n}\n" : "\n  ]\n}\n")
    output.flush()
  }

  private var selection: Selection {
    Selection(kind: kind, caseCode: caseCode, text: text?.lowercased(), since: since, until: until, hasEvents: events)
  }

  /// What an intake vault can say of itself without the reading key.
  private func listIntake(_ vault: Vault) throws {
    let head = try vault.head()
    let json: JSONObject = ["entries": .integer(Int64(clamping: head.tree.size)), "items": .null]
    report.print(json) { Output.line("\(head.tree.size) entries") }
    Message.note("this is an intake vault: titles need the reading key (--identity FILE)")
  }
}

/// Which entries a list shows, and how.
private struct Selection: Sendable {
  let kind: String?
  let caseCode: String?
  /// In lower case.
  let text: String?
  let since: String?
  let until: String?
  let hasEvents: Bool

  /// The line of an entry, unless it is not to be shown.
  @Sendable func line(_ summary: Summary) -> String? {
    guard isShown(summary) else { return nil }
    let number = String(summary.index)
    let files = summary.fileCount == 0 ? "" : "\(summary.fileCount) × \(ByteCount.text(summary.byteCount))"
    let columns = [
      String(repeating: " ", count: max(0, 5 - number.utf8.count)) + number, String(summary.added.prefix(10)),
      padded(summary.kind, 17), padded(files, 16), padded(summary.caseCode ?? "", 14), summary.title,
    ]
    return Printable.line(columns.joined(separator: "  "))
  }

  /// The object of an entry, unless it is not to be shown.
  @Sendable func json(_ summary: Summary) -> String? {
    isShown(summary) ? String(decoding: summary.json.serialized(), as: UTF8.self) : nil
  }

  private func isShown(_ summary: Summary) -> Bool {
    if let kind {
      guard summary.kind == kind else { return false }
    } else {
      guard hasEvents || !summary.isEvent else { return false }
    }
    if let caseCode, summary.caseCode != caseCode { return false }
    if let text, !summary.title.lowercased().contains(text) { return false }
    let day = summary.added.prefix(10)
    if let since, day < since { return false }
    if let until, day > until { return false }
    return true
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Show one item: its fields and files.")

  @Argument(help: "The number of the item.")
  var item: UInt64

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let record = try options.reader().record(at: item)
    var json = record.payload
    json["item"] = .integer(Int64(clamping: record.index))
    report.print(json) { printText(record) }
  }

  private func printText(_ record: Record) {
    let schema = try? Schema.named(record.kind)
    Output.line("item \(record.index): \(Message.shown(record.kind)), added \(Message.shown(record.added ?? ""))")
    for member in record.fields.members {
      let mark = schema?.field(member.name)?.sensitivity == .identity ? " (identity)" : ""
      Output.line("  \(Printable.line(member.name))\(mark): \(text(member.value))")
    }
    for file in record.files {
      Output.line(
        "  file \(Printable.line(file.path?.text ?? "")): \(ByteCount.text(file.byteCount)), \(file.mediaType)")
      Output.line("    SHA-256 \(file.digest.hex), modified \(file.modified ?? "unknown")")
    }
  }

  private func text(_ value: JSON) -> String {
    if case .string(let text) = value { return Printable.line(text) }
    return Printable.line(String(decoding: value.serialized(), as: UTF8.self))
  }
}

struct Get: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Take the files of an item out of the vault.",
    discussion: "They lie open on the disk then. Nothing appears under --output before every byte was checked.")

  @Argument(help: "The number of the item.")
  var item: UInt64

  @Option(help: ArgumentHelp("A new folder for the files.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("Take out only this file.", valueName: "path"))
  var file: String?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let reader = try options.reader()
    let wanted = try file.map { file in
      do { return try ArchivePath(file) } catch { throw VaultError.file(.notFound(path: file)) }
    }
    Progress.current.begin("opening")
    let count = try reader.extract(item, only: wanted, to: output)
    let json: JSONObject = [
      "item": .integer(Int64(clamping: item)), "files": .integer(Int64(clamping: count)), "output": .string(output),
    ]
    report.print(json) {
      Output.line(
        "item \(item): \(counted(count, "file")) in \(Message.shown(output)), all as recorded")
    }
  }
}
