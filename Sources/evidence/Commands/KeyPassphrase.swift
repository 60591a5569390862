internal import ArgumentParser
internal import Age
internal import EvidenceVault
internal import StrictJSON

struct ChangePassphrase: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "passphrase", abstract: "Change the passphrase of a vault, or of one sealed key file.",
    discussion: """
      Each key file is replaced in one step. If the command is interrupted between the two, they have different
      passphrases: give both again, the old one and the new one, and it completes. Copies in aside/ that the old
      passphrase opens are removed. A copy of the key files that somebody has already, a backup too, still opens with
      the old passphrase.
      """)

  @Argument(help: ArgumentHelp("One sealed key file, instead of those of the vault.", valueName: "file"))
  var file: String?

  @Option(help: ArgumentHelp("The vault; otherwise $EVIDENCE_VAULT.", valueName: "path"))
  var vault: String?

  @Option(help: ArgumentHelp("Read the present passphrase from the first line of this file.", valueName: "path"))
  var passphraseFile: String?

  @Option(help: ArgumentHelp("Take the new passphrase from the first line of this file.", valueName: "path"))
  var newPassphraseFile: String?

  @OptionGroup var report: ReportOptions

  func run() throws {
    guard file == nil || vault == nil else { throw UsageFault("say either a key file or --vault") }
    // Whether it is there is known before anybody types a word.
    let vault = try file == nil ? Vault(opening: VaultPath.named(vault), environment: Surroundings.environment) : nil
    let what = file.map { Message.shown($0) } ?? "the vault"
    let old = TriedPassphrase(
      try PassphrasePrompt.passphrase(passphraseFile, asking: "Present passphrase of \(what)"))
    let new = TriedPassphrase(try PassphrasePrompt.newPassphrase(newPassphraseFile, for: what))
    guard !new.isEqual(to: old) else { throw UsageFault("the new passphrase is the present one") }
    let change =
      if let vault {
        try vault.changePassphrase(to: new, from: [old])
      } else {
        try KeyFilePassphrase.change(
          of: file ?? "", to: new, from: [old], environment: Surroundings.environment)
      }
    report.print(Self.json(change)) { Self.print(change) }
    Self.tellLimits(change)
  }

  private static func print(_ change: PassphraseChange) {
    for path in change.changed { Output.line("\(Message.shown(path)) has the new passphrase") }
    for path in change.unchanged { Output.line("\(Message.shown(path)) had the new passphrase already") }
    for path in change.removed { Output.line("\(Message.shown(path)), an old copy of it, is removed") }
  }

  /// What changing a passphrase does not do.
  private static func tellLimits(_ change: PassphraseChange) {
    for path in change.left {
      Message.note("\(Message.shown(path)) is under another passphrase or holds another key, and stays; delete it")
    }
    for path in change.linked {
      Message.note("the old \(Message.shown(path)) has another name on this disk, where it still is")
    }
    Message.note(
      "whoever has an older copy of a key file, in a backup or in what flash storage keeps, can still try the old"
        + " passphrase on it")
  }

  private static func json(_ change: PassphraseChange) -> JSONObject {
    func paths(_ paths: [String]) -> JSON { .array(paths.map { .string($0) }) }
    return [
      "changed": paths(change.changed), "unchanged": paths(change.unchanged), "removed": paths(change.removed),
      "left": paths(change.left), "linked": paths(change.linked),
    ]
  }
}
