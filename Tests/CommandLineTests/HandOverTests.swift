import Foundation
import TestFolders
import Testing

/// Bundles from the archivist's side and from the recipient's.
@Suite struct HandOverTests {
  private let desk: Desk
  private let words: String

  init() throws {
    desk = try Desk.withVault()
    words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
  }

  private func open(_ sender: String, key: String = "desk.key", to output: String = "opened") throws -> Outcome {
    try desk.run(
      "open", desk["bundle.age"], "--output", desk[output], "--identity", desk[key], "--sender", sender)
  }

  @Test func aBundleOpensForItsRecipientWhenTheSenderIsTheOneNamed() throws {
    for (place, sender) in [("by-words", words), ("by-card", desk["my.card"])] {
      let outcome = try open(sender, to: place)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("which is the sender you named"))
      #expect(try Tree(of: desk[place])["data/item-1/files/account.txt"] == Array("what was said".utf8))
    }
    let anyone = try open("anyone", to: "by-nobody")
    #expect(anyone.status == 0)
    #expect(anyone.errors.contains("nobody has vouched for this sender"))
  }

  @Test func anUnknownSenderIsRefused() throws {
    let wrong = words.split(separator: " ").reversed().joined(separator: " ")
    try expectRefusal(22, at: desk) { try open(wrong, to: "output/opened") }
    try expectRefusal(22, at: desk) {
      try desk.run("open", desk["bundle.age"], "--output", desk["output/opened"], "--identity", desk["desk.key"])
    }
  }

  @Test func anOpenedBundleIsCheckedAgainInItsFolder() throws {
    #expect(try open(words).status == 0)
    #expect(try desk.run("verify", "--bundle", desk["opened"], "--sender", words).status == 0)
    try expectRefusal(22, at: desk) { try desk.run("verify", "--bundle", desk["opened"]) }
    try desk.folder.write("changed".utf8, to: "opened/data/item-0/files/minutes.txt")
    try expectRefusal(20, at: desk) { try desk.run("verify", "--bundle", desk["opened"], "--sender", words) }
  }

  /// The commands of the read-me, as they stand there, on a sound bundle and on one in which a file was changed. What
  /// fetches a package is left to `tools/interop`.
  @Test(arguments: ["Linux", "macOS"]) func theCommandsOfTheReadMeCheckABundle(system: String) throws {
    #expect(try open(words).status == 0)
    let readMe = try String(contentsOfFile: desk["opened/READ-ME-FIRST.txt"], encoding: .utf8)
    let section = try #require(readMe.components(separatedBy: "\n\n").first { $0.hasPrefix("\(system)\n") })
    let lines = section.split(separator: "\n").dropFirst().map { $0.dropFirst(4) }
    let commands = lines.filter { !$0.contains("bundle-check") && !$0.hasPrefix("export ") }
    try #require(commands.count == 2)
    func status(_ command: Substring) throws -> Int32? {
      let words = ["-c", "cd \"$1\" && \(command)", "sh", desk["opened"]]
      return try desk.start(words.map { Array($0.utf8) }, program: "/bin/sh").wait().status
    }
    for command in commands { try #expect(status(command) == 0, "\(command)") }
    let key = try String(contentsOfFile: desk["opened/proofs/allowed_signers"], encoding: .utf8)
    #expect(key.hasPrefix("sender namespaces=\"evidence-bundle\" ssh-ed25519 "))
    try desk.folder.write("changed".utf8, to: "opened/data/item-0/files/minutes.txt")
    #expect(try status(commands[0]) != 0)
    try desk.folder.write("changed".utf8, to: "opened/tagmanifest-sha256.txt")
    #expect(try status(commands[1]) != 0)
  }

  /// Whoever has nothing but ssh-keygen compares the key in its answer with what the sender reads from the card.
  @Test func theKeyForSSHKeygenIsTheOneThatTheCardNames() throws {
    #expect(try open(words).status == 0)
    let card = try desk.run("card", "--json").json
    let line = try #require(card["ssh_key"] as? String)
    let fingerprint = try #require(card["ssh_fingerprint"] as? String)
    let allowed = try String(contentsOfFile: desk["opened/proofs/allowed_signers"], encoding: .utf8)
    #expect(allowed == "sender namespaces=\"evidence-bundle\" \(line)\n")
    let readMe = try String(contentsOfFile: desk["opened/READ-ME-FIRST.txt"], encoding: .utf8)
    #expect(readMe.components(separatedBy: fingerprint).count == 4)
    let listed = try desk.start(
      ["-c", "cut -d ' ' -f 3- \"$1\" | ssh-keygen -l -f -", "sh", desk["opened/proofs/allowed_signers"]]
        .map { Array($0.utf8) }, program: "/bin/sh"
    ).wait()
    #expect(listed.output.contains(" \(fingerprint) "))
  }

  @Test func aPassphraseOpensABundleForSomebodyWithoutKeys() throws {
    try desk.folder.write("other words for the bundle".utf8, to: "bundle-passphrase")
    let made = try desk.unlocked(
      "export", "0-1", "--passphrase", "--class", "lawyer", "--bundle-passphrase-file", desk["bundle-passphrase"],
      "--output",
      desk["two.age"])
    #expect(made.status == 0, "\(made.errors)")
    let opened = try desk.run(
      "open", desk["two.age"], "--passphrase", "--passphrase-file", desk["bundle-passphrase"], "--sender", words,
      "--output", desk["two"])
    #expect(opened.status == 0, "\(opened.errors)")
    try expectRefusal(12, at: desk) {
      try desk.run(
        "open", desk["two.age"], "--passphrase", "--passphrase-file", desk["wrong-passphrase"], "--sender", words,
        "--output", desk["output/two"])
    }
  }

  @Test func aPreviewShowsWhatWouldBeLearntAndMakesNothing() throws {
    let before = try desk.vault
    let preview = try desk.unlocked("export", "1", "--to", "desk", "--preview")
    #expect(preview.status == 0, "\(preview.errors)")
    #expect(preview.output.contains("  witness.name: no consent to be known by name"))
    #expect(!preview.output.contains(Desk.witnessName))
    #expect(try desk.vault.files.filter { $0 != "catalog.age" } == before.files.filter { $0 != "catalog.age" })
  }

  @Test func anExportIsAnEntryOfTheVault() throws {
    let events = try desk.unlocked("list", "--events", "--json").json["items"] as? [[String: Any]]
    let export = try #require(events?.last)
    #expect(export["kind"] as? String == "export")
    let fields = try #require(export["fields"] as? [String: Any])
    #expect(fields["recipients"] as? [String] == ["desk"])
    #expect(fields["withheld"] as? [String] == ["0:title", "1:witness.name"])
  }

  @Test func recipientsAreListedAlsoWhenRevoked() throws {
    let list = try desk.unlocked("recipient", "list").output
    #expect(list.contains("desk: lawyer, 1 post-quantum key, keys compared"))
    #expect(list.contains("lawyer: lawyer, 1 classic key, keys compared"))
    #expect(list.contains("gone: lawyer, 1 post-quantum key, revoked by entry 5"))
  }

  @Test func aCardMakesARecipientWhoseWordsCanBeCompared() throws {
    let added = try desk.unlocked("recipient", "add", "archive", desk["my.card"], "--class", "exile_archive")
    #expect(added.status == 0, "\(added.errors)")
    #expect(added.output.contains("their words:  \(words)\n"))
  }

  @Test func aRecipientWhoseNameLooksLikeThatOfAnotherIsPointedOut() throws {
    for name in ["dеsk", "Desk "] {
      let added = try desk.unlocked("recipient", "add", name, desk["my.card"], "--class", "exile_archive")
      #expect(added.status == 0 && added.errors.contains("this name looks like desk, of entry "), "\(added.errors)")
    }
    let other = try desk.unlocked("recipient", "add", "another desk", desk["my.card"], "--class", "exile_archive")
    #expect(other.status == 0 && !other.errors.contains("looks like"), "\(other.errors)")
  }

  @Test func aFileGoesWithoutItsNameAlsoBesideOneOfTheSameContent() throws {
    try desk.folder.write("the same".utf8, to: "twins/first.txt")
    try desk.folder.write("the same".utf8, to: "twins/second.txt")
    let added = try desk.unlocked(["add", desk["twins"], "--json"] + Desk.document)
    let item = "\(try #require(try added.json["item"] as? Int))"
    for (number, (withheld, there)) in [
      (["names"], ["renamed/1", "renamed/2"]), (["name:twins/second.txt"], ["files/twins/first.txt", "renamed/2"]),
      (["name:twins/first.txt", "file:twins/second.txt"], ["renamed/1"]),
    ].enumerated() {
      let made = try desk.unlocked(
        ["export", item, "--to", "desk", "--output", desk["twins-\(number).age"]]
          + withheld.flatMap { ["--withhold", $0] })
      #expect(made.status == 0, "\(made.errors)")
      let opened = try desk.run(
        "open", desk["twins-\(number).age"], "--output", desk["twins-\(number)"], "--identity", desk["desk.key"],
        "--sender", words)
      #expect(opened.status == 0, "\(withheld): \(opened.errors)")
      for path in there {
        let content = try Tree(of: desk["twins-\(number)"])["data/item-\(item)/\(path)"]
        #expect(content == Array("the same".utf8), "\(withheld): \(path)")
      }
    }
  }
}
