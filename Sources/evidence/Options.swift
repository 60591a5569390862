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

  /// The keys for reading, and the signing key if `signing`; the passphrase is asked for once.
  func unlock(_ vault: Vault, signing: Bool) throws -> (identities: [Identity], signer: VaultSigner?) {
    let isOwnKeyNeeded = identity.isEmpty
    if isOwnKeyNeeded, !vault.hasReadingIdentity { throw VaultError.needsReadingKey }
    var identities = try IdentityFiles.load(identity, secret)
    guard isOwnKeyNeeded || signing else { return (vault.includingEarlier(identities), nil) }
    let passphrase = try secret.passphrase(asking: "Passphrase of the vault")
    if isOwnKeyNeeded { identities = [try vault.readingIdentity(passphrase)] }
    return (vault.includingEarlier(identities), signing ? try vault.signer(passphrase) : nil)
  }

  func reader() throws -> VaultReader {
    let vault = try open()
    return try VaultReader(vault, identities: unlock(vault, signing: false).identities)
  }

  /// The keys for reading and signing, for a command that may have to read again what was added meanwhile.
  func unlockedForSigning() throws -> (identities: [Identity], signer: VaultSigner, vault: Vault) {
    let vault = try open()
    let (identities, signer) = try unlock(vault, signing: true)
    guard let signer else { throw VaultError.needsReadingKey }
    return (identities, signer, vault)
  }

  func readerAndSigner() throws -> (VaultReader, VaultSigner) {
    let (identities, signer, vault) = try unlockedForSigning()
    return (try VaultReader(vault, identities: identities), signer)
  }
}

/// Which vault is meant.
enum VaultPath {
  static func named(_ path: String?) throws -> String {
    guard let path = path ?? Environment.value("EVIDENCE_VAULT") else {
      throw UsageFault("no vault was named", hint: "say --vault PATH or set EVIDENCE_VAULT")
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

/// What the library takes from the surroundings of the command line.
enum Surroundings {
  static var environment: VaultEnvironment {
    var environment = VaultEnvironment()
    if let state = Environment.value("XDG_STATE_HOME"), state.hasPrefix("/") {
      environment.stateFolder = "\(state)/evidence"
    } else if let home = Environment.value("HOME"), home.hasPrefix("/") {
      environment.stateFolder = "\(home)/.local/state/evidence"
    }
    environment.onWait = { Message.note("another process is writing to the vault; waiting") }
    environment.onPlan = { Progress.current.expect($0, .bytes) }
    environment.onProgress = { Progress.current.advance($0, .bytes) }
    environment.onEntryPlan = { Progress.current.expect($0, .entries) }
    environment.onEntryProgress = { Progress.current.advance($0, .entries) }
    return environment
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
