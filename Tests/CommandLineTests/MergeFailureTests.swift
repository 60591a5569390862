import Foundation
import TestFolders
import Testing

/// A supplement that cannot be merged leaves neither folder behind, wherever it fails.
@Suite struct MergeFailureTests {
  private let desk: Desk
  private let words: String

  init() throws {
    desk = try Desk.withVault()
    words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    try #require(desk.unlocked("disclose", "0", "title", "--to", "desk", "--output", desk["more.age"]).status == 0)
    try #require(desk.unlocked("export", "1", "--to", "desk", "--output", desk["other.age"]).status == 0)
    for name in ["bundle", "other"] {
      let opened = try desk.run(
        "open", desk["\(name).age"], "--output", desk[name], "--identity", desk["desk.key"], "--sender", words)
      try #require(opened.status == 0, "\(opened.errors)")
    }
  }

  private func merge(
    _ supplement: String = "more.age", into held: String = "bundle", to output: String = "output/opened",
    key: String = "desk.key", sender: String? = nil
  ) throws -> Outcome {
    try desk.run(
      "open", desk[supplement], "--output", desk[output], "--identity", desk[key], "--sender", sender ?? words,
      "--merge", desk[held])
  }

  private func damage(_ name: String, as other: String, at place: (Int) -> Int) throws {
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: desk[name])))
    bytes[place(bytes.count)] ^= 1
    try desk.folder.write(bytes, to: other)
  }

  @Test func nothingStaysOfASupplementThatDoesNotOpen() throws {
    for (name, place) in [("first", { _ in 0 }), ("middle", { $0 / 2 }), ("last", { $0 - 1 })]
      as [(String, (Int) -> Int)]
    {
      try damage("more.age", as: "\(name).age", at: place)
      try expectRefusal(20, at: desk) { try merge("\(name).age") }
    }
    try expectRefusal(12, at: desk) { try merge(key: "lawyer.key") }
    let reversed = words.split(separator: " ").reversed().joined(separator: " ")
    try expectRefusal(22, at: desk) { try merge(sender: reversed) }
    try expectRefusal(1, at: desk) { try merge("missing.age") }
  }

  @Test func nothingStaysOfOneThatDoesNotFitWhatIsHeld() throws {
    try expectRefusal(1, at: desk) {
      let refused = try merge(into: "other")
      #expect(refused.errors.contains("the folder has no item 0"), "\(refused.errors)")
      return refused
    }
    try damage("bundle/bagit.txt", as: "bundle/bagit.txt", at: { $0 / 2 })
    try expectRefusal(20, at: desk) { try merge() }
    try expectRefusal(1, at: desk) { try merge(into: "missing") }
  }

  @Test(arguments: [".DS_Store", "data/Thumbs.db", "data/0/desktop.ini", "._REPORT.html"])
  func whatAFileManagerLeftIsToBeDeleted(name: String) throws {
    try desk.folder.write("of nobody".utf8, to: "bundle/\(name)")
    for words in [["verify", "--bundle", desk["bundle"], "--sender", words]] {
      let refused = try desk.run(words)
      expectOneSentence(refused)
      #expect(refused.status == 20 && refused.errors.contains("delete it, then check again"), "\(refused.errors)")
      #expect(!refused.errors.contains("ask the sender"), "\(refused.errors)")
    }
    try expectRefusal(20, at: desk) { try merge() }
    try TemporaryFolder.remove(desk["bundle/\(name)"])
    #expect(try merge(to: "opened").status == 0)
  }

  @Test func nothingStaysWhereAPlaceIsTakenOrMissing() throws {
    try expectRefusal(1, at: desk) { try merge(to: "output/present") }
    try expectRefusal(1, at: desk) { try merge(to: "output/none/opened") }
    try desk.folder.write("of somebody".utf8, to: "output/opened-merged/file.txt")
    try expectRefusal(1, at: desk) { try merge() }
    try expectRefusal(1, at: desk) { try merge(to: "output/opened//") }
  }

  @Test func whatFitsHasBothFolders() throws {
    try desk.folder.write("stays".utf8, to: "output/present/file.txt")
    let merged = try merge()
    #expect(merged.status == 0, "\(merged.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: desk["output"]).sorted()
    #expect(names == ["opened", "opened-merged", "present"])
  }
}
