internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct PromiseSigningKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next", abstract: say("Make the next signing key, to be kept elsewhere, and promise it."),
    discussion: say(
      """
      From then on no other key can follow the present one: whoever seizes the vault with its passphrase cannot put a
      key of their own in its place. Take the file to another place, and its passphrase too; make two copies. A promise
      cannot be changed: if the file is lost, the present key stays for good. Run again with the same file after an
      interruption, it completes. Better still, the key never comes here before it is needed: whoever is to hold it,
      abroad for example, runs evidence key next FILE --only-make, sends the line that it prints, and reads the words
      out; here --public-half KEY --words WORDS promises it.
      """))

  @Argument(help: about("The file to make, on a stick for example.", valueName: "file"))
  var file: String?

  @Option(help: about("Take the passphrase of that file from the first line of this one.", valueName: "path"))
  var nextPassphraseFile: String?

  @Flag(help: about("Make the file, or read it, and print its public half; no vault is needed."))
  var onlyMake = false

  @Option(
    help: about("Promise the key with this public half, whose file lies elsewhere.", valueName: "key"))
  var publicHalf: String?

  @Option(help: about("The eight words of that key, as whoever made it told them.", valueName: "words"))
  var words: String?

  @OptionGroup var own: OwnKeyOptions

  func run() throws {
    guard (file == nil) == (publicHalf != nil) else { throw UsageFault("say either FILE or --public-half KEY") }
    guard publicHalf == nil || !onlyMake else { throw UsageFault("--only-make needs a file") }
    if onlyMake, let file { return try make(file) }
    let given = try publicHalf.map { try compared($0) }
    let vault = try own.open()
    if vault.note.hasPromise { throw VaultError.signingKey(.promisedBefore) }
    let signer = try vault.signer(own.passphrase())
    let next = try given ?? NextKeyFile.made(file ?? "", passphraseFile: nextPassphraseFile).publicHalf
    let receipt = try vault.promise(next, signer: signer)
    own.report.print(SigningKeyText.json(receipt, promised: next)) {
      Output.line(
        file.map { "entry \(receipt.index): the next signing key is promised, and lies in \(Message.shown($0))" }
          ?? "entry \(receipt.index): the next signing key is promised")
      Output.line("the words that it will have: \(next.fingerprint.words)")
      Output.line("head: \(receipt.head.words)")
    }
    if file != nil {
      Message.note("take the file away from here, with a second copy; and give out the card again: it has the promise")
    } else {
      Message.note("give out the card again: it has the promise")
    }
  }

  private func make(_ file: String) throws {
    let next = try NextKeyFile.made(file, passphraseFile: nextPassphraseFile).publicHalf
    let json: JSONObject = [
      "public_half": .string(next.description), "fingerprint": .string(next.fingerprint.words),
      "digits": .string(next.fingerprint.digits),
    ]
    own.report.print(json) {
      Output.line(data: next.description)
      Output.line(data: next.fingerprint.words)
      Output.line(data: next.fingerprint.digits)
    }
    Message.note("send the first line to whoever is to promise this key, and read the words out to them by voice")
  }

  private func compared(_ text: String) throws -> NextPublicKey {
    guard let key = NextPublicKey(text) else { throw VaultError.invalidKey(what: text) }
    guard let words else { throw VaultError.signingKey(.uncompared(words: key.fingerprint.words)) }
    if let fault = KeyFingerprint.fault(asTyped: words) { throw fault.usageFault }
    guard key.fingerprint.isSame(asTyped: words) else { throw VaultError.signingKey(.otherWords) }
    return key
  }
}

struct RotateSigningKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "signing", abstract: say("Replace the signing key; what the old one signed stays valid."),
    discussion: say(
      """
      With a promise, --next names the file that evidence key next made; without one, a new key is made here. The vault
      has other words then, and a new name; everybody who compared the old words compares the new ones, and gets the new
      card. Old copies of the vault are refused from then on. Run again after an interruption, it completes.
      """))

  @OptionGroup var keys: NextKeyOptions

  @Option(help: about("Why."))
  var reason: String?

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let receipt = try keys.replace(trusting: nil, reason: reason, options)
    report.print(SigningKeyText.json(receipt)) { SigningKeyText.print(receipt) }
    SigningKeyText.tellLimits(receipt)
  }
}

struct RevokeSigningKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: say("Replace the signing key after a seizure, and trust it up to a head alone."),
    discussion: say(
      """
      For a key that others had in hand. Entries behind the head given with --up-to stay in the index; every check
      tells that they are not trusted, nothing of them is exported, and recipients named in them are not known. The head
      is the number and eight words that you wrote down before, or its file. Add again what is true of those entries.
      """))

  @Option(help: about("The last head that can be trusted.", valueName: "words|file"))
  var upTo: String

  @OptionGroup var keys: NextKeyOptions

  @Option(help: about("Why."))
  var reason: String

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let receipt = try keys.replace(trusting: HeadText.expected(upTo), reason: reason, options)
    report.print(SigningKeyText.json(receipt)) { SigningKeyText.print(receipt) }
    SigningKeyText.tellLimits(receipt)
    if receipt.areReadersUntrusted {
      Message.note(
        """
        the seized key changed who reads this vault, and what is added is sealed to all of them: look at evidence \
        reader list before you add anything, and take out with evidence reader remove whom you did not add
        """)
    }
  }
}

/// The key that follows, and the one that is promised to follow that.
struct NextKeyOptions: ParsableArguments {
  @Option(help: about("The file with the key that was promised.", valueName: "file"))
  var next: String?

