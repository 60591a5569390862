import Foundation
import TestFolders
import Testing

/// `key passphrase`, as it was built.
@Suite struct PassphraseTests {
  private static let newPassphrase = "other plain words for the time after"

  private func desk() throws -> Desk {
    let desk = try Desk.withVault()
    try desk.folder.write("\(Self.newPassphrase)\n".utf8, to: "new-passphrase")
    return desk
  }

  private func change(_ desk: Desk, _ old: String, _ new: String, _ more: String...) throws -> Outcome {
    try desk.run(
      ["key", "passphrase", "--passphrase-file", desk[old], "--new-passphrase-file", desk[new]] + more)
  }

  @Test func theVaultOpensWithTheNewPassphraseAlone() throws {
    let desk = try desk()
    let done = try change(desk, "passphrase", "new-passphrase")
    #expect(done.status == 0 && done.output.contains("keys/signing.age has the new passphrase"), "\(done.errors)")
    #expect(done.errorLines.count == 1 && done.errors.contains("can still try the old passphrase"), "\(done.errors)")
    #expect(try desk.unlocked("list").status == 12)
    let key = ["--passphrase-file", desk["new-passphrase"]]
    #expect(try desk.run(["list"] + key).output.contains("First account"))
    #expect(try desk.run(["add", desk["material/minutes.txt"]] + Desk.document + key).status == 0)
    #expect(try desk.run(["verify", "--deep"] + key).status == 0)
    let again = try change(desk, "passphrase", "new-passphrase", "--json")
    #expect(try again.json["unchanged"] as? [String] == ["keys/reading.age", "keys/signing.age"])
  }

  /// As some editors save it, and others do not.
  @Test func whatEditorsPutBeforeItIsNoPartOfIt() throws {
    let desk = try desk()
    try desk.folder.write([0xef, 0xbb, 0xbf] + Array("\(Self.newPassphrase)\r\n".utf8), to: "marked")
    #expect(try change(desk, "passphrase", "marked").status == 0)
    for name in ["new-passphrase", "marked"] {
      #expect(try desk.run("list", "--passphrase-file", desk[name]).status == 0)
    }
    // Of letters that are not Latin no byte is zero.
    for (words, mark) in [
      (Self.newPassphrase, []), ("Чашмашоиҷӯйбор", [0xff, 0xfe]), ("Чашмашоиҷӯйбор", [0xfe, 0xff]),
    ]
      as [(String, [UInt8])]
    {
      let bytes = words.utf16.map { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
      try desk.folder.write(mark + bytes.flatMap { mark == [0xfe, 0xff] ? $0.reversed() : $0 }, to: "wide")
      for outcome in try [change(desk, "marked", "wide"), desk.run("list", "--passphrase-file", desk["wide"])] {
        expectOneSentence(outcome)
        #expect(outcome.status == 64 && outcome.errors.contains("is no text in UTF-8"), "\(outcome.errors)")
      }
    }
  }

  @Test func whatCannotBeMeantChangesNothing() throws {
    let desk = try desk()
    try desk.folder.write("four words of mine\n".utf8, to: "weak")
    let before = try desk.vault
    let wrong = try change(desk, "wrong-passphrase", "new-passphrase")
    expectOneSentence(wrong)
    #expect(wrong.status == 12 && wrong.errors.contains("keys/reading.age"))
    let same = try change(desk, "passphrase", "passphrase")
    #expect(same.status == 64 && same.errors.contains("is the present one"))
    #expect(try change(desk, "passphrase", "nowhere").status == 1)
    let both = try change(desk, "passphrase", "new-passphrase", desk["some.key"], "--vault", desk["vault"])
    #expect(both.status == 64)
    let open = try desk.run("key", "generate", "--output", desk["open.key"])
    #expect(open.status == 0)
    let plain = try change(desk, "passphrase", "new-passphrase", desk["open.key"])
    #expect(plain.status == 64, "\(plain.errors)")
    #expect(try desk.vault == before)
    let weak = try change(desk, "passphrase", "weak")
    #expect(weak.status == 0 && weak.errors.contains("weak: 43 bits at most"), "\(weak.errors)")
  }

  @Test func aCommandThatIsKilledLeavesKeysThatOpenAndIsCompletedByTheSameCommand() throws {
    let desk = try desk()
    for delay in stride(from: 0, to: 4_000, by: 500) {
      let program = try desk.start(
        [
          "key", "passphrase", "--passphrase-file", desk["passphrase"], "--new-passphrase-file",
          desk["new-passphrase"],
        ].map { Array($0.utf8) })
      usleep(UInt32(delay) * 1_000)
      program.kill()
      _ = try program.wait()
      for file in ["reading.age", "signing.age"] {
        let opens = try ["passphrase", "new-passphrase"].map {
          try desk.run("unseal", "--passphrase-file", desk[$0], desk["vault/keys/\(file)"]).status
        }
        #expect(opens.sorted { ($0 ?? 0) < ($1 ?? 0) } == [0, 12], "\(file) after \(delay) ms")
      }
    }
    #expect(try change(desk, "passphrase", "new-passphrase").status == 0)
    #expect(try desk.run("list", "--passphrase-file", desk["new-passphrase"]).status == 0)
    #expect(try desk.run("verify").status == 0)
  }
}
