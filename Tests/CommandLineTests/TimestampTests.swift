import EvidenceVault
import Foundation
import TestFolders
import Testing

/// Trusted time from end to end, with an authority of the stock `openssl`.
struct TimestampTests {
  @Test(arguments: TimeStampAuthority.Keys.allCases)
  func answerIsAttachedAfterTheVaultGrewAndReported(keys: TimeStampAuthority.Keys) throws {
    let desk = try Desk.withVault()
    let authority = try Self.prepare(desk, keys)
    #expect(try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document).status == 0)
    let size = try #require(desk.run("verify", "--json").json["entries"] as? Int)
    try desk.folder.write(authority.answer(#require(Tree(of: desk.folder.path)["query.tsq"])), to: "answer.tsr")

    let attached = try desk.run("timestamp", "attach", desk["answer.tsr"], "--authority", desk["root.pem"])
    #expect(attached.status == 0, "\(attached.errors)")
    #expect(attached.output.hasPrefix("existed at the latest on 20"))
    #expect(attached.output.hasSuffix("says \"O=Sample Trust, CN=Sample Root\", up to entry \(size - 2)\n"))
    let report = try desk.run("verify")
    #expect(report.status == 0)
    #expect(report.output.contains(attached.output))
    #expect(!report.output.contains("notice:"))
    let times = try #require(desk.run("verify", "--json").json["timestamps"] as? [[String: Any]])
    #expect(times.map { $0["entries"] as? Int } == [size - 1])
    #expect(times.map { $0["authority"] as? String } == ["O=Sample Trust, CN=Sample Root"])
    #expect(
      try desk.run("timestamp", "attach", desk["answer.tsr"], "--authority", desk["root.pem"]).status == 1)
  }

  @Test func queryForOneHeadIsOne() throws {
    let desk = try Desk.withVault()
    _ = try Self.prepare(desk, .p256)
    let before = try desk.vault
    #expect(try desk.run("timestamp", "request", "--output", desk["again.tsq"]).status == 0)
    let files = try Tree(of: desk.folder.path)
    #expect(files["again.tsq"] == files["query.tsq"])
    #expect(try desk.vault == before)
  }

  @Test func whatDoesNotHoldIsRefusedAndNothingIsKept() throws {
    let desk = try Desk.withVault()
    let authority = try Self.prepare(desk, .p256)
    let query = try #require(Tree(of: desk.folder.path)["query.tsq"])
    let answer = try authority.answer(query)
    try desk.folder.write(TimeStampAuthority(.p256).certificate, to: "other.pem")
    let before = try desk.vault

    func expect(_ bytes: some Sequence<UInt8>, _ status: Int32, _ words: String, authority: String = "root.pem") throws
    {
      try desk.folder.write(bytes, to: "answer.tsr")
      let outcome = try desk.run("timestamp", "attach", desk["answer.tsr"], "--authority", desk[authority])
      #expect(outcome.status == status, "\(words): \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      #expect(outcome.errors.hasPrefix("evidence: error: "))
      #expect(outcome.output.isEmpty)
      #expect(try desk.vault == before)
    }
    var otherNonce = query
    otherNonce[query.count - 5] ^= 1
    var otherImprint = query
    otherImprint[40] ^= 1
    var changed = answer
    changed[changed.count - 1] ^= 1
    try expect(authority.answer(otherNonce), 20, "answers another query")
    try expect(authority.answer(otherImprint), 20, "something else than a checkpoint of this vault")
    try expect(changed, 20, "signature of the time-stamp does not fit")
    try expect(answer.dropLast(), 20, "cannot be read")
    try expect([0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02], 1, "status 2")
    try expect(answer, 22, "not come from the authority", authority: "other.pem")
    try expect(answer, 64, "certificate of the authority cannot be read", authority: "query.tsq")
    try desk.folder.write(answer, to: "answer.tsr")
    #expect(try desk.run("timestamp", "attach", desk["answer.tsr"], "--authority", desk["root.pem"]).status == 0)
  }

  @Test func stampOfAnotherVaultIsRefused() throws {
    let (desk, other) = (try Desk.withVault(), try Desk.withVault())
    _ = try Self.prepare(desk, .p256)
    #expect(try other.unlocked(["add", other["material/minutes.txt"]] + Desk.document).status == 0)
    let authority = try Self.prepare(other, .p256)
    try desk.folder.write(authority.certificate, to: "root.pem")
    try desk.folder.write(authority.answer(#require(Tree(of: other.folder.path)["query.tsq"])), to: "answer.tsr")
    let outcome = try desk.run("timestamp", "attach", desk["answer.tsr"], "--authority", desk["root.pem"])
    #expect(outcome.status == 20)
    #expect(outcome.errors.contains("something else than a checkpoint of this vault"))
  }

  @Test func damageToWhatIsKeptIsAFinding() throws {
    let desk = try Desk.withVault()
    let authority = try Self.prepare(desk, .p256)
    try desk.folder.write(authority.answer(#require(Tree(of: desk.folder.path)["query.tsq"])), to: "answer.tsr")
    #expect(try desk.run("timestamp", "attach", desk["answer.tsr"], "--authority", desk["root.pem"]).status == 0)
    let sound = try desk.vault
    let paths = sound.files.filter { $0.hasPrefix("timestamps/") }
    #expect(paths.count == 4)
    for path in paths {
      var bytes = try #require(sound[path])
      bytes[bytes.count / 2] ^= 1
      try sound.write(to: desk["vault"])
      try TemporaryFolder.remove(desk["vault/\(path)"])
      try desk.folder.write(bytes, to: "vault/\(path)")
      let outcome = try desk.run("verify")
      #expect(outcome.status == 20, "\(path)")
      #expect(outcome.output.contains("DAMAGE: \(path): "), "\(outcome.output)")
      #expect(outcome.output.firstMatch(of: #/ (\.|[a-z]+[A-Z(])/#) == nil, "\(outcome.output)")
      #expect(outcome.output.contains("what to do: restore the file from a copy of the vault"))
    }
  }

  @Test func bundleCarriesTheStampOfItsHead() throws {
    let desk = try Desk.withVault()
    let authority = try Self.prepare(desk, .p256)
    try desk.folder.write(authority.answer(#require(Tree(of: desk.folder.path)["query.tsq"])), to: "answer.tsr")
    #expect(try desk.run("timestamp", "attach", desk["answer.tsr"], "--authority", desk["root.pem"]).status == 0)
    let words = try String(decoding: #require(Tree(of: desk.folder.path)["my.words"]), as: UTF8.self)
    for (name, count) in [("with", 1), ("without", 0)] {
      // The first export is an entry, so the second has a later head, without a stamp.
      let sealed = desk["\(name).age"]
      #expect(try desk.unlocked("export", "0", "--to", "desk", "--output", sealed).status == 0)
      let opened = try desk.run(
        "open", sealed, "--output", desk[name], "--identity", desk["desk.key"], "--sender", words)
      #expect(opened.status == 0, "\(opened.errors)")
      #expect(opened.output.contains("existed at the latest on") == (count == 1))
      let report = try desk.run("verify", "--bundle", desk[name], "--json", "--sender", words)
      #expect((try report.json["timestamps"] as? [[String: Any]])?.count == count)
    }
    let bundle = try Tree(of: desk["with"])
    #expect(bundle.files.count { $0.hasPrefix("proofs/timestamps/") } == 2)
  }

  @Test func whatLiesInTheWayIsDamageAndStays() throws {
    let desk = try Desk.withVault()
    _ = try Self.prepare(desk, .p256)
    let path = try #require(desk.vault.files.first { $0.hasSuffix(".checkpoint") })
    try TemporaryFolder.remove(desk["vault/\(path)"])
    try desk.folder.write("something else".utf8, to: "vault/\(path)")
    let before = try desk.vault
    let outcome = try desk.run("timestamp", "request", "--output", desk["again.tsq"])
    #expect(outcome.status == 20)
    #expect(outcome.errors.contains("\(path): not what was written here"))
    #expect(try desk.vault == before)
    try TemporaryFolder.remove(desk["vault/timestamps"])
    try desk.folder.write("no folder".utf8, to: "vault/timestamps")
    #expect(try desk.run("verify").status == 20)
  }

  private static func prepare(_ desk: Desk, _ keys: TimeStampAuthority.Keys) throws -> TimeStampAuthority {
    let authority = try TimeStampAuthority(keys)
    try desk.folder.write(authority.certificate, to: "root.pem")
    let outcome = try desk.run("timestamp", "request", "--output", desk["query.tsq"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return authority
  }
}
