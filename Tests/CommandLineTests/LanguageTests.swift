import Foundation
import TestFolders
import Testing

/// What the program says in Russian and Tajik.
@Suite struct LanguageTests {
  /// One step of the story: words of a command, and whether the passphrase is given.
  private struct Step {
    let words: [String]
    let isUnlocked: Bool

    init(_ words: String..., isUnlocked: Bool = true) {
      self.words = words
      self.isUnlocked = isUnlocked
    }
  }

  private static func desk(_ language: String) throws -> Desk {
    let desk = try Desk.withVault()
    desk.surroundings = ["EVIDENCE_LANGUAGE": language]
    try desk.folder.write("title,mode\nOne,wrong\n,court_ordered\n".utf8, to: "cases.csv")
    try desk.folder.write("title,code\nBlue Heron,Blue Heron\n".utf8, to: "persons.csv")
    try desk.folder.write("not a card".utf8, to: "no.card")
    try desk.folder.write("four words of mine\n".utf8, to: "weak")
    return desk
  }

  private static func outcome(_ step: Step, at desk: Desk) throws -> Outcome {
    try step.isUnlocked ? desk.unlocked(step.words) : desk.run(step.words)
  }

  private static func untranslated(at desk: Desk) throws -> Untranslated {
    let words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    let titles = ["First account", "Salvaged item", "the witness called", "Blue Heron", "key lost", "court order"]
    return Untranslated(data: titles + [words, desk.folder.path])
  }

  // MARK: - What works

  private static func story(_ desk: Desk) -> [Step] {
    [
      Step("show", "1"), Step("list"), Step("list", "--text", "nowhere"), Step("history", "1"),
      Step("amend", "1", "--set", "consent.media=refused", "--reason", "the witness called"),
      Step("show", "1"), Step("export", "0", "1", "--to", "desk", "--output", desk["out.age"]),
      Step("open", desk["out.age"], "--output", desk["opened"], "--identity", desk["desk.key"], isUnlocked: false),
      Step(
        "open", desk["out.age"], "--output", desk["opened"], "--identity", desk["desk.key"], "--sender", "anyone",
        isUnlocked: false),
      Step("export", "0", "--to", "desk", "--template", "hrd", "--output", desk["short.age"]),
      Step(
        "export", "0", "--to", "desk", "--template", "hrd", "--allow-incomplete", "--letter", desk["letter.txt"],
        "--split", "1M", "--output", desk["desk parts"]),
      Step("receipt", desk["out.age"], "--unchecked", "--output", desk["out.receipt"]), Step("receipt", "list"),
      Step("receipt", desk["out.age"], "--sender", "anyone", "--output", desk["no.receipt"]),
      Step("key", "split", "--threshold", "2", "--shares", "3", "--output", desk["sheets"]),
      Step(
        "key", "combine", "--share", desk["sheets/share-1.txt"], "--share", desk["sheets/share-3.txt"], "--replace",
        "--new-passphrase-file", desk["passphrase"], isUnlocked: false),
      Step("key", "file", desk["stick"], isUnlocked: false),
      Step("key", "passphrase", "--new-passphrase-file", desk["passphrase"], "--key-file", desk["stick"]),
      Step(
        "key", "passphrase", "--new-passphrase-file", desk["weak"], "--key-file", desk["stick"], "--no-key-file"),
      Step(
        "key", "passphrase", "--passphrase-file", desk["weak"], "--new-passphrase-file", desk["passphrase"],
        isUnlocked: false),
      Step("key", "remove", "--share", desk["sheets/share-1.txt"], "--share", desk["sheets/share-2.txt"]),
      Step("show", "1"),
      Step("key", "restore", "--share", desk["sheets/share-1.txt"], "--share", desk["sheets/share-2.txt"]),
      Step("key", "words", desk["my.card"], isUnlocked: false), Step("card", isUnlocked: false),
      Step("verify", isUnlocked: false), Step("verify", "--deep"), Step("repair"), Step("recipient", "list"),
      Step("recipient", "revoke", "lawyer", "--reason", "key lost"), Step("stats"), Step("case"),
      Step("phrases"), Step("import", desk["cases.csv"], "--kind", "dissolution_case", "--dry-run", isUnlocked: false),
      Step("import", desk["persons.csv"], "--kind", "person"), Step("import", desk["persons.csv"], "--kind", "person"),
      Step("import", desk["persons.csv"], "--kind", "person", "--skip-known"),
      Step("export", "0", "1", "--to", "desk", "--preview"),
      Step("withdraw", "1", "--reason", "the witness called", "--class", "lawyer"), Step("show", "1"),
      Step("get", "1", "--output", desk["got"]), Step("withdraw", "1", "--reason", "the witness called"),
      Step("history", "1", "--enter", "copied"), Step("verify", "--expect", "99 a b c d e f g h", isUnlocked: false),
      Step("salvage", desk["vault"], "--output", desk["new"], "--new-passphrase-file", desk["passphrase"]),
      Step("init", desk["second"]), Step("verify", "--vault", desk["second"], isUnlocked: false),
    ]
  }

