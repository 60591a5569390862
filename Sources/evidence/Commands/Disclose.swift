internal import ArgumentParser
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import Wording

struct Disclose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Reveal fields of an item that a recipient already holds."),
    discussion: say(
      """
      The recipient was sent the item without them. What is made is a small bundle with these fields alone; evidence
      open --merge puts them together with what they have. Consent holds as for an export.
      """))

  @Argument(help: about("The number of the item."))
  var item: UInt64

  @Argument(help: about("The fields to reveal."))
  var fields: [String]

  @Option(help: about("The recipient."))
  var to: String

  @Option(help: about("The file to make.", valueName: "file"))
  var output: String

  @Option(help: about("What it is for; the recipient sees it."))
  var purpose = ""

  @Option(help: about("How the recipients reach you with questions; they see it.", valueName: "text"))
  var contact = ""

  @OptionGroup var consent: ConsentOptions
  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let (reader, signer) = try options.readerAndSigner()
    var choice = consent.choice
    choice.contact = contact
    let plan: ExportPlan
    do {
      plan = try reader.planDisclosure(
        of: fields, in: item, to: reader.recipient(to), purpose: purpose, choice: choice)
    } catch {
      switch error {
      case .refusedByConsent(let refusals): throw Refusal(Explanation(refused: refusals, ofOneItem: true))
      case .identityWouldLeak(let findings): throw Refusal(Explanation(leaking: findings, ofOneItem: true))
      default: throw error
      }
    }
    let stamps = StampsOfBundle(plan)
    Progress.current.begin("reading pictures")
    let pages = try Pages.all(for: plan, with: nil, from: reader)
    Progress.current.begin("sealing")
    let receipt = try reader.export(plan, pages: pages, to: output, passphrase: nil, signer: signer)
    let json: JSONObject = [
      "item": .integer(Int64(clamping: item)), "fields": .array(fields.map { .string($0) }),
      "entry": .integer(Int64(clamping: receipt.index)), "output": .string(output),
      "sha256": .string(receipt.digest.hex), "timestamps": .array(stamps.times.map { .object($0.json) }),
    ]
    let names = fields.map { Message.shown($0) }.joined(separator: ", ")
    report.print(json) {
      Output.line(
        "\(Message.shown(output)): \(names) of item \(item), \(ByteCount.text(receipt.byteCount))")
      stamps.lines.forEach { Output.line($0) }
      Output.line("entry \(receipt.index); head: \(receipt.head.words)")
    }
    stamps.notes.forEach { Message.note($0) }
  }
}

/// How far an export goes beyond what consent says.
struct ConsentOptions: ParsableArguments {
  @Option(
    help: about(
      "Go on although a witness did not agree, for this reason; it is kept as an entry.", valueName: "reason"))
  var overrideConsent: String?

  @Option(
    help: about(
      "Go on for that reason with this item alone; may be repeated, and is needed where it is for several.",
      valueName: "number"))
  var overrideConsentFor: [UInt64] = []

  @Option(
    help: about(
      "The witness was asked again: who asked, when, and the answer; it is kept as an entry.", valueName: "note"))
  var asked: String?

  @Flag(help: about("You have looked: a withheld name that also stands elsewhere gives nobody away."))
  var namesChecked = false

  @Option(
    help: about(
      "You have looked, but only for the names in this item; may be repeated, and is kept as an entry.",
      valueName: "number"))
  var namesCheckedFor: [UInt64] = []

  @Flag(help: about("Send although nobody compared the keys of a recipient with them; it is kept as an entry."))
  var uncheckedKeys = false

  func validate() throws {
    for text in [overrideConsent, asked].compactMap({ $0 }) where text.allSatisfy(\.isWhitespace) {
      throw ValidationError(say("--override-consent and --asked need words that others can read later"))
    }
    if overrideConsent == nil, !overrideConsentFor.isEmpty {
      throw ValidationError(say("--override-consent-for needs a reason with --override-consent"))
    }
  }

  var choice: DisclosureChoice {
    var choice = DisclosureChoice()
    choice.overrideReason = overrideConsent
    choice.overriddenItems = Set(overrideConsentFor)
    choice.askedNote = asked
    choice.isNameCheckSkipped = namesChecked
    choice.checkedNames = Set(namesCheckedFor)
    choice.isSendingToUncheckedKeys = uncheckedKeys
    return choice
  }
}
