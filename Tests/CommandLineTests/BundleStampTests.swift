import Age
import EvidenceVault
import Foundation
import Primitives
import StrictJSON
import TestFolders
import Testing

/// Time-stamps that go into a bundle are shown before they leave, and one that does not hold stays.
@Suite struct BundleStampTests {
  private let desk: Desk
  private let authority: TimeStampAuthority

  init() throws {
    desk = try Desk.withVault()
    authority = try TimeStampAuthority(.p256)
    try desk.folder.write(authority.certificate, to: "root.pem")
  }

  /// Has the present head stamped; the path of the token.
  private func stamp() throws -> String {
    let before = try Set(desk.vault.files)
    try #require(desk.run("timestamp", "request", "--output", desk["query-\(before.count).tsq"]).status == 0)
    let query = try #require(Tree(of: desk.folder.path)["query-\(before.count).tsq"])
    try desk.folder.write(authority.answer(query), to: "answer.tsr")
    let attached = try desk.run("timestamp", "attach", desk["answer.tsr"], "--authority", desk["root.pem"])
    try #require(attached.status == 0, "\(attached.errors)")
    return try #require(desk.vault.files.first { $0.hasSuffix(".tst") && !before.contains($0) })
  }

  private func opened() throws -> Tree {
    let opened = try desk.run(
      "open", desk["out.age"], "--output", desk["out"], "--identity", desk["desk.key"], "--sender", "anyone")
    try #require(opened.status == 0, "\(opened.errors)")
    return try Tree(of: desk["out"])
  }

  @Test func aStampIsShownBeforeItLeaves() throws {
    let path = try stamp()
    for words in [["--preview"], ["--output", desk["out.age"]]] {
      let outcome = try desk.unlocked(["export", "0", "--to", "desk"] + words)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("  a time-stamp goes along (\(path)): existed at the latest on 20"))
      #expect(!outcome.errors.contains("time-stamp"), "\(outcome.errors)")
    }
    #expect(try opened().files.contains { $0.hasPrefix("proofs/timestamps/") && $0.hasSuffix(".tst") })
    _ = try stamp()
    let more = try desk.unlocked("disclose", "0", "title", "--to", "desk", "--output", desk["more.age"])
    #expect(more.output.contains("  a time-stamp goes along ("), "\(more.output)")
    _ = try stamp()
    let json = try desk.unlocked("export", "0", "--to", "desk", "--preview", "--json").json
    #expect((json["timestamps"] as? [[String: Any]])?.count == 1)
  }

  @Test(arguments: [".tst", ".pem"]) func oneThatDoesNotHoldStaysAndHindersNothing(ending: String) throws {
    let path = try stamp()
    let spoiled = try #require(desk.vault.files.first { $0.hasPrefix("timestamps/") && $0.hasSuffix(ending) })
    try Tree.replace(desk["vault/\(spoiled)"], with: Array("junk".utf8))
    let outcome = try desk.unlocked("export", "0", "--to", "desk", "--output", desk["out.age"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("\(path) does not hold, and stays here; evidence verify says why"))
    #expect(!outcome.output.contains("time-stamp"))
    #expect(try !opened().files.contains { $0.hasPrefix("proofs/timestamps/") })
    #expect(try desk.run("verify").status == 20)
  }

  /// What somebody puts into the vault, or takes out, after the preview does not change what leaves.
  @Test func whatWasShownLeaves() throws {
    _ = try stamp()
    let vault = try Vault(opening: desk["vault"], environment: VaultEnvironment())
    let reader = try VaultReader(vault, identities: [vault.readingIdentity(passphrase())])
    let plan = try reader.plan(
      [0], for: .recipients([reader.recipient("desk")]), purpose: "", choice: DisclosureChoice())
    try TemporaryFolder.remove(desk["vault/timestamps"])
    _ = try reader.export(
      plan, pages: [], to: desk["out.age"], passphrase: nil, signer: vault.signer(passphrase()))
    #expect(try opened().files.contains { $0.hasPrefix("proofs/timestamps/") && $0.hasSuffix(".tst") })
  }

  private func passphrase() throws -> Passphrase {
    var words = SecretBytes(count: Desk.passphrase.utf8.count)
    for (index, byte) in Desk.passphrase.utf8.enumerated() { words[index] = byte }
    guard let passphrase = Passphrase(words) else { throw VaultError.invalidKey(what: "passphrase") }
    return passphrase
  }

  /// An entry of a time that has not come: as by a clock that was wrong.
  @Test func datesThatContradictAStampAreToldToTheSenderToo() throws {
    var environment = VaultEnvironment()
    environment.now = { Timestamp(secondsSince1970: 4_000_000_000) }
    let vault = try Vault(opening: desk["vault"], environment: environment)
    let item = try vault.add(
      [], kind: "document", fields: ["title": "Later", "document.kind": "note"], signer: vault.signer(passphrase())
    ).index
    _ = try stamp()
    let outcome = try desk.unlocked("export", "\(item)", "--to", "desk", "--preview")
    #expect(outcome.errors.contains("the recipients are told that dates do not agree with one another: entry \(item)"))
    #expect(outcome.errors.contains("whoever can write there can put one"), "\(outcome.errors)")
  }
}
