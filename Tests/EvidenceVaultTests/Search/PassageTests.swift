@testable import EvidenceVault
import StrictJSON
import TestFolders
import Testing

@Suite struct PassageTests {
  private func text(_ group: String, _ words: String) -> PatternText {
    PatternText(group: group, words: Words(words).folded)
  }

  /// Maximal shared passages by definition: every stretch of every text, all its places, and whether they agree on the
  /// word before and behind.
  private func naive(_ texts: [PatternText], minimum: Int) -> Set<SharedPassage> {
    var places: [[[UInt8]]: [SharedPassage.Place]] = [:]
    for (index, text) in texts.enumerated() {
      for start in text.words.indices where start + minimum <= text.words.count {
        for end in (start + minimum)...text.words.count {
          places[Array(text.words[start..<end]), default: []].append(.init(text: index, word: start))
        }
      }
    }
    var passages: Set<SharedPassage> = []
    for (words, places) in places where Set(places.map { texts[$0.text].group }).count > 1 {
      // A text has no word before its first and behind its last, and that differs from any other text's.
      func word(_ place: SharedPassage.Place, _ offset: Int) -> [[UInt8]] {
        let position = place.word + offset
        let all = texts[place.text].words
        return all.indices.contains(position) ? [all[position]] : [[UInt8(place.text)], []]
      }
      let before = Set(places.map { word($0, -1) }).count
      let behind = Set(places.map { word($0, words.count) }).count
      if before > 1, behind > 1 { passages.insert(SharedPassage(wordCount: words.count, places: places)) }
    }
    return passages
  }

  @Test func passagesAreThoseOfANaiveComparison() {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededRandom(state: seed)
    for _ in 0..<400 {
      let texts = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        PatternText(
          group: ["a", "b", "c"].randomElement(using: &random) ?? "a",
          words: (0..<Int.random(in: 0...20, using: &random)).map { _ in [UInt8.random(in: 0..<3, using: &random)] })
      }
      let minimum = Int.random(in: 1...4, using: &random)
      let found = SharedPassages.find(texts, minimum: minimum)
      #expect(Set(found) == naive(texts, minimum: minimum), "seed \(seed)")
      #expect(Set(found).count == found.count, "seed \(seed)")
    }
  }

  @Test func suffixesComeInOrderWithWhatTheyShare() {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededRandom(state: seed)
    for _ in 0..<300 {
      let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in Int.random(in: 0..<3, using: &random) }
      let array = SuffixArray(text)
      let sorted = text.indices.sorted { text[$0...].lexicographicallyPrecedes(text[$1...]) }
      #expect(array.starts == sorted, "seed \(seed)")
      for place in sorted.indices.dropFirst() {
        let count = zip(text[sorted[place - 1]...], text[sorted[place]...]).prefix { $0 == $1 }.count
        #expect(array.shared[place] == count, "seed \(seed)")
      }
    }
  }

  @Test func wordsAreLettersInAnyCaseAndScript() {
    let words = Words("Мо, аъзоён, «Ариза»-и ҶАЗО №12 навиштем…")
    #expect(
      words.folded.map { String(decoding: $0, as: UTF8.self) }
        == ["мо", "аъзоен", "ариза", "и", "чазо", "12", "навиштем"])
  }

  @Test func aLongTextOfOneWordEnds() {
    let same = PatternText(group: "a", words: Array(repeating: [1], count: 20_000))
    let other = PatternText(group: "b", words: Array(repeating: [1], count: 20_000))
    #expect(SharedPassages.find([same, other], minimum: 19_999).count == 2)
  }

  @Test func textsAreUTF8OrMarkedUTF16() {
    #expect(PlainText.read(Array("ариза".utf8)) == "ариза")
    #expect(PlainText.read([0xEF, 0xBB, 0xBF, 0x61]) == "a")
    #expect(PlainText.read([0xFF, 0xFE, 0x30, 0x04]) == "а")
    #expect(PlainText.read([0xFE, 0xFF, 0x04, 0x30]) == "а")
    #expect(PlainText.read([0xFE, 0xFF, 0x04]) == nil)
    #expect(PlainText.read([0xFF, 0xFE, 0x00, 0xD8]) == nil)
    #expect(PlainText.read([0x80]) == nil)
  }
}

/// Random numbers that a seed repeats.
struct SeededRandom: RandomNumberGenerator {
  var state: UInt64

  /// Source: S. Vigna, splitmix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
