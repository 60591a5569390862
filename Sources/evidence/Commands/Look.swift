internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import Tar

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
