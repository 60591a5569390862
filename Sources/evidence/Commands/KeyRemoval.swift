internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Primitives
internal import Streams
internal import StrictJSON
internal import Wording

struct RemoveKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: say("Take the reading key off this machine, before a border for example."),
    discussion: say(
      """
      The vault is an intake vault then: it takes evidence in, and no passphrase opens what is in it. First something
      has to show that the key can be had again: --shares asks for the words of recovery shares and keeps nothing of
      them; --copy opens a copy of keys/reading.age that lies elsewhere; --other-reader takes the eight words that the
      owner of another reader's key tells you now. --i-have-no-copy goes on without: then the evidence here is lost to
      you. evidence key restore brings the key back. Do this days before, not at the border, and with the machine's disk
      encrypted: flash storage may keep old blocks, which no program can overwrite.
      """))

  @Option(help: about("A copy of the key on another disk, which has to open.", valueName: "file"))
  var copy: String?

  @Flag(help: about("The copy is on the same file system as the vault, and I know what that means."))
  var sameDisk = false

  @Option(
    help: about("Another reader's key reads all of it: the words that its owner tells.", valueName: "words"))
  var otherReader: String?

  @Flag(help: about("Go on though nothing shows that the key can be had again."))
  var iHaveNoCopy = false

  @Flag(help: about("Remove reading keys in aside/ as well that are under another passphrase."))
  var clearAside = false

  @OptionGroup var source: KeySourceOptions
  @OptionGroup var own: OwnKeyOptions

  func run() throws {
    guard [source.isWithShares, copy != nil, otherReader != nil, iHaveNoCopy].count(where: { $0 }) == 1 else {
      throw UsageFault(
        "say what shows that the key can be had again: one of --shares, --copy FILE, --other-reader WORDS",
        hint: "evidence key split makes shares; --i-have-no-copy goes on without")
    }
    let vault = try own.open()
    guard vault.hasReadingIdentity else { throw VaultError.needsReadingKey(vault.readingKeyLack) }
    if let copy { try vault.requireElsewhere(copy, isSameFileSystemAllowed: sameDisk) }
    let reader = try otherReader.map { try Self.reader(of: vault, $0) }
    let passphrase = try own.passphrase()
    let signer = try vault.signer(passphrase)
    let ground: RemovalGround =
      if let reader {
        .otherReader(reader)
      } else if let copy {
        .copy(try source.identities(in: copy, passphrase, own.secret))
      } else if source.isWithShares {
        .shares(try RecoveredIdentity(source.shareOptions.collect(), of: vault.note.readers))
      } else {
        .nothing
      }
    let removal = try vault.removeReadingIdentity(
      passphrase, on: ground, signer: signer, isClearingAside: clearAside)
    own.report.print(json(removal, ground)) { Self.print(removal) }
    guard removal.linked.isEmpty else { throw Self.stillThere(removal.linked) }
  }

  private static func reader(of vault: Vault, _ words: String) throws -> Recipient {
    guard vault.note.readers.count > 1 else {
      throw UsageFault(
        "the vault has one reader alone", hint: "show shares or a copy: --shares, or --copy FILE")
    }
    if let fault = KeyFingerprint.fault(asTyped: words) { throw fault.usageFault }
    guard let reader = vault.note.readers.first(where: { KeyFingerprint(of: [$0]).isSame(asTyped: words) }) else {
      throw UsageFault(
        "no reader of this vault has a key with these words", hint: "they tell them with evidence key words age1…")
    }
    return reader
  }

  private static func print(_ removal: KeyRemoval) {
    Output.line(
      """
      the reading key is off this machine as far as a program can take it: its file is unlinked and overwritten once, \
      where the system lets that be, and flash storage, journals and backups may keep old blocks all the same
      """)
    for path in removal.removed { Output.line("removed: \(Message.shown(path))") }
    for path in removal.notOverwritten {
      Message.note("\(Message.shown(path)) is unlinked, and the system did not let it be overwritten")
    }
    Output.line("entry \(removal.index)")
    Message.note(
      """
      identity files, copies of the vault and sheets elsewhere on this machine were not looked for; evidence key \
      restore brings the key back
      """)
  }

  private static func stillThere(_ paths: [String]) -> ExitStatus {
    let shown = paths.map { Message.shown($0) }.joined(separator: ", ")
    Message.error(
      "a removed file has another name on this disk, where it still is: \(shown)",
      hint: "find it with find / -xdev -links +1, or by what made it, a backup for example")
    return .partial
  }

  private func json(_ removal: KeyRemoval, _ ground: RemovalGround) -> JSONObject {
    [
      "entry": .integer(Int64(clamping: removal.index)), "ground": .string(ground.name),
      "removed": .array(removal.removed.map { .string($0) }), "linked": .array(removal.linked.map { .string($0) }),
      "not_overwritten": .array(removal.notOverwritten.map { .string($0) }),
    ]
  }
}

