import Foundation
import TestFolders
import Testing

/// What is said of a bundle with an item that was corrected: it is one item, and the last entry of it counts.
@Suite struct AmendedBundleTests {
  @Test func openAndVerifyTellWhichEntriesAreOneItem() throws {
    let desk = try Desk.withVault()
    let amended = try desk.unlocked("amend", "0", "--set", "title=Corrected", "--reason", "a correction")
    let entry = try #require(amended.output.firstMatch(of: /amended by entry (\d+)/)?.output.1)
    try #require(desk.unlocked("export", "0", "--to", "desk", "--output", desk["sent.age"]).status == 0)
    let words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    let opened = try desk.run(
      "open", desk["sent.age"], "--output", desk["opened"], "--identity", desk["desk.key"], "--sender", words)
    let verified = try desk.run("verify", "--bundle", desk["opened"], "--sender", words)
    for outcome in [opened, verified] {
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("\n  item 0 (superseded by entry \(entry)): "), "\(outcome.output)")
      #expect(outcome.output.contains("\n  entry \(entry) (amends item 0): "), "\(outcome.output)")
      #expect(!outcome.errors.contains("do not agree"))
    }
  }
}
