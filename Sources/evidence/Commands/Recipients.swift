internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Streams
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct RecipientCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recipient", abstract: say("Keep the people and mechanisms that bundles are sealed to."),
    subcommands: [AddRecipient.self, ListRecipients.self, RevokeRecipient.self])
}

struct AddRecipient: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: say("Add a recipient by a card file or by age recipients."),
    discussion: say(
      "Compare the fingerprint of a card with its owner over another channel before you seal anything to it."))

  @Argument(help: about("What this vault calls them."))
  var name: String

  @Argument(help: about("A card file, or age recipients (age1…; \"ssh-ed25519 AAAA…\" for whoever has nothing else)."))
  var keys: [String]

  @Option(
    name: .customLong("class"),
    help: about(
      "What they are: un_special_procedures, lawyer, …; see evidence schema recipient.", valueName: "class"))
  var recipientClass: String

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let (recipients, card) = try load()
    let (reader, signer) = try options.readerAndSigner()
    let index = try reader.addRecipient(
      name, recipientClass: recipientClass, keys: recipients, verifierKey: card?.vaultKey, signer: signer)
    let json: JSONObject = [
      "entry": .integer(Int64(clamping: index)), "name": .string(name),
      "fingerprint": card.map { .string($0.fingerprint) } ?? .null,
    ]
    report.print(json) {
      Output.line("entry \(index): recipient \(Message.shown(name)), \(Count.keys(recipients.count))")
      if let card { Output.line("compare with them by voice: \(card.fingerprint)") }
    }
  }

  private func load() throws -> ([Recipient], VaultNote?) {
    if keys.count == 1, !RecipientText.isMeant(keys[0]) {
      do {
        let bytes = try DescriptorStream(reading: keys[0]).readAll(limit: 1 << 20)
        guard let card = try? VaultNote(bytes) else { throw VaultError.invalidKey(what: keys[0]) }
        return (card.readers, card)
      } catch {
        throw VaultError(error)
      }
    }
    return (try keys.map { try RecipientText.recipient($0) }, nil)
  }
}

struct ListRecipients: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: say("Show all recipients, also revoked ones."))

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let recipients = try options.reader().recipients()
    let json: JSONObject = ["recipients": .array(recipients.map { .object($0.json) })]
    report.print(json) {
      for recipient in recipients {
        let state: Phrase = recipient.revokedBy.map { "revoked by entry \($0)" } ?? "valid"
        let keys = recipient.keys
        let kinds = Count.keys(keys.count, arePostQuantum: keys.first?.isPostQuantum == true)
        let (name, kind) = (Printable.line(recipient.name), Printable.line(recipient.recipientClass))
        Output.line("\(name): \(kind), \(kinds), \(state)")
      }
      if recipients.isEmpty { Message.note("no recipients yet") }
    }
  }
}

struct RevokeRecipient: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: say("Seal nothing more to a recipient."),
    discussion: say("What was sent to them before stays readable to them."))

  @Argument(help: about("What this vault calls them."))
  var name: String

  @Option(help: about("Why."))
  var reason: String

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let (reader, signer) = try options.readerAndSigner()
    let index = try reader.revokeRecipient(name, reason: reason, signer: signer)
    report.print(["entry": .integer(Int64(clamping: index)), "name": .string(name)]) {
      Output.line("entry \(index): \(Message.shown(name)) is revoked; what was sent before stays readable to them")
    }
  }
}

extension KnownRecipient {
  fileprivate var json: JSONObject {
    [
      "name": .string(name), "class": .string(recipientClass),
      "age_recipients": .array(keys.map { .string($0.description) }), "entry": .integer(Int64(clamping: index)),
      "revoked_by": revokedBy.map { .integer(Int64(clamping: $0)) } ?? .null,
    ]
  }
}
