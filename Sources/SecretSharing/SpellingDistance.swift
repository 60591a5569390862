public import Primitives

extension ShareWords {
  /// The words that a mistyped one may have been meant for, nearest first: at most `limit`. They are the word with the
  /// same first four letters, which no two words share, and those with one or two letters wrong, missing, too many or
  /// in the wrong order.
  ///
  /// How long it takes depends on what was typed. That is not a word of a share, but resembles one.
  public static func nearest(to typed: borrowing SecretBytes, in range: Range<Int>, limit: Int = 3) -> [String] {
    precondition(range.lowerBound >= 0 && range.upperBound <= typed.count, "SecretSharing: range beyond the text")
    guard (1...2 * maximumLetterCount).contains(range.count) else { return [] }
    var letters = (0..<range.count).map { typed[range.lowerBound + $0] }
    defer { for index in letters.indices { letters[index] = 0 } }
    let rated = all.compactMap { word -> (distance: Int, word: String)? in
      let word = (letters: Array(word.utf8), text: word)
      if letters.count >= 4, letters.prefix(4) == word.letters.prefix(4) { return (0, word.text) }
      let distance = distance(letters, word.letters)
      return distance <= 2 ? (distance, word.text) : nil
    }
    return rated.sorted { ($0.distance, $0.word) < ($1.distance, $1.word) }.prefix(limit).map(\.word)
  }

  /// Letters to replace, leave out, put in, or exchange with the next.
  ///
  /// Source: Damerau 1964, in the form that changes no letter twice.
  static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: other.count + 1)
    var last = Array(0...other.count)
    for row in one.indices {
      var current = [row + 1]
      for column in other.indices {
        let isSame = one[row] == other[column]
        var least = min(last[column + 1] + 1, current[column] + 1, last[column] + (isSame ? 0 : 1))
        if row > 0, column > 0, one[row] == other[column - 1], one[row - 1] == other[column] {
          least = min(least, beforeLast[column - 1] + 1)
        }
        current.append(least)
      }
      (beforeLast, last) = (last, current)
    }
    return last[other.count]
  }
}
