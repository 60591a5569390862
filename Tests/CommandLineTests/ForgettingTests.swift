import Foundation
import TestFolders
import Testing

/// A machine that has no place to remember what it saw of a vault.
@Suite struct ForgettingTests {
  private static let sentence = "nothing on this machine remembers what it saw of this vault"

  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  /// Under `/dev/null` there is no folder, and none can be made; below a file neither.
  @Test(arguments: ["HOME", "XDG_STATE_HOME"]) func itIsSaidWhereAnOlderCopyWouldNotBeNoticed(variable: String) throws {
    desk.surroundings = variable == "HOME" ? ["HOME": "/dev/null", "XDG_STATE_HOME": ""] : [:]
    if variable != "HOME" { desk.surroundings[variable] = desk["passphrase"] }
    let add = ["add", desk["passphrase"]] + Desk.document
    for words in [add, ["list"], ["verify"], ["export", "0", "--to", "desk", "--output", desk["new.age"]]] {
      let done = try desk.unlocked(words)
      #expect(done.status == 0, "\(words): \(done.errors)")
      #expect(done.errors.ranges(of: Self.sentence).count == 1, "\(words): \(done.errors)")
    }
    for words in [["card"], ["head"], ["show", "0"]] {
      #expect(try !desk.unlocked(words).errors.contains(Self.sentence), "\(words)")
    }
  }

  @Test func whereItIsRememberedNothingIsSaid() throws {
    for surroundings in [[:], ["XDG_STATE_HOME": ""], ["XDG_STATE_HOME": "not/absolute"]] {
      desk.surroundings = surroundings
      #expect(try desk.unlocked(["add", desk["passphrase"]] + Desk.document).errors.isEmpty)
      #expect(try desk.unlocked("list").errors.isEmpty)
      let copy = try desk.vault
      #expect(try desk.unlocked(["add", desk["passphrase"]] + Desk.document).status == 0)
      let now = try desk.vault
      try copy.write(to: desk["vault"])
      #expect(try desk.unlocked("list").status == 21)
      try now.write(to: desk["vault"])
    }
  }
}
