import Foundation
import TestFolders
import Testing

/// Long work at a terminal that `script` makes: a line that changes, or nothing that a screen reader stumbles over.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"))) struct ScreenReaderTests {
  /// What the terminal shows of a sealing that takes more than a second.
  private func shown(_ surroundings: [String: String]) throws -> String {
    let desk = try Desk.withVault()
    desk.surroundings = surroundings
    let material = String(repeating: "head -c 70000 /dev/zero; sleep 0.7; ", count: 4)
    let command =
      "{ \(material) } | '\(Program.path)' seal --passphrase-file '\(desk["passphrase"])' --output '\(desk["x.age"])'"
    let outcome = try desk.start(
      ["-q", "-e", "-c", command, "/dev/null"].map { Array($0.utf8) }, program: "/usr/bin/script"
    ).wait()
    #expect(outcome.status == 0, "\(outcome.output)")
    // The terminal itself ends lines with both.
    return outcome.output.replacing("\r\n", with: "\n")
  }

  @Test func anOrdinaryTerminalShowsALineThatChanges() throws {
    let text = try shown(["TERM": "xterm", "EVIDENCE_LANGUAGE": "ru"])
    #expect(text.contains("\rработа: "), "\(text)")
    #expect(text.contains("КиБ/с"), "\(text)")
    #expect(text.contains("\u{1b}[K"))
  }

  @Test(arguments: [["TERM": "dumb"], ["TERM": "xterm", "EVIDENCE_PLAIN": "1"], [:]])
  func aPlainTerminalShowsNothingThatMoves(surroundings: [String: String]) throws {
    let text = try shown(surroundings)
    #expect(!text.contains("\r"), "\(text)")
    #expect(!text.contains("\u{1b}"), "\(text)")
    #expect(text.isEmpty, "\(text)")
  }

  @Test func thereIsNoColour() throws {
    let desk = try Desk.withVault()
    desk.surroundings = ["TERM": "xterm-256color"]
    let key = "--passphrase-file '\(desk["passphrase"])'"
    let command = "'\(Program.path)' verify; '\(Program.path)' show 1 \(key); '\(Program.path)' --help"
    let outcome = try desk.start(
      ["-q", "-c", command, "/dev/null"].map { Array($0.utf8) }, program: "/usr/bin/script"
    ).wait()
    #expect(outcome.output.contains("sound: "))
    #expect(!outcome.output.contains("\u{1b}"))
  }
}
