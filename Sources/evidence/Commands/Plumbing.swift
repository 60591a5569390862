internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Primitives
internal import Streams
internal import StrictJSON
internal import Wording

struct KeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "key",
    abstract: say(
      """
      Make keys and compare them; change their passphrase; split the reading key, remove it, bring it back; replace the
      signing key.
      """),
    subcommands: [
      GenerateKey.self, KeyWords.self, MakeKeyFile.self, ChangePassphrase.self, SplitKey.self, CombineKey.self,
      PromiseSigningKey.self, RotateKey.self, RevokeSigningKey.self, RemoveKey.self, RestoreKey.self,
    ])
}

struct GenerateKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: say("Make an age identity file, and print its recipient."),
    discussion: say("The file is not sealed: keep it where nobody else can read it."))

  @Option(help: about("The file to make.", valueName: "file"))
  var output: String

  @Flag(help: about("Make a classic X25519 key, for programs that have no post-quantum keys yet."))
  var classic = false

  @OptionGroup var report: ReportOptions

  func run() throws {
    let identity = Identity(generating: classic ? .x25519 : .hybrid)
    do {
      let file = try OutputFile(for: output, nonce: Hex.encode(SystemRandomness().bytes(8)))
      try file.write(Array("# created: \(Timestamp.now())\n# public key: \(identity.recipient)\n".utf8))
      try identity.encoded().withSpan { try file.write($0) }
      try file.write(Array("\n".utf8))
      try file.finish()
      try file.publish()
    } catch {
      throw VaultError(error)
    }
    let recipient = identity.recipient.description
    report.print(["recipient": .string(recipient), "output": .string(output)]) { Output.line(data: recipient) }
  }
}

struct Seal: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Seal a file or a pipe as an age file."),
    discussion: say("Stock age opens it, and the other way round."))

  @Argument(help: about("The file; otherwise standard input."))
  var input: String?

  @Option(
    name: [.customShort("r"), .long],
    help: about("Seal to this key (age1…, or an ssh-ed25519 line); may be repeated.", valueName: "age-recipient")
  )
  var recipient: [String] = []

  @Option(
    name: [.customShort("R"), .customLong("recipients-file")],
    help: about("Seal to the keys in this file, such as id_ed25519.pub.", valueName: "file"))
  var recipientsFile: [String] = []

  @Flag(help: about("Seal with a passphrase."))
  var passphrase = false

  @OptionGroup var secret: PassphraseOptions

  @Flag(help: about("Write text armor."))
  var armor = false

  @Option(name: .shortAndLong, help: about("The file to make; otherwise standard output.", valueName: "file"))
  var output: String?

  func run() throws {
    let isPassphrase = passphrase || secret.passphraseFile != nil
    guard isPassphrase != !(recipient.isEmpty && recipientsFile.isEmpty) else {
      throw UsageFault("say either recipients (-r, -R) or --passphrase")
    }
    let options = SealingOptions(isArmored: armor)
    try Plumbing.run(input, output, isText: armor) { source, sink in
      if isPassphrase {
        let passphrase = try KeyFileOption.newPassphrase(
          secret.passphraseFile, with: KeyFileOption.load(secret.keyFile), opening: "A new passphrase for the file.")
        try Sealing.seal(from: source, to: sink, with: passphrase, options: options)
      } else {
        try Sealing.seal(from: source, to: sink, for: recipients(), options: options)
      }
    }
  }

  private func recipients() throws -> [Recipient] {
    try recipient.map { try RecipientText.recipient($0) }
      + recipientsFile.flatMap { path in
        try KeyFile.recipients(in: DescriptorStream(reading: path).readAll(limit: 16 << 20))
      }
  }
}

struct Unseal: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: say("Open any age file, binary or armored."),
    discussion: say(
      """
      To standard output, plaintext is passed on as it is authenticated: a failure later on is told by the exit status,
      and what came before is only a part. With --output nothing appears before the last byte was checked.
      """))

  @Argument(help: about("The file; otherwise standard input."))
  var input: String?

  @Option(
    name: .shortAndLong,
    help: about("An identity file, or an SSH key without passphrase; may be repeated.", valueName: "file"))
  var identity: [String] = []

  @OptionGroup var secret: PassphraseOptions

  @Option(name: .shortAndLong, help: about("The file to make; otherwise standard output.", valueName: "file"))
  var output: String?

  func run() throws {
    let identities = try IdentityFiles.load(identity, secret)
    try Plumbing.run(input, output, isText: true) { source, sink in
      let file = try SealedFile(reading: source)
      if file.needsPassphrase {
        let passphrase = try secret.passphrase(asking: "Passphrase of the file")
        try file.open(with: passphrase, to: sink)
      } else {
        guard !identities.isEmpty else {
          throw UsageFault("the file was sealed to keys, and none was given", hint: "say --identity FILE")
        }
        try file.open(with: identities, to: sink)
      }
    }
  }
}

/// Files and pipes in, files and pipes out.
enum Plumbing {
  static func run(
    _ input: String?, _ output: String?, isText: Bool, _ body: (any ByteSource, any ByteSink) throws -> Void
  ) throws {
    do {
      let source = try self.source(input)
      Progress.current.begin("working", total: (source as? FileSource)?.byteCount)
      let counted = ProgressSource(source)
      guard let output, output != "-" else { return try body(counted, standardOutput(isText: isText)) }
      if let special = try specialFile(output) { return try body(counted, special) }
      let file = try OutputFile(for: output, nonce: Hex.encode(SystemRandomness().bytes(8)))
      try body(counted, file)
      try file.finish()
      try file.publish()
    } catch let fault as UsageFault {
      throw fault
    } catch let status as ExitStatus {
      throw status
    } catch {
      throw VaultError(error)
    }
  }

  private static func source(_ input: String?) throws -> any ByteSource {
    guard let input, input != "-" else { return DescriptorStream(0, name: "standard input") }
    do { return try FileSource(opening: input) } catch StoreError.notAFile {
      return try DescriptorStream(reading: input)
    }
  }

  private static func standardOutput(isText: Bool) throws -> any ByteSink {
    guard isText || !Terminal.isTerminal(1) else {
      throw UsageFault("a sealed file is not for a terminal", hint: "say --output FILE, --armor, or redirect it")
    }
    return DescriptorStream(1, name: "standard output")
  }

  /// A pipe or device that exists already is written into, never replaced.
  private static func specialFile(_ path: String) throws -> DescriptorStream? {
    do {
      _ = try FileSource(opening: path)
      return nil
    } catch StoreError.notAFile {
      return try DescriptorStream(writing: path)
    } catch {
      return nil
    }
  }
}

/// Tells the progress line how far a stream is.
private final class ProgressSource: ByteSource {
  private let source: any ByteSource
  init(_ source: any ByteSource) { self.source = source }

  func read(into buffer: inout MutableSpan<UInt8>) throws -> Int {
    let count = try source.read(into: &buffer)
    Progress.current.advance(UInt64(count))
    return count
  }
}
