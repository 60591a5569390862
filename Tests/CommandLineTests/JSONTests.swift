import Foundation
import TestFolders
import Testing

/// `--json` prints one object, which another program's reader understands, and nothing beside it.
@Suite struct JSONTests {
  @Test(arguments: [
    (["card"], ["vault", "origin", "signing_key", "fingerprint", "recipients", "intake", "entries", "head"]),
    (["verify"], ["sound", "deep", "entries", "objects", "bytes", "head", "origin", "fingerprint", "findings"]),
    (
      ["verify", "--deep", "+"],
      ["sound", "deep", "entries", "objects", "bytes", "head", "origin", "fingerprint", "findings"]
    ),
    (["head"], ["entries", "head", "origin", "since", "file"]),
    (["verify", "--expect", "@vault/checkpoint"], ["sound", "head", "expected", "seen_before"]),
    (["list", "+"], ["entries", "items"]),
    (["show", "1", "+"], ["item", "iss", "object", "records", "kind", "added", "title", "witness.name", "files"]),
    (["get", "0", "--output", "@out", "+"], ["item", "files", "output"]),
    (["recipient", "list", "+"], ["recipients"]),
    (["recipient", "revoke", "desk", "--reason", "r", "+"], ["entry", "name"]),
    (
      ["recipient", "add", "new", "@my.card", "--class", "lawyer", "+"],
      ["entry", "name", "fingerprint", "digits", "compared"]
    ),
    (["export", "1", "--to", "desk", "--preview", "+"], ["bundle", "purpose", "items"]),
    (
      ["export", "1", "--to", "desk", "--output", "@b", "+"],
      ["bundle", "purpose", "items", "entry", "output", "sha256", "bytes"]
    ),
    (
      ["open", "@bundle.age", "--output", "@o", "--identity", "@desk.key", "--sender", "anyone"],
      ["bundle", "created", "purpose", "origin", "fingerprint", "files", "bytes", "head_entries", "items"]
    ),
    (["receipt", "list", "+"], ["bundles"]),
    (
      ["add", "@passphrase", "--kind", "document", "--title", "t", "--set", "document.kind=note", "+"],
      ["item", "files", "sealed_bytes", "entries", "head"]
    ),
  ])
  func theDocumentedMembersAreThere(words: [String], members: [String]) throws {
    let desk = try Desk.withVault()
    let isUnlocked = words.last == "+"
    let command = words.filter { $0 != "+" }.map { $0.hasPrefix("@") ? desk[String($0.dropFirst())] : $0 } + ["--json"]
    let outcome = try isUnlocked ? desk.unlocked(command) : desk.run(command)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let json = try outcome.json
    for member in members { #expect(json[member] != nil, "\(member) in \(json.keys.sorted())") }
  }

  /// A sender may call a claim what this program calls its own members.
  @Test func whatASenderSaysOfAnItemStandsApartFromWhatThisProgramFound() throws {
    let desk = try Desk.withVault()
    let opened = try desk.run(
      "open", desk["bundle.age"], "--output", desk["o"], "--identity", desk["desk.key"], "--sender", "anyone", "--json")
    let items = try #require(opened.json["items"] as? [[String: Any]])
    #expect(items.map { $0["item"] as? Int } == [0, 1])
    for item in items {
      #expect(Set(item.keys) == ["item", "undisclosed_digests", "record"])
      let record = try #require(item["record"] as? [String: Any])
      #expect(record["kind"] is String && record["files"] is [Any], "\(record)")
    }
  }
}
