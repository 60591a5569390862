internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import Tar
internal import Wording

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
