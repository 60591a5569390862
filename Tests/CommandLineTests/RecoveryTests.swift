import Foundation
import TestFolders
import Testing

/// `key split` and `key combine`, as they were built.
@Suite struct RecoveryTests {
  private static let newPassphrase = "other plain words for the time after"

  /// A desk with sheets in `sheets`, made of the vault.
  private func deskWithSheets(_ threshold: Int = 3, _ more: String...) throws -> Desk {
    let desk = try Desk.withVault()
    try desk.folder.write("\(Self.newPassphrase)\n".utf8, to: "new-passphrase")
    let made = try split(desk, "sheets", threshold, more)
    try #require(made.status == 0, "\(made.errors)")
    return desk
  }

  private func split(_ desk: Desk, _ folder: String, _ threshold: Int = 3, _ more: [String] = []) throws -> Outcome {
    try desk.unlocked(
      ["key", "split", "--threshold", "\(threshold)", "--shares", "5", "--output", desk[folder]] + more)
  }

  private func combine(_ desk: Desk, _ sheets: [String], _ more: String...) throws -> Outcome {
    try desk.run(
      ["key", "combine", "--new-passphrase-file", desk["new-passphrase"]] + more
        + sheets.flatMap { ["--share", desk[$0]] })
  }

  private func sheet(_ number: Int) -> String { "sheets/share-\(number).txt" }

  /// The words of a sheet by their lines of three.
  private func lines(_ desk: Desk, _ number: Int) throws -> [String] {
    let text = try String(contentsOfFile: desk[sheet(number)], encoding: .utf8)
    return text.split(separator: "\n").filter { $0.contains { ("0"..."9").contains($0) } }.dropFirst()
      .map { $0.split(separator: " ").filter { $0.first?.isNumber == false }.joined(separator: " ") }
  }

  @Test func sharesAreCheckedWithoutAnythingBeingWritten() throws {
    let desk = try deskWithSheets()
    try desk.makeArchive()
    try #require(split(desk, "foreign", 3, ["--vault", desk["archive"]]).status == 0)
    let before = try Tree(of: desk.folder.path)
    func check(_ sheets: [String], _ more: String...) throws -> Outcome {
      try desk.run(["key", "combine", "--check"] + more + sheets.flatMap { ["--share", desk[$0]] })
    }
    let good = try check([sheet(1), sheet(3), sheet(5)])
    #expect(good.status == 0 && good.output.contains("a key that reads this vault"), "\(good.errors)")
    let few = try check([sheet(1), sheet(3)])
    expectOneSentence(few)
    #expect(few.status == 64, "\(few.errors)")
    let both = try check([sheet(1), sheet(3), sheet(5)], "--replace")
    expectOneSentence(both)
    #expect(both.status == 64)
    let foreign = try check((1...3).map { "foreign/share-\($0).txt" })
    expectOneSentence(foreign)
    #expect(foreign.status == 12, "\(foreign.errors)")
    var after = try Tree(of: desk.folder.path)
    for name in after.files where name.hasPrefix("runs/") { after[name] = before[name] }
    #expect(after == before)
  }

  @Test func sheetsTellNothingButWordsAndWhatToDo() throws {
    let desk = try deskWithSheets(3, "--custodian", "Мисоли Нигаҳдор", "--custodian", "Blue Heron")
    let folder = try Tree(of: desk["sheets"])
    #expect(folder.files.sorted() == (1...5).map { "share-\($0).txt" })
    for number in 1...5 {
      // Words of a share are drawn at random, and "evidence" is among them.
      let text = try String(contentsOfFile: desk[sheet(number)], encoding: .utf8).lowercased()
        .split(separator: "\n").filter { $0.first { $0 != " " }?.isNumber == false }.joined(separator: "\n")
      #expect(text.contains("keep this sheet"))
      for word in ["evidence", "vault", "key ", "passphrase", "ключ", "калид", "мисоли", "heron", "хранилищ", "махзан"]
      {
        #expect(!text.contains(word), "\(word)")
      }
      #expect(try lines(desk, number).joined(separator: " ").split(separator: " ").count == 33)
    }
    let entries = try #require(try desk.run("verify", "--json").json["entries"] as? Int)
    let entry = try desk.unlocked("show", "\(entries - 1)").output
    #expect(entry.contains("Мисоли Нигаҳдор") && entry.contains("shares_made"))
    let vault = try desk.vault, sheets = try Tree(of: desk["sheets"])
    let again = try split(desk, "sheets")
    #expect(again.status == 1 && again.errors.contains("exists already"))
    #expect(try Tree(of: desk["sheets"]) == sheets)
    #expect(try desk.vault == vault)
  }

