import Foundation
import TestFolders
import Testing

/// How recipients reach the sender, and where a bundle goes.
@Suite struct ContactTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  private func export(_ words: String...) throws -> Outcome {
    try desk.unlocked(["export", "1", "--to", "desk"] + words)
  }

  @Test func theContactIsWhereRecipientsLookForIt() throws {
    let contact = "Signal <heron.77>, desk\u{202e} of Maple"
    let made = try export("--contact", contact, "--output", desk["b.age"])
    #expect(made.status == 0, "\(made.errors)")
    let opened = try desk.run(
      "open", desk["b.age"], "--output", desk["opened"], "--identity", desk["desk.key"], "--sender", "anyone")
    #expect(opened.status == 0, "\(opened.errors)")
    let tree = try Tree(of: desk["opened"])
    func text(_ name: String) throws -> String { String(decoding: try #require(tree[name]), as: UTF8.self) }
    for label in ["To ask the sender: ", "Связаться с отправителем: ", "Барои пурсидан аз фиристанда: "] {
      #expect(try text("READ-ME-FIRST.txt").contains("\(label)Signal <heron.77>, desk"))
    }
    #expect(try text("REPORT.txt").contains("Contact:      Signal <heron.77>"))
    #expect(try text("REPORT.html").contains("Signal &lt;heron.77&gt;, desk"))
    for name in ["READ-ME-FIRST.txt", "REPORT.txt", "REPORT.html"] {
      #expect(try !text(name).contains("\u{202e}"), "\(name)")
    }
    let preview = try export("--contact", contact, "--preview")
    #expect(preview.output.contains("Contact:      Signal <heron.77>"))
  }

  @Test func fieldsThatAreRevealedHaveItToo() throws {
    try #require(export("--withhold", "title", "--output", desk["b.age"]).status == 0)
    let made = try desk.unlocked(
      "disclose", "1", "title", "--to", "desk", "--contact", "Signal heron.77", "--output", desk["more.age"])
    #expect(made.status == 0, "\(made.errors)")
    let opened = try desk.run(
      "open", desk["more.age"], "--output", desk["opened"], "--identity", desk["desk.key"], "--sender", "anyone")
    #expect(opened.status == 0, "\(opened.errors)")
    let text = try #require(try Tree(of: desk["opened"])["READ-ME-FIRST.txt"])
    #expect(String(decoding: text, as: UTF8.self).contains("To ask the sender: Signal heron.77"))
    try expectRefusal(1, at: desk) {
      try desk.unlocked(
        "disclose", "1", "title", "--to", "desk", "--contact", "call Намунаева", "--output", desk["output/c.age"])
    }
  }

  @Test func withoutOneNothingIsSaidOfIt() throws {
    #expect(try !export("--preview").output.contains("Contact:"))
  }

  @Test func aWithheldNameInItIsFound() throws {
    try expectRefusal(1, at: desk) {
      try export("--contact", "call Намунаева", "--output", desk["output/b.age"])
    }
  }

  @Test(arguments: [[], ["--split", "1M"]]) func aFolderThatIsNotThereIsSaid(more: [String]) throws {
    try expectRefusal(64, at: desk) {
      let outcome = try desk.unlocked(["export", "0", "--to", "desk", "--output", "\(desk["output/none"])/"] + more)
      #expect(outcome.errors.contains("there is no folder") && outcome.errors.contains("hint: make it first"))
      return outcome
    }
  }
}
