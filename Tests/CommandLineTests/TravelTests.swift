import Foundation
import TestFolders
import Testing

/// `key remove` and `key restore`: a machine that is about to be searched.
@Suite struct TravelTests {
  private func desk() throws -> Desk {
    let desk = try Desk.withVault()
    try desk.folder.write("other plain words for the time after\n".utf8, to: "new-passphrase")
    let split = try desk.unlocked("key", "split", "--threshold", "2", "--shares", "3", "--output", desk["sheets"])
    try #require(split.status == 0, "\(split.errors)")
    return desk
  }

  private func sheets(_ desk: Desk) -> [String] {
    ["--share", desk["sheets/share-1.txt"], "--share", desk["sheets/share-3.txt"]]
  }

  @Test func afterwardsNoPassphraseReadsAndTheSharesBringTheKeyBack() throws {
    let desk = try desk()
    #expect(try desk.unlocked("list").output.contains("First account"))
    let done = try desk.unlocked(["key", "remove"] + sheets(desk))
    #expect(done.status == 0, "\(done.errors)")
    #expect(done.output.contains("flash storage, journals and backups may keep old blocks"), "\(done.output)")
    for file in ["keys/reading.age", "catalog.age", "fields.age"] {
      #expect(!FileManager.default.fileExists(atPath: desk["vault/\(file)"]), "\(file)")
    }
    for words in [
      ["show", "0"], ["get", "0", "--output", desk["out"]], ["history", "0"], ["stats"], ["case"],
      ["verify", "--deep"], ["recipient", "list"], ["list", "--text", "minutes"], ["phrases"],
    ] {
      let refused = try desk.unlocked(words)
      #expect(refused.status == 12, "\(words): \(refused.errors)")
      #expect(!refused.output.contains(Desk.witnessName) && !refused.output.contains("First account"))
    }
    #expect(try desk.run("card", "--json").json["intake"] as? Bool == true)
    #expect(try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document).status == 0)
    #expect(try desk.run("verify").status == 0)
    let again = try desk.unlocked("key", "remove", "--i-have-no-copy")
    #expect(again.status == 12 && again.errors.contains("key restore"), "\(again.errors)")

    let back = try desk.unlocked(["key", "restore"] + sheets(desk))
    #expect(back.status == 0, "\(back.errors)")
    #expect(try desk.unlocked("list").output.contains("First account"))
    #expect(try desk.unlocked("verify", "--deep").status == 0)
    let entries = try #require(try desk.run("verify", "--json").json["entries"] as? Int)
    #expect(try desk.unlocked("show", "\(entries - 1)").output.contains("restored"))
    #expect(try desk.unlocked("show", "\(entries - 3)").output.contains("removed"))
    #expect(try desk.unlocked(["key", "restore"] + sheets(desk)).status == 1)
  }

  @Test func aCopyShowsThatTheKeyIsElsewhereAndBringsItBack() throws {
    let desk = try desk()
    try FileManager.default.copyItem(atPath: desk["vault/keys/reading.age"], toPath: desk["copy.age"])
    let before = try desk.vault
    let near = try desk.unlocked("key", "remove", "--copy", desk["copy.age"])
    expectOneSentence(near)
    #expect(near.status == 64 && near.errors.contains("same file system"), "\(near.errors)")
    // The copy may be under another passphrase; here it is not the right one.
    let wrong = try desk.unlocked(
      "key", "remove", "--copy", desk["copy.age"], "--same-disk", "--copy-passphrase-file", desk["wrong-passphrase"])
    #expect(wrong.status == 12, "\(wrong.errors)")
    #expect(try desk.run("key", "generate", "--output", desk["foreign.key"]).status == 0)
    let foreign = try desk.unlocked("key", "remove", "--copy", desk["foreign.key"], "--same-disk")
    #expect(foreign.status == 12 && foreign.errors.contains("does not lead to"), "\(foreign.errors)")
    #expect(try desk.vault == before)
    let changed = try desk.run(
      "key", "passphrase", desk["copy.age"], "--passphrase-file", desk["passphrase"], "--new-passphrase-file",
      desk["new-passphrase"])
    #expect(changed.status == 0, "\(changed.errors)")
    let copy = ["--copy-passphrase-file", desk["new-passphrase"]]
    let done = try desk.unlocked(["key", "remove", "--copy", desk["copy.age"], "--same-disk", "--json"] + copy)
    #expect(try done.json["ground"] as? String == "copy")
    let bad = try desk.unlocked("key", "restore", desk["foreign.key"])
    #expect(bad.status == 12 && bad.errors.contains("not that of a reader"), "\(bad.errors)")
    let back = try desk.unlocked(["key", "restore", desk["copy.age"]] + copy)
    #expect(back.status == 0, "\(back.errors)")
    #expect(try desk.unlocked("list").output.contains("First account"))
  }

  @Test func withoutAGroundNothingIsRemoved() throws {
    let desk = try desk()
    let before = try desk.vault
    let shares = sheets(desk)
    for words in [
      [], ["--i-have-no-copy", "--other-reader", "eight words"], ["--other-reader", "one two three"],
      shares + ["--i-have-no-copy"], Array(shares.prefix(2)), ["--shares"],
    ] {
      let refused = try desk.unlocked(["key", "remove"] + words)
      #expect(refused.status == 64, "\(words): \(refused.errors)")
    }
    let wrong = try desk.run("key", "remove", "--i-have-no-copy", "--passphrase-file", desk["wrong-passphrase"])
    #expect(wrong.status == 12)
    #expect(try desk.vault == before)
    #expect(try desk.unlocked("key", "remove", "--i-have-no-copy").status == 0)
    #expect(try desk.unlocked("key", "restore").status == 64)
    let combined = try desk.run(["key", "combine", "--new-passphrase-file", desk["new-passphrase"]] + shares)
    #expect(combined.status == 0, "\(combined.errors)")
    #expect(try desk.run("list", "--passphrase-file", desk["new-passphrase"]).output.contains("First account"))
  }

  /// The owner of another reader's key tells its words.
  @Test func anotherReaderIsAskedForTheirWords() throws {
    let desk = try Desk()
    let keys = try ["one.key", "two.key"].map {
      try desk.run("key", "generate", "--output", desk[$0]).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let made = try desk.run(
      "init", desk["vault"], "--reader", keys[0], "--reader", keys[1], "--passphrase-file", desk["passphrase"])
    #expect(made.status == 0, "\(made.errors)")
    #expect(try desk.unlocked("key", "restore", desk["one.key"]).status == 0)
    let unknown = try desk.unlocked("key", "remove", "--other-reader", "zoo zoo zoo zoo zoo zoo zoo zoo")
    #expect(unknown.status == 64, "\(unknown.errors)")
    let own = try desk.unlocked("key", "remove", "--other-reader", desk.words(of: keys[0]))
    #expect(own.status == 12, "\(own.errors)")
    let words = try desk.words(of: keys[1]).uppercased()
    let done = try desk.unlocked("key", "remove", "--other-reader", words, "--json")
    #expect(try done.json["ground"] as? String == "other_reader", "\(done.errors)")
    #expect(try desk.unlocked("recipient", "list", "--identity", desk["two.key"]).status == 0)
  }
}
