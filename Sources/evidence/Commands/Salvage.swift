internal import Age
internal import ArgumentParser
internal import EvidenceReport
internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct Salvage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Save what opens from a vault whose index is lost."),
    discussion: say(
      """
      Every sealed file below LOST that the reading key opens, or one that it replaced, is sealed again as an item of a
      new vault, and its files are compared with its record. The new vault says in an entry that order and completeness
      are not proven any more. The old record is kept in each item as salvaged-record.json, which no export discloses
      unless it is named. Recipients and exports are listed and not carried over. Where there is another copy of the
      vault, try evidence repair --from COPY first: it keeps the proof.
      """))

  @Argument(help: about("The folder of the lost vault; it is only read."))
  var lost: String

  @Option(help: about("Where to make the new vault; nothing may be there yet.", valueName: "path"))
  var output: String

  @Option(help: about("Read with this identity file instead of keys/reading.age.", valueName: "file"))
  var identity: [String] = []

  @OptionGroup var secret: PassphraseOptions

  @Option(help: about("Take the passphrase of the new vault from this file.", valueName: "path"))
  var newPassphraseFile: String?

  @OptionGroup var report: ReportOptions

  func run() throws {
    let identities = try readingKeys()
    let passphrase = try PassphrasePrompt.newPassphrase(
      newPassphraseFile, opening: "A new passphrase for the new vault.", option: "--new-passphrase-file")
    Progress.current.begin("salvaging")
    let result = try Vault.salvage(
      lost, identities: identities, to: output, passphrase: passphrase, environment: Surroundings.environment)
    report.print(json(result)) { printText(result) }
    if secret.keyFile != nil {
      Message.note(
        "the new vault opens with its passphrase alone; evidence key passphrase --key-file adds the key file")
    }
    if !result.isComplete { throw ExitStatus.partial }
  }

  private func readingKeys() throws -> [Identity] {
    guard identity.isEmpty else { return try IdentityFiles.load(identity, secret) }
    let passphrase = try secret.passphrase(asking: "Passphrase of the lost vault")
    return try Vault.lostReadingIdentities(in: lost, passphrase)
  }

  private func printText(_ result: SalvageReport) {
    for trouble in result.troubles {
      let what: Phrase = "\(Message.shown(trouble.path)): \(Message.shown(trouble.detail))"
      Output.line(trouble.isRecovered ? "recovered: \(what)" : "NOT RECOVERED: \(what)")
    }
    for record in result.looseRecords {
      let fields = Message.shown(String(decoding: record.fields.serialized(), as: UTF8.self))
      let (kind, added) = (Printable.line(record.kind), Printable.line(record.added))
      let what: Phrase = "\(kind) of \(added): \(fields)"
      Output.line(record.isItem ? "NOT RECOVERED, its object is lost: \(what)" : "not carried over: \(what)")
    }
    for item in result.items where !item.leftFields.isEmpty {
      let names = Message.shown(item.leftFields.joined(separator: ", "))
      Output.line("item \(item.index): only in the kept record: \(names)")
    }
    for item in result.items where !item.heldBackFields.isEmpty {
      let names = Message.shown(item.heldBackFields.joined(separator: ", "))
      Output.line("item \(item.index): to be written down again, with evidence amend: \(names)")
    }
    if !result.items.isEmpty {
      Output.line(
        "no item is exported before somebody wrote down whose consent speaks for it, or that nobody's has to:")
      Output.line("  evidence amend NUMBER --set consent.by=NUMBER --reason TEXT, or --unset consent.by")
    }
    let (items, path) = (Count.items(result.items.count), Message.shown(result.vault.path))
    Output.line(result.isComplete ? "salvaged: \(items) in \(path)" : "PARTLY salvaged: \(items) in \(path)")
    Output.line("head: \(result.head.words)")
    Message.note(
      """
      order and completeness are not proven any more; anybody who had the public reading key can have made what was \
      found
      """)
  }

  private func json(_ result: SalvageReport) -> JSONObject {
    [
      "complete": .bool(result.isComplete), "vault": .string(result.vault.path), "head": .string(result.head.words),
      "origins": .array(result.origins.map { .string($0) }),
      "items": .array(
        result.items.map {
          [
            "item": .integer(Int64(clamping: $0.index)), "title": .string($0.title), "path": .string($0.path),
            "left_fields": .array($0.leftFields.map { .string($0) }),
            "held_back_fields": .array($0.heldBackFields.map { .string($0) }),
          ]
        }),
      "troubles": .array(
        result.troubles.map {
          ["path": .string($0.path), "detail": .string($0.detail.text(in: .en)), "recovered": .bool($0.isRecovered)]
        }),
      "loose_records": .array(
        result.looseRecords.map {
          [
            "kind": .string($0.kind), "added": .string($0.added), "item": .bool($0.isItem),
            "fields": .object($0.fields),
          ]
        }),
    ]
  }
}
