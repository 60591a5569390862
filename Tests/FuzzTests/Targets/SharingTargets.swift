import Primitives
import SecretSharing

extension FuzzTarget {
  /// A share that is read is spelled as it was, and in columns too.
  static let share = FuzzTarget("share", sampleCount: 400, seeds: { try shareSeeds }) { input throws(PropertyFailure) in
    _ = ShareWords.nearest(to: secret(input), in: 0..<input.count)
    guard let share = accepted({ try Share(secret(input)) }) else { return }
    try require(revealed(share.text()) == input, "a share is spelled as it was")
    let columns = revealed(share.columns())
    try require(columns.count == share.wordCount * ShareWords.maximumLetterCount, "a column for each word")
    try require(
      columns.filter { $0 != UInt8(ascii: " ") } == input.filter { $0 != UInt8(ascii: " ") }, "which has its letters")
    guard share.memberThreshold == 1, share.set.groupThreshold == 1, share.set.iterationExponent < 2 else { return }
    try require(accepted { try Sharing.combine([share]).count } != nil, "a share that is enough combines")
  }

  private static var shareSeeds: [[UInt8]] {
    get throws {
      try [16, 20, 32, 64].flatMap { count in
        try [(1, 1), (2, 3)].flatMap { threshold, shareCount in
          try Sharing.split(
            secret([UInt8](repeating: 9, count: count)), threshold: threshold, count: shareCount,
            isExtendable: count != 20, from: SeededRandomness(seed: UInt64(count))
          ).map { revealed($0.text()) }
        }
      }
    }
  }
}
