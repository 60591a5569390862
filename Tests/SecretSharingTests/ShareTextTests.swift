import Primitives
import Testing

@testable import SecretSharing

struct ShareTextTests {
  private static let share = Result {
    try Sharing.split(secret(0..<32), threshold: 3, count: 5, from: SeededRandomness(seed: 11))[1]
  }
  private static var words: [String] {
    get throws { try share.get().words.split(separator: " ").map(String.init) }
  }

  private func refusal(_ words: String) -> SharingError? {
    do {
      _ = try Share(words: words)
      return nil
    } catch { return error }
  }

  @Test func aShareOf32BytesHas33Words() throws {
    #expect(try Self.words.count == 33)
    #expect(try Self.share.get().wordCount == 33)
    #expect(try Share(words: Self.words.joined(separator: " ")).memberIndex == 1)
  }

  @Test func columnsAreTheWordsFilledUp() throws {
    let columns = revealed(try Self.share.get().columns())
    #expect(columns.count == 33 * 8)
    let read = stride(from: 0, to: columns.count, by: 8).map { start in
      String(decoding: columns[start..<(start + 8)].filter { $0 != 32 }, as: UTF8.self)
    }
    #expect(read == (try Self.words))
  }

  @Test func oneSpellingIsRead() throws {
    let text = try Self.words.joined(separator: " ")
    for other in [
      "", " ", " \(text)", "\(text) ", text + "\n", text.uppercased(),
      text.replacing(" ", with: "  ", maxReplacements: 1),
      text.replacing(" ", with: "\t", maxReplacements: 1), "é" + text, text + "\u{0}",
    ] {
      #expect(refusal(other) == .notWords, "\(other)")
    }
  }

  /// Made with shamir-mnemonic: the checksum is right, and a bit before the value is set.
  @Test func bitsBeforeTheValueAreZero() {
    let words = """
      blimp describe academic academic mason dress review premium imply typical dominant daisy voting random agency \
      bike dive toxic training submit
      """
    #expect(refusal(words) == .invalidPadding)
  }

  @Test func anUnknownWordIsToldByItsPlace() throws {
    var words = try Self.words
    words[12] = "lighthouse"
    #expect(refusal(words.joined(separator: " ")) == .unknownWord(wordIndex: 12))
    words[12] = "aaaa"
    #expect(refusal(words.joined(separator: " ")) == .unknownWord(wordIndex: 12))
  }

  /// Every place, the second one among them, whose bit decides which checksum is meant.
  @Test func oneWrongWordIsToldByItsPlace() throws {
    let right = try Self.words
    for place in right.indices {
      for step in [1, 16, 511, 1023] {
        var words = right
        let index = try #require(ShareWords.all.firstIndex(of: words[place]))
        words[place] = ShareWords.all[(index + step) % 1024]
        #expect(refusal(words.joined(separator: " ")) == .wrongChecksum(suspect: place), "\(place)")
      }
    }
  }

  @Test func twoWrongWordsAreFoundAndNotGuessedAt() throws {
    let right = try Self.words
    for place in 4..<30 {
      var words = right
      words.swapAt(place, place + 2)
      guard words != right else { continue }
      #expect(refusal(words.joined(separator: " ")) == .wrongChecksum(suspect: nil), "\(place)")
    }
  }

  @Test func otherLengthsAreRefused() throws {
    let words = try Self.words
    for count in [1, 7, 19, 21, 32, 34, 60] {
      let other = (0..<count).map { words[$0 % 33] }.joined(separator: " ")
      #expect(refusal(other) == .wordCount(count), "\(count)")
    }
  }

  @Test func aWordIsOneOfTheListAndNoLonger() {
    func isWord(_ text: String) -> Bool { ShareWords.isWord(secret(text.utf8), in: 0..<text.utf8.count) }
    #expect(["academic", "zero"].filter(isWord).count == 2)
    #expect(["", "academics", "academi", "Academic", String(repeating: "a", count: 200)].filter(isWord).isEmpty)
  }

  @Test func nearWordsAreFound() {
    func near(_ text: String) -> [String] { ShareWords.nearest(to: secret(text.utf8), in: 0..<text.utf8.count) }
    #expect(near("acadmic").first == "academic")
    #expect(near("acadxyz").first == "academic")
    #expect(near("aicd").first == "acid")
    #expect(near("satosi").first == "satoshi")
    #expect(near("qqqqqqq").isEmpty)
    #expect(near("").isEmpty)
    #expect(near(String(repeating: "a", count: 200)).isEmpty)
    #expect(near("be").count <= 3)
  }
}
