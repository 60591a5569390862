internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Primitives
internal import SecretSharing
internal import Streams
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct SplitKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split", abstract: say("Split the reading key into shares for people you trust."),
    discussion: say(
      """
      Makes a folder with a sheet for each share: words, and what to do with them in English, Russian and Tajik. Any
      --threshold of the sheets bring the key back when the passphrase is lost; fewer tell nothing. Print them, give
      each to somebody else, and delete the folder. Whoever has enough of them and a copy of the vault reads everything,
      and can add to it, unless --reading-only was said.
      """))

  @Option(help: about("How many shares bring the key back: 2 or more."))
  var threshold: Int

  @Option(help: about("How many shares to make: up to 16."))
  var shares: Int

  @Option(help: about("The folder to make.", valueName: "dir"))
  var output: String

  @Option(
    help: about(
      "Who holds a share, in the order of the sheets; kept with the names in the vault. May be repeated.",
      valueName: "name"))
  var custodian: [String] = []

  @Flag(help: about("Whoever brings the key back is to read, and not to sign as this vault."))
  var readingOnly = false

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    guard custodian.count <= shares else { throw UsageFault("there are more custodians than shares") }
    let (identities, signer, vault) = try options.unlockedForSigning()
    guard let identity = identities.first(where: { vault.note.readers.contains($0.recipient) }) else {
      throw VaultError.notAReader
    }
    // On an intake vault, those who read and those who sign are different people.
    let plan = try SplitPlan(
      threshold: threshold, count: shares, holders: custodian,
      isWithSigning: vault.hasReadingIdentity && !readingOnly)
    let receipt = try vault.split(identity, plan, signer: signer, to: output)
    report.print(json(receipt, plan)) {
      Output.line(
        "\(Count.sheets(shares)) in \(Message.shown(output)): \(receipt.fileNames.joined(separator: ", "))")
      Output.line("entry \(receipt.index); head: \(receipt.head.words)")
      Message.note("any \(threshold) of them bring the key back, and fewer tell nothing of it")
      Message.note("print them, give each to somebody else, and delete the folder")
    }
  }

  private func json(_ receipt: SplitReceipt, _ plan: SplitPlan) -> JSONObject {
    [
      "output": .string(output), "files": .array(receipt.fileNames.map { .string($0) }),
      "threshold": .integer(Int64(threshold)), "shares": .integer(Int64(shares)), "set": .integer(Int64(receipt.set)),
      "signing": .bool(plan.isWithSigning), "entry": .integer(Int64(clamping: receipt.index)),
      "head": .string(receipt.head.words),
    ]
  }
}

