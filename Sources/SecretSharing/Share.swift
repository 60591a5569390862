public import Primitives

/// One share of a secret. Its value is in guarded memory; its words are as secret as the value and leave it only as
/// `SecretBytes`.
///
/// Source: SLIP-0039, "Format of the share mnemonic".
public final class Share: Sendable {
  /// The shortest secret, in bytes.
  public static let minimumByteCount = 16
  /// The longest secret that is taken here, in bytes. The standard sets no limit.
  public static let maximumByteCount = 64
  static let metadataWordCount = WordIndices.headCount + Checksum.wordCount
  static let wordCounts = wordCount(minimumByteCount)...wordCount(maximumByteCount)

  /// What it has in common with the other shares.
  public let set: ShareSet
  /// Which group it is of, from 0.
  public let groupIndex: Int
  /// Which share of the group it is, from 0.
  public let memberIndex: Int
  /// How many shares of the group are needed.
  public let memberThreshold: Int
  let value: SecretBytes

  init(set: ShareSet, groupIndex: Int, memberIndex: Int, memberThreshold: Int, value: consuming SecretBytes) {
    self.set = set
    self.groupIndex = groupIndex
    self.memberIndex = memberIndex
    self.memberThreshold = memberThreshold
    self.value = value
  }

  /// Reads a share: words of the list, in lower case, with one space between and nothing else.
  ///
  /// - Throws: `SharingError`, one of those about the words of one share.
  public init(_ text: borrowing SecretBytes) throws(SharingError) {
    let words = try WordIndices.read(text, limit: Self.wordCounts.upperBound)
    let valueBitCount = ShareWords.bitsPerWord * (words.count - Self.metadataWordCount)
    let paddingBitCount = valueBitCount % 16
    guard Self.wordCounts.contains(words.count), paddingBitCount <= 8 else { throw .wordCount(words.count) }
    let isValid = Checksum.isValid(words, isExtendable: words.isExtendable)
    guard isValid else {  // not secret: whether it is a share
      throw .wrongChecksum(suspect: Checksum.suspect(in: words))
    }
    set = Self.set(words)
    guard set.groupThreshold <= set.groupCount else { throw .groupThresholdAboveCount }
    groupIndex = Int(words.bits(4, at: 20))
    memberIndex = Int(words.bits(4, at: 32))
    memberThreshold = Int(words.bits(4, at: 36)) + 1
    let start = ShareWords.bitsPerWord * WordIndices.headCount
    let isPadded = words.bits(paddingBitCount, at: start) == 0
    guard isPadded else { throw .invalidPadding }  // not secret: whether it is a share
    var value = SecretBytes(count: (valueBitCount - paddingBitCount) / 8)
    for index in 0..<value.count {
      value[index] = UInt8(truncatingIfNeeded: words.bits(8, at: start + paddingBitCount + 8 * index))
    }
    self.value = value
  }

  /// How many words it has.
  public var wordCount: Int { Self.wordCount(value.count) }

  /// The words with one space between.
  public func text() -> SecretBytes {
    let columns = columns()
    let width = ShareWords.maximumLetterCount
    var text = SecretBytes(count: columns.count + wordCount)
    var length = 0
    for index in 0..<columns.count {
      if index > 0, index % width == 0 {
        text[length] = UInt8(ascii: " ")
        length += 1
      }
      let isLetter = columns[index] != UInt8(ascii: " ")
      guard isLetter else { continue }  // not secret: where a word ends
      text[length] = columns[index]
      length += 1
    }
    return SecretBytes(copying: text, in: 0..<length)
  }

  /// The words, each filled up with spaces to eight letters.
  public func columns() -> SecretBytes {
    let words = indices()
    let width = ShareWords.maximumLetterCount
    var text = SecretBytes(count: words.count * width)
    for index in 0..<words.count {
      let letters = ShareWords.letters(of: words[index])
      for place in 0..<width {
        let letter = UInt8(truncatingIfNeeded: letters >> UInt64(8 * (7 - place)))
        // No letter becomes a space without a branch.
        text[width * index + place] = letter | UInt8(truncatingIfNeeded: (UInt16(letter) &- 1) >> 8) & 0x20
      }
    }
    return text
  }

  private func indices() -> WordIndices {
    var words = WordIndices(count: wordCount)
    words.put(UInt32(set.identifier), bitCount: 15, at: 0)
    words.put(set.isExtendable ? 1 : 0, bitCount: 1, at: 15)
    words.put(UInt32(set.iterationExponent), bitCount: 4, at: 16)
    let fields = [groupIndex, set.groupThreshold - 1, set.groupCount - 1, memberIndex, memberThreshold - 1]
    for (place, field) in fields.enumerated() { words.put(UInt32(field), bitCount: 4, at: 20 + 4 * place) }
    let end = ShareWords.bitsPerWord * (words.count - Checksum.wordCount)
    for index in 0..<value.count {
      words.put(UInt32(value[index]), bitCount: 8, at: end - 8 * (value.count - index))
    }
    Checksum.write(to: &words, isExtendable: set.isExtendable)
    return words
  }

  private static func set(_ words: borrowing WordIndices) -> ShareSet {
    ShareSet(
      identifier: Int(words.bits(15, at: 0)), isExtendable: words.isExtendable,
      iterationExponent: Int(words.bits(4, at: 16)), groupThreshold: Int(words.bits(4, at: 24)) + 1,
      groupCount: Int(words.bits(4, at: 28)) + 1)
  }

  private static func wordCount(_ byteCount: Int) -> Int {
    metadataWordCount + (8 * byteCount + ShareWords.bitsPerWord - 1) / ShareWords.bitsPerWord
  }
}
