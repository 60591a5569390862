internal import CEmbedded
internal import Embedded
public import Primitives

/// Words that people read out to each other: 2,048 of them, eleven bits each.
///
/// Source: the English list of BIP 39, `Vault/words/english.txt`.
public enum WordList {
  /// Bits that one word stands for.
  public static let bitsPerWord = 11
  /// Words in a fingerprint or head: 88 bits.
  public static let fingerprintWordCount = 8

  /// The words, sorted.
  public static let words: [String] = EmbeddedFile.english_txt.bytes.split(separator: UInt8(ascii: "\n")).map {
    String(decoding: $0, as: UTF8.self)
  }

  /// The first 88 bits of a digest as eight words.
  public static func fingerprint(of digest: Digest) -> String {
    places(of: digest).map { words[$0] }.joined(separator: " ")
  }

  /// The first 88 bits of a digest as eight places in the list, counted from 0.
  static func places(of digest: Digest) -> [Int] {
    let bytes = digest.bytes
    return (0..<fingerprintWordCount).map { index in
      (0..<bitsPerWord).reduce(0) { value, offset in
        let bit = index * bitsPerWord + offset
        return value << 1 | Int(bytes[bit / 8] >> UInt8(7 - bit % 8) & 1)
      }
    }
  }

  /// A new passphrase of `count` words with hyphens between, made in guarded memory.
  public static func passphrase(wordCount count: Int, randomness: SystemRandomness = SystemRandomness()) -> SecretBytes
  {
    var text = SecretBytes(count: count * 9)
    var length = 0
    for index in 0..<count {
      if index > 0 {
        text[length] = UInt8(ascii: "-")
        length += 1
      }
      for letter in words[Int(randomness.uniform(below: UInt32(words.count)))].utf8 {
        text[length] = letter
        length += 1
      }
    }
    return SecretBytes(copying: text, in: 0..<length)
  }
}