  @Option(help: about("Take the passphrase of that file from the first line of this one.", valueName: "path"))
  var nextPassphraseFile: String?

  @Option(help: about("Make the key after that in this file, and promise it.", valueName: "file"))
  var then: String?

  @Option(help: about("Take the passphrase for it from the first line of this file.", valueName: "path"))
  var thenPassphraseFile: String?

  func replace(
    trusting trusted: ExpectedHead?, reason: String?, _ options: VaultOptions
  ) throws -> SigningKeyReceipt {
    let vault = try options.open()
    let given = try IdentityFiles.load(options.identity, options.secret)
    let passphrase = try options.secret.passphrase(asking: "Passphrase of the vault")
    let signer = try vault.signer(passphrase)
    if try vault.isReplacementUnfinished() {
      // The file was there before anything was replaced: another one is not made now.
      if vault.note.hasPromise, let then {
        let option = "--then-passphrase-file"
        let promised = try NextKeyFile.opened(then, passphraseFile: thenPassphraseFile, option: option)
        try vault.requirePromisedWhenReplaced(promised)
      }
      Message.note("the signing key was replaced before, and that was not finished: it is now")
      let receipt = try vault.finishReplacement(trusting: trusted, reason: reason, signer: signer)
      if then != nil, !receipt.vault.note.hasPromise {
        Message.note("the replacement that was begun before promised no key: run evidence key next FILE")
      }
      return receipt
    }
    try vault.requireAnotherOrigin()
    guard next != nil || !vault.note.hasPromise else { throw VaultError.signingKey(.needsPromised) }
    let key = try next.map { try NextKeyFile.opened($0, passphraseFile: nextPassphraseFile) }
    let promised = try then.map {
      try NextKeyFile.made($0, passphraseFile: thenPassphraseFile, option: "--then-passphrase-file")
    }
    let own = vault.hasReadingIdentity ? [try vault.readingIdentity(passphrase)] : []
    return try vault.replaceSigningKey(
      with: key ?? NextSigningKey(generating: Surroundings.environment), promising: promised, trusting: trusted,
      reason: reason, passphrase: passphrase, identities: given + own, signer: signer)
  }
}

/// The file of a key that is to follow.
enum NextKeyFile {
  private static let nextOption = "--next-passphrase-file"

  static func opened(_ path: String, passphraseFile: String?, option: String = nextOption) throws -> NextSigningKey {
    let passphrase = try PassphrasePrompt.passphrase(
      passphraseFile, asking: "Passphrase of \(Message.shown(path))", option: option)
    return try NextSigningKey(opening: path, passphrase: passphrase)
  }

  /// A new key in a new file; or the one in the file that an interrupted command made.
  static func made(_ path: String, passphraseFile: String?, option: String = nextOption) throws -> NextSigningKey {
    do {
      _ = try FileSource(opening: path)
      return try opened(path, passphraseFile: passphraseFile, option: option)
    } catch StoreError.notFound {
      let passphrase = try PassphrasePrompt.newPassphrase(
        passphraseFile, opening: "A new passphrase for the next signing key.", option: option)
      let key = NextSigningKey(generating: Surroundings.environment)
      try key.save(at: path, passphrase: passphrase, environment: Surroundings.environment)
      return key
    }
  }
}

/// What is said of a signing key that was promised or replaced.
enum SigningKeyText {
  static func json(_ receipt: SigningKeyReceipt, promised: NextPublicKey? = nil) -> JSONObject {
    let range = receipt.untrusted
    return [
      "entry": .integer(Int64(clamping: receipt.index)), "head": .string(receipt.head.words),
      "origin": .string(receipt.vault.note.origin.description),
      "fingerprint": .string(receipt.vault.note.fingerprint),
      "next_fingerprint": promised.map { .string($0.fingerprint.words) } ?? .null,
      "not_trusted": range.map { untrusted([$0]) } ?? .array([]),
      "promised": .bool(receipt.vault.note.hasPromise), "readers_not_trusted": .bool(receipt.areReadersUntrusted),
    ]
  }

  /// The first and the last entry of each stretch that is not trusted.
  static func untrusted(_ ranges: [Range<UInt64>]) -> JSON {
    .array(
      ranges.map {
        .array([.integer(Int64(clamping: $0.lowerBound)), .integer(Int64(clamping: $0.upperBound - 1))])
      })
  }

  /// The same of entries, ascending: those that follow one another are one stretch.
  static func untrusted(_ entries: [UInt64]) -> JSON {
    var ranges: [Range<UInt64>] = []
    for entry in entries {
      if let last = ranges.last, last.upperBound == entry {
        ranges[ranges.count - 1] = last.lowerBound..<entry + 1
      } else {
        ranges.append(entry..<entry + 1)
      }
    }
    return untrusted(ranges)
  }

  static func print(_ receipt: SigningKeyReceipt) {
    Output.line("entry \(receipt.index): the signing key is replaced")
    if let range = receipt.untrusted {
      Output.line("not trusted: entries \(range.lowerBound) to \(range.upperBound - 1)")
    } else {
      Output.line("what the old key signed stays valid")
    }
    Output.line("the new words: \(receipt.vault.note.fingerprint)")
    Output.line("head: \(receipt.head.words)")
  }

  static func tellLimits(_ receipt: SigningKeyReceipt) {
    if case .removed = receipt.recoveryCopy {
      Message.note("shares bring the reading key alone back, until evidence key split is run again")
    }
    Message.note("whoever compared your words compares the new ones by voice, and gets the new card: evidence card")
  }
}
