import Foundation
import TestFolders
import Testing

/// What must not be seen is looked for in every form in which it could stand there.
@Suite struct SecrecyTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  private func exported(_ choice: String...) throws -> Tree {
    let made = try desk.unlocked(["export", "0", "1", "--to", "desk", "--output", desk["b.age"]] + choice)
    #expect(made.status == 0, "\(made.errors)")
    let opened = try desk.run(
      "open", desk["b.age"], "--output", desk["opened"], "--identity", desk["desk.key"], "--sender", "anyone")
    #expect(opened.status == 0, "\(opened.errors)")
    return try Tree(of: desk["opened"])
  }

  @Test func aWithheldNameIsNowhereInTheBundle() throws {
    #expect(try !exported().holds(Desk.witnessName))
  }

  @Test func aDisclosedNameIsFoundByTheSameSearch() throws {
    let bundle = try exported("--disclose", "witness.name", "--override-consent", "for this test")
    #expect(bundle.holds(Desk.witnessName))
    let proof = try #require(bundle["proofs/item-1.sd-jwt"])
    let forms = Tree.forms(of: Desk.witnessName).dropFirst(5)
    #expect(forms.contains { Data(proof).range(of: Data($0)) != nil }, "the search sees through Base64")
  }

  @Test func aWithheldFileNameIsNowhereInTheBundle() throws {
    #expect(try exported().holds("account.txt"))
    try TemporaryFolder.remove(desk["b.age"])
    try TemporaryFolder.remove(desk["opened"])
    #expect(try !exported("--withhold", "file:account.txt").holds("account.txt"))
  }

  @Test func nothingOfAnItemStandsInTheVaultAsPlainBytes() throws {
    let vault = try desk.vault
    for text in [Desk.witnessName, "First account", "account.txt", "what was said", "Blue Heron", Desk.passphrase] {
      #expect(!vault.holds(text), "\(text)")
    }
  }

  @Test func noCommandPrintsThePassphrase() throws {
    let wrong = "other words that open nothing"
    try desk.unlocked("list")
    try desk.unlocked("show", "1")
    try desk.unlocked("verify", "--deep", "--json")
    try desk.unlocked("get", "0", "--output", desk["out"])
    try desk.unlocked("recipient", "list")
    try desk.unlocked("export", "0", "--to", "desk", "--output", desk["b.age"])
    try desk.unlocked("init", desk["vault"])
    try desk.run("list", "--passphrase-file", desk["wrong-passphrase"])
    try desk.run("show", "0", "--identity", desk["passphrase"])
    try desk.run(
      "recipient", "add", "x", desk["passphrase"], "--class", "lawyer", "--passphrase-file", desk["passphrase"])
    let printed = try desk.printed
    #expect(printed.contains("First account"))
    #expect(!printed.contains(Desk.passphrase))
    #expect(!printed.contains(wrong))
  }

  @Test func anIdentityIsNeverPrinted() throws {
    let made = try desk.run("key", "generate", "--output", desk["new.key"])
    #expect(made.status == 0)
    let identity = try #require(
      String(contentsOfFile: desk["new.key"], encoding: .utf8).firstMatch(of: /AGE-SECRET-KEY-\S+/)?.output)
    try desk.run("show", "0", "--identity", desk["new.key"])
    try desk.run("unseal", "--identity", desk["new.key"], desk["bundle.age"])
    try desk.folder.write("\(identity)x\n".utf8, to: "broken.key")
    try desk.run("show", "0", "--identity", desk["broken.key"])
    #expect(try !desk.printed.contains(identity.dropFirst(20).prefix(12)))
  }
}
