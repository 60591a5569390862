internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import Streams
internal import TransparencyLog
internal import Wording

struct WitnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "witness", abstract: say("Countersign heads of others, and keep what others countersigned."),
    discussion: say(
      """
      Somebody abroad who countersigns your heads can prove later what was there then, even if your vault and you are
      in other hands. All that travels are small files: a head with a proof one way, a countersigned head the other.
      """),
    subcommands: [WitnessSign.self, WitnessAdd.self, WitnessPolicyCommand.self])
}

struct WitnessSign: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: say("Countersign the head of another vault, as its witness."),
    discussion: say(
      """
      Signs with the key of your own vault, and only what continues all that you countersigned of that vault before.
      Compare the eight words of its card by voice with its owner, the first time at least.
      """))

  @Argument(help: about("The head, as evidence head --since SIZE --output FILE made it.", valueName: "head"))
  var request: String

  @Option(help: about("The card of the vault whose head it is.", valueName: "file"))
  var card: String

  @Option(name: .shortAndLong, help: about("The file to make; otherwise standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var options: VaultOptions

  func run() throws {
    let vault = try options.open()
    let card = try WitnessFiles.card(self.card)
    let request = try WitnessFiles.request(self.request)
    Message.note("the vault \(Message.shown(card.origin.description)) has the words: \(card.fingerprint)")
    let passphrase = try options.secret.passphrase(asking: "Passphrase of your vault")
    let cosigned = try vault.countersign(request, of: card, signer: vault.signer(passphrase))
    guard let output else { return Output.line(data: String(decoding: cosigned.bytes.dropLast(), as: UTF8.self)) }
    try NewFile.write(cosigned.bytes, to: output)
  }
}

struct WitnessAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: say("Keep a head of this vault that a witness countersigned."))

  @Argument(help: about("The countersigned head.", valueName: "file"))
  var cosigned: String

  @Option(help: about("The card of the witness; may be repeated.", valueName: "file"))
  var card: [String] = []

  @Option(help: about("A policy that names the witness.", valueName: "file"))
  var policy: String?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    guard !card.isEmpty || policy != nil else { throw UsageFault("name the witness with --card or --policy") }
    let vault = try options.open()
    let known = try policy.map { try WitnessFiles.policy($0).witnesses.map(\.key) } ?? []
    let keys = try card.map { try WitnessFiles.card($0).witnessKey } + known
    let note = try WitnessFiles.note(cosigned)
    let kept = try vault.keep(note, by: keys)
    report.print(["kept": .array(kept.map { .string($0.witness.name.description) })]) {
      for cosignature in kept {
        let time = Timestamp(secondsSince1970: Int64(clamping: cosignature.time))
        Output.line("kept: countersigned by \(Message.shown(cosignature.witness.name.description)) on \(time)")
      }
    }
  }
}

struct WitnessPolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: say("Make a policy: which witnesses are trusted, and how many must have signed."),
    discussion: say(
      "Prints a text that verify --policy takes. The names w1, w2 … can be changed into ones that tell more."))

  @Argument(help: about("The cards of the witnesses.", valueName: "card"))
  var cards: [String]

  @Option(help: about("How many of them must have signed.", valueName: "number"))
  var threshold: Int

  func run() throws {
    let keys = try cards.map { try WitnessFiles.card($0).witnessKey }
    guard (1...keys.count).contains(threshold) else {
      throw UsageFault("--threshold is 1 or more, and at most the number of cards, which is \(keys.count)")
    }
    do {
      Output.line(data: String(decoding: try WitnessPolicy(threshold, of: keys).bytes.dropLast(), as: UTF8.self))
    } catch {
      throw UsageFault("a witness is named twice")
    }
  }
}

/// The small files that witnesses and their vaults send each other.
enum WitnessFiles {
  static func card(_ path: String) throws -> VaultNote {
    do { return try VaultNote(read(path, limit: SignedNote.maximumByteCount)) } catch VaultError.damaged {
      throw VaultError.invalidKey(what: path)
    }
  }

  static func request(_ path: String) throws -> AddCheckpointRequest {
    do { return try AddCheckpointRequest(read(path, limit: AddCheckpointRequest.maximumByteCount)) } catch is LogError {
      throw UsageFault(
        "\(Message.shown(path)) is not the file of a head", hint: "evidence head --output FILE makes such files")
    }
  }

  static func note(_ path: String) throws -> SignedNote {
    let bytes = try read(path, limit: AddCheckpointRequest.maximumByteCount)
    do {
      // The file of a head that was never countersigned is told as that, not as a damaged one.
      return try (try? AddCheckpointRequest(bytes))?.note ?? SignedNote(bytes)
    } catch is LogError {
      throw UsageFault(
        "\(Message.shown(path)) is no countersigned head", hint: "evidence witness sign makes such files")
    }
  }

  static func policy(_ path: String) throws -> WitnessPolicy {
    do { return try WitnessPolicy(read(path, limit: WitnessPolicy.maximumByteCount)) } catch is LogError {
      throw UsageFault("\(Message.shown(path)) is no policy", hint: "evidence witness policy makes one of cards")
    }
  }

  private static func read(_ path: String, limit: Int) throws -> [UInt8] {
    do { return try DescriptorStream(reading: path).readAll(limit: limit) } catch is StreamError {
      throw UsageFault("\(Message.shown(path)) is too long")
    } catch {
      throw VaultError(error)
    }
  }
}
