import Foundation
import TestFolders
import Testing

/// Backups that went on, of the archive and in the field, and copies that both went on.
@Suite struct RestoredIntakeCommandTests {
  private let desk: Desk
  private let officer: Desk
  private var field: [String] { ["--vault", officer["field.vault"], "--passphrase-file", officer["passphrase"]] }

  init() throws {
    (desk, officer) = (try Desk.withVault(), try Desk.ofOfficer())
  }

  private func take(_ vault: String = "field.vault") throws {
    let words = ["--vault", officer[vault], "--passphrase-file", officer["passphrase"]]
    let added = try officer.run(["add", officer["stick/summons.jpg"]] + Desk.document + words)
    try #require(added.status == 0, "\(added.errors)")
  }

  private func put(_ tree: Tree, at path: String) throws {
    try TemporaryFolder.remove(path)
    try tree.write(to: path)
  }

  @Test func whatTheLostMachineHadIsTold() throws {
    try desk.makeIntake(for: officer)
    try take()
    let backup = try Tree(of: officer["field.vault"])
    try take()
    try #require(desk.unlocked("collect", officer["field.vault"]).status == 0)
    try put(backup, at: officer["field.vault"])
    try #require(officer.run(["accept-restored"] + field).status == 0)
    try take()
    try take()
    let collected = try desk.unlocked("collect", officer["field.vault"], "--json")
    #expect(collected.status == 0, "\(collected.errors)")
    let json = try collected.json
    let given = try #require(json["given_up"] as? [[String: Any]])
    #expect(given.count == 1 && given[0]["entry_in_intake"] as? Int == 1 && json["kept"] as? Int == 1)
    #expect((json["items"] as? [[String: Any]])?.count == 2 && json["collected"] as? Int == 3)
    // Once more, in words.
    let again = try Tree(of: officer["field.vault"])
    try take()
    try #require(desk.unlocked("collect", officer["field.vault"]).status == 0)
    try put(again, at: officer["field.vault"])
    try #require(officer.run(["accept-restored"] + field).status == 0)
    let told = try desk.unlocked("collect", officer["field.vault"])
    #expect(told.status == 0, "\(told.errors)")
    #expect(told.output.contains("North went on from a restored copy, with 3 of the entries that were collected"))
    #expect(told.output.contains("entry 3 of North was given up there; what came of it stays here, in item "))
  }

  @Test func aCopyThatWentOnOtherwiseIsNotCalledOlder() throws {
    try desk.makeIntake(for: officer)
    try take()
    try Tree(of: officer["field.vault"]).write(to: officer["copy"])
    for _ in 0..<2 { try take() }
    try #require(desk.unlocked("collect", officer["field.vault"]).status == 0)
    let older = try desk.unlocked("collect", officer["copy"])
    expectOneSentence(older)
    #expect(older.status == 21 && older.errors.contains("each of its entries (1) is among the 3"), "\(older.errors)")
    try TemporaryFolder.remove(officer["state"])
    try take("copy")
    let fork = try desk.unlocked("collect", officer["copy"])
    expectOneSentence(fork)
    #expect(fork.status == 20 && fork.errors.contains("entry 1 differs"), "\(fork.errors)")
    #expect(fork.errors.contains("two copies of it both went on"))
  }

  @Test func anIntakeVaultThatTheArchiveLostIsKnownAgain() throws {
    let backup = try desk.vault
    try desk.makeIntake(for: officer)
    try take()
    try put(backup, at: desk["vault"])
    try #require(desk.unlocked("accept-restored").status == 0)
    let refused = try desk.unlocked("collect", officer["field.vault"])
    expectOneSentence(refused)
    #expect(refused.status == 22 && refused.errors.contains("evidence intake adopt PATH"), "\(refused.errors)")
    let adopt = ["intake", "adopt", officer["field.vault"], "--name", "North again", "--reason"]
    let wordless = try desk.unlocked(adopt + [" "])
    expectOneSentence(wordless)
    #expect(wordless.status == 64)
    let adopted = try desk.unlocked(adopt + ["restored on Monday"])
    #expect(adopted.status == 0 && adopted.output.contains("North again is known again, "), "\(adopted.errors)")
    #expect(try desk.unlocked("collect", officer["field.vault"]).status == 0)
    #expect(try desk.unlocked("intake", "list").output.contains("North again: entries collected: 1"))
    let twice = try desk.unlocked(adopt + ["once more"])
    expectOneSentence(twice)
    #expect(twice.status == 1 && twice.errors.contains("as North again"), "\(twice.errors)")
  }

  @Test func whatAnotherCopyAddedSinceIsCountedAsGivenUp() throws {
    func add() throws { try #require(desk.unlocked(["add", desk["passphrase"]] + Desk.document).status == 0) }
    let backup = try desk.vault
    let count = try #require(desk.run("verify", "--json").json["entries"] as? Int)
    try add()
    let lost = try desk.vault
    try put(backup, at: desk["vault"])
    try #require(desk.unlocked("accept-restored").status == 0)
    for _ in 0..<3 { try add() }
    try put(lost, at: desk["vault"])
    let refused = try desk.run("verify")
    expectOneSentence(refused)
    #expect(refused.status == 21 && refused.errors.contains("look through it before you delete it"))
    let accepted = try desk.unlocked("accept-restored", "--json")
    #expect(accepted.errors.contains("given up for good: 3"), "\(accepted.errors)")
    #expect(accepted.errors.contains("it went on to \(count + 3) entries: what came after the first \(count) there"))
    let others = try #require(accepted.json["others"] as? [[String: Any]])
    #expect(try accepted.json["given_up"] as? Int == 3 && others.count == 1)
    #expect(others[0]["common"] as? Int == count && others[0]["given_up"] as? Int == 3)
  }
}
