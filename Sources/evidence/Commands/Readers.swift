internal import Age
internal import ArgumentParser
internal import EvidenceVault
internal import StrictJSON
internal import Wording

struct ReaderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reader", abstract: say("Keep the list of those who can open what is added to this vault."),
    discussion: say(
      """
      Whoever is added opens what is added from then on; evidence reseal opens the rest to them. Whoever is removed
      opens nothing that is added from then on.
      """),
    subcommands: [AddReader.self, RemoveReader.self, ListReaders.self])
}

struct AddReader: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: say("Let somebody read what is added from now on."),
    discussion: say(
      """
      Nothing is sealed to a key before its words were compared with the owner, by voice or over another channel than
      the one on which it came. All readers of a vault have keys of one kind, post-quantum or classic. It needs no key
      that reads.
      """))

  @Argument(help: about("What this vault calls them; better a code than a name."))
  var name: String

  @Argument(help: about("A card file, or age recipients (age1…)."))
  var keys: [String]

  @Option(help: about("The words or digits of their keys, as their owner told them.", valueName: "words"))
  var words: String?

  @OptionGroup var compared: ComparedOption
  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let (recipients, card) = try PublicKeys.load(keys)
    let fingerprint = card?.keyFingerprint ?? KeyFingerprint(of: recipients)
    guard let words else { throw VaultError.readers(.uncompared(name: name)) }
    guard fingerprint.isSame(asTyped: words) else { throw VaultError.otherKeys(name: name) }
    let keys = try ReaderKeys(options)
    let receipt = try keys.vault.addReader(
      name, keys: recipients, comparison: compared.comparison, known: keys.readers(), signer: keys.signer)
    let json: JSONObject = [
      "entry": .integer(Int64(clamping: receipt.index)), "name": .string(name),
      "age_recipients": .array(recipients.map { .string($0.description) }),
      "readers": .integer(Int64(receipt.vault.note.readers.count)), "head": .string(receipt.head.words),
    ]
    report.print(json) {
      Output.line("entry \(receipt.index): reader \(Message.shown(name)), \(Count.keys(recipients.count))")
      Output.line("head: \(receipt.head.words)")
    }
    Message.note("they can open what is added from now on; the list, and what is there already, after evidence reseal")
  }
}

struct RemoveReader: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: say("Seal nothing more to a reader."),
    discussion: say(
      """
      What is there already stays readable to them, also what they copied before; evidence reseal takes their key off
      the files of this vault. The last reader, and the key that the vault itself reads with, cannot be removed.
      """))

  @Argument(
    help: about("The name, the key (age1…), or the eight words of the key, as evidence reader list shows them."))
  var reader: String

  @Option(help: about("Why."))
  var reason: String

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let keys = try ReaderKeys(options)
    let meant = try keys.readers().filter { $0.isMeant(by: reader) }
    guard let first = meant.first else { throw VaultError.readers(.unknown(reader)) }
    let receipt = try keys.vault.removeReader(
      meant.map(\.key), name: first.name, reason: reason, own: keys.own, signer: keys.signer)
    let json: JSONObject = [
      "entry": .integer(Int64(clamping: receipt.index)), "name": first.name.map { .string($0) } ?? .null,
      "age_recipients": .array(meant.map { .string($0.key.description) }),
      "readers": .integer(Int64(receipt.vault.note.readers.count)), "head": .string(receipt.head.words),
      "still_here": StillHere(receipt.remaining).json,
    ]
    report.print(json) {
      let who: Phrase = first.name.map { "\(Message.shown($0))" } ?? "the key with the words \(first.fingerprint.words)"
      Output.line("entry \(receipt.index): \(who) is no reader of this vault any more")
      StillHere(receipt.remaining).printText()
      Output.line("head: \(receipt.head.words)")
    }
    Message.note("what was added before still opens to them, wherever there is a copy of it; see evidence reseal")
    try StillHere(receipt.remaining).requireNone()
  }
}

struct ListReaders: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: say("Show who can open what is added to this vault."),
    discussion: say("Names are sealed like everything else: without a key that reads, keys and words alone are shown."))

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let vault = try options.open()
    _ = try vault.head()
    let canRead = vault.hasReadingIdentity || !options.identity.isEmpty
    let identities = canRead ? try options.unlock(vault, signing: false).identities : []
    let readers = canRead ? try VaultReader(vault, identities: identities).readers() : vault.readers
    let own = identities.map(\.recipient)
    report.print(["readers": .array(readers.map { .object($0.json(isOwn: own.contains($0.key))) })]) {
      for reader in readers { reader.printText(isOwn: own.contains(reader.key), isNameKnown: canRead) }
    }
    if !canRead { Message.note("names need the reading key: give it with --identity FILE") }
  }
}

/// What a change of readers needs: the signing key, and whatever reads, where there is something.
private struct ReaderKeys {
  let vault: Vault
  let signer: VaultSigner
  /// The identity that the vault keeps.
  let own: Identity?
  private let identities: [Identity]

  init(_ options: VaultOptions) throws {
    vault = try options.open()
    let given = try IdentityFiles.load(options.identity, options.secret)
    let passphrase = try options.secret.passphrase(asking: "Passphrase of the vault")
    signer = try vault.signer(passphrase)
    own = vault.hasReadingIdentity ? try vault.readingIdentity(passphrase) : nil
    identities = given + (own.map { [$0] } ?? [])
  }

  /// The readers, with their names where these can be read.
  func readers() throws -> [KnownReader] {
    identities.isEmpty ? vault.readers : try VaultReader(vault, identities: identities).readers()
  }
}

extension KnownReader {
  fileprivate func json(isOwn: Bool) -> JSONObject {
    [
      "name": name.map { .string($0) } ?? .null, "age_recipient": .string(key.description),
      "fingerprint": .string(fingerprint.words), "digits": .string(fingerprint.digits), "own": .bool(isOwn),
      "compared": comparison.map { .string($0.rawValue) } ?? .null,
      "entry": addedBy.map { .integer(Int64(clamping: $0)) } ?? .null,
    ]
  }

  fileprivate func printText(isOwn: Bool, isNameKnown: Bool) {
    let kind: Phrase = key.isPostQuantum ? "a post-quantum key" : "a classic key"
    if let addedBy {
      Output.line("\(who(isOwn)): \(kind), since entry \(addedBy)")
    } else if isNameKnown {
      Output.line("\(who(isOwn)): \(kind), from the beginning")
    } else {
      Output.line("\(who(isOwn)): \(kind)")
    }
    Output.line("  words: \(fingerprint.words)")
  }

  private func who(_ isOwn: Bool) -> Phrase {
    if let name { return "\(Message.shown(name))" }
    return isOwn ? "the key you read with" : "without a name"
  }
}
