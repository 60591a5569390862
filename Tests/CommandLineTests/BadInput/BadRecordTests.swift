import TestFolders
import Testing

/// Records that their schema refuses, and command lines that cannot be meant.
@Suite struct BadRecordTests {
  private let desk: Desk
  private let file: String

  init() throws {
    desk = try Desk.withVault()
    file = desk["material/minutes.txt"]
  }

  @Test(arguments: [
    (["--set", "titel=x"], "did you mean title?"), (["--set", "text_content.method=typd"], "did you mean typed?"),
    (["--set", "document_date=yesterday"], "expected a date"), (["--set", "title"], "has no value"),
    (["--set", "issuer=Office", "--set", "issuer=Court"], "the field issuer is given twice"),
    (["--set", "title=Other"], "the field title is given twice"),
    (["--set", "people_shown=A", "--set", "people_shown=B"], "--set people_shown=ONE,ANOTHER"),
    (["--set", "derived_from=1", "--set", "translation_of=2"], "the number of an item of kind testimony, document"),
    (["--set", "=x"], "has no field"), (["--title", String(repeating: "x", count: 201)], "at most 200 characters"),
  ])
  func aFieldThatDoesNotFitIsRefused(words: [String], said: String) throws {
    try expectRefusal(64, at: desk) {
      let outcome = try desk.unlocked(["add", file] + Desk.document + words)
      #expect(outcome.errors.contains(said), "\(outcome.errors)")
      return outcome
    }
  }

  @Test(arguments: [
    ["--set", "consent.media=refused", "--set", "consent.media=full"],
    ["--set", "consent.media=full", "--unset"]
      + ["consent.media"], ["--unset", "consent.lawyer", "--unset", "consent.lawyer"],
  ])
  func anAmendmentSaysOnceWhatAFieldIsToBe(words: [String]) throws {
    try expectRefusal(64, at: desk) {
      let outcome = try desk.unlocked(["amend", "1", "--reason", "r"] + words)
      #expect(outcome.errors.contains("is given twice"), "\(outcome.errors)")
      return outcome
    }
  }

  @Test func anEventInTheHistorySaysOnceWhatAFieldIsToBe() throws {
    try expectRefusal(64, at: desk) {
      try desk.unlocked("history", "1", "--enter", "copied", "--set", "to=A", "--set", "to=B")
    }
  }

  @Test func aMissingFieldIsNamed() throws {
    try expectRefusal(64, at: desk) {
      let outcome = try desk.unlocked("add", file, "--kind", "document", "--title", "t")
      #expect(outcome.errors.contains("needs the field document.kind"))
      return outcome
    }
  }

  @Test(arguments: ["testimoni", "recipient", "export", ""]) func aKindThatIsNoneIsRefused(kind: String) throws {
    try expectRefusal(64, at: desk) { try desk.unlocked("add", file, "--kind", kind, "--title", "t") }
  }

  @Test(arguments: [
    ("", "not a JSON object: it ends too early (line 1)"), ("{\n  'title': 'a'}", "' cannot stand here (line 2)"),
    ("not json", "o cannot stand here"), ("[1]", "not a JSON object"), ("\"text\"", "not a JSON object"),
    ("{\"title\": \"a\", \"title\": \"b\"}", "title stands in it twice"),
    ("{\"\\u001b[2J\": 1, \"\\u001b[2J\": 2}", "\\u{1b}[2J stands in it twice"),
    ("{\"title\": \"a\"} x", "something follows behind its end"), ("{\"title\": 1}", "the value of title does not fit"),
    ("{\"title\": \"a\", \"nested\": {}}", "has no field called nested"),
    ("{\"title\": \"\\ud800\"}", "\\u stands with half of a character alone"),
    ("{\"title\": \"\\x\"}", "what follows a backslash"),
    ("{\"title\": \"a\nb\"}", "a line break, tab or other control"),
    ("{\"title\": 01}", "a number begins with a zero"), ("{\"title\": 1e999}", "a number is too large or too small"),
    ("\u{feff}{}", "something that cannot be seen"), (String(repeating: "[", count: 99), "lie too deep"),
  ])
  func aRecordFileThatIsNoRecordIsRefusedInWords(text: String, words: String) throws {
    let record = try desk.folder.write(text.utf8, to: "record.json")
    try expectRefusal(64, at: desk) {
      let outcome = try desk.unlocked(
        "add", file, "--kind", "document", "--set", "document.kind=note", "--record", record)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      return outcome
    }
  }

  @Test func aRecordFileThatIsNotThereIsRefused() throws {
    try expectRefusal(1, at: desk) { try desk.unlocked("add", file, "--kind", "document", "--record", desk["missing"]) }
    try expectRefusal(1, at: desk) {
      try desk.unlocked("add", file, "--kind", "document", "--record", desk["material"])
    }
  }

  @Test func aRecordFileGivesTheFields() throws {
    let record = try desk.folder.write(
      "{\"title\": \"From a file\", \"document.kind\": \"note\"}".utf8, to: "record.json")
    #expect(try desk.unlocked("add", file, "--kind", "document", "--record", record).status == 0)
    #expect(try desk.unlocked("show", "7").output.contains("From a file"))
  }

  @Test(arguments: [
    ["frob"], ["add"], ["show"], ["show", "x"], ["show", "0", "1"], ["list", "--kindd", "x"], ["list", "--kind"],
    ["recipient", "add"], ["export"], ["seal"], ["seal", "-r", "age1qqq", "--passphrase"], ["key", "generate"],
    ["open", "x"],
    ["list", "--kind", "testimoni"], ["schema", "testimoni"],
  ])
  func aCommandLineThatCannotBeMeantIsRefused(words: [String]) throws {
    try expectRefusal(64, at: desk) { try desk.run(words) }
  }

  @Test func optionsThatContradictEachOtherAreRefused() throws {
    let output = ["--output", desk["output/b"]]
    try expectRefusal(64, at: desk) { try desk.unlocked(["export", "0", "--to", "desk", "--passphrase"] + output) }
    try expectRefusal(64, at: desk) { try desk.unlocked(["export", "0"] + output) }
    try expectRefusal(64, at: desk) { try desk.unlocked("export", "0", "--to", "desk") }
    try expectRefusal(64, at: desk) {
      try desk.unlocked(["export", "0", "--to", "desk", "--disclose", "witnes.name"] + output)
    }
    try expectRefusal(64, at: desk) {
      try desk.unlocked(["export", "0", "--to", "desk", "--withhold", "file:x"] + output)
    }
  }
}
