import Foundation
import TestFolders
import Testing

/// The vault of the desk, and a colleague's beside it.
@Suite struct WitnessCommandTests {
  private let desk: Desk

  init() throws {
    desk = try Desk.withVault()
    let made = try desk.unlocked("init", desk["colleague"], "--classic")
    try #require(made.status == 0, "\(made.errors)")
    let card = try desk.run("card", "--vault", desk["colleague"])
    try desk.folder.write(card.output.utf8, to: "colleague.card")
  }

  private func sign(_ head: String, as name: String) throws -> Outcome {
    try desk.unlocked(
      "witness", "sign", desk[head], "--card", desk["my.card"], "--vault", desk["colleague"], "--output", desk[name])
  }

  @Test func aHeadTravelsThereAndBackAndThePolicyIsMet() throws {
    #expect(try desk.run("head", "--output", desk["head"]).status == 0)
    let signed = try sign("head", as: "signed")
    #expect(signed.status == 0, "\(signed.errors)")
    #expect(signed.errors.contains("has the words"))
    let policy = try desk.run("witness", "policy", desk["colleague.card"], "--threshold", "1")
    #expect(policy.status == 0)
    let tooMany = try desk.run("witness", "policy", desk["colleague.card"], "--threshold", "2")
    #expect(tooMany.status == 64 && tooMany.errors.contains("at most the number of cards, which is 1"))
    try desk.folder.write(policy.output.utf8, to: "policy")
    let before = try desk.run("verify", "--policy", desk["policy"])
    #expect(before.status == 1 && before.output.contains("THE POLICY IS NOT MET"))
    #expect(before.output.contains("countersigned by nobody"))
    let added = try desk.run("witness", "add", desk["signed"], "--card", desk["colleague.card"])
    #expect(added.status == 0 && added.output.hasPrefix("kept: countersigned by"), "\(added.errors)")
    #expect(try desk.run("witness", "add", desk["signed"], "--policy", desk["policy"]).status == 0)
    let after = try desk.run("verify", "--policy", desk["policy"])
    #expect(after.status == 0)
    #expect(
      after.output.contains("the policy is met up to 7 entries") && after.output.contains("countersigned by w1 on"))
    #expect(try desk.run("verify").output.contains("not checked: say --policy FILE"))
    let json = try desk.run("verify", "--policy", desk["policy"], "--json").json
    #expect(json["policy_met"] as? Bool == true)
    #expect((json["countersignatures"] as? [[String: Any]])?.first?["checked"] as? Bool == true)
  }

  @Test func refusalsHaveTheirStatus() throws {
    #expect(try desk.run("head", "--output", desk["head"]).status == 0)
    let older = try desk.vault
    try #require(desk.unlocked(["add", desk["passphrase"]] + Desk.document).status == 0)
    #expect(try desk.run("head", "--output", desk["later"]).status == 0)
    #expect(try sign("later", as: "signed").status == 0)
    #expect(try sign("head", as: "none").status == 21)
    try TemporaryFolder.remove(desk["state"])
    try older.write(to: desk["vault"])
    try #require(desk.unlocked(["add", desk["wrong-passphrase"]] + Desk.document).status == 0)
    #expect(try desk.run("head", "--output", desk["fork"]).status == 0)
    let fork = try sign("fork", as: "none")
    #expect(fork.status == 20 && fork.errors.contains("another history"))
    #expect(!FileManager.default.fileExists(atPath: desk["none"]))
    #expect(try desk.run("witness", "add", desk["signed"], "--card", desk["colleague.card"]).status == 20)
    #expect(try desk.run("witness", "add", desk["head"], "--card", desk["colleague.card"]).status == 22)
    #expect(try desk.run("witness", "add", desk["vault/checkpoint"], "--card", desk["my.card"]).status == 22)
    #expect(try desk.run("witness", "add", desk["signed"]).status == 64)
    #expect(try desk.run("verify", "--policy", desk["head"]).status == 64)
  }
}
