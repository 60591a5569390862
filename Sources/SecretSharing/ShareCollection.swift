public import Primitives

/// Shares of one splitting as they come in, in any order.
public struct ShareCollection: Sendable {
  /// What came in so far.
  public private(set) var shares: [Share] = []

  /// Begins without any.
  public init() {}

  /// How many more are needed; `nil` before the first, and where there are several groups: it depends on the next.
  public var missingCount: Int? {
    guard let first = shares.first, first.set.groupCount == 1 else { return nil }
    return first.memberThreshold - shares.count
  }

  /// Takes one more share.
  ///
  /// - Throws: `SharingError.otherSet`, `.otherLength`, `.mismatchedThreshold`, `.duplicateShare`; `.tooManyShares` if
  ///   none is missing. What came in before stays.
  public mutating func add(_ share: Share) throws(SharingError) {
    let all = shares + [share]
    try Sharing.requireOneSet(all)
    guard missingCount != 0 else { throw .tooManyShares }
    shares = all
  }
}

extension ShareWords {
  /// Where the words of a text are, which has one space between them.
  public static func ranges(in text: borrowing SecretBytes) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var start = 0
    for place in 0...text.count {
      let isEnd = place == text.count || text[place] == UInt8(ascii: " ")
      guard isEnd else { continue }  // not secret: where a word ends
      if place > start { ranges.append(start..<place) }
      start = place + 1
    }
    return ranges
  }

  /// Whether a part of a text is a word of the list.
  public static func isWord(_ text: borrowing SecretBytes, in range: Range<Int>) -> Bool {
    precondition(range.lowerBound >= 0 && range.upperBound <= text.count, "SecretSharing: range beyond the text")
    guard range.count <= maximumLetterCount else { return false }
    var packed: UInt64 = 0
    for place in range { packed |= UInt64(text[place]) << UInt64(8 * (7 - place + range.lowerBound)) }
    return index(of: packed) != nil
  }
}
