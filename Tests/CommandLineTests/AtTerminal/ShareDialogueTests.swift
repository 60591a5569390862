import Foundation
import TestFolders
import Testing

/// Shares that are typed word by word as they stand on their sheets.
@Suite struct ShareDialogueTests {
  private static let new = "other plain words for the time after"
  private let desk: Desk

  init() throws {
    desk = try Desk.withVault()
    try desk.folder.write("\(Self.new)\n".utf8, to: "new-passphrase")
    for name in ["sheets", "others"] {
      let made = try desk.unlocked("key", "split", "--threshold", "2", "--shares", "3", "--output", desk[name])
      try #require(made.status == 0, "\(made.errors)")
    }
  }

  /// The words of a sheet.
  private func words(_ number: Int, of folder: String = "sheets") throws -> [String] {
    let text = try String(contentsOfFile: desk["\(folder)/share-\(number).txt"], encoding: .utf8)
    return text.split(separator: "\n").filter { $0.contains { ("0"..."9").contains($0) } }.dropFirst()
      .flatMap { $0.split(separator: " ").filter { $0.first?.isNumber == false }.map(String.init) }
  }

  private func line(_ words: some Sequence<String>) -> String { words.joined(separator: " ") }

  @Test func theKeyComesBackUnderAPassphraseThatIsAskedForAtTheEnd() throws {
    let (first, second) = (try words(1), try words(3))
    let dialogue = try desk.dialogue("key", "combine", "--replace")
    try dialogue.wait(for: "Share 1\n")
    // More words than there are, a word that is none, and a line that begins the share again.
    try dialogue.answer("Words 1 to 33: ", line(first + ["acid"]))
    try dialogue.answer("these are 34 words, and 33 are missing; type the line again\nWords 1 to 33: ", "acid qqqqqqqq")
    try dialogue.wait(for: "word 2 is not in the list of words")
    try dialogue.answer("Words 2 to 33: ", "")
    try dialogue.answer("Words 1 to 33: ", line(first.prefix(20)).uppercased())
    try dialogue.answer("Words 21 to 33: ", line(first.dropFirst(20)))
    try dialogue.wait(for: "This share is whole.")
    try dialogue.wait(for: "Share 2 (1 more needed)")
    try dialogue.answer("Words 1 to 33: ", line(first))
    try dialogue.wait(for: "the same share was given twice")
    try dialogue.answer("Words 1 to 33: ", line(try words(2, of: "others")))
    try dialogue.wait(for: "another set")
    try dialogue.answer("Words 1 to 33: ", line(second))
    try dialogue.wait(for: "This share is whole.")
    // The words are not left on the screen.
    try dialogue.wait(for: "\u{1b}[H\u{1b}[2J\u{1b}[3J")
    try dialogue.wait(for: "A new passphrase for the vault.")
    try dialogue.answer("Passphrase: ", Self.new)
    try dialogue.answer("Once more: ", Self.new)
    #expect(try dialogue.end() == 0, "\(dialogue.shown)")
    #expect(dialogue.shown.contains("the reading key is back, and the signing key"), "\(dialogue.shown)")
    #expect(dialogue.settings == dialogue.settingsBefore)
    #expect(try desk.run("list", "--passphrase-file", desk["new-passphrase"]).status == 0)
  }

  @Test func aWordThatIsNotOnItsSheetIsAskedForAgain() throws {
    desk.surroundings = ["TERM": "dumb"]
    let right = try words(1)
    var wrong = right
    wrong[11] = right[11] == "acid" ? "acrobat" : "acid"
    let dialogue = try desk.dialogue("key", "combine", "--check", "--share", desk["sheets/share-2.txt"])
    try dialogue.wait(for: "Share 2 (1 more needed)")
    try dialogue.answer("Words 1 to 33: ", line(wrong))
    try dialogue.wait(for: "word 12 of the share is not the word on its sheet")
    try dialogue.answer("Word 12: ", "\(right[11])x")
    try dialogue.wait(for: "word 12 is not in the list of words")
    // Two words are no answer to that: the share begins again.
    try dialogue.answer("Word 12: ", line(right.prefix(2)))
    try dialogue.answer("Words 1 to 33: ", line(wrong))
    try dialogue.answer("Word 12: ", right[11])
    try dialogue.wait(for: "This share is whole.")
    #expect(try dialogue.end() == 0, "\(dialogue.shown)")
    #expect(dialogue.shown.contains("these shares give a key that reads this vault"), "\(dialogue.shown)")
    #expect(!dialogue.shown.contains("\u{1b}"))
  }

