internal import Primitives

/// RS1024: a Reed-Solomon code over words. It finds every error in up to three of them.
///
/// Source: SLIP-0039, "Checksum".
enum Checksum {
  /// Words of a checksum.
  static let wordCount = 3

  private static let generator: [UInt32] = [
    0xe0_e040, 0x1c1_c080, 0x383_8100, 0x707_0200, 0xe0e_0009, 0x1c0c_2412, 0x3808_6c24, 0x3090_fc48, 0x21b1_f890,
    0x3f3_f120,
  ]

  /// What the code begins with, so that shares of the two kinds are never taken for each other.
  private static func start(_ isExtendable: Bool) -> UInt32 {
    (isExtendable ? "shamir_extendable" : "shamir").utf8.reduce(1) { step($0, UInt16($1)) }
  }

  /// Whether the last three words are the checksum of the others.
  static func isValid(_ words: borrowing WordIndices, isExtendable: Bool) -> Bool {
    let isValid = state(of: words, isExtendable: isExtendable) == 1
    return isValid  // not secret: whether it is a share
  }

  /// Writes the checksum over the last three words.
  static func write(to words: inout WordIndices, isExtendable: Bool) {
    let end = words.count - wordCount
    var state = start(isExtendable)
    for index in 0..<end { state = step(state, words[index]) }
    for _ in 0..<wordCount { state = step(state, 0) }
    state ^= 1
    for place in 0..<wordCount {
      words[end + place] = UInt16(truncatingIfNeeded: state >> UInt32(ShareWords.bitsPerWord * (2 - place))) & 1023
    }
  }

  private static func step(_ state: UInt32, _ word: UInt16) -> UInt32 {
    var next = (state & 0xf_ffff) << 10 ^ UInt32(word)
    for bit in 0..<10 { next ^= generator[bit] & (0 &- (state >> UInt32(20 + bit) & 1)) }
    return next
  }
}

extension Checksum {
  /// The place of the one word whose replacement would make a wrong checksum right. Which word that would be is not
  /// told: the standard wants it read again from the paper, for a guess would use up what the checksum can find.
  ///
  /// The state is linear in every word: what a change of one leads to is put together from ten bits.
  ///
  /// Source: SLIP-0039, "Combining the shares" step 1 and "Checksum design".
  static func suspect(in words: borrowing WordIndices) -> Int? {
    let isExtendable = words.isExtendable
    let missing = state(of: words, isExtendable: isExtendable) ^ 1
    let missingIfFlagIsWrong = state(of: words, isExtendable: !isExtendable) ^ 1
    var effects = (0..<10).map { UInt32(1) << UInt32($0) }
    for index in (0..<words.count).reversed() {
      var sums: [UInt32] = [0]
      for change in 1..<1024 {
        sums.append(sums[change & (change - 1)] ^ effects[change.trailingZeroBitCount])
        let isFlagChanged = index == 1 && change & 1 << 4 != 0
        if sums[change] == (isFlagChanged ? missingIfFlagIsWrong : missing) { return index }
      }
      effects = effects.map { step($0, 0) }
    }
    return nil
  }

  private static func state(of words: borrowing WordIndices, isExtendable: Bool) -> UInt32 {
    var state = start(isExtendable)
    for index in 0..<words.count { state = step(state, words[index]) }
    return state
  }
}
