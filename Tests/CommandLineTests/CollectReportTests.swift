import Foundation
import TestFolders
import Testing

/// What `collect` tells of an intake vault in which much has happened since.
@Suite struct CollectReportTests {
  private let desk: Desk
  /// Items 0 to 3 of the intake vault are items `first` to `first + 3` of the main one.
  private let first: Int
  private let inField: [String]

  init() throws {
    desk = try Desk.withVault()
    try Self.require(
      desk.unlocked(
        "intake", "create", desk["field"], "--name", "North", "--new-passphrase-file", desk["passphrase"]))
    first = try #require(try desk.run("verify", "--json").json["entries"] as? Int)
    inField = ["--vault", desk["field"], "--identity", desk["vault/keys/reading.age"]]
    let file = desk["material/minutes.txt"]
    for words in [Desk.document, Desk.testimony, Desk.document, Desk.document] {
      try Self.require(desk.unlocked(["add", file, "--vault", desk["field"]] + words))
    }
    let collected = try desk.unlocked("collect", desk["field"])
    try Self.require(collected)
    try #require(collected.output.contains("item 3 of North is item \(first + 3) here: Note\n"), "\(collected.output)")
    // In the field, items are amended and withdrawn, and an item goes back to one that is gone.
    for words in [
      ["amend", "0", "--reason", "read again", "--set", "issuer=Office"],
      ["withdraw", "1", "--class", "media", "--reason", "asked", "--yes"],
      ["withdraw", "3", "--reason", "asked", "--yes"],
      ["amend", "2", "--reason", "read again", "--set", "issuer=Office"],
      ["add", file] + Desk.testimony, ["add", file, "--set", "consent.by=8"] + Desk.document,
      ["withdraw", "8", "--reason", "asked", "--yes"],
    ] { try Self.require(desk.unlocked(words + (words[0] == "add" ? Array(inField.prefix(2)) : inField))) }
    // And here as well.
    try Self.require(desk.unlocked("amend", "\(first)", "--reason", "read again", "--set", "issuer=Court"))
    try Self.require(desk.unlocked("withdraw", "\(first + 2)", "--reason", "asked", "--yes"))
  }

  private static func require(_ outcome: Outcome) throws { try #require(outcome.status == 0, "\(outcome.errors)") }

  @Test func eachThingIsToldInASentence() throws {
    let collected = try desk.unlocked("collect", desk["field"])
    #expect(collected.status == 0, "\(collected.errors)")
    for line in [
      "  it amended item \(first), which was amended here too: compare them, and amend one by hand",
      "  points to what is not here: consent.by",
      "consent for item \(first + 1) was taken back there, for media: it goes to them no more",
      "consent for item \(first + 3) was taken back there: it is not exported any more",
      "  to destroy it here, and see who has copies: evidence withdraw \(first + 3) --reason TEXT",
      "entry 7 of North stays there: item \(first + 2) was withdrawn here",
      "entry 8 of North was withdrawn there, and stays there",
      "entry 10 of North stays there: what it is about did not come here",
    ] { #expect(collected.output.contains("\(line)\n"), "\(line): \(collected.output)") }
    #expect(try desk.unlocked("export", "\(first + 3)", "--to", "desk", "--output", desk["out.age"]).status == 30)
    let again = try desk.unlocked("collect", desk["field"])
    #expect(again.output.hasPrefix("nothing new in North; entries that were collected before: 11\n"), "\(again.output)")
  }

  @Test func theJSONSaysTheSame() throws {
    let json = try desk.unlocked("collect", desk["field"], "--json").json
    let items = try #require(json["items"] as? [[String: Any]])
    #expect(items.map { $0["item_in_intake"] as? Int } == [4, 9] && items.first?["besides"] as? Int == first)
    #expect(items.map { $0["lost_links"] as? [String] } == [[], ["consent.by"]])
    let withdrawn = try #require(json["withdrawn"] as? [[String: Any]])
    #expect(withdrawn.map { $0["item"] as? Int } == [first + 1, first + 3])
    #expect(withdrawn.map { $0["classes"] as? [String] } == [["media"], []])
    let left = try #require(json["left"] as? [[String: Any]])
    #expect(left.map { $0["entry_in_intake"] as? Int } == [7, 8, 10], "\(left)")
    #expect(left.map { $0["reason"] as? String } == ["withdrawn_here", "withdrawn", "about_nothing"], "\(left)")
  }
}
