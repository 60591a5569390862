import Age
import EvidenceVault
import Foundation
import Primitives
import TestFolders
import Testing

/// A folder with a home, a vault, keys and material in it, and the program to run there.
final class Desk {
  static let passphrase = "seven plain words only for these tests"
  static let witnessName = "Мисола Намунаева"
  static let testimony = [
    "--kind", "testimony", "--title", "First account", "--set", "witness.code=Blue Heron", "--set",
    "witness.name=\(witnessName)", "--set", "interview.date=2023-05", "--set", "interview.language=tg", "--set",
    "consent.lawyer=code", "--set", "consent.quotes=verbatim",
  ]
  static let document = ["--kind", "document", "--title", "Note", "--set", "document.kind=note"]

  let folder: TemporaryFolder
  /// Variables of the environment besides those that every run has.
  var surroundings: [String: String] = [:]
  private var runCount = 0

  /// An empty desk: a passphrase in a file, and nothing else.
  init() throws {
    folder = try TemporaryFolder()
    try folder.write("\(Self.passphrase)\n".utf8, to: "passphrase")
    try folder.write("other words that open nothing\n".utf8, to: "wrong-passphrase")
  }

  /// A desk with a copy of the sample vault.
  static func withVault() throws -> Desk {
    let desk = try Desk()
    try Sample.tree.get().write(to: desk.folder.path)
    return desk
  }

  subscript(name: String) -> String { folder[name] }
  var vault: Tree { get throws { try Tree(of: folder["vault"]) } }
  /// The vault without what any reader may make again.
  var vaultWithoutCaches: Tree {
    get throws {
      var tree = try vault
      for name in ["catalog.age", "fields.age"] { tree[name] = nil }
      return tree
    }
  }

  /// Runs the program with the vault of this desk named in the environment.
  @discardableResult
  func run(_ words: String..., input: [UInt8] = []) throws -> Outcome { try run(words, input: input) }

  @discardableResult
  func run(_ words: [String], input: [UInt8] = []) throws -> Outcome {
    try start(words.map { Array($0.utf8) }, input: input).wait()
  }

  /// Runs a command that unlocks the vault.
  @discardableResult
  func unlocked(_ words: String..., input: [UInt8] = []) throws -> Outcome { try unlocked(words, input: input) }

  @discardableResult
  func unlocked(_ words: [String], input: [UInt8] = []) throws -> Outcome {
    try run(words + ["--passphrase-file", folder["passphrase"]], input: input)
  }

  /// The words of a public key, as its owner reads them out.
  func words(of key: String) throws -> String {
    try run("key", "words", key).output.prefix { $0 != "\n" }.description
  }

  /// Makes the vault `archive`, and a recipient of that name of it.
  func makeArchive() throws {
    try #require(unlocked("init", self["archive"], "--classic").status == 0)
    try folder.write(run("card", "--vault", self["archive"]).output.utf8, to: "archive.card")
    let card = self["archive.card"]
    let added = try unlocked("recipient", "add", "archive", card, "--class", "lawyer", "--words", words(of: card))
    try #require(added.status == 0)
  }

  /// The desk of an officer in the field, with a photograph on a stick.
  static func ofOfficer() throws -> Desk {
    let officer = try Desk()
    try officer.folder.write("words of the officer in the field\n".utf8, to: "passphrase")
    try officer.folder.write("a photograph".utf8, to: "stick/summons.jpg")
    return officer
  }

  /// Makes the intake vault `North`, and gives it to an officer as `field.vault`.
  func makeIntake(for officer: Desk) throws {
    try #require(
      unlocked(
        "intake", "create", self["made.vault"], "--name", "North", "--new-passphrase-file", officer["passphrase"]
      ).status == 0)
    try Tree(of: self["made.vault"]).write(to: officer["field.vault"])
  }

  /// Starts the program, or another one that runs it.
  func start(_ words: [[UInt8]], program: String = Program.path, input: [UInt8] = []) throws -> Program {
    runCount += 1
    let inputPath = try folder.write(input, to: "runs/\(runCount).in")
    return try Program(
      program, words: words, environment: environment, input: inputPath, output: folder["runs/\(runCount)"])
  }

  /// Starts the program at a terminal.
  func dialogue(_ words: String...) throws -> Dialogue { try dialogue(words) }

  func dialogue(_ words: [String]) throws -> Dialogue { try Dialogue(words, environment: environment) }

  private var environment: [String: String] {
    [
      "HOME": folder["home"], "XDG_STATE_HOME": folder["state"], "EVIDENCE_VAULT": folder["vault"],
      "PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no",
    ].merging(surroundings) { $1 }
  }

  /// Everything that all runs so far have printed.
  var printed: String {
    get throws {
      let runs = try Tree(of: folder["runs"])
      return runs.files.filter { !$0.hasSuffix(".in") }
        .map { String(decoding: runs[$0] ?? [], as: UTF8.self) }.joined()
    }
  }
}

/// A vault that all tests copy. It is made once, with the program itself but for the cost of its passphrase.
enum Sample {
  static let tree: Result<Tree, any Error> = Result {
    let desk = try Desk()
    var words = SecretBytes(count: Desk.passphrase.utf8.count)
    for (index, byte) in Desk.passphrase.utf8.enumerated() { words[index] = byte }
    guard let passphrase = Passphrase(words) else { throw VaultError.invalidKey(what: "passphrase") }
    _ = try Vault.create(
      at: desk["vault"], passphrase: passphrase, workFactorLog2: 4, environment: VaultEnvironment())
    try fill(desk)
    try TemporaryFolder.remove(desk["runs"])
    return try Tree(of: desk.folder.path)
  }

  private static func fill(_ desk: Desk) throws {
    try desk.folder.write("Present: three".utf8, to: "material/minutes.txt")
    try desk.folder.write("Dear colleagues".utf8, to: "material/letters/first.txt")
    try desk.folder.write([], to: "material/letters/second.txt")
    try desk.folder.write("what was said".utf8, to: "material/account.txt")
    func require(_ outcome: Outcome) throws { try #require(outcome.status == 0, "\(outcome.errors)") }
    try require(
      desk.unlocked(["add", desk["material/minutes.txt"], desk["material/letters"]] + Desk.document))
    try require(desk.unlocked(["add", desk["material/account.txt"]] + Desk.testimony))
    for (name, kind) in [("desk", []), ("lawyer", ["--classic"]), ("gone", [])] {
      let generated = try desk.run(["key", "generate", "--output", desk["\(name).key"]] + kind)
      try require(generated)
      let key = generated.output.trimmingCharacters(in: .newlines)
      try require(desk.unlocked("recipient", "add", name, key, "--class", "lawyer", "--words", desk.words(of: key)))
    }
    try require(desk.unlocked("recipient", "revoke", "gone", "--reason", "key lost"))
    try require(desk.unlocked("export", "0", "1", "--to", "desk", "--output", desk["bundle.age"]))
    // The list brings the catalog up to date, so that no later command has a reason to write to the vault.
    try require(desk.unlocked("list"))
    let card = try desk.run("card")
    try require(card)
    try desk.folder.write(card.output.utf8, to: "my.card")
    try desk.folder.write((try desk.run("card", "--json").json["fingerprint"] as? String ?? "").utf8, to: "my.words")
  }
}
