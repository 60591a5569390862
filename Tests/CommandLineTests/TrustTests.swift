import EvidenceVault
import Foundation
import TestFolders
import Testing

/// Whose keys they are: nothing is sealed to keys that nobody compared with their owner.
struct TrustTests {
  private let desk: Desk
  private let key: String

  init() throws {
    desk = try Desk.withVault()
    try desk.folder.write("".utf8, to: "output/present/file.txt")
    key = try desk.run("key", "generate", "--output", desk["new.key"]).output.trimmingCharacters(in: .newlines)
  }

  private func export(_ more: String...) throws -> Outcome {
    try desk.unlocked(["export", "0", "--to", "new", "--output", desk["output/b.age"]] + more)
  }

  @Test func nothingIsSealedToKeysBeforeTheyWereCompared() throws {
    let added = try desk.unlocked("recipient", "add", "new", key, "--class", "lawyer")
    #expect(added.status == 0, "\(added.errors)")
    let list = try desk.unlocked("recipient", "list").output
    #expect(list.contains("new: lawyer, 1 post-quantum key, keys not compared"))
    try expectRefusal(22, at: desk) { try export() }
    try expectRefusal(22, at: desk) {
      try desk.unlocked("recipient", "check", "new", "--words", "about able acid acid acid acid acid acid")
    }
    let preview = try desk.unlocked("export", "0", "--to", "new", "--preview")
    #expect(preview.status == 0, "what they would learn may be looked at: \(preview.errors)")

    let words = try desk.words(of: key)
    #expect(added.output.contains(words))
    let checked = try desk.unlocked("recipient", "check", "new", "--words", words.uppercased(), "--compared", "call")
    #expect(checked.status == 0, "\(checked.errors)")
    #expect(try export().status == 0)
    let known = try desk.unlocked("recipient", "list", "--json").json["recipients"] as? [[String: Any]] ?? []
    #expect(known.filter { $0["name"] as? String == "new" }.map { $0["compared"] as? String } == ["call"])
  }

  @Test func digitsAreTheWordsForWhoeverSpeaksAnotherLanguage() throws {
    let lines = try desk.run("key", "words", key).output.split(separator: "\n").map(String.init)
    try #require(lines.count == 2)
    let places = lines[1].split(separator: " ").compactMap { Int($0) }
    #expect(places.map { WordList.words[$0] }.joined(separator: " ") == lines[0])
    let added = try desk.unlocked(
      "recipient", "add", "new", key, "--class", "lawyer", "--words", lines[1].replacing(" ", with: ""))
    #expect(added.status == 0, "\(added.errors)")
    #expect(try export().status == 0)
  }

  @Test func aCardIsComparedByTheWordsOfItsSigningKey() throws {
    let card = try desk.run("key", "words", desk["my.card"]).output
    #expect(try card.hasPrefix(String(contentsOfFile: desk["my.words"], encoding: .utf8)))
  }

  @Test func whoeverGoesOnAllTheSameIsWrittenDown() throws {
    try #require(desk.unlocked("recipient", "add", "new", key, "--class", "lawyer").status == 0)
    let sent = try export("--unchecked-keys")
    #expect(sent.status == 0, "\(sent.errors)")
    let history = try desk.unlocked("history", "0").output
    #expect(history.contains("exported"))
    #expect(history.contains("unchecked_keys"), "\(history)")
  }

  @Test func wrongWordsAndAChangedKeyAreAnAlarm() throws {
    let other = try desk.run("key", "generate", "--output", desk["other.key"]).output.trimmingCharacters(in: .newlines)
    try expectRefusal(22, at: desk) {
      try desk.unlocked("recipient", "add", "new", other, "--class", "lawyer", "--words", desk.words(of: key))
    }
    try #require(
      desk.unlocked("recipient", "add", "new", key, "--class", "lawyer", "--words", desk.words(of: key)).status == 0)
    try expectRefusal(1, at: desk) { try desk.unlocked("recipient", "add", "new", key, "--class", "lawyer") }
    try expectRefusal(22, at: desk) { try desk.unlocked("recipient", "add", "new", other, "--class", "lawyer") }
    try expectRefusal(64, at: desk) {
      try desk.unlocked("recipient", "check", "new", "--words", "x", "--compared", "dream")
    }
    try #require(desk.unlocked("recipient", "revoke", "new", "--reason", "key lost").status == 0)
    try expectRefusal(1, at: desk) { try export() }
    let again = try desk.unlocked(
      "recipient", "add", "new", other, "--class", "lawyer", "--words", desk.words(of: other))
    #expect(again.status == 0, "\(again.errors)")
    #expect(try export().status == 0)
  }
}
