internal import ArgumentParser
internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Primitives
internal import Streams
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct ReceiptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receipt", abstract: say("Answer a bundle with a signed receipt, and file those that others answer."),
    discussion: say(
      """
      evidence receipt BUNDLE --sender "EIGHT WORDS" --output FILE answers a bundle. The sender files the answer with \
      evidence receipt add FILE: it becomes part of the history of each item, and proves what the index was by then.
      """),
    subcommands: [MakeReceipt.self, AddReceiptCommand.self, ListReceipts.self, ShowReceipt.self],
    defaultSubcommand: MakeReceipt.self)
}

struct MakeReceipt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make", abstract: say("Answer a bundle: what was received, when, and whether it verified."),
    discussion: say(
      """
      The receipt is signed by your own vault, whose card the sender has. If the bundle verifies, the head of the \
      sender's index is countersigned too. Of a bundle that is refused the receipt says so, and the status is that of \
      the refusal. The bundle is checked in memory; nothing of it is written to the disk.
      """))

  @Argument(help: about("The sealed bundle; if in parts, their folder or any part."))
  var bundle: String

  @Option(name: .shortAndLong, help: about("The receipt to make.", valueName: "file"))
  var output: String

  @Flag(help: about("Say only that it came: it is not opened."))
  var unchecked = false

  @OptionGroup var sender: SenderOptions
  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    guard options.vault != nil || Environment.value("EVIDENCE_VAULT") != nil else {
      throw UsageFault(
        "a receipt is signed by a vault of your own, and none was named",
        hint: "say --vault PATH; evidence init PATH makes one, and evidence card the card that the sender needs")
    }
    guard unchecked != (sender.sender != nil) else {
      throw UsageFault(
        "say whose bundle it must be, or that it is not to be checked",
        hint: "--sender \"EIGHT WORDS\", a card file or anyone; or --unchecked")
    }
    let vault = try options.open()
    let source = try open()
    let (answer, digest, signer, refusal) = try unchecked ? received(source, vault) : checked(source, vault)
    let (receipt, lack) = try vault.receipt(answer, sealed: digest, signer: signer)
    try NewFile.write(receipt.note.bytes, to: output)
    tell(receipt, lack)
    // Proof that the sender signed two histories must not go by unread.
    if case .refused(.fork)? = lack { throw ExitStatus.findings }
    guard let refusal else { return }
    Message.note("the bundle was refused: \(refusal.sentence)")
    throw refusal.status
  }

  private typealias Answer = (
    answer: BundleAnswer, digest: Digest, signer: VaultSigner, refusal: Explanation?
  )

  private func received(_ source: any ByteSource, _ vault: Vault) throws -> Answer {
    let passphrase = try options.secret.passphrase(asking: "Passphrase of your vault")
    let signer = try vault.signer(passphrase)
    return (.notChecked, try EvidenceVault.Bundle.digest(of: source), signer, nil)
  }

  private func checked(_ source: any ByteSource, _ vault: Vault) throws -> Answer {
    let expected = try sender.expected()
    let (identities, signer) = try options.unlock(vault, signing: true, forBundle: true)
    guard let signer else { throw VaultError.needsReadingKey(vault.readingKeyLack) }
    Progress.current.begin("checking")
    let (result, digest) = try EvidenceVault.Bundle.examine(
      source, with: identities, from: expected, environment: Surroundings.environment)
    switch result {
    case .success(let bundle): return (.verified(bundle, isSenderKnown: sender.isGiven), digest, signer, nil)
    case .failure(let error):
      // Words that were misheard or mistyped are no reason to tell the sender, signed and for good, of a refusal.
      if case .unknownSigner = error, case .fingerprint = expected { throw error }
      guard let refusal = Receipt.Refusal(error) else { throw error }
      return (.refused(refusal), digest, signer, Explanation(error))
    }
  }

  private func open() throws -> any ByteSource {
    if let parts = try BundleParts.find([bundle]) { return parts }
    do { return try DescriptorStream(reading: bundle) } catch { throw VaultError(error) }
  }

  private func tell(_ receipt: Receipt, _ lack: CountersignatureLack?) {
    var json = ReceiptWords.json(receipt)
    json["output"] = .string(output)
    report.print(json) {
      Output.line("\(Message.shown(output)): \(ReceiptWords.sentence(receipt))")
      Output.line("send it to whoever sent the bundle; it says nothing of what is in it")
    }
    if let lack { Message.note("the receipt goes without a countersigned head: \(ReceiptWords.sentence(lack))") }
  }
}

