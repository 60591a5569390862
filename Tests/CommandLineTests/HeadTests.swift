import Foundation
import TestFolders
import Testing

@Suite struct HeadTests {
  private let desk: Desk
  private let older: Tree

  init() throws {
    desk = try Desk.withVault()
    older = try desk.vault
  }

  private func add() throws {
    #expect(try desk.unlocked(["add", desk["passphrase"]] + Desk.document).status == 0)
  }

  private func words() throws -> String {
    let outcome = try desk.run("head")
    #expect(outcome.status == 0)
    return outcome.output.trimmingCharacters(in: .newlines)
  }

  private func expect(_ head: String) throws -> Outcome { try desk.run("verify", "--expect", head) }

  private func forget() throws { try TemporaryFolder.remove(desk["state"]) }

  @Test func theSameAndAGrownIndexAreAsExpected() throws {
    let head = try words()
    #expect(try desk.run("head", "--output", desk["head"]).status == 0)
    for (text, name) in [("same", "same"), ("grown", "grown")] {
      if text == "grown" { try add() }
      for kept in [head, head.uppercased().replacing(" ", with: "-"), desk["head"]] {
        let outcome = try desk.run("verify", "--expect", kept, "--json")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try outcome.json["expected"] as? String == name)
      }
    }
    #expect(try expect(desk["vault/checkpoint"]).output.contains("as expected: the same head"))
  }

  /// Of two copies that both went on, this machine knows one; what only the longer one has is not lost.
  @Test func aCopyThatWentOnOtherwiseIsToldAndCanBeSaved() throws {
    try add()
    try older.write(to: desk["vault"])
    desk.surroundings["XDG_STATE_HOME"] = desk["elsewhere"]
    for _ in 0..<2 { try add() }
    desk.surroundings = [:]
    let outcome = try desk.run("verify")
    #expect(outcome.status == 20 && outcome.output.contains("is not part of this index"), "\(outcome.output)")
    #expect(outcome.output.contains("evidence salvage makes a new vault of the other"))
    #expect(!outcome.output.contains("seen here before"), "\(outcome.output)")
    let saved = try desk.unlocked(
      "salvage", desk["vault"], "--output", desk["new"], "--new-passphrase-file", desk["passphrase"])
    #expect(saved.status == 0 && saved.output.contains("salvaged: 4 items in "), "\(saved.output)\(saved.errors)")
  }

  @Test func anOlderCopyIsToldByAFileAndByTheMachine() throws {
    try add()
    #expect(try desk.run("head", "--since", "1", "--output", desk["head"]).status == 0)
    let head = try words()
    try older.write(to: desk["vault"])
    #expect(try desk.run("verify").status == 21)
    try forget()
    #expect(try expect(desk["head"]).status == 21)
    #expect(try expect(desk["head"]).output.contains("OLDER COPY"))
    // Nobody signed words: of more entries than are here, they say neither that this is older nor that it is another.
    let words = try desk.run("verify", "--expect", head, "--json")
    #expect(words.status == 1)
    #expect(try words.json["expected"] as? String == "cannot_tell")
    #expect(try words.json["reason"] as? String == "more_entries_in_words")
    #expect(try expect(head).output.contains("cannot tell: fewer entries"))
    // What was not as expected is not remembered as seen.
    #expect(try desk.run("verify").output.contains("cannot tell whether this is an older copy"))
  }

  @Test func anAlteredIndexIsTold() throws {
    try forget()
    try add()
    #expect(try desk.run("head", "--output", desk["head"]).status == 0)
    let head = try words()
    try older.write(to: desk["vault"])
    try forget()
    try add()
    try forget()
    for kept in [desk["head"], head] {
      let outcome = try expect(kept)
      #expect(outcome.status == 20)
      #expect(outcome.output.contains("ALTERED"))
      #expect(outcome.errors.contains("words are signed by nobody") == (kept == head))
    }
  }

  @Test func anotherVaultIsTold() throws {
    #expect(
      try desk.run("init", desk["other"], "--classic", "--passphrase-file", desk["passphrase"]).status == 0)
    #expect(try desk.run("head", "--vault", desk["other"], "--output", desk["head"]).status == 0)
    #expect(try expect(desk["head"]).status == 22)
    #expect(try expect(desk["head"]).output.contains("ANOTHER VAULT"))
    let empty = try desk.run("head", "--vault", desk["other"]).output
    #expect(try expect(empty.trimmingCharacters(in: .newlines)).status == 1)
  }

  @Test func aChangedFileCannotTell() throws {
    #expect(try desk.run("head", "--output", desk["head"]).status == 0)
    let text = try String(contentsOfFile: desk["head"], encoding: .utf8)
    let size = try #require(text.split(separator: "\n").dropFirst(2).first)
    try Tree.replace(desk["head"], with: Array(text.replacing("\n\(size)\n", with: "\n1\(size)\n").utf8))
    let outcome = try expect(desk["head"])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("cannot tell: the file with the expected head was changed"))
  }

  @Test func mistypedHeadsAreExplained() throws {
    let head = try words()
    let last = try #require(head.split(separator: " ").last)
    let wrong = try expect(head.replacing(" \(last)", with: " \(last)q"))
    #expect(wrong.status == 64)
    #expect(wrong.errors.contains("did you mean"))
    #expect(try expect(head.replacing(" \(last)", with: "")).status == 64)
    #expect(try expect(desk["passphrase"]).status == 64)
    #expect(try expect(desk["nothing"]).status == 1)
    #expect(try desk.run("head", "--since", "5").status == 64)
    #expect(try desk.run("head", "--since", "500", "--output", desk["head"]).status == 64)
    #expect(try desk.run("head", "--output", desk["passphrase"]).status == 1)
  }

  @Test func aRestoredCopyIsAcceptedOnPurpose() throws {
    #expect(try desk.unlocked("accept-restored").status == 1)
    try add()
    #expect(try desk.run("head", "--output", desk["head"]).status == 0)
    let newest = try desk.vault
    try older.write(to: desk["vault"])
    #expect(try desk.unlocked(["add", desk["passphrase"]] + Desk.document).status == 21)
    #expect(try desk.run("accept-restored", "--passphrase-file", desk["wrong-passphrase"]).status == 12)
    #expect(try desk.vault == older)
    let accepted = try desk.unlocked("accept-restored", "--json")
    #expect(accepted.status == 0, "\(accepted.errors)")
    #expect(accepted.errors.contains("given up for good: 1"))
    #expect(accepted.errors.contains("a withdrawal will not name them"))
    try add()
    let checked = try desk.unlocked("verify", "--deep")
    #expect(checked.status == 0)
    #expect(checked.output.contains("restored on purpose"))
    #expect(try expect(desk["head"]).status == 21)
    #expect(try desk.unlocked("export", "0", "--to", "desk", "--output", desk["b"]).status == 0)
    let words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    for (bundle, folder) in [("b", "new"), ("bundle.age", "old")] {
      let opened = try desk.run(
        "open", desk[bundle], "--output", desk[folder], "--identity", desk["desk.key"], "--sender", words)
      #expect(opened.status == 0, "\(opened.errors)")
      let said = opened.output.contains("the sender's card says: restored on purpose: ")
      #expect(said == (bundle == "b"), "\(opened.output)")
    }
    let told = try desk.run("verify", "--bundle", desk["new"], "--sender", words, "--json")
    let history = try #require(try told.json["sender_history"] as? [[String: Any]], "\(told.errors)")
    #expect(history.count == 1 && history[0]["key_replaced"] as? Bool == false)
    let withdrawn = try desk.unlocked("withdraw", "1", "--reason", "asked", "--yes")
    #expect(withdrawn.errors.contains("who was sent copies after it was made is not known"), "\(withdrawn.errors)")
    try newest.write(to: desk["vault"])
    #expect(try desk.run("verify").status == 21)
  }

  @Test func nothingIsExportedBeforeAnAcceptanceIsFinished() throws {
    try add()
    try older.write(to: desk["vault"])
    #expect(try desk.unlocked("accept-restored").status == 0)
    try Tree.replace(desk["vault/checkpoint"], with: older["checkpoint"] ?? [])
    #expect(try desk.run("verify").status == 0)
    let early = try desk.unlocked("export", "0", "--to", "desk", "--output", desk["b"])
    #expect(early.status == 1)
    #expect(early.errors.contains("hint: finish it: evidence accept-restored"))
    #expect(try desk.unlocked("accept-restored").status == 0)
    #expect(try desk.unlocked("export", "0", "--to", "desk", "--output", desk["b"]).status == 0)
  }
}
