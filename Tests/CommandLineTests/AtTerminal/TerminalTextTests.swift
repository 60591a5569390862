import Foundation
import Glibc
import TestFolders
import Testing

/// What a terminal shows of evidence and of long work.
@Suite struct TerminalTextTests {
  private let desk: Desk
  private let key: [String]

  init() throws {
    desk = try Desk.withVault()
    key = ["--passphrase-file", desk["passphrase"]]
  }

  @Test func whatATerminalWouldObeyIsEscapedWhereAPersonIsAsked() throws {
    try desk.folder.write(
      #"{"title": "\u001b]0;x\u0007\u001b[2J‮ Note", "document.kind": "note"}"#.utf8, to: "record.json")
    let added = try desk.unlocked(
      "add", desk["material/minutes.txt"], "--kind", "document", "--record", desk["record.json"], "--json")
    let item = try #require(try added.json["item"] as? Int, "\(added.errors)")
    let before = try desk.vaultWithoutCaches
    let words = ["withdraw", "\(item)", "--reason", "asked"] + key
    let left = try desk.dialogue(words)
    let asked = try left.wait(for: "To destroy it, type this word: withdraw\n> ")
    #expect(asked.contains("item \(item): document, \\u{1b}]0;x\\u{7}\\u{1b}[2J\\u{202e} Note\n"), "\(asked)")
    #expect(asked.contains("nobody was sent a copy by this vault"), "\(asked)")
    #expect(!asked.contains { ["\u{1b}", "\u{7}", "\u{202e}"].contains($0) })
    left.press(.controlC)
    #expect(try left.end() == 130 && left.shown.contains("nothing was withdrawn"), "\(left.shown)")
    #expect(left.settings == left.settingsBefore)
    let refusing = try desk.dialogue(words + ["--class", "media"])
    try refusing.wait(for: "nobody of media was sent a copy by this vault")
    try refusing.answer("type this word: withdraw\n> ", "no")
    #expect(try refusing.end() == 130, "\(refusing.shown)")
    #expect(try desk.vaultWithoutCaches == before)
    let done = try desk.dialogue(words)
    try done.answer("> ", "  withdraw ")
    #expect(try done.end() == 0 && done.shown.contains("destroyed here: 1 object"), "\(done.shown)")
  }

  @Test func whatGoesBackToAnItemIsNamedBeforeItsConsentIsTakenBack() throws {
    let added = try desk.unlocked(
      ["add", desk["material/minutes.txt"], "--set", "consent.by=1", "--json"] + Desk.document)
    let item = try #require(try added.json["item"] as? Int, "\(added.errors)")
    let words = ["withdraw", "1", "--reason", "asked"] + key
    let all = try desk.dialogue(words)
    try all.wait(for: "what goes back to it is not exported any more: item \(item)\n")
    try all.wait(for: "> ")
    all.press(.controlD)
    #expect(try all.end() == 130, "\(all.shown)")
    let some = try desk.dialogue(words + ["--class", "lawyer"])
    try some.wait(for: "what goes back to it is not exported to lawyer any more: item \(item)\n")
    try some.answer("> ", "withdraw")
    #expect(try some.end() == 0, "\(some.shown)")
  }

  /// Long work that is interrupted: its line is cleared, and nothing half-written stays.
  @Test(arguments: [false, true]) func controlCEndsLongWorkInOrder(isPlain: Bool) throws {
    desk.surroundings = ["TERM": "xterm", "EVIDENCE_PLAIN": isPlain ? "1" : "0"]
    let pipe = desk["pipe"]
    try #require(unsafe mkfifo(pipe, 0o600) == 0)
    let source = unsafe open(pipe, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    defer { close(source) }
    let dialogue = try desk.dialogue(["seal", pipe, "--output", desk["sealed.age"]] + key)
    #expect(try Self.feed(source, dialogue, isPlain: isPlain), "\(dialogue.shown)")
    dialogue.press(.controlC)
    // The system shows that once it has told the program.
    try dialogue.wait(for: "^C")
    // The thread sanitizer lets the handler run once the main thread goes on: one write can be too early for it.
    for _ in 0..<3 {
      Self.write(to: source)
      if try dialogue.isShown("interrupted", within: 1) { break }
    }
    #expect(try dialogue.end() == 130, "\(dialogue.shown)")
    #expect(dialogue.shown.hasSuffix("interrupted; nothing was left half-done\n"), "\(dialogue.shown)")
    #expect(dialogue.shown.contains("\r\u{1b}[Kevidence: error: ") == !isPlain, "\(dialogue.shown)")
    let left = try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).filter { $0.contains("sealed") }
    #expect(left.isEmpty, "\(left)")
  }

  /// Writes until the work has gone on for some seconds, or its line was shown where it is to be.
  private static func feed(_ source: Int32, _ dialogue: Dialogue, isPlain: Bool) throws -> Bool {
    let start = Date()
    while Date().timeIntervalSince(start) < (isPlain ? 3 : 120) {
      write(to: source)
      if try dialogue.isShown("\rworking: ", within: 0.1) { return !isPlain }
    }
    return isPlain
  }

  /// Gives the program something to read, if it has read what was there.
  private static func write(to source: Int32) {
    let bytes = [UInt8](repeating: 0, count: 40_000)
    _ = unsafe Glibc.write(source, bytes, bytes.count)
  }
}
