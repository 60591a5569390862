import Foundation
import TestFolders
import Testing

/// A new passphrase at a terminal: typed twice, or made by the program and typed once.
@Suite struct NewPassphraseTests {
  private static let new = "other plain words for the time after"
  private let desk: Desk

  init() throws { desk = try Desk() }

  private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: desk[name]) }

  /// What lies on the desk beside the records of runs.
  private func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).filter { $0 != "runs" }.sorted()
  }

  @Test func aVaultOpensWithWhatWasTypedTwice() throws {
    let dialogue = try desk.dialogue("init", desk["vault"])
    try dialogue.wait(for: "A new passphrase for the vault.")
    try dialogue.wait(for: "Passphrase: ")
    #expect(!dialogue.settings.isEchoing)
    dialogue.type(Desk.passphrase)
    try dialogue.wait(for: "Once more: ")
    #expect(!dialogue.settings.isEchoing)
    dialogue.type(Desk.passphrase)
    try dialogue.wait(for: "bits at most if it was drawn at random")
    #expect(try dialogue.end() == 0, "\(dialogue.shown)")
    #expect(dialogue.shown.contains("made a vault at ") && !dialogue.shown.contains("seven"), "\(dialogue.shown)")
    #expect(dialogue.settings == dialogue.settingsBefore)
    #expect(try desk.unlocked("list").status == 0)
  }

  @Test func twoThatDifferOneThatIsShortAndLeavingMakeNothing() throws {
    let before = try files()
    let mismatch = try desk.dialogue("init", desk["vault"])
    try mismatch.answer("Passphrase: ", Desk.passphrase)
    try mismatch.answer("Once more: ", "\(Desk.passphrase) ")
    #expect(try mismatch.end() == 64)
    #expect(mismatch.shown.contains("the two passphrases differ"), "\(mismatch.shown)")
    let short = try desk.dialogue("init", desk["vault"])
    try short.answer("Passphrase: ", "nine char")
    #expect(try short.end() == 64)
    #expect(short.shown.contains("too short to withstand guessing"), "\(short.shown)")
    for key in [Dialogue.Key.controlC, .controlD] {
      let left = try desk.dialogue("init", desk["vault"])
      try left.answer("Passphrase: ", Desk.passphrase)
      try left.wait(for: "Once more: ")
      left.press(key)
      #expect(try left.end() == 130, "\(left.shown)")
      #expect(left.settings == left.settingsBefore)
    }
    #expect(try files() == before)
  }

  @Test func controlCWhileTheVaultIsMadeLeavesAWholeOneOrNone() throws {
    let dialogue = try desk.dialogue("init", desk["vault"])
    try dialogue.answer("Passphrase: ", Desk.passphrase)
    try dialogue.answer("Once more: ", Desk.passphrase)
    try dialogue.wait(for: "bits at most")
    dialogue.press(.controlC)
    let status = try dialogue.end()
    if status == 0 {
      #expect(try desk.unlocked("list").status == 0)
    } else {
      #expect(status == 130 && dialogue.shown.contains("interrupted"), "\(dialogue.shown)")
      #expect(try files().filter { $0.contains("vault") } == [], "\(dialogue.shown)")
    }
  }

  @Test func aPassphraseThatWasMadeHasToBeTypedOnce() throws {
    let before = try files()
    func made(typing change: (String) -> String) throws -> (status: Int32?, words: String, shown: String) {
      let dialogue = try desk.dialogue("init", desk["vault"])
      try dialogue.answer("Passphrase: ", "")
      try dialogue.wait(for: "it is not shown again:\n\n    ")
      let words = String(try dialogue.wait(for: "\n").dropLast())
      try dialogue.wait(for: "Type it to go on.")
      try dialogue.answer("Passphrase: ", change(words))
      return (try dialogue.end(), words, dialogue.shown)
    }
    let mistyped = try made { "\($0)x" }
    #expect(mistyped.status == 64 && mistyped.shown.contains("not the passphrase that was shown"), "\(mistyped)")
    #expect(try files() == before)
    let done = try made { $0 }
    #expect(done.status == 0, "\(done.shown)")
    #expect(done.words != mistyped.words && done.words.split(separator: "-").count == 8, "\(done.words)")
    #expect(done.shown.ranges(of: done.words).count == 1)
    try desk.folder.write("\(done.words)\n".utf8, to: "passphrase")
    #expect(try desk.unlocked("list").status == 0)
  }

  @Test func anotherPassphraseIsTakenOnlyOnceThePresentOneIsRight() throws {
    let desk = try Desk.withVault()
    let before = try desk.vault
    let question = "Present passphrase of the vault: "
    let wrong = try desk.dialogue("key", "passphrase")
    try wrong.answer(question, "other words that open nothing")
    #expect(try wrong.end() == 12)
    #expect(!wrong.shown.contains("A new passphrase"), "\(wrong.shown)")
    let mismatch = try desk.dialogue("key", "passphrase")
    try mismatch.answer(question, Desk.passphrase)
    try mismatch.answer("Passphrase: ", Self.new)
    try mismatch.answer("Once more: ", "\(Self.new)!")
    #expect(try mismatch.end() == 64)
    let left = try desk.dialogue("key", "passphrase")
    try left.answer(question, Desk.passphrase)
    try left.wait(for: "Passphrase: ")
    left.press(.controlC)
    #expect(try left.end() == 130)
    #expect(try desk.vault == before)

    let done = try desk.dialogue("key", "passphrase")
    try done.answer(question, Desk.passphrase)
    try done.answer("Passphrase: ", Self.new)
    try done.answer("Once more: ", Self.new)
    #expect(try done.end() == 0, "\(done.shown)")
    #expect(done.shown.contains("keys/signing.age has the new passphrase"), "\(done.shown)")
    try desk.folder.write("\(Self.new)\n".utf8, to: "new-passphrase")
    #expect(try desk.unlocked("list").status == 12)
    #expect(try desk.run("list", "--passphrase-file", desk["new-passphrase"]).status == 0)
  }

  @Test func oneKeyFileIsPutUnderAnotherPassphrase() throws {
    let desk = try Desk.withVault()
    let copy = desk["copy.age"]
    try FileManager.default.copyItem(atPath: desk["vault/keys/reading.age"], toPath: copy)
    let wrong = try desk.dialogue("key", "passphrase", copy)
    try wrong.answer("Present passphrase of \(copy): ", "other words that open nothing")
    #expect(try wrong.end() == 12)
    #expect(!wrong.shown.contains("A new passphrase"), "\(wrong.shown)")
    let done = try desk.dialogue("key", "passphrase", copy)
    try done.answer("Present passphrase of \(copy): ", Desk.passphrase)
    try done.wait(for: "A new passphrase for \(copy).")
    try done.answer("Passphrase: ", "four words of mine")
    try done.answer("Once more: ", "four words of mine")
    try done.wait(for: "this passphrase is weak: ")
    #expect(try done.end() == 0, "\(done.shown)")
    let list = try desk.dialogue("list", "--identity", copy)
    try list.answer("Passphrase of \(copy): ", "four words of mine")
    #expect(try list.end() == 0)
    #expect(list.shown.contains("First account"), "\(list.shown)")
  }

  @Test func thePassphraseOfABundleIsShownOnceAndOpensIt() throws {
    let desk = try Desk.withVault()
    let dialogue = try desk.dialogue("export", "0", "--passphrase", "--class", "lawyer", "--output", desk["told.age"])
    try dialogue.answer("Passphrase of the vault: ", Desk.passphrase)
    try dialogue.wait(for: "over another channel than the bundle:\n\n    ")
    let words = String(try dialogue.wait(for: "\n").dropLast())
    #expect(try dialogue.end() == 0, "\(dialogue.shown)")
    #expect(words.split(separator: "-").count == 10 && dialogue.shown.ranges(of: words).count == 1, "\(dialogue.shown)")
    let opening = try desk.dialogue(
      "open", desk["told.age"], "--passphrase", "--output", desk["opened"], "--sender", "anyone")
    try opening.answer(": ", words)
    #expect(try opening.end() == 0, "\(opening.shown)")
    #expect(!opening.shown.contains(words))
  }
}
