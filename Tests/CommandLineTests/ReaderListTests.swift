import Foundation
import TestFolders
import Testing

/// Readers whose names nobody here can read, or who have none.
@Suite struct ReaderListTests {
  private let desk: Desk
  private let keys: [String]

  /// An intake vault with two classic readers.
  init() throws {
    desk = try Desk()
    let desk = desk
    keys = try ["one.key", "two.key"].map {
      try desk.run("key", "generate", "--classic", "--output", desk[$0]).output
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let made = try desk.unlocked("init", desk["vault"], "--reader", keys[0], "--reader", keys[1])
    try #require(made.status == 0, "\(made.errors)")
  }

  @Test func withoutAKeyThatReadsKeysAndWordsAreShown() throws {
    let listed = try desk.run("reader", "list")
    #expect(listed.status == 0 && listed.errors.contains("names need the reading key"), "\(listed.errors)")
    let lines = try keys.map { "without a name: a classic key\n  words: \(try desk.words(of: $0))\n" }
    #expect(listed.output == lines.joined(), "\(listed.output)")
    let read = try desk.run("reader", "list", "--identity", desk["one.key"])
    #expect(read.errors.isEmpty, "\(read.errors)")
    #expect(read.output.hasPrefix("the key you read with: a classic key, from the beginning\n"), "\(read.output)")
    #expect(read.output.contains("without a name: a classic key, from the beginning\n"), "\(read.output)")
  }

  @Test func aReaderWithoutANameIsRemovedByTheWordsOfTheKey() throws {
    let words = try desk.words(of: keys[1])
    let removed = try desk.unlocked("reader", "remove", words, "--reason", "key lost")
    #expect(removed.status == 0, "\(removed.errors)")
    #expect(removed.output.contains("the key with the words \(words) is no reader of this vault any more"))
    let last = try desk.unlocked("reader", "remove", keys[0], "--reason", "key lost")
    #expect(last.status == 1 && last.errors.contains("this is the only reader"), "\(last.errors)")
    let back = try desk.unlocked("reader", "add", "Two", keys[1], "--words", words)
    #expect(back.status == 0, "\(back.errors)")
    let json = try desk.unlocked("reader", "remove", words, "--reason", "key lost", "--json").json
    #expect(json["name"] is NSNull && json["age_recipients"] as? [String] == [keys[1]] && json["readers"] as? Int == 1)
  }

  @Test func aKeyThatIsThereOrOfTheOtherKindIsNotAdded() throws {
    let other = try desk.run("key", "generate", "--output", desk["other.key"]).output
      .trimmingCharacters(in: .whitespacesAndNewlines)
    let before = try desk.vaultWithoutCaches
    for (key, status, sentence) in [
      (keys[0], 1, "is a reader's already"), (other, 64, "a post-quantum key cannot be beside them"),
    ] as [(String, Int32, String)] {
      let refused = try desk.unlocked("reader", "add", "Other", key, "--words", desk.words(of: key))
      expectOneSentence(refused)
      #expect(refused.status == status && refused.errors.contains(sentence), "\(refused.errors)")
    }
    #expect(try desk.vaultWithoutCaches == before)
  }
}
