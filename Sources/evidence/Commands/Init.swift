internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Primitives
internal import StrictJSON
internal import TransparencyLog
internal import Wording

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Make a vault."),
    discussion: say(
      """
      Without --reader the vault keeps a reading key of its own, sealed with the passphrase. With --reader it is an
      intake vault: it takes evidence in, and nothing on this machine can read it back.
      """))

  @Argument(help: about("Where to make it; nothing may be there yet."))
  var path: String

  @Option(
    help: about(
      "Seal everything to this age recipient and keep no reading key here.", valueName: "age-recipient"))
  var reader: [String] = []

  @Flag(
    help: about("Make a classic X25519 reading key, so that programs without post-quantum keys open what is sealed."))
  var classic = false

  @Option(help: about("Take the new passphrase from the first line of this file.", valueName: "path"))
  var passphraseFile: String?

  @Option(
    help: about(
      "The vault is to open only with the passphrase and this file together; evidence key file makes one.",
      valueName: "path"))
  var keyFile: String?

  @OptionGroup var report: ReportOptions

  func run() throws {
    let readers = try reader.map { try RecipientText.recipient($0) }
    let passphrase = try KeyFileOption.newPassphrase(
      passphraseFile, with: KeyFileOption.load(keyFile), opening: "A new passphrase for the vault.")
    let vault = try Vault.create(
      at: path, readers: readers, keyKind: classic ? .x25519 : .hybrid, passphrase: passphrase,
      environment: Surroundings.environment)
    // The vault is there: whatever asks the process to end now, its card is shown.
    let held = HeldInterrupts()
    let head = try vault.head()
    _ = consume held
    report.print(Card.json(vault, head)) {
      let path = Message.shown(vault.path)
      Output.line(readers.isEmpty ? "made a vault at \(path)" : "made an intake vault at \(path)")
      Card.print(vault, head)
      if readers.isEmpty {
        Message.note("whoever has the passphrase and the folder keys/ reads everything; without both nobody does")
      }
    }
  }
}

struct Card: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Print the vault's public card, to be given to others."),
    discussion: say(
      """
      The card is a signed note: the vault's keys, and the keys that bundles for it are sealed to. Let the other person
      compare its fingerprint with you over another channel.
      """))

  @OptionGroup var options: VaultOptions
  @OptionGroup var report: ReportOptions

  func run() throws {
    let vault = try options.open()
    let head = try vault.head()
    report.print(Self.json(vault, head)) {
      Output.line(data: vault.note.note.text.description + "\n" + signatures(vault))
      Message.note("fingerprint: \(vault.note.fingerprint)")
      Message.note("as digits: \(vault.note.keyFingerprint.digits)")
      Message.note("signs bundles, for ssh-keygen: \(vault.note.bundleKey.line)")
      Message.note("which ssh-keygen calls \(vault.note.bundleKey.fingerprint)")
      Message.note("head: \(head.words)")
    }
  }

  private func signatures(_ vault: Vault) -> String {
    let bytes = vault.note.note.bytes.dropFirst(vault.note.note.text.bytes.count + 1)
    return String(decoding: bytes.dropLast(), as: UTF8.self)
  }

  static func json(_ vault: Vault, _ head: Vault.Head) -> JSONObject {
    [
      "vault": .string(vault.path), "origin": .string(vault.note.origin.description),
      "signing_key": .string(vault.note.vaultKey.description), "fingerprint": .string(vault.note.fingerprint),
      "digits": .string(vault.note.keyFingerprint.digits),
      "ssh_key": .string(vault.note.bundleKey.line), "ssh_fingerprint": .string(vault.note.bundleKey.fingerprint),
      "recipients": .array(vault.note.readers.map { .string($0.description) }),
      "intake": .bool(!vault.hasReadingIdentity), "entries": .integer(Int64(clamping: head.tree.size)),
      "head": .string(head.words),
    ]
  }

  static func print(_ vault: Vault, _ head: Vault.Head) {
    Output.line("origin:       \(Message.shown(vault.note.origin.description))")
    Output.line("signing key:  \(Message.shown(vault.note.vaultKey.description))")
    Output.line("fingerprint:  \(vault.note.fingerprint)")
    Output.line("as digits:    \(vault.note.keyFingerprint.digits)")
    for reader in vault.note.readers { Output.line("recipient:    \(reader)") }
    Output.line("head:         \(head.words)")
  }
}

/// Keys typed on the command line.
enum RecipientText {
  static func recipient(_ text: String) throws -> Recipient {
    do {
      return try Recipient(text)
    } catch {
      guard case .unsupportedSSHKey = error else { throw UsageFault(unusableKey: text) }
      throw VaultError.sealedFile(error)
    }
  }

  /// Whether a word is meant as a key, rather than as the name of a file.
  static func isMeant(_ text: String) -> Bool { ["age1", "ssh-"].contains { text.utf8.starts(with: $0.utf8) } }
}

extension UsageFault {
  /// Something else was given where a key belongs; most often the file that has to stay secret.
  init(unusableKey text: String) {
    self.init(
      "\(Message.shown(text)) is not a key or card that can be used",
      hint: "give the line that begins with age1, or a card (evidence card); a file with a secret key stays with you")
  }
}