  @Test(arguments: [Dialogue.Key.controlC, .controlD]) func whoeverLeavesHasChangedNothing(key: Dialogue.Key) throws {
    let before = try desk.vault
    let unlocked = ["--passphrase-file", desk["passphrase"]]
    for words in [["key", "combine", "--replace"], ["key", "remove", "--shares"] + unlocked] {
      let dialogue = try desk.dialogue(words)
      try dialogue.answer("Words 1 to 33: ", line(try self.words(1).prefix(6)))
      try dialogue.wait(for: "Words 7 to 33: ")
      dialogue.press(key)
      #expect(try dialogue.end() == 130, "\(dialogue.shown)")
      #expect(dialogue.shown.hasSuffix("\u{1b}[H\u{1b}[2J\u{1b}[3J"), "\(dialogue.shown)")
      #expect(dialogue.settings == dialogue.settingsBefore)
    }
    #expect(try desk.vault == before)
    // Two that differ, when the shares are typed: nothing is put in the place of the keys.
    let differing = try desk.dialogue(
      "key", "combine", "--replace", "--share", desk["sheets/share-1.txt"], "--share", desk["sheets/share-2.txt"])
    try differing.answer("Passphrase: ", Self.new)
    try differing.answer("Once more: ", "\(Self.new)x")
    #expect(try differing.end() == 64, "\(differing.shown)")
    #expect(try desk.vault == before)
  }

  @Test func theReadingKeyIsRemovedAndRestoredBySharesThatAreTyped() throws {
    let question = "Passphrase of the vault: "
    func give(_ words: String...) throws -> Dialogue {
      let dialogue = try desk.dialogue(words)
      try dialogue.answer(question, Desk.passphrase)
      try dialogue.answer("Words 1 to 33: ", line(try self.words(3)))
      try dialogue.answer("Words 1 to 33: ", line(try self.words(1)))
      #expect(try dialogue.end() == 0, "\(dialogue.shown)")
      return dialogue
    }
    #expect(try give("key", "remove", "--shares").shown.contains("the reading key is off this machine"))
    #expect(try desk.unlocked("show", "0").status == 12)
    #expect(try give("key", "restore", "--shares").shown.contains("the reading key is back"))
    #expect(try desk.unlocked("show", "0").status == 0)
  }

  /// A copy that is under another passphrase than the vault asks for it; the key file of the vault may go with it.
  @Test func aCopyAsksForItsOwnPassphrase() throws {
    let copy = desk["copy.age"]
    try FileManager.default.copyItem(atPath: desk["vault/keys/reading.age"], toPath: copy)
    let changed = try desk.run(
      "key", "passphrase", copy, "--passphrase-file", desk["passphrase"], "--new-passphrase-file",
      desk["new-passphrase"])
    try #require(changed.status == 0, "\(changed.errors)")
    let words = ["key", "remove", "--copy", copy, "--same-disk", "--passphrase-file", desk["passphrase"]]
    let before = try desk.vault
    let wrong = try desk.dialogue(words)
    try wrong.answer("Passphrase of \(copy): ", "other words that open nothing")
    #expect(try wrong.end() == 12, "\(wrong.shown)")
    #expect(try desk.vault == before)
    let done = try desk.dialogue(words)
    try done.answer("Passphrase of \(copy): ", Self.new)
    #expect(try done.end() == 0, "\(done.shown)")
    let back = try desk.dialogue("key", "restore", copy, "--passphrase-file", desk["passphrase"])
    try back.answer("Passphrase of \(copy): ", Self.new)
    #expect(try back.end() == 0, "\(back.shown)")
  }
}