  @Test(arguments: ["ru", "tg"]) func everythingThatIsSaidIsInTheLanguage(language: String) throws {
    let (desk, english) = (try Self.desk(language), try Self.desk("en"))
    let untranslated = try Self.untranslated(at: desk)
    for (step, same) in zip(Self.story(desk), Self.story(english)) {
      let (outcome, other) = (try Self.outcome(step, at: desk), try Self.outcome(same, at: english))
      #expect(outcome.status == other.status, "\(step.words): \(outcome.errors)")
      #expect(untranslated.lines(of: outcome.output) == [], "\(step.words)")
      #expect(untranslated.lines(of: outcome.errors) == [], "\(step.words)")
      #expect(!(outcome.output + outcome.errors).contains("Phrase("), "\(step.words)")
      for line in outcome.errorLines { #expect(line.contains(/[а-яё]/), "\(line)") }
    }
  }

  // MARK: - What is refused

  private static func refusals(_ desk: Desk) -> [Step] {
    let output = ["--output", desk["refused"]]
    return [
      Step("show", "77"), Step("show", "x", isUnlocked: false), Step("show", isUnlocked: false),
      Step("xyzzy", isUnlocked: false), Step("list", "--titel", "x", isUnlocked: false),
      Step("list", "--where", "regoin=gbao"), Step("list", "--kind", "documnt"),
      Step("add", desk["missing"], "--kind", "document"), Step("add", "--kind", "document", "--title", "x"),
      Step("add", desk["passphrase"], "--kind", "testimony", "--set", "interview.date=31.02.2023"),
      Step("add", desk["passphrase"], "--kind", "document", "--set", "titel=x"),
      Step("add", desk["passphrase"], "--kind", "document", "--set", "document.kind=summon"),
      Step("amend", "1", "--unset", "mode", "--reason", "x"), Step("recipient", "add", "new", desk["no.card"]),
      Step("recipient", "add", "new", desk["no.card"], "--class", "lawyer"),
      Step("recipient", "revoke", "stranger", "--reason", "x"),
      Step("recipient", "add", "new", desk["my.card"], "--class", "lawyer", "--words", "a b c d e f g h"),
      Step("recipient", "check", "desk", "--words", "a b c d e f g h"),
      Step("export", "1", "--to", "desk", "--template", "hdr", output[0], output[1]),
      Step("export", "1", "--to", "desk", "--sheet", "x", output[0], output[1]),
      Step("export", "1", "--to", "desk", "--split", "1K", output[0], output[1]),
      Step("export", "1", "--to", "desk", "--split", "2MiB", output[0], desk["имя с пробелами"]),
      Step("receive", desk["bundle.age"]), Step("receive", desk["bundle.age"], "--sender", "anyone"),
      Step("receipt", desk["bundle.age"], output[0], output[1]), Step("receipt", "add", desk["my.card"]),
      Step("receipt", "show", "0"), Step("open", desk["vault"], output[0], output[1]),
      Step("key", "split", "--threshold", "1", "--shares", "3", output[0], output[1]),
      Step("key", "combine", isUnlocked: false), Step("key", "combine", "--replace", isUnlocked: false),
      Step("key", "combine", "--replace", "--share", desk["my.card"], isUnlocked: false),
      Step("key", "remove"), Step("key", "remove", "--copy", desk["vault/keys/reading.age"]),
      Step("key", "remove", "--copy", desk["lawyer.key"]), Step("key", "remove", "--other-reader", "a b c"),
      Step("key", "remove", "--copy", desk["lawyer.key"], "--same-disk"), Step("key", "restore"),
      Step("key", "restore", desk["lawyer.key"]), Step("key", "file", desk["passphrase"], isUnlocked: false),
      Step("key", "passphrase", "--no-key-file", "--new-key-file", "x"), Step("key", "passphrase", "x", "--vault", "y"),
      Step("key", "passphrase", "--new-passphrase-file", desk["passphrase"]),
      Step("key", "passphrase", "--new-passphrase-file", desk["no.card"], desk["lawyer.key"]),
      Step("list", "--key-file", desk["no.card"]), Step("list", "--key-file", "/dev/zero"),
      Step("export", "1", "--to", "gone", output[0], output[1]),
      Step("export", "1", "--to", "desk", "--class", "lawyer"), Step("export", "x", "--to", "desk", "--preview"),
      Step("disclose", "1", "witness.name", "--to", "desk", output[0], output[1]),
      Step("disclose", "1", "nowhere", "--to", "desk", output[0], output[1]),
      Step("open", desk["passphrase"], "--sender", "anyone", output[0], output[1]),
      Step("open", desk["bundle.age"], "--identity", desk["lawyer.key"], output[0], output[1], isUnlocked: false),
      Step("verify", "--bundle", desk["material"], isUnlocked: false),
      Step("verify", "--vault", desk["material"], isUnlocked: false), Step("init", desk["vault"]),
      Step("verify", "--expect", "5 xy xy xy xy xy xy xy xy", isUnlocked: false),
      Step("accept-restored"), Step("head", "--since", "1", isUnlocked: false),
      Step("witness", "sign", desk["my.card"], "--card", desk["my.card"]),
      Step("witness", "add", desk["my.card"], "--card", desk["no.card"]),
      Step("timestamp", "attach", desk["my.card"], "--authority", desk["my.card"], isUnlocked: false),
      Step("stats", "--by", "xyzzy"), Step("stats", "--minimum", "2"),
      Step("stats", "--reconcile", desk["cases.csv"]),
      Step("case", "X-1"), Step("phrases", "--minimum-words", "0"), Step("seal", desk["passphrase"], isUnlocked: false),
      Step("seal", "-r", "age1x", desk["passphrase"], isUnlocked: false), Step("schema", "testimon", isUnlocked: false),
      Step("unseal", desk["bundle.age"], isUnlocked: false), Step("form", "document", "--add"),
      Step("import", desk["cases.csv"], "--kind", "dissolution_case", isUnlocked: false),
      Step("show", "1", "--passphrase-file", desk["wrong-passphrase"], isUnlocked: false),
    ]
  }

  @Test(arguments: ["ru", "tg"]) func everyRefusalIsInTheLanguage(language: String) throws {
    let desk = try Self.desk(language)
    let untranslated = try Self.untranslated(at: desk)
    let marks = ["ru": ("ошибка", "подсказка"), "tg": ("хато", "маслиҳат")]
    let (error, hint) = try #require(marks[language])
    for step in Self.refusals(desk) {
      let outcome = try Self.outcome(step, at: desk)
      desk.surroundings = ["EVIDENCE_LANGUAGE": "en"]
      let english = try Self.outcome(step, at: desk)
      desk.surroundings = ["EVIDENCE_LANGUAGE": language]
      #expect(outcome.status == english.status && outcome.status != 0, "\(step.words): \(outcome.errors)")
      // A note, such as on a weak passphrase, can come before.
      let lines = outcome.errorLines.drop { $0.hasPrefix("evidence: ") && !$0.hasPrefix("evidence: \(error): ") }
      #expect(lines.first?.hasPrefix("evidence: \(error): ") == true, "\(step.words): \(outcome.errors)")
      #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("\(hint): ") }, "\(outcome.errors)")
      #expect(untranslated.lines(of: outcome.errors + outcome.output) == [], "\(step.words)")
      // The search finds English where it is.
      #expect(!untranslated.lines(of: english.errors).isEmpty, "\(step.words): \(english.errors)")
    }
  }

  // MARK: - Help

  /// Every command as the parser knows it, so that none is forgotten here.
  private static func commands(at desk: Desk) throws -> [[String]] {
    func paths(_ command: Any?, _ path: [String]) -> [[String]] {
      let subcommands = (command as? [String: Any])?["subcommands"] as? [[String: Any]] ?? []
      let named = subcommands.compactMap { one in (one["commandName"] as? String).map { (one, path + [$0]) } }
      return [path] + named.filter { $0.1.last != "help" }.flatMap { paths($0.0, $0.1) }
    }
    return paths(try desk.run("--experimental-dump-help").json["command"], [])
  }

  @Test(arguments: ["ru", "tg"]) func everyExplanationIsInTheLanguage(language: String) throws {
    let desk = try Desk()
    desk.surroundings = ["EVIDENCE_LANGUAGE": language]
    let untranslated = Untranslated(data: [
      "$EVIDENCE_VAULT", "'Content-Type: application/timestamp-query'", "ssh-ed25519 AAAA…", "--data-binary",
    ])
    let commands = try Self.commands(at: desk)
    #expect(commands.count > 40 && commands.contains(["key", "split"]))
    for command in commands {
      let outcome = try desk.run(command + ["--help"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(untranslated.lines(of: outcome.output) == [], "\(command)")
      for english in ["USAGE", "OPTIONS", "OVERVIEW", "SUBCOMMANDS", "Show help"] {
        #expect(!outcome.output.contains(english), "\(command)")
      }
    }
    let first = try desk.run()
    #expect(untranslated.lines(of: first.output) == [])
    #expect(first.output.split(separator: "\n").allSatisfy { $0.count <= 120 })
    desk.surroundings = ["EVIDENCE_LANGUAGE": "en"]
    #expect(untranslated.lines(of: try desk.run().output).count > 20)
  }
}
