import Age
import EvidenceVault
import Foundation
import StrictJSON
import TestFolders
import Testing

/// A form, question by question.
@Suite struct FormDialogueTests {
  private let desk: Desk
  private let path: String
  private let key: [String]

  init() throws {
    desk = try Desk.withVault()
    path = try desk.folder.write("secret".utf8, to: "new.txt")
    key = ["--passphrase-file", desk["passphrase"]]
  }

  private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: desk[name]) }

  /// Keeps a draft as a form does that was left at the field `next`.
  private func keep(_ fields: JSONObject, next: String, kind: String = "testimony", in name: String) throws {
    let vault = try Vault(opening: desk["vault"], environment: VaultEnvironment())
    try desk.folder.write(
      FormDraft(kind: kind, fields: fields, next: next).sealed(for: CheckedReaders(of: vault)), to: name)
  }

  private static let testimony: JSONObject = [
    "title": "Second account", "witness.code": "Grey Wren", "witness.name": "Фирӯз Намунаев", "interview.date": "2023",
    "interview.language": "ru",
  ]

  @Test func whatDoesNotFitIsAskedAgainAndWhatIsMissingAtTheEnd() throws {
    let form = try desk.dialogue(["form", "document", "--add", path] + key)
    try form.answer("Title [title] * required\n> ", "")
    try form.answer("This has to be answered.\n> ", "?")
    try form.wait(for: "What this document is, in a few words.")
    try form.answer("> ", "Letter of the ministry\\")
    try form.answer("> ", "of \u{1b}[31mMay")
    try form.answer("Case [case]\n> ", "<")
    // A text of several lines is shown as such, and nothing that a terminal would obey.
    try form.wait(for: "now: Letter of the ministry\n    of \\u{1b}[31mMay\n> ")
    form.type("Letter of the ministry")
    try form.answer("Case [case]\n> ", "juniper")
    try form.answer("[notes]\n> ", "<")
    try form.answer("now: juniper\n> ", "-")
    try form.answer("> ", "!")
    try form.wait(for: "document.kind: This has to be answered.")
    try form.wait(for: "16 note — note")
    try form.answer("> ", "99")
    try form.answer("\n> ", "noet")
    try form.wait(for: "did you mean note?")
    try form.answer("> ", "16")
    try form.answer("> ", "!")
    let record = try form.wait(for: "Is it right? (yes/no, < to go back)\n> ")
    #expect(record.contains("Title [title]: Letter of the ministry\n"), "\(record)")
    #expect(record.contains("Kind of document [document.kind]: note\n") && !record.contains("juniper"), "\(record)")
    form.type("perhaps")
    try form.answer("Answer yes or no.\n> ", "<")
    try form.wait(for: "[texts.language]\n")
    try form.answer("10 other — another language\n> ", "!")
    try form.answer("Is it right? (yes/no, < to go back)\n> ", "y")
    #expect(try form.end() == 0, "\(form.shown)")
    #expect(!form.shown.contains("\u{1b}[31m"))
    #expect(form.settings == form.settingsBefore)
    #expect(try desk.unlocked("list").output.contains("Letter of the ministry"))
  }

  @Test(arguments: [".", "", nil]) func whoeverLeavesGoesOnFromTheDraft(line: String?) throws {
    let before = try desk.vault
    let form = try desk.dialogue(["form", "document", "--add", path, "--draft", desk["my.draft"]] + key)
    try form.answer("[title] * required\n> ", "A telling title")
    try form.wait(for: "[case]\n> ")
    #expect(exists("my.draft") && !form.shown.contains("the answers are lost"))
    if line == "." {
      form.type(".")
    } else {
      form.typeOnly(line == nil ? "" : "half an answ")
      form.press(line == nil ? .controlD : .controlC)
    }
    #expect(try form.end() == 3, "\(form.shown)")
    #expect(form.shown.contains("nothing was added; the answers are kept, sealed, in "), "\(form.shown)")
    #expect(form.settings == form.settingsBefore)
    let draft = try #require(FileManager.default.contents(atPath: desk["my.draft"]))
    #expect(draft.range(of: Data("telling".utf8)) == nil && draft.starts(with: Data("age-encryption.org/v1\n".utf8)))
    #expect(try desk.vaultWithoutCaches == before.withoutCaches)

    let resumed = try desk.dialogue(
      ["form", "document", "--add", path, "--resume", desk["my.draft"], "--language", "tg"] + key)
    try resumed.answer("[case]\n> ", "!")
    try resumed.answer("> ", "note")
    try resumed.answer("> ", "!")
    #expect(try resumed.wait(for: "Дуруст аст? (ҳа/не, < ба қафо)\n> ").contains("[title]: A telling title\n"))
    resumed.type("ҳа")
    #expect(try resumed.end() == 0, "\(resumed.shown)")
    #expect(!exists("my.draft"))
    #expect(try desk.unlocked("list").output.contains("A telling title"))
  }

  @Test func consentOfOneClassIsAskedForOnlyIfItDiffers() throws {
    let question = "Is consent different for some kind of recipient? (yes/no)\n> "
    let (first, second) = ("consent.own_org.name_to_government", "consent.exile_archive.name_to_government")
    try keep(Self.testimony, next: first, in: "kept")
    func resume() throws -> Dialogue {
      try desk.dialogue(["form", "testimony", "--add", path, "--resume", desk["kept"]] + key)
    }
    for word in [".", nil] {
      let left = try resume()
      try left.wait(for: question)
      if let word { left.type(word) } else { left.press(.controlC) }
      #expect(try left.end() == 3, "\(left.shown)")
      #expect(left.shown.ranges(of: "Is consent different").count == 1, "\(left.shown)")
      #expect(exists("kept"))
    }
    let differing = try resume()
    try differing.answer(question, "maybe")
    try differing.answer("Answer yes or no.\n> ", "yes")
    try differing.answer("[\(first)]\n", "?")
    try differing.answer("one of yes, no, ask\n> ", "no")
    try differing.answer("[\(second)]\n", "<")
    try differing.wait(for: "[consent.name_to_government]")
    try differing.answer("> ", ".")
    #expect(try differing.end() == 3, "\(differing.shown)")
    let enough = try resume()
    try enough.answer("> ", "!")
    #expect(try enough.wait(for: "Is it right?").contains("Title [title]: Second account\n"))
    try enough.answer("> ", "no")
    #expect(try enough.end() == 3, "\(enough.shown)")
  }

  @Test func wordsOfANameElsewhereAreAskedAbout() throws {
    var fields = Self.testimony
    fields["account"] = "They asked Фирӯз Намунаев to sign"
    fields["interview.first_interview"] = true
    fields["interview.duration_minutes"] = 40
    fields["witness.knowledge"] = ["saw", "document"]
    try keep(fields, next: "consent.conditions", in: "kept")
    let question = "Is that meant? (yes/no)\n> "
    let form = try desk.dialogue(["form", "testimony", "--add", path, "--resume", desk["kept"]] + key)
    try form.answer("[consent.conditions]\n> ", "!")
    let shown = try form.wait(for: question)
    #expect(shown.contains("words of a name also stand here [witness.name]"), "\(shown)")
    #expect(shown.contains("[witness.knowledge]: saw; document\n") && shown.contains("minutes]: 40\n"), "\(shown)")
    #expect(shown.contains("[interview.first_interview]: yes\n"), "\(shown)")
    form.type("no")
    try form.answer("]\n> ", "!")
    try form.wait(for: question)
    form.press(.controlC)
    #expect(try form.end() == 3, "\(form.shown)")
    let meant = try desk.dialogue(["form", "testimony", "--add", path, "--resume", desk["kept"]] + key)
    try meant.answer("> ", "!")
    try meant.answer(question, "yes")
    try meant.answer("Is it right? (yes/no, < to go back)\n> ", "yes")
    #expect(try meant.end() == 0, "\(meant.shown)")
    #expect(!exists("kept"))
  }

  @Test(arguments: [true, false]) func aRecordThatCannotBeAddedCanBeTriedAgain(isAgain: Bool) throws {
    let before = try desk.vaultWithoutCaches
    let form = try desk.dialogue(["form", "document", "--add", path, "--required"] + key)
    try form.answer("[title] * required\n> ", "A telling title")
    try form.answer("> ", "note")
    try form.wait(for: "Is it right? (yes/no, < to go back)\n> ")
    try FileManager.default.moveItem(atPath: desk["vault/checkpoint"], toPath: desk["elsewhere"])
    form.type("yes")
    try form.wait(for: "evidence: error: ")
    try form.wait(for: "This form alone has the answers. Try again? (yes/no)\n> ")
    try FileManager.default.moveItem(atPath: desk["elsewhere"], toPath: desk["vault/checkpoint"])
    form.type(isAgain ? "yes" : "no")
    #expect(try (form.end() == 0) == isAgain, "\(form.shown)")
    #expect(try (desk.vaultWithoutCaches == before) != isAgain)
    #expect(try desk.unlocked("list").output.contains("A telling title") == isAgain)
  }

  @Test func aNumberThatLeadsNowhereIsAskedForAgain() throws {
    let fields: JSONObject = ["title": "A copy", "document.kind": "note", "translation_of": 9000]
    try keep(fields, next: "derived_from", kind: "document", in: "kept")
    let form = try desk.dialogue(["form", "document", "--add", path, "--resume", desk["kept"]] + key)
    try form.answer("[derived_from]\n> ", "2")
    try form.wait(for: "expected the number of an item of kind document, testimony, and entry 2 is of kind recipient")
    try form.answer("> ", "9000")
    try form.wait(for: "expected the number of an entry of this vault\n> ")
    // The original comes in while the form is open.
    let added = try desk.unlocked(["add", desk["material/minutes.txt"], "--json"] + Desk.document)
    let original = try #require(added.json["item"] as? Int)
    form.type("\(original)")
    try form.answer("\n> ", "!")
    try form.wait(for: "translation_of: expected the number of an entry of this vault")
    try form.answer("now: 9000\n> ", "1")
    try form.answer("\n> ", "!")
    let record = try form.wait(for: "Is it right? (yes/no, < to go back)\n> ")
    #expect(record.contains("[derived_from]: \(original)\n") && record.contains("[translation_of]: 1\n"), "\(record)")
    form.type("yes")
    #expect(try form.end() == 0, "\(form.shown)")
  }

  private let secret = "words for this draft alone"

  /// Makes an intake vault, and begins a form there with a draft: where nothing reads back, the draft is under a
  /// passphrase, which is asked for first.
  ///
  /// - Returns: the form, and the words of the command but for the draft.
  private func beginOnIntakeVault() throws -> (Dialogue, [String]) {
    let made = try desk.run("card").output
    let reader = try #require(made.split(separator: "\n").first { $0.contains("age1") }?.split(separator: " ").last)
    try #require(desk.run(["init", desk["intake"], "--reader", String(reader)] + key).status == 0)
    let words = ["form", "document", "--add", path, "--vault", desk["intake"]] + key
    let form = try desk.dialogue(words + ["--draft", desk["my.draft"]])
    try form.wait(for: "A new passphrase for the draft.")
    try form.answer("Passphrase: ", secret)
    try form.answer("Once more: ", secret)
    return (form, words)
  }

  @Test func onAnIntakeVaultTheDraftIsUnderAPassphrase() throws {
    let draft = desk["my.draft"]
    let (form, words) = try beginOnIntakeVault()
    try form.answer("[title] * required\n> ", "A telling title")
    try form.wait(for: "[case]\n> ")
    #expect(!exists("my.draft"))
    form.press(.controlC)
    #expect(try form.end() == 3, "\(form.shown)")
    #expect(exists("my.draft"))
    let wrong = try desk.dialogue(words + ["--resume", draft])
    try wrong.answer("Passphrase of the draft: ", "words for another draft")
    #expect(try wrong.end() == 12, "\(wrong.shown)")
    let resumed = try desk.dialogue(words + ["--resume", draft, "--language", "ru"])
    try resumed.answer("Passphrase of the draft: ", secret)
    try resumed.answer("[case]\n> ", "<")
    try resumed.answer("A telling title\n> ", "!")
    try resumed.answer("> ", "note")
    try resumed.answer("> ", "!")
    try resumed.answer("Всё верно? (да/нет, < назад)\n> ", "да")
    #expect(try resumed.end() == 0, "\(resumed.shown)")
    #expect(!exists("my.draft") && !resumed.shown.contains(secret))
  }

  /// A shell sends the signal once more when its terminal is closed.
  @Test(arguments: [[SIGHUP], [SIGTERM], [SIGHUP, SIGHUP]])
  func aProcessThatIsAskedToEndLosesNoAnswer(signals: [Int32]) throws {
    let (form, words) = try beginOnIntakeVault()
    try form.answer("[title] * required\n> ", "A telling title\\")
    try form.answer("> ", "of two lines\\")
    try form.wait(for: "> ")
    for signal in signals { form.send(signal: signal) }
    #expect(try form.end() == 130, "\(form.shown)")
    #expect(form.shown.contains("the answers are kept, sealed, in "), "\(form.shown)")
    #expect(form.settings == form.settingsBefore)
    let resumed = try desk.dialogue(words + ["--resume", desk["my.draft"]])
    try resumed.answer("Passphrase of the draft: ", secret)
    try resumed.wait(for: "now: A telling title\n    of two lines\n> ")
    resumed.press(.controlC)
    #expect(try resumed.end() == 3, "\(resumed.shown)")
  }

  /// Then input ends and a signal comes at once.
  @Test func aTerminalThatIsGoneLosesNoAnswer() throws {
    let (form, words) = try beginOnIntakeVault()
    try form.answer("[title] * required\n> ", "A telling title")
    try form.wait(for: "[case]\n> ")
    #expect(try form.hangUp() != 0)
    let resumed = try desk.dialogue(words + ["--resume", desk["my.draft"]])
    try resumed.answer("Passphrase of the draft: ", secret)
    try resumed.answer("[case]\n> ", "<")
    try resumed.wait(for: "now: A telling title\n> ")
    resumed.press(.controlC)
    #expect(try resumed.end() == 3, "\(resumed.shown)")
  }

  /// Each line that was ended is in the draft before the next is asked for; an earlier answer stays until the new one
  /// is whole.
  @Test func theBeginningOfALongAnswerIsKept() throws {
    let words = ["form", "document", "--add", path] + key
    let form = try desk.dialogue(words + ["--draft", desk["my.draft"]])
    try form.answer("[title] * required\n> ", "Letter of the ministry\\")
    try form.wait(for: "> ")
    form.send(signal: SIGKILL)
    #expect(try form.end() == nil)
    for _ in 0..<2 {
      let resumed = try desk.dialogue(words + ["--resume", desk["my.draft"]])
      try resumed.answer("now: Letter of the ministry\n> ", "Another one\\")
      try resumed.wait(for: "> ")
      resumed.press(.controlC)
      #expect(try resumed.end() == 3, "\(resumed.shown)")
    }
  }

  @Test func aRecordIsWrittenToAFileInTheOpenWhereThatIsAsked() throws {
    let form = try desk.dialogue("form", "document", "--output", desk["record.json"], "--required")
    try form.wait(for: "the answers are lost if you leave, or the terminal is closed: --draft FILE keeps them, sealed")
    try form.answer("[title] * required\n> ", "A telling title")
    try form.answer("> ", "note")
    try form.answer("Is it right? (yes/no, < to go back)\n> ", "yes")
    #expect(try form.end() == 0, "\(form.shown)")
    #expect(form.shown.contains("is not sealed: whoever finds it can read it"), "\(form.shown)")
    let text = try String(contentsOfFile: desk["record.json"], encoding: .utf8)
    #expect(text.contains("\"title\": \"A telling title\"") && text.hasSuffix("}\n"), "\(text)")
    let added = try desk.unlocked("add", path, "--record", desk["record.json"], "--kind", "document")
    #expect(added.status == 0, "\(added.errors)")
  }

  @Test func whatCannotBeMeantIsRefusedBeforeAnyQuestion() throws {
    try keep([:], next: "", kind: "document", in: "document.draft")
    try desk.folder.write("no draft".utf8, to: "damaged.draft")
    let vault = try Vault(opening: desk["vault"], environment: VaultEnvironment())
    try desk.folder.write(Sealing.seal(Array("{}".utf8), for: vault.note.readers), to: "other.draft")
    let before = try Tree(of: desk.folder.path)
    for (words, status, sentence) in [
      (["document"], 64, "say what is to become of the record"),
      (["document", "--add", path, "--output", desk["x"]], 64, "say what is to become of the record"),
      (["document", path, "--output", desk["x"]], 64, "files go with --add alone"),
      (["document", "--add"], 64, "nothing was given to work on"),
      (["export", "--add"], 64, "export"),
      (["document", "--add", path, "--draft", desk["a"], "--resume", desk["b"]], 64, "--resume names the draft"),
      (["document", "--add", path, "--draft", desk["document.draft"]], 1, "exists already"),
      (["document", "--output", path], 1, "exists already"),
      (["document", "--add", path, "--draft", desk["nowhere/a"]], 1, "is not there"),
      (["document", "--add", path, "--resume", desk["nowhere"]], 1, "is not there"),
      (["testimony", "--add", path, "--resume", desk["document.draft"]], 64, "the draft is for a document"),
      (["document", "--add", path, "--resume", desk["damaged.draft"]], 20, "this is not a sealed (age) file"),
      (["document", "--add", path, "--resume", desk["other.draft"]], 64, "record"),
    ] as [([String], Int32, String)] {
      let refused = try desk.dialogue(["form"] + words + key)
      #expect(try refused.end() == status, "\(words): \(refused.shown)")
      #expect(refused.shown.contains("evidence: error: "), "\(words): \(refused.shown)")
      #expect(refused.shown.contains(sentence), "\(words): \(refused.shown)")
    }
    #expect(try Tree(of: desk.folder.path) == before)
  }
}

extension Tree {
  /// A vault without what any reader may make again.
  fileprivate var withoutCaches: Tree {
    var tree = self
    for name in ["catalog.age", "fields.age"] { tree[name] = nil }
    return tree
  }
}
