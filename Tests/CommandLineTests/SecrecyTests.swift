import Foundation
import TestFolders
import Testing

/// What must not be seen is looked for in every form in which it could stand there.
@Suite struct SecrecyTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  /// A text as UTF-8, UTF-16 of both orders, and inside Base64 at each of the three offsets that it can have there.
  private static func forms(of text: String) -> [[UInt8]] {
    let utf8 = Array(text.utf8)
    var forms = [utf8]
    for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
      forms.append(Array(text.data(using: encoding) ?? Data()))
    }
    for offset in 0..<3 {
      let encoded = Array(Data([UInt8](repeating: 0, count: offset) + utf8).base64EncodedString().utf8)
      // The first and last characters also hold bits of what stands beside the text.
      let inner = Array(encoded.dropFirst(4).dropLast(4))
      forms.append(inner)
      forms.append(
        Array(String(decoding: inner, as: UTF8.self).replacing("+", with: "-").replacing("/", with: "_").utf8))
    }
    return forms
  }

  private static func holds(_ tree: Tree, _ text: String) -> Bool {
    let forms = forms(of: text)
    return tree.files.contains { path in
      let bytes = Data(tree[path] ?? [])
      return path.contains(text) || forms.contains { bytes.range(of: Data($0)) != nil }
    }
  }

  private func exported(_ choice: String...) throws -> Tree {
    let made = try desk.unlocked(["export", "0", "1", "--to", "desk", "--output", desk["b.age"]] + choice)
    #expect(made.status == 0, "\(made.errors)")
    let opened = try desk.run(
      "open", desk["b.age"], "--output", desk["opened"], "--identity", desk["desk.key"], "--sender", "anyone")
    #expect(opened.status == 0, "\(opened.errors)")
    return try Tree(of: desk["opened"])
  }

  @Test func aWithheldNameIsNowhereInTheBundle() throws {
    #expect(try !Self.holds(exported(), Desk.witnessName))
  }

  @Test func aDisclosedNameIsFoundByTheSameSearch() throws {
    let bundle = try exported("--disclose", "witness.name")
    #expect(Self.holds(bundle, Desk.witnessName))
    let proof = try #require(bundle["proofs/item-1.sd-jwt"])
    let forms = Self.forms(of: Desk.witnessName).dropFirst(3)
    #expect(forms.contains { Data(proof).range(of: Data($0)) != nil }, "the search sees through Base64")
  }

  @Test func aWithheldFileNameIsNowhereInTheBundle() throws {
    #expect(try Self.holds(exported(), "account.txt"))
    try TemporaryFolder.remove(desk["b.age"])
    try TemporaryFolder.remove(desk["opened"])
    #expect(try !Self.holds(exported("--withhold", "file:account.txt"), "account.txt"))
  }

  @Test func nothingOfAnItemStandsInTheVaultAsPlainBytes() throws {
    let vault = try desk.vault
    for text in [Desk.witnessName, "First account", "account.txt", "what was said", "Blue Heron", Desk.passphrase] {
      #expect(!Self.holds(vault, text), "\(text)")
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
