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
    subcommands: [AddRecipient.self, CheckRecipient.self, ListRecipients.self, RevokeRecipient.self])
}

struct AddRecipient: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: say("Add a recipient by a card file or by age recipients."),
    discussion: say(
      """
      Nothing is sealed to keys before their words were compared with the owner, by voice or over another channel than
      the one on which they came: with --words, or later with evidence recipient check.
      """))

  @Argument(help: about("What this vault calls them."))
  var name: String

  @Argument(help: about("A card file, or age recipients (age1…; \"ssh-ed25519 AAAA…\" for whoever has nothing else)."))
  var keys: [String]

  @Option(
    name: .customLong("class"),
    help: about(
      "What they are: un_special_procedures, lawyer, …; see evidence schema recipient.", valueName: "class"))
  var recipientClass: String

  @Option(help: about("The words or digits of their keys, as their owner told them.", valueName: "words"))
  var words: String?

  @Flag(help: about("Take keys of a recipient who was revoked: it was a mistake."))
  var althoughRevoked = false

  @OptionGroup var compared: ComparedOption
  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    if let fault = words.flatMap(KeyFingerprint.fault) { throw fault.usageFault }
    let (recipients, card) = try PublicKeys.load(keys)
    let fingerprint = card?.keyFingerprint ?? KeyFingerprint(of: recipients)
    if let words, !fingerprint.isSame(asTyped: words) { throw VaultError.otherKeys(name: name) }
    let (reader, signer) = try options.readerAndSigner()
    // Behind the step that counts nothing is read: whoever is asked to end there would say that nothing was done.
    let known = try reader.recipients().filter { $0.revokedBy == nil }
    let index = try reader.addRecipient(
      name, recipientClass: recipientClass, keys: recipients, verifierKey: card?.vaultKey,
      formerKeys: card?.formerKeys ?? [], comparison: words == nil ? nil : compared.comparison,
      isRevokedAllowed: althoughRevoked, signer: signer)
    let json: JSONObject = [
      "entry": .integer(Int64(clamping: index)), "name": .string(name), "fingerprint": .string(fingerprint.words),
      "digits": .string(fingerprint.digits), "compared": .bool(words != nil),
    ]
    for other in known where !Set(other.keys).isDisjoint(with: recipients) {
      let (name, kind) = (Message.shown(other.name), Message.shown(other.recipientClass))
      Message.note("some of these keys are also those of \(name), who is of the class \(kind)")
    }
    for other in known where other.looksLike(name) {
      Message.note(
        """
        this name looks like \(Message.shown(other.name)), of entry \(other.index), and is another: if it is the same \
        one, evidence recipient revoke takes one of them back
        """)
    }
    report.print(json) {
      Output.line("entry \(index): recipient \(Message.shown(name)), \(Count.keys(recipients.count))")
      guard words == nil else { return }
      Output.line("their words:  \(fingerprint.words)")
      Output.line("or as digits: \(fingerprint.digits)")
      Message.note("nothing is sealed to them before these are compared by voice: evidence recipient check")
    }
  }
}

/// By which way keys were compared.
struct ComparedOption: ParsableArguments {
  @Option(
    help: about("How the words were compared: in_person, call or other_channel.", valueName: "way"))
  var compared = KeyComparison.otherChannel.rawValue

  var comparison: KeyComparison { KeyComparison(rawValue: compared) ?? .otherChannel }

  func validate() throws {
    guard KeyComparison(rawValue: compared) != nil else {
      let ways = KeyComparison.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError(say("--compared takes one of \(ways)"))
    }
  }
}

struct CheckRecipient: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: say("Enter that the keys of a recipient were compared with their owner."),
    discussion: say(
      """
      The owner of the keys reads their words out, as evidence card or evidence key words shows them there; this vault
      compares.
      """))

  @Argument(help: about("What this vault calls them."))
  var name: String

  @Option(help: about("The words or digits, as their owner told them.", valueName: "words"))
  var words: String

  @OptionGroup var compared: ComparedOption
  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    if let fault = KeyFingerprint.fault(asTyped: words) { throw fault.usageFault }
    let (reader, signer) = try options.readerAndSigner()
    let index = try reader.compareRecipient(name, typed: words, comparison: compared.comparison, signer: signer)
    report.print(["entry": .integer(Int64(clamping: index)), "name": .string(name)]) {
      Output.line("entry \(index): the keys of \(Message.shown(name)) were compared")
    }
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
        let state: Phrase =
          recipient.revokedBy.map { "revoked by entry \($0)" }
          ?? (recipient.comparison == nil ? "keys not compared" : "keys compared")
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
      "fingerprint": .string(fingerprint.words), "digits": .string(fingerprint.digits),
      "compared": comparison.map { .string($0.rawValue) } ?? .null,
      "revoked_by": revokedBy.map { .integer(Int64(clamping: $0)) } ?? .null,
    ]
  }
}
