internal import ArgumentParser
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import Tar
internal import Wording

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Show one item: its fields and files."),
    discussion: say(
      """
      Of an item that was amended, the record that counts now; --original shows what was added first. Consent that was
      taken back since is marked.
      """))

  @Argument(help: about("The number of the item, or of any entry."))
  var item: UInt64

  @Flag(help: about("The record of this very entry, whatever amended it."))
  var original = false

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let reader = try options.reader()
    let entry = try reader.record(at: item)
    let book = try reader.custody()
    let amendments = original ? [] : book.amendments(of: item)
    let records = try [entry] + amendments.map { try reader.record(at: $0) }
    let isItem = (try? Schema.named(entry.kind))?.isItem == true
    let takenBack = try isItem ? reader.consentTakenBack(of: book.firstNumber(of: item) ?? item) : []
    let speakers = try isItem ? reader.consentSpeakers(of: book.firstNumber(of: item) ?? item) : []
    let origin = try reader.collectedOrigin(of: entry.fields)
    let untrusted = records.map(\.index).filter { !reader.vault.note.isTrusted($0) }
    let disowning = book.disowningEntry(of: book.firstNumber(of: item) ?? item)
    var json = json(records, amendments, takenBack, origin, untrusted)
    if let disowning { json["disowned_by"] = .integer(Int64(clamping: disowning)) }
    if !speakers.isEmpty { json["consent_of"] = .array(speakers.map { .integer(Int64(clamping: $0)) }) }
    report.print(json) {
      for entry in untrusted { Output.line("NOT TRUSTED: entry \(entry) was signed by a key that was revoked") }
      if let disowning {
        Output.line("NOT TRUSTED: its sender does not stand by it, says entry \(disowning): that key was revoked")
      }
      printText(records, amendments, takenBack)
      for speaker in speakers { Output.line("  who gets it, the witness of item \(speaker) decides") }
      if let origin { Output.line("  item \(origin.item) of the intake vault \(Message.shown(origin.name))") }
    }
  }

  private func json(
    _ records: [Record], _ amendments: [UInt64], _ takenBack: [ConsentTakenBack], _ origin: CollectedOrigin?,
    _ untrusted: [UInt64]
  ) -> JSONObject {
    let current = records[records.count - 1]
    var json = current.payload
    json["item"] = .integer(Int64(clamping: item))
    if !amendments.isEmpty {
      json["added"] = records[0].added.map { .string($0) }
      json["amended"] = current.added.map { .string($0) }
      json["amended_by"] = .array(amendments.map { .integer(Int64(clamping: $0)) })
      json["files"] = .array(records.flatMap { $0.payload["files"]?.arrayValue ?? [] })
    }
    if !takenBack.isEmpty {
      json["consent_taken_back"] = .array(
        takenBack.map {
          [
            "classes": .array($0.classes.map { .string($0) }), "entry": .integer(Int64(clamping: $0.entry)),
            "entered": .string($0.entered),
          ]
        })
    }
    if !untrusted.isEmpty { json["not_trusted"] = SigningKeyText.untrusted(untrusted) }
    if let origin { json["intake"] = .string(origin.name) }
    return json
  }

  private func printText(_ records: [Record], _ amendments: [UInt64], _ takenBack: [ConsentTakenBack]) {
    let current = records[records.count - 1]
    let (kind, added) = (Message.shown(current.kind), Message.shown(records[0].added ?? ""))
    Output.line("item \(item): \(kind), added \(added)")
    if let last = amendments.last {
      let amended = Message.shown(current.added ?? "")
      Output.line("as amended \(amended) by entry \(last); --original shows what was added first")
    }
    for taken in takenBack {
      let classes = taken.classes.joined(separator: ", ")
      Output.line("CONSENT TAKEN BACK for \(classes) on \(Self.day(taken)), by entry \(taken.entry)")
    }
    let schema = try? Schema.named(current.kind)
    for member in current.fields.members { Output.line(line(member.name, member.value, schema, takenBack)) }
    for file in records.flatMap(\.files) {
      Output.line(
        "  file \(Printable.line(file.path?.text ?? "")): \(ByteCount.text(file.byteCount)), \(file.mediaType)")
      Output.line("    SHA-256 \(file.digest.hex), modified \(file.modified ?? say("unknown"))")
    }
  }

  private func line(_ name: String, _ value: JSON, _ schema: Schema?, _ takenBack: [ConsentTakenBack]) -> Phrase {
    let (shown, text) = (Printable.line(name), FieldText.line(value))
    if let taken = takenBack.first(where: { $0.concerns(name) }) {
      return "  \(shown): \(text) — NOT VALID ANY MORE: taken back on \(Self.day(taken)), by entry \(taken.entry)"
    }
    return schema?.field(name)?.sensitivity == .identity
      ? "  \(shown) (identity): \(text)" : "  \(shown): \(text)"
  }

  private static func day(_ taken: ConsentTakenBack) -> String { Message.shown(String(taken.entered.prefix(10))) }
}

extension ConsentTakenBack {
  /// Whether a field answers for one of the classes.
  fileprivate func concerns(_ field: String) -> Bool {
    classes.contains { name in
      let answer = "consent.\(name)".utf8
      return field.utf8.elementsEqual(answer) || field.utf8.starts(with: "consent.\(name).".utf8)
    }
  }
}
