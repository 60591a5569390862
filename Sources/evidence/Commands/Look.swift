internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import Tar
internal import Wording

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Show one item: its fields and files."),
    discussion: say("Of an item that was amended, the record that counts now; --original shows what was added first."))

  @Argument(help: about("The number of the item, or of any entry."))
  var item: UInt64

  @Flag(help: about("The record of this very entry, whatever amended it."))
  var original = false

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let reader = try options.reader()
    let entry = try reader.record(at: item)
    let amendments = try original ? [] : reader.amendments(of: item)
    let records = try [entry] + amendments.map { try reader.record(at: $0) }
    let current = records[records.count - 1]
    var json = current.payload
    json["item"] = .integer(Int64(clamping: item))
    if !amendments.isEmpty {
      json["amended_by"] = .array(amendments.map { .integer(Int64(clamping: $0)) })
      json["files"] = .array(records.flatMap { $0.payload["files"]?.arrayValue ?? [] })
    }
    let untrusted = records.map(\.index).filter { !reader.vault.note.isTrusted($0) }
    if !untrusted.isEmpty { json["not_trusted"] = .array(untrusted.map { .integer(Int64(clamping: $0)) }) }
    let origin = try reader.collectedOrigin(of: entry.fields)
    if let origin { json["intake"] = .string(origin.name) }
    report.print(json) {
      for entry in untrusted { Output.line("NOT TRUSTED: entry \(entry) was signed by a key that was revoked") }
      printText(current, amendments: amendments, files: records.flatMap(\.files))
      if let origin { Output.line("  item \(origin.item) of the intake vault \(Message.shown(origin.name))") }
    }
  }

  private func printText(_ record: Record, amendments: [UInt64], files: [FileRecord]) {
    let schema = try? Schema.named(record.kind)
    Output.line("item \(item): \(Message.shown(record.kind)), added \(Message.shown(record.added ?? ""))")
    if let last = amendments.last { Output.line("as amended by entry \(last); --original shows what was added first") }
    for member in record.fields.members {
      let (name, value) = (Printable.line(member.name), FieldText.line(member.value))
      let isIdentity = schema?.field(member.name)?.sensitivity == .identity
      Output.line(isIdentity ? "  \(name) (identity): \(value)" : "  \(name): \(value)")
    }
    for file in files {
      Output.line(
        "  file \(Printable.line(file.path?.text ?? "")): \(ByteCount.text(file.byteCount)), \(file.mediaType)")
      Output.line("    SHA-256 \(file.digest.hex), modified \(file.modified ?? say("unknown"))")
    }
  }
}

struct Get: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Take the files of an item out of the vault."),
    discussion: say("They lie open on the disk then. Nothing appears under --output before every byte was checked."))

  @Argument(help: about("The number of the item."))
  var item: UInt64

  @Option(help: about("A new folder for the files.", valueName: "folder"))
  var output: String

  @Option(help: about("Take out only this file.", valueName: "path"))
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
        "item \(item): \(Count.files(count)) in \(Message.shown(output)), all as recorded")
    }
  }
}
