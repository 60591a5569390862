internal import ArgumentParser
internal import EvidenceReport
internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct IntakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "intake", abstract: say("Make vaults for the field that take evidence in and cannot read it."),
    discussion: say(
      """
      An intake vault is made here and carried to where evidence is taken in. Its machine holds no key that opens
      anything. When it comes back, or a copy of it, evidence collect brings what is in it into this vault.
      """),
    subcommands: [CreateIntake.self, ListIntakes.self, RevokeIntake.self, AdoptIntake.self])
}

struct CreateIntake: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: say("Make an intake vault that is sealed to the readers of this vault."),
    discussion: say(
      """
      It has a passphrase of its own, which signs what is taken in and opens nothing: the person in the field needs it.
      This vault certifies it and knows it from then on.

      Example: evidence intake create /media/stick/field.vault --name "North valley"
      """))

  @Argument(help: about("Where to make it; nothing may be there yet."))
  var path: String

  @Option(help: about("What this vault calls it: a code for the person or place in the field."))
  var name: String

  @Option(help: about("Who or what it is for, by code."))
  var reason: String?

  @Option(help: about("Take the passphrase of the new vault from this file.", valueName: "path"))
  var newPassphraseFile: String?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let (identities, signer, vault) = try options.unlockedForSigning()
    let passphrase = try PassphrasePrompt.newPassphrase(
      newPassphraseFile, opening: "A new passphrase for the intake vault.", option: "--new-passphrase-file")
    let made = try retryingWhenGrown {
      try VaultReader(vault, identities: identities).createIntake(
        at: path, name: name, reason: reason, passphrase: passphrase, signer: signer)
    }
    let head = try made.vault.head()
    var json = Card.json(made.vault, head)
    json["name"] = .string(name)
    json["entry"] = .integer(Int64(clamping: made.entry))
    report.print(json) {
      Output.line("made an intake vault at \(Message.shown(made.vault.path)), known here as entry \(made.entry)")
      Card.print(made.vault, head)
      Message.note("its passphrase signs and opens nothing; when it comes back: evidence collect PATH")
    }
  }
}

struct ListIntakes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: say("Show the intake vaults that were made here, also revoked ones."))

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let intakes = try options.reader().intakes()
    report.print(["intakes": .array(intakes.map { .object($0.json) })]) {
      for intake in intakes {
        Output.line("\(Printable.line(intake.name)): \(intake.state)")
        Output.line(data: "    \(intake.presentFingerprint.words)")
      }
      if intakes.isEmpty { Message.note("no intake vaults yet: evidence intake create PATH --name NAME") }
    }
  }
}

struct RevokeIntake: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: say("Trust an intake vault no more."),
    discussion: say(
      """
      For a machine that was seized or lost: whoever has it and its passphrase can add entries that look as if they
      came from the field. Nothing more of it is collected then. With --up-to, what it had up to that head is: the
      number and eight words that evidence head printed there.
      """))

  @Argument(help: about("What this vault calls it."))
  var name: String

  @Option(help: about("Why."))
  var reason: String

  @Option(help: about("The last head that can be trusted.", valueName: "words"))
  var upTo: String?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let (reader, signer) = try options.readerAndSigner()
    let index = try reader.revokeIntake(name, reason: reason, trustedHead: upTo, signer: signer)
    report.print(["entry": .integer(Int64(clamping: index)), "name": .string(name)]) {
      Output.line("entry \(index): \(Message.shown(name)) is revoked; what was collected before stays")
    }
  }
}

struct AdoptIntake: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "adopt", abstract: say("Know an intake vault again that was made here."),
    discussion: say(
      """
      For a vault that went on from a backup, and lost the entry by which it knew an intake vault that it had made \
      since. The intake vault has to have the certificate of this vault. What was revoked does not come back; a \
      revocation that was lost as well is not known, so make sure that there was none.

      Example: evidence intake adopt /media/stick/field.vault --name North --reason restored
      """))

  @Argument(help: about("The intake vault, or a copy of it."))
  var path: String

  @Option(help: about("What this vault calls it: a code for the person or place in the field."))
  var name: String

  @Option(help: about("Why."))
  var reason: String

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func validate() throws {
    guard reason.allSatisfy(\.isWhitespace) else { return }
    throw ValidationError(say("a reason needs words that others can read later"))
  }

  func run() throws {
    let (identities, signer, vault) = try options.unlockedForSigning()
    let adopted = try retryingWhenGrown {
      try VaultReader(vault, identities: identities).adoptIntake(path, name: name, reason: reason, signer: signer)
    }
    let json: JSONObject = [
      "entry": .integer(Int64(clamping: adopted.entry)), "name": .string(name),
      "fingerprint": .string(adopted.fingerprint.words),
    ]
    report.print(json) {
      Output.line("entry \(adopted.entry): \(Message.shown(name)) is known again, \(adopted.fingerprint.words)")
      Message.note("what was collected from it before is not known here; all of it comes with: evidence collect PATH")
    }
  }
}

extension KnownIntake {
  fileprivate var state: Phrase {
    let collected: Phrase = "entries collected: \(collectedCount)"
    guard let revocation else { return "\(collected), made \(String(made.prefix(10)))" }
    guard let head = revocation.trustedHead else { return "\(collected), revoked by entry \(revocation.entry)" }
    return "\(collected), trusted up to \(head) by entry \(revocation.entry)"
  }

  fileprivate var json: JSONObject {
    [
      "name": .string(name), "entry": .integer(Int64(clamping: index)), "made": .string(made),
      "verifying_key": .string(verifierKey.description), "fingerprint": .string(presentFingerprint.words),
      "digits": .string(presentFingerprint.digits), "collected": .integer(Int64(clamping: collectedCount)),
      "revoked_by": revocation.map { .integer(Int64(clamping: $0.entry)) } ?? .null,
      "trusted_head": revocation?.trustedHead.map { .string($0) } ?? .null,
    ]
  }
}