  @Test func sharesBringReadingAndSigningBack() throws {
    let desk = try deskWithSheets()
    let refused = try combine(desk, [1, 2, 3].map(sheet))
    #expect(refused.status == 1 && refused.errors.contains("--replace"))
    let back = try combine(desk, [5, 1, 3].map(sheet), "--replace", "--json")
    #expect(back.status == 0, "\(back.errors)")
    let aside = try #require(try back.json["aside"] as? String)
    for file in ["reading.age", "signing.age"] {
      #expect(FileManager.default.fileExists(atPath: desk["vault/\(aside)/keys/\(file)"]))
    }
    #expect(try desk.unlocked("list").status == 12)
    let key = ["--passphrase-file", desk["new-passphrase"]]
    #expect(try desk.run(["list"] + key).output.contains("First account"))
    let added = try desk.run(["add", desk["material/minutes.txt"]] + Desk.document + key)
    #expect(added.status == 0, "\(added.errors)")
    let entries = try #require(try desk.run("verify", "--json").json["entries"] as? Int)
    #expect(try desk.run(["show", "\(entries - 2)"] + key).output.contains("recovered"))
    let sound = try desk.run(["verify", "--deep"] + key)
    #expect(sound.status == 0 && !sound.output.contains("does not know"), "\(sound.output)")
  }

  @Test func withoutTheSigningKeyTheVaultIsOnlyRead() throws {
    let desk = try deskWithSheets(2, "--reading-only")
    #expect(!FileManager.default.fileExists(atPath: desk["vault/keys/signing-recovery.age"]))
    let back = try combine(desk, [2, 4].map(sheet), "--replace")
    #expect(back.status == 0 && back.errors.contains("nothing can be added"), "\(back.errors)")
    #expect(try desk.run("list", "--passphrase-file", desk["new-passphrase"]).status == 0)
    // The signing key is still under the old passphrase.
    #expect(try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document).status == 0)
  }

  @Test func aDamagedSigningKeyDoesNotKeepAnybodyFromReading() throws {
    let desk = try deskWithSheets()
    try FileManager.default.removeItem(atPath: desk["vault/keys/signing-recovery.age"])
    try desk.folder.write("age-encryption.org/v1\n".utf8, to: "vault/keys/signing-recovery.age")
    let back = try combine(desk, [1, 2, 3].map(sheet), "--replace")
    #expect(back.status == 3 && back.errors.contains("signing-recovery.age is damaged"), "\(back.errors)")
    #expect(back.errorLines.filter { $0.hasPrefix("evidence: error: the reading key is back, ") }.count == 1)
    #expect(back.errorLines.last?.hasPrefix("hint: copy that file") == true, "\(back.errors)")
    #expect(try desk.run("list", "--passphrase-file", desk["new-passphrase"]).status == 0)
  }

  @Test func whatIsNoSetOfSharesChangesNothing() throws {
    let desk = try deskWithSheets()
    #expect(try split(desk, "others").status == 0)
    let before = try desk.vault
    var words = try lines(desk, 2).joined(separator: " ").split(separator: " ").map(String.init)
    let other = words[11] == "acid" ? "academic" : "acid"
    words[11] = "lighthouse"
    try desk.folder.write(words.joined(separator: " ").utf8, to: "unknown")
    words[11] = other
    try desk.folder.write(words.joined(separator: " ").utf8, to: "wrong")
    try desk.folder.write(words.prefix(32).joined(separator: " ").utf8, to: "short")
    for (sheets, sentence) in [
      ([sheet(1), sheet(2)], "1 more share is needed"), ([], "shares are needed"),
      ([sheet(1), sheet(1)], "given twice"), ([1, 2, 3, 4].map(sheet), "more shares were given"),
      ([sheet(1), "others/share-2.txt"], "another set"), (["unknown"], "word 12 of the share is not in the list"),
      (["wrong"], "word 12 of the share is not the word on its sheet"), (["short"], "and these are 32"),
      (["passphrase"], "not in the list"),
    ] {
      let refused = try combine(desk, sheets, "--replace")
      #expect(refused.status == 64, "\(sheets): \(refused.errors)")
      #expect(refused.errors.contains(sentence), "\(refused.errors)")
      #expect(!refused.errors.contains(words.prefix(3).joined(separator: " ")))
    }
    #expect(try combine(desk, ["nowhere"], "--replace").status == 1)
    #expect(try desk.vault == before)
    for (threshold, count) in [("1", "3"), ("4", "3"), ("2", "17")] {
      let refused = try desk.unlocked(
        "key", "split", "--threshold", threshold, "--shares", count, "--output", desk["none"])
      #expect(refused.status == 64 && refused.errors.contains("2 to 16"), "\(refused.errors)")
    }
    #expect(try desk.vault == before)
  }