struct CombineKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "combine", abstract: say("Bring the reading key back from shares, under a new passphrase."),
    discussion: say(
      """
      Asks for the words of one share after the other at the terminal, and says at once which word is wrong and how many
      shares are missing. The key is held against vault.note before anything is written. With --output it goes into an
      identity file sealed with a passphrase, for when the vault itself is lost and only copies of its files are left.
      """))

  @OptionGroup var shares: ShareOptions

  @Option(help: about("The vault; otherwise $EVIDENCE_VAULT.", valueName: "path"))
  var vault: String?

  @Option(help: about("Make this identity file, and leave the vault as it is.", valueName: "file"))
  var output: String?

  @Flag(help: about("Say whether the shares give the key of the vault, and write nothing."))
  var check = false

  @Flag(help: about("Put the key in the place of one whose passphrase is lost; the old files are kept in aside/."))
  var replace = false

  @Option(help: about("Take the new passphrase from the first line of this file.", valueName: "path"))
  var newPassphraseFile: String?

  @Option(
    help: about("The key file that is to go with the new passphrase; without it, none.", valueName: "path"))
  var keyFile: String?

  @OptionGroup var report: ReportOptions

  private static let newPassphraseOption = "--new-passphrase-file"

  func run() throws {
    guard !check else { return try checkShares() }
    guard let output else { return try restore() }
    let named = vault ?? Environment.value("EVIDENCE_VAULT")
    let readers = try named.map { try Vault(opening: $0, environment: Surroundings.environment).note.readers }
    // Whether the file can be made is known before anybody types a word.
    let file = try madeFile(output)
    let recovered = try RecoveredIdentity(shares.collect(), of: readers)
    let passphrase = try KeyFileOption.newPassphrase(
      newPassphraseFile, with: KeyFileOption.load(keyFile), opening: "A new passphrase for the identity file.",
      option: Self.newPassphraseOption)
    do {
      try Sealing.seal(recovered.encoded(), to: file, with: passphrase)
      try file.finish()
      try file.publish()
    } catch {
      throw VaultError(error)
    }
    let recipients = recovered.identities.map(\.recipient.description)
    report.print(["output": .string(output), "recipients": .array(recipients.map { .string($0) })]) {
      for recipient in recipients { Output.line(data: recipient) }
      if recipients.count > 1 {
        Message.note("no vault was named to hold the key against: the file has it as both kinds of key that it may be")
      }
    }
  }

  /// Custodians are asked from time to time whether they have their sheets still, and what is on them.
  private func checkShares() throws {
    guard output == nil, !replace, newPassphraseFile == nil, keyFile == nil else {
      throw UsageFault("--check writes nothing: leave out --output, --replace, --new-passphrase-file and --key-file")
    }
    let vault = try Vault(opening: VaultPath.named(vault), environment: Surroundings.environment)
    let recovered = try RecoveredIdentity(shares.collect(), of: vault.note.readers)
    let json: JSONObject = [
      "recipients": .array(recovered.identities.map { .string($0.recipient.description) }),
      "threshold": .integer(Int64(recovered.threshold)), "set": .integer(Int64(recovered.set)),
    ]
    report.print(json) {
      Output.line("these shares give a key that reads this vault, and nothing was written")
      Message.note("keep the sheets apart again: whoever has these and a copy of the vault reads it")
    }
  }

  private func madeFile(_ path: String) throws -> OutputFile {
    do { return try OutputFile(for: path, nonce: Hex.encode(SystemRandomness().bytes(8))) } catch {
      throw VaultError(error)
    }
  }

  private func restore() throws {
    guard let path = vault ?? Environment.value("EVIDENCE_VAULT") else {
      throw UsageFault("no vault was named", hint: "say --vault PATH, or --output FILE if the vault is lost")
    }
    let vault = try Vault(opening: path, environment: Surroundings.environment)
    guard replace || !vault.hasReadingIdentity else { throw VaultError.keysExist }
    let recovered = try RecoveredIdentity(shares.collect(), of: vault.note.readers)
    let passphrase = try KeyFileOption.newPassphrase(
      newPassphraseFile, with: KeyFileOption.load(keyFile), opening: "A new passphrase for the vault.",
      option: Self.newPassphraseOption)
    let result = try vault.restoreKeys(recovered, passphrase: passphrase, isReplacing: replace)
    report.print(json(vault, result)) { print(result) }
    if let fault = result.fault {
      let cause = Explanation(fault)
      let done: Phrase =
        result.canSign ? "the keys are back, but no entry says so" : "the reading key is back, the other is not"
      let next: Phrase = "then run this again with --replace to complete it"
      Message.error("\(done): \(cause.sentence)", hint: cause.hint.map { "\($0); \(next)" } ?? next)
      throw ExitStatus.partial
    }
  }

  private func print(_ result: KeyRestoration) {
    Output.line(result.canSign ? "the reading key is back, and the signing key" : "the reading key is back")
    if let index = result.index { Output.line("entry \(index)") }
    if let aside = result.aside { Message.note("the old key files are in \(aside)") }
    if !result.canSign {
      Message.note("the signing key stays under the passphrase that it had: without that, nothing can be added")
    }
  }

  private func json(_ vault: Vault, _ result: KeyRestoration) -> JSONObject {
    [
      "vault": .string(vault.path), "signing": .bool(result.canSign),
      "aside": result.aside.map { .string($0) } ?? .null,
      "entry": result.index.map { .integer(Int64(clamping: $0)) } ?? .null,
    ]
  }
}
