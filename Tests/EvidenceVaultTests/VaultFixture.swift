import Age
import DurableStore
@testable import EvidenceVault
import Primitives
import StrictJSON
import TestFolders
import TransparencyLog

/// A small vault in a folder of its own, with its keys at hand.
///
/// The clock stands still, and scrypt does as little as it can.
final class VaultFixture {
  static let passphraseText = "plain words for tests"
  static let witnessName = "Мисола Намунаева"

  let folder: TemporaryFolder
  let path: String
  let environment: VaultEnvironment
  var signer: VaultSigner
  let identity: Identity

  /// Makes an empty vault. A classic key makes the files short, where every byte is to be tried.
  init(_ keyKind: Identity.Kind = .x25519) throws {
    folder = try TemporaryFolder()
    path = folder["vault"]
    environment = Self.environment(stateFolder: nil)
    let vault = try Vault.create(
      at: path, keyKind: keyKind, passphrase: Self.passphrase(), workFactorLog2: 1, environment: environment)
    signer = try vault.signer(Self.passphrase())
    identity = try vault.readingIdentity(Self.passphrase())
  }

  /// A copy with the same keys, in a folder of its own.
  init(copying other: VaultFixture) throws {
    folder = try TemporaryFolder()
    path = folder["vault"]
    (environment, identity) = (other.environment, other.identity)
    try Tree(of: other.path).write(to: path)
    signer = try Vault(opening: path, environment: environment).signer(Self.passphrase())
  }

  static func environment(stateFolder: String?) -> VaultEnvironment {
    var environment = VaultEnvironment()
    environment.now = { Timestamp(secondsSince1970: 1_685_093_400) }
    environment.stateFolder = stateFolder
    // A program that another test starts holds our locks as well, from its fork until it runs.
    environment.lockPatience = 20
    environment.workerCount = 1
    return environment
  }

  static func passphrase(_ text: String = passphraseText) throws -> Passphrase {
    var secret = SecretBytes(count: text.utf8.count)
    for (index, byte) in text.utf8.enumerated() { secret[index] = byte }
    guard let passphrase = Passphrase(secret) else { throw VaultError.invalidKey(what: "passphrase") }
    return passphrase
  }

  func open(stateFolder: String? = nil) throws -> Vault {
    try Vault(opening: path, environment: Self.environment(stateFolder: stateFolder))
  }

  /// Opens it so that the next commit cannot remove what is at these paths: a folder is not removed like a file.
  func openPuttingFolders(at paths: [String]) throws -> Vault {
    let folder = self.folder
    var environment = self.environment
    environment.onCommit = {
      for path in paths {
        try? TemporaryFolder.remove(folder["vault/\(path)"])
        _ = try? folder.write("in the way".utf8, to: "vault/\(path)/file")
      }
    }
    return try Vault(opening: path, environment: environment)
  }

  func reader() throws -> VaultReader { try VaultReader(open(), identities: [identity]) }

  /// Adds a document without field values beyond its title.
  @discardableResult
  func addDocument(_ title: String, files: [String: String] = [:], to vault: Vault? = nil) throws -> UInt64 {
    for (name, text) in files { try folder.write(text.utf8, to: "input/\(title)/\(name)") }
    let sources = try ItemSource.find(files.keys.sorted().map { folder["input/\(title)/\($0)"] })
    let fields: JSONObject = ["title": .string(title), "document.kind": "note"]
    return try (vault ?? open()).add(sources, kind: "document", fields: fields, signer: signer).index
  }

  /// Adds a testimony that names its witness, who agreed that lawyers get it; `null` in `more` leaves a field out.
  @discardableResult
  func addTestimony(_ title: String = "First account", more: [(String, JSON)] = []) throws -> UInt64 {
    let path = try folder.write("what was said".utf8, to: "input/account.txt")
    var fields: JSONObject = [
      "title": .string(title), "witness.code": "Blue Heron", "interview.date": "2023-05", "interview.language": "tg",
      "consent.lawyer": "code", "consent.quotes": "verbatim",
    ]
    fields["witness.name"] = .string(Self.witnessName)
    for (name, value) in more { fields[name] = value == .null ? nil : value }
    return try open().add(ItemSource.find([path]), kind: "testimony", fields: fields, signer: signer).index
  }

  /// Adds a recipient and returns the key that opens what is sealed to them.
  func addRecipient(_ name: String, kind: Identity.Kind = .x25519) throws -> Identity {
    let identity = Identity(generating: kind)
    _ = try reader().addRecipient(
      name, recipientClass: "lawyer", keys: [identity.recipient], verifierKey: nil, comparison: .call,
      signer: signer)
    return identity
  }

  /// What an export of items to the recipient called Desk would show.
  func planForDesk(_ items: [UInt64], _ change: (inout DisclosureChoice) -> Void = { _ in }) throws -> ExportPlan {
    var choice = DisclosureChoice()
    change(&choice)
    let reader = try reader()
    return try reader.plan(items, for: .recipients([reader.recipient("Desk")]), purpose: "", choice: choice)
  }

  /// A vault with an item, a testimony, a recipient and a catalog.
  static func filled() throws -> VaultFixture {
    let fixture = try VaultFixture()
    try fixture.addDocument("Minutes", files: ["minutes.txt": "Present: three", "votes.txt": ""])
    try fixture.addTestimony()
    _ = try fixture.addRecipient("Desk")
    _ = try fixture.reader().summaries()
    return fixture
  }
}
