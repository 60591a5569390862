import Foundation
import Glibc
import TestFolders
import Testing

/// Keys that another process replaces between the opening of a vault and the passphrase that somebody types.
@Suite struct ReplacedMeanwhileTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  /// What came of a command whose passphrase arrives when it had opened the vault, and `other` was done.
  private func run(_ words: [String], after other: () throws -> Void) throws -> Outcome {
    let pipe = desk["pipe"]
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    let program = try desk.start((words + ["--passphrase-file", pipe]).map { Array($0.utf8) })
    // There is no writing before somebody reads.
    var writer = unsafe Glibc.open(pipe, O_WRONLY | O_NONBLOCK)
    for _ in 0..<60_000 where writer < 0 {
      usleep(1_000)
      writer = unsafe Glibc.open(pipe, O_WRONLY | O_NONBLOCK)
    }
    try #require(writer >= 0)
    try other()
    let line = Array("\(Desk.passphrase)\n".utf8)
    #expect(unsafe write(writer, line, line.count) == line.count)
    close(writer)
    return try program.wait()
  }

  @Test(arguments: [
    (["add", "material/minutes.txt"] + Desk.document, []), (["list"], ["reading"]),
    (["recipient", "list"], ["reading"]),
  ])
  func aReplacedKeyIsNoDamage(words: [String], rotated: [String]) throws {
    let words = words.map { $0.hasPrefix("material/") ? desk[$0] : $0 }
    let outcome = try run(words) {
      let rotated = try desk.unlocked(["key", "rotate"] + rotated)
      #expect(rotated.status == 0, "\(rotated.errors)")
    }
    expectOneSentence(outcome)
    #expect(outcome.status == 11 && outcome.errors.contains("run it again"), "\(outcome.errors)")
    let again = try desk.unlocked(words)
    #expect(again.status == 0, "\(again.errors)")
  }

  @Test func aDamagedKeyIsDamageStill() throws {
    let path = desk["vault/keys/signing.age"]
    let outcome = try run(["add", desk["material/minutes.txt"]] + Desk.document) {
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.copyItem(atPath: desk["vault/keys/reading.age"], toPath: path)
    }
    #expect(outcome.status == 20 && outcome.errors.contains("keys/signing.age"), "\(outcome.errors)")
  }
}
