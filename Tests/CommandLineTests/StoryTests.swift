import Foundation
import TestFolders
import Testing

/// What people do with the program, from an empty folder to a bundle that somebody else has checked.
@Suite struct StoryTests {
  @Test func aVaultIsMadeWithAPassphraseAndKeepsWhatIsAdded() throws {
    let desk = try Desk()
    let made = try desk.unlocked("init", desk["vault"], "--json")
    #expect(made.status == 0, "\(made.errors)")
    #expect(try made.json["intake"] as? Bool == false)
    let path = try desk.folder.write("a secret text".utf8, to: "note.txt")
    #expect(try desk.unlocked(["add", path] + Desk.document).status == 0)
    #expect(try desk.unlocked("get", "0", "--output", desk["out"]).status == 0)
    #expect(try Tree(of: desk["out"])["note.txt"] == Array("a secret text".utf8))
    #expect(try desk.vault.files.allSatisfy { try desk.vault[$0]?.contains("a secret text".utf8) == false })
  }

  @Test func anIntakeVaultTakesInWhatItCannotRead() throws {
    let desk = try Desk()
    let key = try desk.run("key", "generate", "--output", desk["reader.key"]).output
    let reader = key.trimmingCharacters(in: .newlines)
    #expect(try desk.unlocked("init", desk["vault"], "--reader", reader).status == 0)
    let path = try desk.folder.write("taken in".utf8, to: "note.txt")
    #expect(try desk.unlocked(["add", path] + Desk.document).status == 0)
    try expectRefusal(12, at: desk) { try desk.unlocked("show", "0") }
    let listed = try desk.run("list", "--json").json
    #expect(listed["entries"] as? Int == 1)
    #expect(listed["items"] is NSNull)
    let shown = try desk.run("show", "0", "--identity", desk["reader.key"])
    #expect(shown.output.contains("Note"))
    #expect(try desk.run("verify", "--deep", "--identity", desk["reader.key"]).status == 0)
  }

  @Test func filesFoldersAndStandardInputBecomeOneItemAndComeOutEqual() throws {
    let desk = try Desk.withVault()
    let pipe = Array(repeating: UInt8(7), count: 200_000)
    let added = try desk.unlocked(
      ["add", desk["material/letters"], desk["material/minutes.txt"], "-", "--name", "piped.bin", "--json"]
        + Desk.document,
      input: pipe)
    #expect(added.status == 0, "\(added.errors)")
    let item = try #require(try added.json["item"] as? Int)
    #expect(try added.json["files"] as? Int == 4)
    let got = try desk.unlocked("get", "\(item)", "--output", desk["out"], "--json")
    #expect(try got.json["files"] as? Int == 4)
    let out = try Tree(of: desk["out"])
    #expect(out["piped.bin"] == pipe)
    #expect(out["minutes.txt"] == Array("Present: three".utf8))
    #expect(out["letters/first.txt"] == Array("Dear colleagues".utf8))
    #expect(out["letters/second.txt"] == [])
    #expect(out.files.count == 5)
    try desk.unlocked("get", "\(item)", "--file", "letters/first.txt", "--output", desk["one"])
    #expect(try Tree(of: desk["one"]).files == ["letters/first.txt", "record.json"])
  }

  @Test func listAndShowTellWhatIsThere() throws {
    let desk = try Desk.withVault()
    let list = try desk.unlocked("list")
    #expect(list.output.split(separator: "\n").count == 2)
    #expect(list.output.contains("First account") && list.output.contains("  3 files, 29 bytes  "), "\(list.output)")
    #expect(try desk.unlocked("list", "--kind", "document", "--json").json["items"].map { ($0 as? [Any])?.count } == 1)
    #expect(try desk.unlocked("list", "--text", "FIRST").output.contains("First account"))
    #expect(try desk.unlocked("list", "--since", "2999-01-01").output.isEmpty)
    #expect(try desk.unlocked("list", "--events").output.split(separator: "\n").count == 7)
    let show = try desk.unlocked("show", "1").output
    #expect(show.contains("witness.name (identity): \(Desk.witnessName)"))
    #expect(show.contains("file account.txt"))
  }

  @Test func verifySaysUpToWhichHeadAndWhoSigned() throws {
    let desk = try Desk.withVault()
    let words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    for outcome in [try desk.run("verify"), try desk.unlocked("verify", "--deep")] {
      #expect(outcome.status == 0, "\(outcome.output)")
      #expect(outcome.output.hasPrefix("sound: 7 entries, 2 objects"))
      #expect(outcome.output.contains("up to head 7 "))
      #expect(outcome.output.contains("signed by \(words)"))
    }
  }

  @Test func damageIsReportedWithItsItemAndARemedy() throws {
    let desk = try Desk.withVault()
    let path = try #require(desk.vault.files.first { $0.hasPrefix("objects/") })
    var bytes = try #require(desk.vault[path])
    bytes[bytes.count / 2] ^= 1
    try Tree.replace(desk["vault/\(path)"], with: bytes)
    let outcome = try desk.run("verify")
    #expect(outcome.status == 20)
    #expect(outcome.output.contains("DAMAGE: item "))
    #expect(outcome.output.contains("what to do: "))
    #expect(outcome.output.contains("NOT SOUND, 1 finding:"))
    let report = try desk.run("verify", "--json").json
    #expect(report["sound"] as? Bool == false)
    let finding = try #require((report["findings"] as? [[String: Any]])?.first)
    #expect(finding["path"] as? String == path)
    #expect(finding["subject"] as? String == "object")
  }

  @Test func anOlderCopyOfTheVaultIsToldFromTheNewerOne() throws {
    let desk = try Desk.withVault()
    let older = try desk.vault
    #expect(try desk.run("verify").status == 0)
    #expect(try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document).status == 0)
    try older.write(to: desk["vault"])
    try expectRefusal(21, at: desk) { try desk.run("card") }
    try expectRefusal(21, at: desk) { try desk.run("verify") }
    try expectRefusal(21, at: desk) { try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document) }
  }

  @Test func anotherVaultInTheSamePlaceIsSignedByAnUnknownKey() throws {
    let desk = try Desk.withVault()
    #expect(try desk.run("verify").status == 0)
    try TemporaryFolder.remove(desk["vault"])
    #expect(try desk.unlocked("init", desk["other"]).status == 0)
    try Tree(of: desk["other"]).write(to: desk["vault"])
    try expectRefusal(22, at: desk) { try desk.run("card") }
  }
}