  @Test func theSharesOfAnotherVaultAreToldApart() throws {
    let desk = try deskWithSheets()
    #expect(try desk.run("init", desk["other"], "--passphrase-file", desk["passphrase"]).status == 0)
    let refused = try combine(desk, [1, 2, 3].map(sheet), "--replace", "--vault", desk["other"])
    #expect(refused.status == 12 && refused.errors.contains("not that of a reader"), "\(refused.errors)")
    // Without a vault to hold it against, the file has both kinds of key, and one of them opens.
    let desks = try desk.run(
      [
        "key", "combine", "--new-passphrase-file", desk["new-passphrase"], "--output", desk["found.key"], "--vault",
        desk["vault"],
      ] + [4, 2, 5].flatMap { ["--share", desk[sheet($0)]] })
    #expect(desks.status == 0, "\(desks.errors)")
    let file = try Data(contentsOf: URL(filePath: desk["found.key"]))
    #expect(file.range(of: Data("AGE-SECRET".utf8)) == nil)
    let list = try desk.run("list", "--identity", desk["found.key"], "--passphrase-file", desk["new-passphrase"])
    #expect(list.output.contains("First account"), "\(list.errors)")
  }

  /// At a terminal a word is corrected at once, and a wrong one asked for again.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func wordsAreTypedAndMistakesToldAtOnce() throws {
    let desk = try deskWithSheets(2)
    let first = try lines(desk, 1), second = try lines(desk, 4)
    let start = first[0].split(separator: " ").map(String.init)
    let wrong = start[2] == "acid" ? "acrobat" : "acid"
    let typed =
      ["\(start[0].uppercased()) \(start[1]) \(wrong)"] + first.dropFirst() + [start[2]]
      + ["acadmic", ""] + first + second
    let command = [
      Program.path, "key", "combine", "--replace", "--new-passphrase-file", desk["new-passphrase"],
    ].map { "'\($0)'" }.joined(separator: " ")
    let done = try desk.start(
      ["-q", "-e", "-c", command, "/dev/null"].map { Array($0.utf8) }, program: "/usr/bin/script",
      input: Array((typed.joined(separator: "\n") + "\n").utf8)
    ).wait()
    #expect(done.status == 0, "\(done.output)")
    #expect(done.output.contains("word 3 of the share is not the word on its sheet"))
    #expect(done.output.contains("This share is whole"))
    #expect(done.output.contains("(1 more needed)"))
    #expect(done.output.contains("word 1 is not in the list of words; is it academic"))
    #expect(done.output.contains("the same share was given twice"))
    #expect(done.output.contains("the reading key is back, and the signing key"))
    #expect(try desk.run("list", "--passphrase-file", desk["new-passphrase"]).status == 0)
  }

  @Test func aCommandThatIsKilledLeavesAWholeFolderOrNoneAndKeysThatOpen() throws {
    let desk = try deskWithSheets(2)
    for delay in stride(from: 0, to: 400, by: 50) {
      let path = desk["killed-\(delay)"]
      let program = try desk.start(
        [
          "key", "split", "--threshold", "2", "--shares", "3", "--output", path, "--passphrase-file",
          desk["passphrase"],
        ]
        .map { Array($0.utf8) })
      usleep(UInt32(delay) * 1_000)
      program.kill()
      _ = try program.wait()
      guard FileManager.default.fileExists(atPath: path) else { continue }
      #expect(try Tree(of: path).files.count == 3)
    }
    for delay in stride(from: 0, to: 3_000, by: 500) {
      let program = try desk.start(
        [
          "key", "combine", "--replace", "--new-passphrase-file", desk["new-passphrase"], "--share", desk[sheet(1)],
          "--share", desk[sheet(2)],
        ].map { Array($0.utf8) })
      usleep(UInt32(delay) * 1_000)
      program.kill()
      _ = try program.wait()
      let opens = try ["passphrase", "new-passphrase"].map {
        try desk.run("list", "--passphrase-file", desk[$0]).status
      }
      #expect(opens.sorted { ($0 ?? 0) < ($1 ?? 0) } == [0, 12], "\(delay)")
    }
    #expect(try combine(desk, [1, 2].map(sheet), "--replace").status == 0)
    #expect(try desk.run("verify").status == 0)
  }
}