struct AddReceiptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: say(
      "File the receipt of a recipient: as custody, with the head that they countersigned; when, is their word."),
    discussion: say("The recipient must have been added by their card, and the bundle be one that was sent to them."))

  @Argument(help: about("The receipt."))
  var file: String

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let receipt = try Receipt(ReceiptWords.read(file))
    let (identities, signer, vault) = try options.unlockedForSigning()
    let filed = try retryingWhenGrown {
      try VaultReader(vault, identities: identities).file(receipt, signer: signer)
    }
    var json = ReceiptWords.json(receipt)
    json["entry"] = .integer(Int64(clamping: filed.entry))
    json["recipient"] = .string(filed.recipient)
    json["export"] = .integer(Int64(clamping: filed.export))
    json["was_there"] = .bool(filed.wasThere)
    report.print(json) {
      if filed.wasThere { Output.line("nothing new: entry \(filed.entry) has this receipt") }
      Output.line(
        """
        entry \(filed.entry): \(Message.shown(filed.recipient)) answers entry \(filed.export): \
        \(ReceiptWords.sentence(receipt))
        """)
      for cosignature in filed.cosignatures {
        let time = Timestamp(secondsSince1970: Int64(clamping: cosignature.time))
        Output.line("they countersigned the head it came with on \(time), on their clock")
      }
    }
  }
}

struct ListReceipts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: say("Show which bundles were acknowledged, and which not."))

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let bundles = try options.reader().sentBundles()
    report.print(["bundles": .array(bundles.map { .object($0.json) })]) {
      for bundle in bundles {
        Output.line("entry \(bundle.entry), sent \(Message.shown(bundle.sent)), bundle \(Message.shown(bundle.bundle))")
        for answer in bundle.answers {
          let (name, result) = (Printable.line(answer.recipient), Printable.line(answer.result))
          Output.line("  \(name): \(result), \(Printable.line(answer.received)), entry \(answer.entry)")
        }
        for name in bundle.waitingFor { Output.line("  \(Message.shown(name)): no receipt yet") }
      }
      if bundles.isEmpty { Message.note("no bundle was sent yet") }
    }
  }
}

struct ShowReceipt: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: say("Print a receipt that was filed, byte for byte as it was signed."))

  @Argument(help: about("The number of its entry."))
  var entry: UInt64

  @OptionGroup var options: VaultOptions

  func run() throws {
    let receipt = try options.reader().receipt(at: entry)
    Output.text(String(decoding: receipt.note.bytes, as: UTF8.self))
  }
}

/// What is said of a receipt.
enum ReceiptWords {
  static func read(_ path: String) throws -> [UInt8] {
    do { return try DescriptorStream(reading: path).readAll(limit: Receipt.maximumByteCount) } catch is StreamError {
      throw VaultError.receipt(.tooLarge)
    } catch {
      throw VaultError(error)
    }
  }

  static func json(_ receipt: Receipt) -> JSONObject {
    var json: JSONObject = [
      "origin": .string(receipt.card.origin.description), "fingerprint": .string(receipt.card.fingerprint),
      "received": .string(receipt.received.description), "sha256": .string(receipt.sealed.hex),
      "result": .string(receipt.outcome.word),
    ]
    if case .refused(let refusal) = receipt.outcome { json["refusal"] = .string(refusal.rawValue) }
    if let verified = receipt.verified {
      json["bundle"] = .string(verified.bundle)
      json["head_entries"] = .integer(Int64(clamping: verified.head.size))
      json["countersigned"] = .bool(verified.cosigned != nil)
    }
    return json
  }

  static func sentence(_ receipt: Receipt) -> Phrase {
    let time = receipt.received
    return switch receipt.outcome {
    case .verified: "received and verified on \(time), on the recipient's clock"
    case .refused(.damaged): "received on \(time), on the recipient's clock, and refused as damaged"
    case .refused(.unknownSigner):
      "received on \(time), on the recipient's clock, and refused: signed by a key that they do not know"
    case .refused(.notAddressed):
      "received on \(time), on the recipient's clock, and refused: signed for somebody else"
    case .notChecked: "received on \(time), on the recipient's clock, and not checked"
    }
  }

  static func sentence(_ lack: CountersignatureLack) -> Phrase {
    switch lack {
    case .unknownSender: "nobody has vouched for the sender"
    case .refused(let refusal): Explanation(VaultError.witnessRefused(refusal)).sentence
    }
  }
}
