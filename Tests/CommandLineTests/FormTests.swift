import Foundation
import TestFolders
import Testing

/// A form, filled in at a terminal that `script` makes.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"))) struct FormTests {
  /// Runs a form and types `lines`; what the terminal showed comes back.
  private func fill(_ desk: Desk, _ words: [String], typing lines: [String]) throws -> Outcome {
    let command = ([Program.path, "form"] + words + ["--passphrase-file", desk["passphrase"]])
      .map { "'\($0)'" }.joined(separator: " ")
    return try desk.start(
      ["-q", "-e", "-c", command, "/dev/null"].map { Array($0.utf8) }, program: "/usr/bin/script",
      input: Array((lines.joined(separator: "\n") + "\n").utf8)
    ).wait()
  }

  /// Answers to all questions of a document: the title, the kind, and nothing else.
  private func answers(_ desk: Desk, _ given: [String: String]) throws -> [String] {
    let fields = try #require(try desk.run("schema", "document", "--json").json["fields"] as? [[String: Any]])
    return fields.map { given[$0["name"] as? String ?? ""] ?? "" }
  }

  @Test func aRecordIsAskedForShownAndAddedWithoutTouchingTheDisk() throws {
    let desk = try Desk.withVault()
    let entries = try #require(try desk.run("verify", "--json").json["entries"] as? Int)
    let path = try desk.folder.write("secret".utf8, to: "new.txt")
    var lines = try answers(desk, ["title": "Номаи\\", "document.kind": "note"])
    lines.insert("second line\u{7}", at: 1)
    lines.insert(contentsOf: ["?", "<"], at: 0)
    let filled = try fill(
      desk, ["document", "--add", path, "--language", "ru", "--draft", desk["my.draft"]], typing: lines + ["да"])
    #expect(filled.status == 0, "\(filled.output) \(filled.errors)")
    #expect(filled.output.contains("Название [title] * обязательно"))
    #expect(!filled.output.contains("second line\u{7}\r\n    "))
    #expect(filled.output.contains("item \(entries): 1 file"))
    #expect(!FileManager.default.fileExists(atPath: desk["my.draft"]))
    let shown = try desk.unlocked("show", "\(entries)")
    #expect(shown.output.contains("Номаи"))
  }

  @Test func aFormThatIsLeftIsKeptSealedAndGoesOn() throws {
    let desk = try Desk.withVault()
    let before = try desk.vault
    let path = try desk.folder.write("secret".utf8, to: "new.txt")
    let left = try fill(
      desk, ["document", "--add", path, "--draft", desk["my.draft"]], typing: ["A telling title", "."])
    #expect(left.status == 3, "\(left.output)")
    #expect(left.output.contains("nothing was added"))
    let draft = try #require(FileManager.default.contents(atPath: desk["my.draft"]))
    #expect(draft.range(of: Data("telling".utf8)) == nil)
    #expect(try desk.vault == before)
    let rest = try answers(desk, ["document.kind": "note"]).dropFirst()
    let done = try fill(desk, ["document", "--add", path, "--resume", desk["my.draft"]], typing: rest + ["yes"])
    #expect(done.status == 0, "\(done.output)")
    #expect(!FileManager.default.fileExists(atPath: desk["my.draft"]))
    #expect(try desk.unlocked("list").output.contains("A telling title"))
  }

  @Test func onlyWhatIsRequiredIsAsked() throws {
    let desk = try Desk.withVault()
    let path = try desk.folder.write("secret".utf8, to: "new.txt")
    let filled = try fill(desk, ["document", "--add", path, "--required"], typing: ["A telling title", "note", "yes"])
    #expect(filled.status == 0, "\(filled.output)")
    #expect(!filled.output.contains("[issuer]") && filled.output.contains("[document.kind]"))
    let sheet = try fill(
      desk, ["document", "--add", path, "--template", "hrd"], typing: ["Another", "note", "2023-05", "!", "yes"])
    #expect(sheet.status == 0 && sheet.output.contains("[issuer]") && !sheet.output.contains("[obtained_by]"))
    // Without a file, the words of a witness are what there is.
    let testimony = try fill(desk, ["testimony", "--add", "--required"], typing: ["."])
    #expect(testimony.status == 3 && testimony.output.contains("[title]"), "\(testimony.output)")
    let unknown = try desk.unlocked("form", "document", "--add", path, "--template", "hdr")
    #expect(unknown.status == 64 && unknown.errors.contains("did you mean hrd?"), "\(unknown.errors)")
  }

  @Test func whoeverHasSaidEnoughIsAskedOnlyForWhatIsMissing() throws {
    let desk = try Desk.withVault()
    let path = try desk.folder.write("secret".utf8, to: "new.txt")
    let filled = try fill(desk, ["document", "--add", path], typing: ["A telling title", "!", "note", "!", "yes"])
    #expect(filled.status == 0, "\(filled.output)")
    #expect(filled.output.contains("document.kind: This has to be answered."))
    #expect(try desk.unlocked("list").output.contains("A telling title"))
  }

  @Test func aFormNeedsATerminal() throws {
    let desk = try Desk.withVault()
    let refused = try desk.unlocked("form", "dissolution_case", "--add")
    #expect(refused.status == 64)
    #expect(refused.errors.contains("a form needs a terminal"))
  }
}
