import EvidenceVault
import Foundation
import StrictJSON
import TestFolders
import Testing

/// A draft is sealed to the readers of the vault, and to nobody whom somebody else put in their place: of another card
/// it is told before the first question.
@Suite struct FormReadersTests {
  private let desk: Desk
  private let key: [String]

  init() throws {
    desk = try Desk.withVault()
    try desk.folder.write("secret".utf8, to: "new.txt")
    key = ["--passphrase-file", desk["passphrase"]]
  }

  private func replaceCard(by note: [UInt8]?) throws {
    try Tree.replace(desk["vault/vault.note"], with: try #require(note))
  }

  private func expectRefused(_ words: [String]) throws {
    let form = try desk.dialogue(["form", "document"] + words)
    #expect(try form.end() == 20, "\(form.shown)")
    #expect(!form.shown.contains("[title]") && form.shown.contains("error: "), "\(form.shown)")
  }

  private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: desk[name]) }

  @Test func theCardOfAnotherVaultIsRefused() throws {
    try desk.makeArchive()
    try replaceCard(by: Tree(of: desk["archive"])["vault.note"])
    try expectRefused(["--output", desk["record.json"], "--draft", desk["my.draft"]])
    try expectRefused(["--add", desk["new.txt"], "--draft", desk["my.draft"]] + key)
    #expect(!exists("my.draft") && !exists("record.json"))
  }

  @Test func aReaderWhoWasRemovedReadsNoDraftWithAnEarlierCard() throws {
    let reader = try desk.run("key", "generate", "--output", desk["bob.key"]).output
    let recipient = try #require(reader.split(separator: "\n").first { $0.hasPrefix("age1") }.map(String.init))
    let words = try desk.words(of: recipient)
    #expect(try desk.unlocked("reader", "add", "Bob", recipient, "--words", words).status == 0)
    let earlier = try desk.vault["vault.note"]
    #expect(try desk.unlocked("reader", "remove", "Bob", "--reason", "left us").status == 0)
    let vault = try Vault(opening: desk["vault"], environment: VaultEnvironment())
    let kept = try FormDraft(kind: "document", fields: ["title": "Letter"], next: "case")
      .sealed(for: CheckedReaders(of: vault))
    try desk.folder.write(kept, to: "kept")
    try replaceCard(by: earlier)
    try expectRefused(["--add", desk["new.txt"], "--draft", desk["my.draft"]] + key)
    try expectRefused(["--add", desk["new.txt"], "--resume", desk["kept"]] + key)
    #expect(!exists("my.draft"))
    #expect(FileManager.default.contents(atPath: desk["kept"]) == Data(kept))
  }

  /// What is written nowhere but where it is wanted needs no card.
  @Test func aFormWithoutADraftGoesOn() throws {
    try desk.makeArchive()
    try replaceCard(by: Tree(of: desk["archive"])["vault.note"])
    let form = try desk.dialogue("form", "document", "--output", desk["record.json"])
    try form.answer("[title] * required\n> ", ".")
    #expect(try form.end() == 3, "\(form.shown)")
  }
}
