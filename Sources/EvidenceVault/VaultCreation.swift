public import Age
internal import DurableStore
internal import Primitives
internal import Streams
internal import TransparencyLog

extension Vault {
  /// Makes a new vault at `path`, where nothing may be yet.
  ///
  /// With no `readers` a new reading identity of `keyKind` is made, sealed with the passphrase and kept in the vault.
  /// With readers the vault is an intake vault: it takes evidence in, and nothing in it can read it back.
  ///
  /// The vault is built under a temporary name and appears whole.
  ///
  /// - Throws: `VaultError.file(.exists)`, `.mixedRecipients`, `.sshReader`, and what the file system throws.
  public static func create(
    at path: String, readers: [Recipient] = [], keyKind: Identity.Kind = .hybrid, passphrase: borrowing Passphrase,
    workFactorLog2: Int = Passphrase.defaultWorkFactorLog2, environment: VaultEnvironment
  ) throws(VaultError) -> Vault {
    do {
      let quarantine = try Quarantine(for: path, nonce: Hex.encode(environment.randomness.bytes(8)))
      try build(
        in: quarantine.root, readers: readers, keyKind: keyKind, passphrase: passphrase,
        workFactorLog2: workFactorLog2, environment: environment)
      let held = HeldInterrupts()
      try quarantine.publish()
      let vault = try Vault(opening: path, environment: environment)
      vault.pin(try vault.readHead())
      _ = consume held
      return vault
    } catch {
      throw VaultError(error)
    }
  }

  /// Makes all that a new vault has in an empty folder, and waits until it is on disk.
  @discardableResult
  static func build(
    in folder: Directory, readers: [Recipient] = [], keyKind: Identity.Kind = .hybrid,
    passphrase: borrowing Passphrase, workFactorLog2: Int, certifier: Certifier? = nil, environment: VaultEnvironment
  ) throws -> VaultNote {
    if let first = readers.first, !readers.allSatisfy({ $0.isPostQuantum == first.isPostQuantum }) {
      throw VaultError.mixedRecipients
    }
    // A vault is read for years: its head must not name an SSH key, nor its fate hang on one.
    if let reader = readers.first(where: \.isSSH) { throw VaultError.sshReader(key: reader.description) }
    let identity = readers.isEmpty ? Identity(generating: keyKind, from: environment.randomness) : nil
    let signer = VaultSigner(generatingFrom: environment.randomness)
    let note = try VaultNote(
      origin: newOrigin(environment), readers: identity.map { [$0.recipient] } ?? readers, signer: signer,
      certifier: certifier)

    for name in folders { _ = try folder.directory(name, makingNew: true) }
    if let identity {
      try PreparedKeyFile(
        in: folder, holding: identity.encoded(), passphrase: passphrase, workFactorLog2: workFactorLog2,
        environment: environment
      ).place(as: SealedKeyFile.reading)
    }
    try PreparedKeyFile(
      in: folder, holding: signer.encoded(), passphrase: passphrase, workFactorLog2: workFactorLog2,
      environment: environment
    ).place(as: SealedKeyFile.signing)
    try write(note.note.bytes, as: VaultNote.fileName, in: folder)
    try write(checkpoint(.empty, note: note, signer: signer).bytes, as: checkpointName, in: folder)
    try folder.sync()
    return note
  }

  /// A name that names nobody.
  static func newOrigin(_ environment: VaultEnvironment) throws(LogError) -> NoteLine {
    try NoteLine("evidence-vault.invalid/\(Hex.encode(environment.randomness.bytes(16)))")
  }

  /// Signs a head, with what it says beside that.
  static func checkpoint(
    _ head: TreeHead, lines: HeadLines = HeadLines(), note: VaultNote, signer: VaultSigner
  ) throws(LogError) -> SignedNote {
    let checkpoint = try Checkpoint(origin: note.origin, head: head, extensions: lines.lines)
    let signature = try signer.sign(checkpoint.text, for: .checkpoints, origin: note.origin)
    return try SignedNote(text: checkpoint.text, signatures: [signature])
  }

  private static func write(_ bytes: [UInt8], as name: String, in directory: Directory) throws {
    let file = try directory.createFile(name, finalMode: 0o600)
    try file.write(bytes)
    try file.finish()
  }
}
