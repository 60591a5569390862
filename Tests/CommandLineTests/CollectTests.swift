import Foundation
import TestFolders
import Testing

/// An officer takes evidence in where it cannot be read, and the archivist brings it home.
@Suite struct CollectTests {
  private let desk: Desk
  private let officer: Desk
  private var field: [String] { ["--vault", officer["field.vault"], "--passphrase-file", officer["passphrase"]] }

  init() throws {
    (desk, officer) = (try Desk.withVault(), try Desk.ofOfficer())
    try desk.makeIntake(for: officer)
    try officer.folder.write("what was said".utf8, to: "stick/account.m4a")
  }

  private func takeIn() throws {
    let photo = try officer.run(
      ["add", officer["stick/summons.jpg"], "--kind", "document", "--title", "Summons of 27 February", "--set"]
        + ["document.kind=summons"] + field)
    try #require(photo.status == 0, "\(photo.errors)")
    let account = try officer.run(["add", officer["stick/account.m4a"]] + Desk.testimony + field)
    try #require(account.status == 0, "\(account.errors)")
  }

  private func collect(_ more: String...) throws -> Outcome {
    try desk.unlocked(["collect", officer["field.vault"]] + more)
  }

  @Test func whatIsTakenInCannotBeListedThereAndIsReadInTheArchive() throws {
    try takeIn()
    let list = try officer.run(["list"] + field)
    #expect(list.status == 0 && list.output.hasPrefix("2 entries, with sealed content: 2, "))
    for secret in ["Summons", "summons.jpg", Desk.witnessName, "Blue Heron"] {
      #expect(try !officer.printed.contains(secret), "\(secret)")
    }
    for refused in [["list", "--text", "Summons"], ["list", "--intake", "North"], ["show", "0"], ["stats"]] {
      #expect(try officer.run(refused + field).status == 12, "\(refused)")
    }

    let collected = try collect()
    #expect(collected.status == 0, "\(collected.errors)")
    let lines = collected.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("item 0 of North is item ") == true, "\(collected.output)")
    let items = try #require(desk.unlocked("list", "--text", "Summons", "--json").json["items"] as? [[String: Any]])
    let here = try #require(items.first?["item"] as? Int)
    let shown = try desk.unlocked("show", "\(here)")
    #expect(shown.output.contains("  item 0 of the intake vault North\n") && shown.output.contains("summons.jpg"))
    let history = try desk.unlocked("history", "\(here)")
    #expect(history.output.contains("received") && history.output.contains("    entry 0 of the intake vault North\n"))
    #expect(try desk.unlocked("verify", "--deep").status == 0)
    let exported = try desk.unlocked("export", "\(here + 1)", "--to", "lawyer", "--output", desk["out.age"])
    #expect(exported.status == 0, "\(exported.errors)")
    let opened = try desk.run(
      "open", desk["out.age"], "--identity", desk["lawyer.key"], "--output", desk["opened"], "--sender",
      desk["my.card"])
    #expect(opened.status == 0, "\(opened.errors)")
    #expect(try !Tree(of: desk["opened"]).files.contains { $0.contains("received-proofs") })
    let again = try collect()
    #expect(again.status == 0)
    #expect(again.output.hasPrefix("nothing new in North; entries that were collected before: 2\n"))
  }

  @Test func theListOfOneIntakeTellsItsNumbers() throws {
    try takeIn()
    try #require(collect().status == 0)
    let list = try desk.unlocked("list", "--intake", "North")
    #expect(list.status == 0 && list.output.contains("       item 1 of the intake vault North\n"), "\(list.errors)")
    #expect(list.output.split(separator: "\n").count == 4)
    let json = try desk.unlocked("list", "--intake", "North", "--json").json
    let items = try #require(json["items"] as? [[String: Any]])
    #expect(items.compactMap { $0["item_in_intake"] as? Int } == [0, 1])
    expectOneSentence(try desk.unlocked("list", "--intake", "South"))
  }

  @Test func itTellsWhatItDidAsJSON() throws {
    try takeIn()
    let json = try collect("--json").json
    let items = try #require(json["items"] as? [[String: Any]])
    #expect(items.compactMap { $0["item_in_intake"] as? Int } == [0, 1])
    #expect(json["certified"] as? Bool == true && json["collected"] as? Int == 2)
    let list = try desk.unlocked("intake", "list", "--json").json
    let intakes = try #require(list["intakes"] as? [[String: Any]])
    #expect(intakes.count == 1 && intakes[0]["name"] as? String == "North" && intakes[0]["collected"] as? Int == 2)
  }

  @Test func refusalsHaveTheirStatusAndAddNothing() throws {
    try Tree(of: officer["field.vault"]).write(to: officer["older"])
    try takeIn()
    try #require(collect().status == 0)
    let before = try desk.vaultWithoutCaches
    func expect(_ status: Int32, _ words: [String]) throws {
      let outcome = try desk.unlocked(words)
      expectOneSentence(outcome)
      #expect(outcome.status == status, "\(words): \(outcome.errors)")
    }
    try expect(21, ["collect", officer["older"]])
    try expect(10, ["collect", desk["material"]])
    try expect(22, ["collect", desk["vault"]])
    try expect(1, ["intake", "create", desk["second"], "--name", "North", "--new-passphrase-file", desk["passphrase"]])
    try expect(1, ["intake", "revoke", "South", "--reason", "r"])
    try expect(64, ["intake", "revoke", "North", "--reason", "r", "--up-to", "two"])
    try expect(12, ["collect", officer["field.vault"], "--vault", officer["older"]])
    #expect(try desk.vaultWithoutCaches == before)

    try takeIn()
    var damaged = try Tree(of: officer["field.vault"])
    let object = try #require(damaged.files.first { $0.hasPrefix("objects/") })
    damaged[object] = Array(try #require(damaged[object]).dropLast())
    try damaged.write(to: officer["damaged"])
    try expect(20, ["collect", officer["damaged"]])
    try #require(desk.unlocked("intake", "revoke", "North", "--reason", "the laptop was taken").status == 0)
    try expect(22, ["collect", officer["field.vault"]])
    #expect(try desk.unlocked("intake", "list").output.contains("revoked by entry "))
    try expect(22, ["collect", officer["field.vault"], "--override-reader", "it came back sealed"])
    try expect(64, ["collect", officer["field.vault"], "--override-revocation", " "])
    #expect(try collect("--override-revocation", "it came back sealed").status == 0)
  }

  @Test func aSigningKeyThatWasPromisedIsFollowedWithoutAWord() throws {
    try takeIn()
    let next = ["--next-passphrase-file", officer["passphrase"]]
    try #require(officer.run(["key", "next", officer["next.age"]] + next + field).status == 0)
    try #require(collect().status == 0)
    try #require(officer.run(["key", "rotate", "--next", officer["next.age"]] + next + field).status == 0)
    let followed = try collect()
    #expect(followed.status == 0 && followed.output.contains("which it had promised: "), "\(followed.errors)")
    #expect(!followed.errors.contains("not certified"))
    let verified = try officer.run("verify", "--vault", officer["field.vault"], "--certified-by", desk["my.card"])
    #expect(verified.status == 22 && verified.output.contains("NOT CERTIFIED under its present key"))
    try #require(officer.run(["key", "rotate"] + field).status == 0)
    let refused = try collect()
    expectOneSentence(refused)
    #expect(refused.status == 22 && refused.errors.contains("--override-key"), "\(refused.errors)")
    #expect(try collect("--override-key", "compared by telephone").status == 0)
  }

  @Test func whoeverKnowsTheArchiveSeesThatItMadeTheVault() throws {
    let verified = try officer.run("verify", "--vault", officer["field.vault"], "--certified-by", desk["my.card"])
    #expect(verified.status == 0, "\(verified.errors)")
    let words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    #expect(verified.output.contains("certified by \(words)"))
    try #require(officer.run(["init", officer["own"], "--passphrase-file", officer["passphrase"]]).status == 0)
    let own = try officer.run("verify", "--vault", officer["own"], "--certified-by", desk["my.card"])
    #expect(own.status == 22 && own.output.contains("NOT CERTIFIED by \(words)"))
  }
}
