import Foundation
import TestFolders
import Testing

/// The vault of the desk sends, and an archive receives.
@Suite struct ReceiveCommandTests {
  private let desk: Desk
  private let words: String

  init() throws {
    desk = try Desk.withVault()
    words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    try desk.makeArchive()
    try #require(desk.unlocked("export", "0", "1", "--to", "archive", "--output", desk["sent.age"]).status == 0)
  }

  private func receive(_ more: [String]) throws -> Outcome {
    try desk.unlocked(["receive", desk["sent.age"], "--vault", desk["archive"]] + more)
  }

  @Test func aBundleIsFiledOnceAndVerifies() throws {
    let received = try receive(["--sender", words, "--json"])
    #expect(received.status == 0, "\(received.errors)")
    let json = try received.json
    let items = try #require(json["items"] as? [[String: Any]])
    #expect(items.compactMap { $0["item_at_sender"] as? Int } == [0, 1] && json["was_there"] as? Bool == false)
    #expect(items.compactMap { $0["item"] as? Int } == [0, 1] && json["entries"] as? Int == 4)
    let archive = ["--vault", desk["archive"]]
    #expect(try desk.unlocked(["verify", "--deep"] + archive).status == 0)
    let history = try desk.unlocked(["history", "1"] + archive)
    #expect(history.output.contains("  received") && history.output.contains(words))
    #expect(try desk.unlocked(["get", "1", "--output", desk["files"]] + archive).status == 0)
    #expect(try Tree(of: desk["files"])["account.txt"] == Array("what was said".utf8))
    let again = try receive(["--sender", words])
    #expect(again.status == 0 && again.output.hasPrefix("nothing new: "), "\(again.errors)")
  }

  @Test func anItemIsCalledAsItIsCalledNow() throws {
    try #require(desk.unlocked("amend", "0", "--set", "title=Corrected", "--reason", "a slip").status == 0)
    let words = ["export", "0", "--to", "archive", "--disclose", "title", "--output", desk["amended.age"]]
    try #require(desk.unlocked(words).status == 0)
    let received = try desk.unlocked(
      "receive", desk["amended.age"], "--vault", desk["archive"], "--sender", self.words)
    #expect(received.status == 0, "\(received.errors)")
    #expect(received.output.contains("item 0 of the sender: Corrected\n"), "\(received.output)")
  }

  @Test func refusalsHaveTheirStatusAndAddNothing() throws {
    let before = try Tree(of: desk["archive"])
    let other = words.split(separator: " ").reversed().joined(separator: " ")
    try expectRefusal(64, at: desk) { try receive([]) }
    try expectRefusal(22, at: desk) { try receive(["--sender", other]) }
    try expectRefusal(12, at: desk) {
      try desk.unlocked("receive", desk["bundle.age"], "--vault", desk["archive"], "--sender", words)
    }
    try expectRefusal(20, at: desk) {
      try desk.unlocked("receive", desk["my.card"], "--vault", desk["archive"], "--sender", words)
    }
    try expectRefusal(1, at: desk) {
      try desk.unlocked("receive", desk["missing"], "--vault", desk["archive"], "--sender", words)
    }
    #expect(try Tree(of: desk["archive"]) == before)
    let anyone = try receive(["--sender", "anyone"])
    #expect(anyone.status == 0 && anyone.errors.contains("nobody has vouched for this sender"))
  }

  @Test func whatCameWithoutConsentIsNotHandedOnWithoutAReason() throws {
    try #require(receive(["--sender", words]).status == 0)
    let archive = ["--vault", desk["archive"]]
    let words = try desk.words(of: desk["my.card"])
    let added = try desk.unlocked(
      ["recipient", "add", "court", desk["my.card"], "--class", "lawyer", "--words", words] + archive)
    try #require(added.status == 0, "\(added.errors)")
    let refused = try desk.unlocked(["export", "0", "--to", "court", "--preview"] + archive)
    #expect(refused.status == 30 && refused.errors.contains("received from somebody else"))
    let preview = try desk.unlocked(["export", "1", "--to", "court", "--preview"] + archive)
    #expect(preview.status == 0 && preview.output.contains("received-proofs/"), "\(preview.errors)")
  }

