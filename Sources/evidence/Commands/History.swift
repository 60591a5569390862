internal import ArgumentParser
internal import EvidenceReport
internal import EvidenceVault
internal import StrictJSON
internal import Wording

struct History: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Show what happened to an item, or enter something that did."),
    discussion: say(
      """
      Adding, amending, exporting, disclosing and withdrawing enter themselves. What happens outside, such as a paper
      that changes hands, is entered by hand, with the day of today unless --set at=DATE says another.

      Example: evidence history 12 --enter transferred --set from="Officer Maple" --set to="Archivist Rowan" \
      --set reason="For safekeeping abroad"
      """))

  @Argument(help: about("The number of the item."))
  var item: UInt64

  @Option(
    help: about("Enter that this happened: collected, received, copied, transferred, …", valueName: "event"))
  var enter: String?

  @Option(
    name: .customLong("set"),
    help: about("A field of what is entered; see evidence schema custody.", valueName: "field=value"))
  var settings: [String] = []

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    guard let enter else {
      guard settings.isEmpty else { throw UsageFault("--set is for what is entered", hint: "say --enter EVENT") }
      return try show(options.reader())
    }
    let schema = try Schema.named("custody")
    let today = settings.contains { $0.hasPrefix("at=") } ? [] : ["at=\(Surroundings.environment.now().day)"]
    let all = ["event=\(enter)"] + today + settings
    let fields = try FieldSettings.fields(record: nil, settings: all, schema: schema)
    let (reader, signer) = try options.readerAndSigner(entering: true)
    let entry = try reader.enterCustody(of: item, fields, signer: signer)
    report.print(["item": .integer(Int64(clamping: item)), "entry": .integer(Int64(clamping: entry))]) {
      Output.line("item \(item): \(Message.shown(enter)), as entry \(entry)")
    }
  }

  private func show(_ reader: VaultReader) throws {
    let lines = try reader.history(of: item)
    var json: JSONObject = [
      "item": .integer(Int64(clamping: item)), "custody": .array(lines.map { .object($0.json) }),
    ]
    let untrusted = lines.map(\.entry).filter { !reader.vault.note.isTrusted($0) }
    if !untrusted.isEmpty { json["not_trusted"] = SigningKeyText.untrusted(untrusted) }
    let origins = try lines.map { try reader.collectedOrigin(of: $0.fields) }
    report.print(json) {
      for (line, origin) in zip(lines, origins) {
        let date = line.at.map(Printable.line) ?? say("(no date)")
        Output.line("\(date)  entry \(line.entry)  \(Printable.line(line.event))")
        if untrusted.contains(line.entry) {
          Output.line("NOT TRUSTED: entry \(line.entry) was signed by a key that was revoked")
        }
        for member in line.fields.members where member.name != "item" && member.name != "event" {
          Output.line(data: "    \(Printable.line(member.name)): \(FieldText.short(member.value))")
        }
        if let origin { Output.line("    entry \(origin.item) of the intake vault \(Message.shown(origin.name))") }
        if line.event == "receipt" { Output.line("    evidence receipt show \(line.entry) prints it") }
      }
    }
  }
}
