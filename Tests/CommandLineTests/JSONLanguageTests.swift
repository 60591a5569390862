import Foundation
import TestFolders
import Testing

/// JSON is for programs: it is the same whatever language the people around speak.
@Suite struct JSONLanguageTests {
  /// What the same command prints at the same desk in each of the languages.
  private func outputs(_ words: [String], at desk: Desk, isUnlocked: Bool = true) throws -> Set<String> {
    var outputs: Set<String> = []
    for language in ["en", "ru", "tg", "de"] {
      desk.surroundings = ["LANG": "\(language)_XX.UTF-8"]
      let outcome = try isUnlocked ? desk.unlocked(words + ["--json"]) : desk.run(words + ["--json"])
      #expect(outcome.output.hasPrefix("{"), "\(words): \(outcome.errors)")
      outputs.insert(outcome.output)
    }
    return outputs
  }

  @Test func aSoundVaultIsDescribedInTheSameBytes() throws {
    let desk = try Desk.withVault()
    try desk.folder.write("title,mode\nOne,wrong\n,court_ordered\nA,\"B\n".utf8, to: "cases.csv")
    for words in [
      ["list"], ["list", "--fields"], ["show", "1"], ["verify", "--deep"], ["history", "1"], ["recipient", "list"],
      ["case"], ["stats"], ["phrases"],
    ] {
      #expect(try outputs(words, at: desk).count == 1, "\(words)")
    }
    for words in [
      ["head"], ["card"], ["schema"], ["schema", "testimony"], ["verify"],
      ["import", desk["cases.csv"], "--kind", "dissolution_case", "--dry-run"],
    ] {
      #expect(try outputs(words, at: desk, isUnlocked: false).count == 1, "\(words)")
    }
  }

  @Test func damageIsDescribedInTheSameBytes() throws {
    let desk = try Desk.withVault()
    let vault = try desk.vault
    let objects = vault.files.filter { $0.hasPrefix("objects/") }
    try desk.folder.write((vault[objects[0]] ?? []) + [0], to: "vault/\(objects[0])")
    try desk.folder.write("left".utf8, to: "vault/incoming/left.part")
    try TemporaryFolder.remove(desk["vault/\(objects[1])"])
    let found = try outputs(["verify", "--deep"], at: desk)
    #expect(found.count == 1)
    #expect(found.first?.contains("the file is missing") == true)
    #expect(found.first?.contains("evidence repair") == true)
  }

  @Test func whatIsWithheldIsDescribedInTheSameBytes() throws {
    let desk = try Desk.withVault()
    let preview = ["export", "0", "1", "--to", "desk", "--preview"]
    // Each preview has a bundle number of its own.
    let found = try outputs(preview, at: desk).map { $0.replacing(/"bundle": "[0-9a-f]+"/, with: "") }
    #expect(Set(found).count == 1)
    #expect(found[0].contains("no consent to be known by name"))
  }
}
