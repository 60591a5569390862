internal import Age
internal import ArgumentParser
internal import DurableStore
internal import EvidenceVault
internal import Primitives
internal import Streams
internal import StrictJSON
internal import Wording

/// Options of every command that works on a vault.
struct VaultOptions: ParsableArguments {
  @Option(help: about("The vault; otherwise $EVIDENCE_VAULT.", valueName: "path"))
  var vault: String?

  @OptionGroup var secret: PassphraseOptions

  @Option(
    help: about("Read with this identity file instead of the vault's own reading key.", valueName: "file"))
  var identity: [String] = []

  func open() throws -> Vault { try Vault(opening: path(), environment: Surroundings.environment) }

  func path() throws -> String { try VaultPath.named(vault) }

  /// The keys for reading, and the signing key if `signing`; the passphrase is asked for once. For a bundle, earlier
  /// keys count only if the index names them.
  func unlock(
    _ vault: Vault, signing: Bool, forBundle: Bool = false, entering: Bool = false
  ) throws -> (identities: [Identity], signer: VaultSigner?) {
    let isOwnKeyNeeded = identity.isEmpty
    if isOwnKeyNeeded, !vault.hasReadingIdentity {
      throw VaultError.needsReadingKey(entering && vault.isCertified ? .entering : vault.readingKeyLack)
    }
    var identities = try IdentityFiles.load(identity, secret)
    var signer: VaultSigner?
    if isOwnKeyNeeded || signing {
      let passphrase = try secret.passphrase(asking: "Passphrase of the vault")
      if isOwnKeyNeeded { identities = [try vault.readingIdentity(passphrase)] }
      if signing { signer = try vault.signer(passphrase) }
    }
    return (forBundle ? Self.own(identities, vault) : vault.includingEarlier(identities), signer)
  }

  private static func own(_ identities: [Identity], _ vault: Vault) -> [Identity] {
    let (own, passedOverCount) = vault.includingEarlierNamed(identities)
    if passedOverCount > 0 {
      Message.note(
        """
        keys/ has earlier reading keys that the index of this vault does not name, and that somebody may have put \
        there: \(passedOverCount); no bundle is opened with them
        """)
    }
    return own
  }

  func reader() throws -> VaultReader {
    let vault = try open()
    return try VaultReader(vault, identities: unlock(vault, signing: false).identities)
  }

  /// The keys for reading and signing, for a command that may have to read again what was added meanwhile; with
  /// `entering`, one that enters something about an item.
  func unlockedForSigning(
    forBundle: Bool = false, entering: Bool = false
  ) throws -> (identities: [Identity], signer: VaultSigner, vault: Vault) {
    let vault = try open()
    let (identities, signer) = try unlock(vault, signing: true, forBundle: forBundle, entering: entering)
    guard let signer else { throw VaultError.needsReadingKey(vault.readingKeyLack) }
    return (identities, signer, vault)
  }

  func readerAndSigner(entering: Bool = false) throws -> (VaultReader, VaultSigner) {
    let (identities, signer, vault) = try unlockedForSigning(entering: entering)
    return (try VaultReader(vault, identities: identities), signer)
  }
}

/// Options of a command that works with a vault's own keys, and reports.
struct OwnKeyOptions: ParsableArguments {
  @Option(help: about("The vault; otherwise $EVIDENCE_VAULT.", valueName: "path"))
  var vault: String?

  @OptionGroup var secret: PassphraseOptions
  @OptionGroup var report: ReportOptions

  func open() throws -> Vault { try Vault(opening: VaultPath.named(vault), environment: Surroundings.environment) }

  func passphrase() throws -> Passphrase { try secret.passphrase(asking: "Passphrase of the vault") }
}

/// Which vault is meant.
enum VaultPath {
  static func named(_ path: String?) throws -> String {
    guard let path = path ?? Environment.value("EVIDENCE_VAULT") else {
      throw UsageFault("no vault was named", hint: "say --vault PATH or set EVIDENCE_VAULT")
    }
    guard !path.isEmpty else {
      throw UsageFault("the name of the vault is empty", hint: "say --vault PATH or set EVIDENCE_VAULT")
    }
    return path
  }
}

/// The option of every command that reports.
struct ReportOptions: ParsableArguments {
  @Flag(help: about("Print the result as JSON."))
  var json = false

  func print(_ object: JSONObject, otherwise text: () -> Void) {
    if json { Output.line(data: String(decoding: object.serialized(pretty: true), as: UTF8.self)) } else { text() }
  }
}

/// Identity files: plain, or themselves sealed with a passphrase.
enum IdentityFiles {
  /// The identities in `paths`; the passphrase of a sealed one comes from where `secret` says, or is asked for.
  static func load(_ paths: [String], _ secret: PassphraseOptions) throws -> [Identity] {
    try paths.flatMap { path in
      do {
        return try KeyFile.identities(reading: DescriptorStream(reading: path)) {
          try secret.passphrase(asking: "Passphrase of \(Message.shown(path))")
        }
      } catch let error as AgeError {
        throw VaultError.sealedFile(error)
      } catch is StreamError {
        throw UsageFault("\(Message.shown(path)) is too long for an identity file")
      } catch let error as StoreError {
        throw VaultError(error)
      }
    }
  }
}