  /// A bundle that whoever has a copy of the vault, and its key, sends of an item of theirs.
  private func steal() throws {
    try desk.vault.write(to: desk["stolen"])
    desk.surroundings["XDG_STATE_HOME"] = desk["elsewhere"]
    defer { desk.surroundings = [:] }
    let stolen = ["--vault", desk["stolen"]]
    var item = 0
    for text in ["put in", "put in, too"] {
      let path = try desk.folder.write(text.utf8, to: "material/theirs.txt")
      item = try #require(
        desk.unlocked(["add", path, "--json"] + Desk.document + stolen).json["item"] as? Int)
    }
    let sent = try desk.unlocked(
      ["export", "0", "\(item)", "--to", "archive", "--output", desk["forged.age"]] + stolen)
    try #require(sent.status == 0, "\(sent.errors)")
  }

  @Test func whatASeizedKeySignedIsToldWhereItWasFiled() throws {
    try steal()
    func file(_ bundle: String, _ more: String...) throws -> Outcome {
      try desk.unlocked(["receive", desk[bundle], "--vault", desk["archive"]] + more)
    }
    try #require(receive(["--sender", words]).status == 0)
    let forged = try file("forged.age", "--sender", words, "--json")
    let theirs = try #require(forged.json["items"] as? [[String: Any]]).compactMap { $0["item"] as? Int }
    try #require(theirs.count == 2, "\(forged.errors)")
    let head = try desk.run("head").output.trimmingCharacters(in: .whitespacesAndNewlines)
    try #require(desk.unlocked("key", "revoke", "--up-to", head, "--reason", "seized").status == 0)
    try #require(desk.unlocked("export", "0", "--to", "archive", "--output", desk["now.age"]).status == 0)
    try desk.folder.write(desk.run("card").output.utf8, to: "now.card")
    let now = try file("now.age", "--sender", desk["now.card"])
    #expect(now.status == 0, "\(now.errors)")
    #expect(now.output.contains("NOT TRUSTED: item \(theirs[0]), item \(theirs[1]) came under a key"), "\(now.output)")
    #expect(now.output.contains("have it sent again under the new key"), "\(now.output)")
    let again = try file("now.age", "--sender", desk["now.card"], "--json").json
    #expect(again["was_there"] as? Bool == true && again["disowned"] as? [Int] == theirs)
    #expect((again["unshown"] as? [Int])?.count == 1 && again["later"] is NSNull)
    let archive = ["--vault", desk["archive"]]
    let shown = try desk.unlocked(["show", "\(theirs[1])"] + archive)
    #expect(shown.output.hasPrefix("NOT TRUSTED: its sender does not stand by it"), "\(shown.output)")
    let entries = try theirs.map {
      try desk.unlocked(["show", "\($0)", "--json"] + archive).json["disowned_by"] as? Int
    }
    #expect(entries == [nil, 10], "the entry of the first is the owner's")
    let added = try desk.unlocked(
      ["recipient", "add", "court", desk["my.card"], "--class", "lawyer", "--words", desk.words(of: desk["my.card"])]
        + archive)
    try #require(added.status == 0, "\(added.errors)")
    try expectRefusal(20, at: desk) {
      try desk.unlocked(["export", "\(theirs[1])", "--to", "court", "--preview"] + archive)
    }
    // An older bundle, under the key from before.
    let old = try file("sent.age", "--sender", "anyone")
    #expect(old.output.contains("the sender has replaced this key since"), "\(old.output)")
  }

  @Test func aConditionOfConsentCannotBeWithheld() throws {
    try expectRefusal(64, at: desk) {
      try desk.unlocked("export", "1", "--to", "archive", "--withhold", "consent.until", "--preview")
    }
  }
}
