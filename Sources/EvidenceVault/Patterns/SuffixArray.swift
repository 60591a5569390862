/// The suffixes of a sequence in order, and how long a beginning each shares with the one before it.
struct SuffixArray {
  /// Where the suffixes begin, in the order of their contents.
  let starts: [Int]
  /// How many elements a suffix shares with the one before it in that order; 0 for the first.
  let shared: [Int]

  /// Sorts by beginnings of doubled length until all differ: of n elements in O(n log² n), whatever they are.
  init(_ text: [Int]) {
    var starts = Array(text.indices)
    var ranks = text
    var width = 1
    starts.sort { text[$0] < text[$1] }
    ranks = Self.ranks(starts) { text[$0] == text[$1] }
    while width < text.count, starts.indices.dropFirst().contains(where: { ranks[starts[$0]] < $0 }) {
      func second(_ start: Int) -> Int { start + width < ranks.count ? ranks[start + width] : -1 }
      // Only suffixes that are still alike need sorting among themselves.
      var first = 0
      while first < starts.count {
        var end = first + 1
        while end < starts.count, ranks[starts[end]] == ranks[starts[first]] { end += 1 }
        if end - first > 1 { starts[first..<end].sort { second($0) < second($1) } }
        first = end
      }
      ranks = Self.ranks(starts) { ranks[$0] == ranks[$1] && second($0) == second($1) }
      width *= 2
    }
    self.starts = starts
    shared = Self.shared(text, starts)
  }

  private static func ranks(_ starts: [Int], _ areAlike: (Int, Int) -> Bool) -> [Int] {
    var ranks = [Int](repeating: 0, count: starts.count)
    for place in starts.indices.dropFirst() {
      let isSame = areAlike(starts[place - 1], starts[place])
      ranks[starts[place]] = isSame ? ranks[starts[place - 1]] : place
    }
    return ranks
  }

  /// Source: T. Kasai and others, Linear-Time Longest-Common-Prefix Computation in Suffix Arrays, 2001.
  private static func shared(_ text: [Int], _ starts: [Int]) -> [Int] {
    var places = [Int](repeating: 0, count: starts.count)
    for (place, start) in starts.enumerated() { places[start] = place }
    var shared = [Int](repeating: 0, count: starts.count)
    var length = 0
    for start in text.indices {
      guard places[start] > 0 else {
        length = 0
        continue
      }
      let other = starts[places[start] - 1]
      while start + length < text.count, other + length < text.count, text[start + length] == text[other + length] {
        length += 1
      }
      shared[places[start]] = length
      length = max(0, length - 1)
    }
    return shared
  }
}
