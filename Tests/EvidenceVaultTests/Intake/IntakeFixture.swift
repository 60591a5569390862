import Age
import DurableStore
import EvidenceReport
import Primitives
import SelectiveDisclosure
import StrictJSON
import TestFolders
import TransparencyLog

@testable import EvidenceVault

/// An archive, and an intake vault that it made, carried away and back as a folder.
final class IntakeFixture {
  static let name = "North"

  let main: VaultFixture
  let path: String
  /// The signing key of the intake vault, which whoever has the machine and its passphrase has too.
  var signer: VaultSigner
  private var sourceCount = 0

  init() throws {
    main = try VaultFixture()
    // Numbers differ between the two.
    try main.addDocument("Own", files: ["own.txt": "own"])
    path = main.folder["field"]
    let made = try main.reader().createIntake(
      at: path, name: Self.name, passphrase: VaultFixture.passphrase(), workFactorLog2: 1, signer: main.signer)
    signer = try made.vault.signer(VaultFixture.passphrase())
    for recipientClass in ["lawyer", "media"] {
      _ = try main.reader().addRecipient(
        recipientClass, recipientClass: recipientClass, keys: [Identity(generating: .x25519).recipient],
        verifierKey: nil, comparison: .call, signer: main.signer)
    }
  }

  func field() throws -> Vault { try Vault(opening: path, environment: main.environment) }
  /// What only the archivist can do.
  func fieldReader() throws -> VaultReader { try VaultReader(field(), identities: [main.identity]) }
  var words: String { get throws { try field().note.fingerprint } }

  @discardableResult
  func add(
    _ title: String, kind: String = "document", files: [String: String] = [:], _ more: [(String, JSON)] = []
  ) throws -> UInt64 {
    sourceCount += 1
    for (name, text) in files { try main.folder.write(text.utf8, to: "source-\(sourceCount)/\(name)") }
    let sources = try ItemSource.find(files.keys.sorted().map { main.folder["source-\(sourceCount)/\($0)"] })
    var fields: JSONObject = ["title": .string(title)]
    if kind == "document" { fields["document.kind"] = "note" }
    for (name, value) in more { fields[name] = value }
    return try field().add(sources, kind: kind, fields: fields, signer: signer).index
  }

  @discardableResult
  func addTestimony(_ more: [(String, JSON)] = []) throws -> UInt64 {
    let answers: [(String, JSON)] = [
      ("witness.code", "Blue Heron"), ("interview.date", "2023-05"), ("interview.language", "tg"),
      ("consent.lawyer", "code"), ("consent.quotes", "verbatim"),
    ]
    return try add(
      "First account", kind: "testimony", files: ["account.txt": "what was said"],
      answers + [("witness.name", .string(VaultFixture.witnessName))] + more)
  }

  /// An entry that no command of the program would make.
  @discardableResult
  func forge(_ kind: String, _ fields: JSONObject) throws -> UInt64 {
    let environment = main.environment
    let vault = try field()
    let isItem = try Schema.named(kind).isItem
    guard !isItem else {
      let sealer = ObjectSealer(
        kind: kind, fields: fields, sources: [], origin: vault.note.origin.description, environment: environment)
      let (object, record) = try sealer.seal(
        to: vault.note.readers, in: vault.root.directory(Vault.incomingFolder))
      return try vault.commit([PreparedEntry(record: record, object: object)], signer: signer).indices.lowerBound
    }
    let record = try ComposedRecord(
      kind: kind, added: environment.now(), fields: fields, files: [], randomness: environment.randomness)
    return try vault.commit([PreparedEntry(record: record, object: nil)], signer: signer).indices.lowerBound
  }

  @discardableResult
  func collect(
    _ path: String? = nil, overriding change: (inout CollectionOverrides) -> Void = { _ in }
  ) throws -> CollectedVault {
    var overrides = CollectionOverrides()
    change(&overrides)
    return try main.reader().collect(path ?? self.path, overriding: overrides, signer: main.signer)
  }

  /// Why collecting was refused.
  func fault(
    _ path: String? = nil, overriding change: (inout CollectionOverrides) -> Void = { _ in }
  ) throws -> IntakeFault? {
    do {
      try collect(path, overriding: change)
      return nil
    } catch VaultError.intake(let fault) {
      return fault
    }
  }

  /// The archive without what any reader may make again.
  var archive: Tree {
    get throws {
      var tree = try Tree(of: main.path)
      for contents in Catalog.Contents.allCases { tree[contents.fileName] = nil }
      return tree
    }
  }

  /// A copy of the intake vault as it is now.
  func copy(_ name: String) throws -> String {
    try Tree(of: path).write(to: main.folder[name])
    return main.folder[name]
  }

  func plan(
    _ items: [UInt64], for recipientClass: String = "lawyer", _ change: (inout DisclosureChoice) -> Void = { _ in }
  ) throws -> ExportPlan {
    var choice = DisclosureChoice()
    change(&choice)
    let reader = try main.reader()
    return try reader.plan(
      items, for: .recipients([reader.recipient(recipientClass)]), purpose: "", choice: choice)
  }

  func refusals(
    _ items: [UInt64], for recipientClass: String = "lawyer", _ change: (inout DisclosureChoice) -> Void = { _ in }
  ) throws -> [ConsentRefusal.Cause] {
    do {
      _ = try plan(items, for: recipientClass, change)
      return []
    } catch VaultError.refusedByConsent(let refusals) {
      return refusals.map(\.cause)
    }
  }
}
