import Foundation
import TestFolders
import Testing

/// Damage is told in words for people, with the item, the file and what to do: no name of a value in the program.
@Suite struct DamageWordsTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  private func first(_ prefix: String) throws -> String {
    try #require(desk.vault.files.first { $0.hasPrefix(prefix) })
  }

  private func putPipe(at path: String) throws {
    try TemporaryFolder.remove(desk["vault/\(path)"])
    try #require(unsafe mkfifo(desk["vault/\(path)"], 0o600) == 0)
  }

  /// Words in camel case, and values with their labels, are those of the program's source.
  private func expectWords(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
    for raw in [#/[a-z]{3}[A-Z]/#, #/[a-z]\([a-z]+: /#, #/TilePath|Optional|EvidenceVault|StoreError/#] {
      #expect(text.firstMatch(of: raw) == nil, "\(text)", sourceLocation: sourceLocation)
    }
  }

  /// What the commands print, without the folder of the test, whose name is random.
  private func printed(_ outcome: Outcome) -> String {
    (outcome.output + outcome.errors).replacing(desk.folder.path, with: "")
  }

  @Test func aTileThatCannotBeRead() throws {
    for prefix in ["tile/entries/", "tile/0/"] {
      let path = try first(prefix)
      let whole = try #require(desk.vault[path])
      try putPipe(at: path)
      let shown = try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document)
      expectOneSentence(shown)
      #expect(shown.status == 20, "\(shown.errors)")
      #expect(shown.errors.contains("\(path): the tile cannot be read"), "\(shown.errors)")
      #expect(shown.errors.contains("hint: evidence repair"))
      expectWords(printed(shown))
      let verified = try desk.run("verify")
      #expect(verified.status == 20)
      #expect(verified.output.contains("\(path): "), "\(verified.output)")
      expectWords(printed(verified))
      try TemporaryFolder.remove(desk["vault/\(path)"])
      try desk.folder.write(whole, to: "vault/\(path)")
    }
  }

  @Test(arguments: ["objects/", "records/"]) func aSealedFileThatIsNoFile(prefix: String) throws {
    for path in try desk.vault.files where path.hasPrefix(prefix) { try putPipe(at: path) }
    let got = try (0...1).map { try desk.unlocked("get", "\($0)", "--output", desk["out-\($0)"]) }
    let refused = try #require(got.first { $0.status != 0 })
    expectOneSentence(refused)
    #expect(refused.status == 20)
    #expect(refused.errors.contains(".age: it is no regular file but a folder, pipe, socket or device"))
    #expect(refused.errors.contains(#/error: item [0-9]+: /#))
    #expect(refused.errors.contains("hint: evidence repair --from COPY restores it"))
    for outcome in try [refused, desk.run("verify"), desk.unlocked("verify", "--deep"), desk.unlocked("reseal")] {
      expectWords(printed(outcome))
    }
  }

  @Test func whatIsNoArchiveInsideOfAnObject() throws {
    let note = try String(contentsOfFile: desk["vault/vault.note"], encoding: .utf8)
    let reader = try #require(note.firstMatch(of: /reader (age1\S+)/)).output.1
    try desk.folder.write([UInt8](repeating: 65, count: 2048), to: "plain")
    try desk.folder.write([UInt8](repeating: 0, count: 100), to: "short")
    for (file, words) in [("plain", "it is no archive as this program makes them"), ("short", "it ends too early")] {
      for path in try desk.vault.files where path.hasPrefix("objects/") {
        try TemporaryFolder.remove(desk["vault/\(path)"])
        let sealed = try desk.run("seal", "-r", String(reader), "--output", desk["vault/\(path)"], desk[file])
        #expect(sealed.status == 0, "\(sealed.errors)")
      }
      let got = try desk.unlocked("get", "0", "--output", desk["out"])
      expectOneSentence(got)
      #expect(got.status == 20)
      #expect(got.errors.contains("the archive inside is damaged: \(words)"), "\(got.errors)")
      #expect(got.errors.contains("error: item 0: objects/"))
      #expect(got.errors.contains("hint: evidence repair --from COPY restores it from a copy of the vault"))
      expectWords(printed(got))
    }
  }

  @Test func aKeyFileThatIsNoFile() throws {
    try putPipe(at: "keys/signing.age")
    let added = try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document)
    expectOneSentence(added)
    #expect(added.status == 20)
    #expect(added.errors.contains("keys/signing.age: a folder, link, pipe or device stands in the place of a file"))
    #expect(added.errors.contains("hint: evidence repair moves it aside"))
    expectWords(printed(added))
  }

  @Test func aNoteOrCheckpointThatIsNone() throws {
    for name in ["vault.note", "checkpoint"] {
      let whole = try #require(desk.vault[name])
      for other in [Array("no note\n".utf8), Array(whole.dropLast(8)), try #require(desk.vault["keys/signing.age"])] {
        try Tree.replace(desk["vault/\(name)"], with: other)
        let outcome = try desk.run("verify")
        expectOneSentence(outcome)
        #expect(outcome.status == 20)
        #expect(outcome.errors.contains("\(name): "), "\(outcome.errors)")
        expectWords(printed(outcome))
      }
      try Tree.replace(desk["vault/\(name)"], with: whole)
    }
  }
}
