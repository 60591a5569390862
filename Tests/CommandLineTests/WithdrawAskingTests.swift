import Foundation
import TestFolders
import Testing

/// A withdrawal at a terminal, which `script` makes.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"))) struct WithdrawAskingTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  private func withdraw(_ more: [String] = [], typing line: String?) throws -> Outcome {
    let words = [Program.path, "withdraw", "1", "--reason", "asked", "--passphrase-file", desk["passphrase"]] + more
    let command = words.map { "'\($0)'" }.joined(separator: " ")
    return try desk.start(
      ["-q", "-e", "-c", command, "/dev/null"].map { Array($0.utf8) }, program: "/usr/bin/script",
      input: Array((line.map { "\($0)\n" } ?? "").utf8)
    ).wait()
  }

  @Test(arguments: ["yes", "", "withdra", "withdraw 1", nil]) func anyOtherWordDestroysNothing(line: String?) throws {
    let before = try desk.vaultWithoutCaches
    let outcome = try withdraw(typing: line)
    #expect(outcome.status == 130, "\(outcome.output)")
    #expect(outcome.output.contains("item 1: testimony, First account"))
    #expect(outcome.output.contains("to be destroyed for good: the record with all its amendments, 1 file, 1 object"))
    #expect(outcome.output.contains("holds a copy of item 1: desk, bundle "))
    #expect(outcome.output.contains("nothing was withdrawn"))
    #expect(try desk.vaultWithoutCaches == before)
  }

  @Test func theWordDestroysIt() throws {
    let outcome = try withdraw(typing: "withdraw")
    #expect(outcome.status == 0 && outcome.output.contains("destroyed here: 1 object"), "\(outcome.output)")
    #expect(!outcome.output.contains("goes on from a backup"))
    #expect(try desk.unlocked("show", "1").status == 30)
  }

  @Test func forAClassTheWordIsAskedForToo() throws {
    let before = try desk.vaultWithoutCaches
    let refused = try withdraw(["--class", "lawyer"], typing: "yes")
    #expect(refused.status == 130 && refused.output.contains("nothing is destroyed"), "\(refused.output)")
    #expect(refused.output.contains("holds a copy of item 1: desk, bundle "))
    #expect(try desk.vaultWithoutCaches == before)
    let done = try withdraw(["--class", "lawyer"], typing: "withdraw")
    #expect(done.status == 0 && done.output.contains("consent taken back for lawyer"), "\(done.output)")
    #expect(try withdraw(["--class", "nobody"], typing: "withdraw").status == 64)
  }

  @Test func whatOnlyAReplacedRecordNamesIsTold() throws {
    for words in [["--set", "attachments=0"], ["--unset", "attachments"]] {
      try #require(desk.unlocked(["amend", "1", "--reason", "r"] + words).status == 0)
    }
    let asked = try withdraw(typing: "no")
    #expect(asked.output.contains("only replaced records lead to item 0"), "\(asked.output)")
    #expect(asked.output.contains("--not-covering NUMBER"))
    #expect(try withdraw(["--not-covering", "2"], typing: "withdraw").status == 64)
    let done = try withdraw(["--not-covering", "0"], typing: "withdraw")
    #expect(done.status == 0 && !done.output.contains("is not exported any more"), "\(done.output)")
  }

  @Test(arguments: [["--yes"], ["--yes", "--class", "media"]]) func aScriptIsNotAsked(more: [String]) throws {
    let outcome = try withdraw(more, typing: nil)
    #expect(outcome.status == 0 && !outcome.output.contains("type this word"), "\(outcome.output)")
  }
}
