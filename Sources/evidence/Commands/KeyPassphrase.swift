internal import ArgumentParser
internal import Age
internal import DurableStore
internal import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import Wording

struct ChangePassphrase: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passphrase", abstract: say("Change the passphrase of a vault, or of one sealed key file."),
    discussion: say(
      """
      Each key file is replaced in one step. If the command is interrupted between the two, they have different
      passphrases: give both again, the old one and the new one, and it completes. Copies in aside/ that the old
      passphrase opens are removed. A copy of the key files that somebody has already, a backup too, still opens with
      the old passphrase. With --key-file PATH that file goes with the new passphrase, whether or not it went with the
      present one; --new-key-file PATH names another one, and --no-key-file takes it away.
      """))

  @Argument(
    help: about(
      "One sealed key file, such as VAULT/keys/signing.age, instead of those of the vault.", valueName: "file"))
  var file: String?

  @Option(help: about("The vault; otherwise $EVIDENCE_VAULT.", valueName: "path"))
  var vault: String?

  @OptionGroup var secret: PassphraseOptions

  @Option(help: about("Take the new passphrase from the first line of this file.", valueName: "path"))
  var newPassphraseFile: String?

  @Option(help: about("The key file that is to go with the new passphrase.", valueName: "path"))
  var newKeyFile: String?

  @Flag(help: about("No key file is to go with the new passphrase."))
  var noKeyFile = false

  @OptionGroup var report: ReportOptions

  func run() throws {
    guard file == nil || vault == nil else { throw UsageFault("say either FILE or --vault") }
    guard !noKeyFile || newKeyFile == nil else { throw UsageFault("say either --new-key-file or --no-key-file") }
    // Whether it is there is known before anybody types a word.
    let vault = try file == nil ? Vault(opening: VaultPath.named(vault), environment: Surroundings.environment) : nil
    let (old, new) = try passphrases(of: vault)
    let change =
      if let vault {
        try vault.changePassphrase(to: new, from: old)
      } else {
        try KeyFilePassphrase.change(
          of: file ?? "", to: new, from: old, environment: Surroundings.environment)
      }
    report.print(Self.json(change)) { Self.print(change) }
    Self.tellLimits(change)
  }

  /// The present passphrase, with the key file and without, and the new one.
  private func passphrases(of vault: Vault?) throws -> (old: [TriedPassphrase], new: TriedPassphrase) {
    let present = try KeyFileOption.load(secret.keyFile)
    let next = try newKeyFile.map { try KeyFileOption.load($0) } ?? (noKeyFile ? nil : present)
    let shown = file.map { Message.shown($0) }
    let question: Phrase = shown.map { "Present passphrase of \($0)" } ?? "Present passphrase of the vault"
    let opening: Phrase = shown.map { "A new passphrase for \($0)." } ?? "A new passphrase for the vault."
    let typed = try PassphrasePrompt.passphrase(secret.passphraseFile, asking: question)
    let joined = present.map { TriedPassphrase($0.joined(to: typed)) }
    let plain = TriedPassphrase(typed)
    // Nobody is to write a new passphrase down, and learn only then that the present one was mistyped.
    let tried = [joined].compactMap { $0 } + [plain]
    if newPassphraseFile == nil {
      if let file { try KeyFilePassphrase.requireOpens(file, tried) }
      try vault?.requireOpens(tried)
    }
    let new = TriedPassphrase(
      try KeyFileOption.newPassphrase(
        newPassphraseFile, with: next, opening: opening, option: "--new-passphrase-file"))
    // A file under the new passphrase is one that is done, not one to be changed.
    let old = tried.filter { !$0.isEqual(to: new) }
    guard joined != nil || !old.isEmpty else { throw UsageFault("the new passphrase is the present one") }
    return (old, new)
  }

  private static func print(_ change: PassphraseChange) {
    for path in change.changed { Output.line("\(Message.shown(path)) has the new passphrase") }
    for path in change.unchanged { Output.line("\(Message.shown(path)) had the new passphrase already") }
    for path in change.removed { Output.line("\(Message.shown(path)), an old copy of it, is removed") }
  }

  /// What changing a passphrase does not do.
  private static func tellLimits(_ change: PassphraseChange) {
    for path in change.left {
      Message.note(
        """
        \(Message.shown(path)) stays: it was not seen to be a copy of a key here; delete it if nothing in it is needed
        """)
    }
    for path in change.linked {
      Message.note("the old \(Message.shown(path)) has another name on this disk, where it still is")
    }
    for path in change.notOverwritten {
      Message.note("\(Message.shown(path)) is unlinked, and the system did not let it be overwritten")
    }
    Message.note(
      """
      whoever has an older copy of a key file, in a backup or in what flash storage keeps, can still try the old \
      passphrase on it
      """)
  }

  private static func json(_ change: PassphraseChange) -> JSONObject {
    func paths(_ paths: [String]) -> JSON { .array(paths.map { .string($0) }) }
    return [
      "changed": paths(change.changed), "unchanged": paths(change.unchanged), "removed": paths(change.removed),
      "left": paths(change.left), "linked": paths(change.linked), "not_overwritten": paths(change.notOverwritten),
    ]
  }
}

struct MakeKeyFile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "file", abstract: say("Make a file that goes with a passphrase, on a stick for example."),
    discussion: say(
      """
      Random bytes that say nothing of what they are for. evidence init --key-file and evidence key passphrase
      --key-file make a vault open only with the passphrase and this file together. Any other file of at least 32 bytes
      serves as well, if it never changes and nobody would try it: the file is a secret only as long as nobody who has
      the vault finds it.
      """))

  @Argument(help: about("The file to make, on a stick for example.", valueName: "path"))
  var path: String

  func run() throws {
    do {
      let file = try OutputFile(for: path, nonce: Hex.encode(SystemRandomness().bytes(8)))
      try SecretBytes(randomCount: PassphraseKeyFile.madeByteCount).withSpan { try file.write($0) }
      try file.finish()
      try file.publish()
    } catch {
      throw VaultError(error)
    }
    Output.line("\(Message.shown(path)) is made")
    Message.note("make a copy of it and keep that elsewhere: without this file the passphrase opens nothing")
  }
}