struct RestoreKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: say("Bring the reading key back that key remove took away."),
    discussion: say(
      """
      From a copy of keys/reading.age, or from shares: --share FILE, or --shares to type them. The key is held against
      vault.note and sealed with the passphrase of the vault. Where that is lost, evidence key combine makes a new one.
      """))

  @Argument(help: about("The copy of the key.", valueName: "file"))
  var file: String?

  @OptionGroup var source: KeySourceOptions
  @OptionGroup var own: OwnKeyOptions

  func run() throws {
    guard (file == nil) == source.isWithShares else { throw UsageFault("say either FILE or --shares") }
    let vault = try own.open()
    guard !vault.hasReadingIdentity else { throw VaultError.keysExist }
    let passphrase = try own.passphrase()
    let signer = try vault.signer(passphrase)
    let identities =
      if let file {
        try source.identities(in: file, passphrase, own.secret)
      } else {
        try RecoveredIdentity(source.shareOptions.collect(), of: vault.note.readers).identities
      }
    let index = try vault.restoreReadingIdentity(
      identities, passphrase: passphrase, areFromShares: source.isWithShares, signer: signer)
    own.report.print(["vault": .string(vault.path), "entry": .integer(Int64(clamping: index))]) {
      Output.line("the reading key is back, under the passphrase of the vault")
      Output.line("entry \(index)")
    }
  }
}

/// How the reading key is had from shares, or from a copy.
struct KeySourceOptions: ParsableArguments {
  @Flag(help: about("Ask for shares."))
  var shares = false

  @OptionGroup var shareOptions: ShareOptions

  @Option(
    help: about("The passphrase of the copy, where it is another one, from this file.", valueName: "path"))
  var copyPassphraseFile: String?

  var isWithShares: Bool { shares || !shareOptions.share.isEmpty }

  /// The identities in a copy. It is tried with the passphrase of the vault first, unless another was named.
  func identities(
    in path: String, _ passphrase: borrowing Passphrase, _ secret: PassphraseOptions
  ) throws -> [Identity] {
    if copyPassphraseFile == nil {
      do { return try Self.identities(path, passphrase) } catch AgeError.noMatch {}
    }
    let keyFile = try KeyFileOption.load(secret.keyFile)
    let typed = try PassphrasePrompt.passphrase(
      copyPassphraseFile, asking: "Passphrase of \(Message.shown(path))", option: "--copy-passphrase-file")
    do {
      if let keyFile {
        do { return try Self.identities(path, keyFile.joined(to: typed)) } catch AgeError.noMatch {}
      }
      return try Self.identities(path, typed)
    } catch AgeError.noMatch {
      throw VaultError.wrongPassphrase(keyFile: path)
    }
  }

  private static func identities(_ path: String, _ passphrase: borrowing Passphrase) throws -> [Identity] {
    let copy = SecretBytes(copying: passphrase.bytes, in: 0..<passphrase.bytes.count)
    guard let copied = Passphrase(copy) else { return [] }
    var own: Passphrase? = consume copied
    do {
      return try KeyFile.identities(reading: DescriptorStream(reading: path)) {
        guard let given = own.take() else { throw AgeError.noMatch }
        return given
      }
    } catch AgeError.noMatch {
      throw AgeError.noMatch
    } catch is StreamError {
      throw UsageFault("\(Message.shown(path)) is too long for an identity file")
    } catch {
      throw VaultError(error)
    }
  }
}

extension Explanation {
  static let removalNotShown = Explanation(
    .wrongKey, "what was given does not lead to the reading key of this vault", "nothing was removed")

  static func otherReaderOpensLess(_ count: Int, _ intakes: [String]) -> Explanation {
    if count > 0 {
      return Explanation(
        .wrongKey,
        "files here are from before the readers were last changed, and may not open to that reader: \(count)",
        "evidence reseal first, or show shares or a copy; nothing was removed")
    }
    let names = intakes.map { Message.shown($0) }.joined(separator: ", ")
    return Explanation(
      .wrongKey,
      """
      these intake vaults are from before the readers were last changed, and what they seal may not open to that \
      reader: \(names)
      """,
      "make new ones and revoke these, or show shares or a copy; nothing was removed")
  }

  static func copyNotElsewhere(_ path: String, _ isInVault: Bool) -> Explanation {
    isInVault
      ? Explanation(
        .usage, "\(Message.shown(path)) lies in the vault itself", "copy it to a stick that you leave behind")
      : Explanation(
        .usage, "\(Message.shown(path)) is on the same file system as the vault, and whoever takes one has both",
        "copy it to a stick that you leave behind, or say --same-disk")
  }

  static func otherKeysAside(_ path: String, _ count: Int) -> Explanation {
    Explanation(
      .failure,
      """
      reading keys under another passphrase, or other keys, would stay in the vault: \(count), the first of them \
      \(Message.shown(path))
      """,
      "delete it if nothing in it is needed, or say --clear-aside; nothing was removed")
  }
}
