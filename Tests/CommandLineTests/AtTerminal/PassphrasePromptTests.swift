import Foundation
import TestFolders
import Testing

/// A passphrase that is asked for: nobody behind the person reads it, and the terminal is afterwards as it was.
@Suite struct PassphrasePromptTests {
  private static let question = "Passphrase of the vault: "
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  @Test func whatIsTypedIsNotShownAndTheTerminalIsAsBefore() throws {
    let dialogue = try desk.dialogue("list")
    #expect(dialogue.settingsBefore.isEchoing)
    try dialogue.wait(for: Self.question)
    #expect(!dialogue.settings.isEchoing)
    dialogue.type(Desk.passphrase)
    #expect(try dialogue.end() == 0)
    #expect(dialogue.shown.contains("First account"), "\(dialogue.shown)")
    #expect(!dialogue.shown.contains(Desk.passphrase) && !dialogue.shown.contains("seven"))
    #expect(dialogue.settings == dialogue.settingsBefore)
  }

  /// As a shell does that goes on with a process which it had stopped.
  @Test func echoThatSomebodyBringsBackIsTakenAwayAndTheQuestionAskedAgain() throws {
    let dialogue = try desk.dialogue("list")
    try dialogue.wait(for: Self.question)
    try dialogue.typeAndWaitUntilRead("half of another ")
    dialogue.bringEchoBack()
    try dialogue.wait(for: Self.question)
    #expect(!dialogue.settings.isEchoing)
    dialogue.type(Desk.passphrase)
    #expect(try dialogue.end() == 0, "\(dialogue.shown)")
    #expect(!dialogue.shown.contains("seven") && dialogue.shown.contains("First account"), "\(dialogue.shown)")
    #expect(dialogue.settings == dialogue.settingsBefore)
  }

  @Test(arguments: [Dialogue.Key.controlC, .controlD]) func whoeverLeavesHasChangedNothing(key: Dialogue.Key) throws {
    let before = try desk.vault
    for words in [["list"], ["add", desk["material/minutes.txt"]] + Desk.document, ["export", "0", "--to", "desk"]] {
      let output = words[0] == "export" ? ["--output", desk["out.age"]] : []
      let dialogue = try desk.dialogue(words + output)
      try dialogue.wait(for: Self.question)
      dialogue.typeOnly("seven plain")
      dialogue.press(key)
      #expect(try dialogue.end() == 130, "\(dialogue.shown)")
      #expect(dialogue.shown == "\(Self.question)\n", "\(dialogue.shown)")
      #expect(dialogue.settings == dialogue.settingsBefore)
    }
    #expect(try desk.vault == before)
    #expect(!FileManager.default.fileExists(atPath: desk["out.age"]))
  }

  @Test func aMachineThatShutsDownLeavesTheTerminalAsItWas() throws {
    let dialogue = try desk.dialogue("list")
    try dialogue.wait(for: Self.question)
    dialogue.send(signal: SIGTERM)
    #expect(try dialogue.end() == 130, "\(dialogue.shown)")
    #expect(dialogue.settings == dialogue.settingsBefore)
  }

  @Test func aWrongPassphraseIsSaidToBeWrongAndNotShown() throws {
    let before = try desk.vault
    let dialogue = try desk.dialogue(["add", desk["material/minutes.txt"]] + Desk.document)
    try dialogue.answer(Self.question, "other words that open nothing")
    #expect(try dialogue.end() == 12)
    #expect(dialogue.shown.contains("evidence: error: "), "\(dialogue.shown)")
    #expect(!dialogue.shown.contains("other words"))
    #expect(try desk.vault == before)
  }

  @Test func whatWasMistypedIsTakenBackLetterByLetterOrAtOnce() throws {
    let dialogue = try desk.dialogue("list")
    try dialogue.wait(for: Self.question)
    dialogue.press(.erase)
    dialogue.typeOnly("never mind")
    dialogue.press(.controlU)
    dialogue.typeOnly("\(Desk.passphrase)sҷ")
    dialogue.press(.erase)
    dialogue.press(.erase)
    dialogue.type("")
    #expect(try dialogue.end() == 0, "\(dialogue.shown)")
  }

  @Test func nothingAndTooMuchAreNoPassphrase() throws {
    let empty = try desk.dialogue("list")
    try empty.answer(Self.question, "")
    #expect(try empty.end() == 64)
    #expect(empty.shown.contains("no passphrase was typed"), "\(empty.shown)")
    let long = try desk.dialogue("list")
    try long.wait(for: Self.question)
    long.typeOnly(String(repeating: "x", count: 4_097))
    #expect(try long.end() == 64)
    #expect(long.shown.contains("the passphrase is too long") && !long.shown.contains("xx"), "\(long.shown)")
    #expect(long.settings == long.settingsBefore)
  }

  @Test func theQuestionIsInTheLanguageOfThePerson() throws {
    desk.surroundings = ["EVIDENCE_LANGUAGE": "ru"]
    let dialogue = try desk.dialogue("list")
    try dialogue.answer("Парольная фраза хранилища: ", Desk.passphrase)
    #expect(try dialogue.end() == 0, "\(dialogue.shown)")
  }

  @Test func aSealedIdentityFileAndASealedFileAskForTheirOwn() throws {
    try desk.folder.write("the content".utf8, to: "plain")
    let sealing = try desk.dialogue("seal", desk["plain"], "--passphrase", "--output", desk["sealed.age"])
    try sealing.answer("Passphrase: ", "words for this one file alone")
    try sealing.answer("Once more: ", "words for this one file alone")
    #expect(try sealing.end() == 0, "\(sealing.shown)")
    let opening = try desk.dialogue("unseal", desk["sealed.age"])
    try opening.answer("Passphrase of the file: ", "words for this one file alone")
    #expect(try opening.end() == 0, "\(opening.shown)")
    #expect(opening.shown.hasSuffix("the content"), "\(opening.shown)")
    let refused = try desk.dialogue("seal", desk["plain"], "--passphrase")
    #expect(try refused.end() == 64)
    #expect(refused.shown.contains("a sealed file is not for a terminal"), "\(refused.shown)")
  }
}
