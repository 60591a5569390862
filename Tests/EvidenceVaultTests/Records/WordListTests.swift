@testable import EvidenceVault
import Primitives
import Testing

@Suite struct WordListTests {
  @Test func the2048WordsAreSortedAndToldApartByFourLetters() {
    #expect(WordList.words.count == 2048)
    #expect(WordList.words == WordList.words.sorted())
    #expect(Set(WordList.words.map { $0.prefix(4) }).count == 2048)
  }

  @Test(arguments: ["00", "ff", "80", "01", "5a"]) func aFingerprintReadsElevenBitsAWord(byte: String) throws {
    let digits = String(try #require(Int(byte, radix: 16)), radix: 2)
    let bits = Array(String(repeating: String(repeating: "0", count: 8 - digits.count) + digits, count: 11))
    let words = try stride(from: 0, to: 88, by: 11).map { start in
      WordList.words[try #require(Int(String(bits[start..<(start + 11)]), radix: 2))]
    }
    let digest = try #require(Digest(hex: String(repeating: byte, count: 32)))
    #expect(WordList.fingerprint(of: digest) == words.joined(separator: " "))
  }

  @Test func eachOfTheFirst88BitsChangesTheFingerprintAndNoOther() throws {
    let zero = WordList.fingerprint(of: try #require(Digest([UInt8](repeating: 0, count: 32))))
    for bit in 0..<256 {
      var bytes = [UInt8](repeating: 0, count: 32)
      bytes[bit / 8] = 0x80 >> UInt8(bit % 8)
      #expect((WordList.fingerprint(of: try #require(Digest(bytes))) != zero) == (bit < 88), "bit \(bit)")
    }
  }

  @Test func aMadePassphraseHasAsManyWordsAsAskedFor() {
    let text = WordList.passphrase(wordCount: 8)
    let words = (0..<text.count).map { text[$0] }.split(separator: UInt8(ascii: "-"))
    #expect(words.count == 8)
    #expect(words.allSatisfy { WordList.words.contains(String(decoding: $0, as: UTF8.self)) })
  }
}
