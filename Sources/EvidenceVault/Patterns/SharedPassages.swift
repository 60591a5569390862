/// A text in which wording is looked for.
struct PatternText: Sendable {
  /// Whose text it is: a passage counts only if two groups have it.
  let group: String
  /// Its words, in order, folded.
  let words: [[UInt8]]
}

/// Wording that texts of different groups share.
struct SharedPassage: Hashable, Sendable {
  /// A place where it stands.
  struct Place: Hashable, Sendable {
    /// Which text.
    let text: Int
    /// The number of its first word there, from 0.
    let word: Int
  }

  /// Its length in words.
  let wordCount: Int
  /// Every place where it stands, in order.
  let places: [Place]
}

enum SharedPassages {
  /// All maximal passages of at least `minimum` words that texts of two groups or more share.
  ///
  /// A passage is maximal if at the places where it stands neither the next word nor the one before it is the same
  /// everywhere. In a suffix array, the ranges of suffixes that share so many words are the passages that cannot go
  /// on; of these the ones are left whose places have different words before them.
  static func find(_ texts: [PatternText], minimum: Int) -> [SharedPassage] {
    let line = TextLine(texts)
    let suffixes = SuffixArray(line.words)
    var passages: [SharedPassage] = []
    // Ranges that are open: where they began, and how many words they share.
    var open: [(first: Int, length: Int)] = []
    for place in 0...suffixes.starts.count {
      let length = place < suffixes.starts.count ? suffixes.shared[place] : 0
      var first = place - 1
      while let last = open.last, last.length > length {
        open.removeLast()
        first = last.first
        if last.length >= minimum {
          let range = suffixes.starts[last.first..<place]
          if let passage = line.passage(at: range, last.length, texts) { passages.append(passage) }
        }
      }
      if length > open.last?.length ?? 0 { open.append((max(0, first), length)) }
    }
    return passages
  }

  /// All texts in a line, words as numbers, with a number of its own behind each text: no passage goes across.
  private struct TextLine {
    private(set) var words: [Int] = []
    private var places: [SharedPassage.Place] = []

    init(_ texts: [PatternText]) {
      var numbers: [[UInt8]: Int] = [:]
      for (index, text) in texts.enumerated() {
        for (position, word) in text.words.enumerated() {
          let number = numbers[word] ?? numbers.count + texts.count
          numbers[word] = number
          words.append(number)
          places.append(SharedPassage.Place(text: index, word: position))
        }
        words.append(index)
        places.append(SharedPassage.Place(text: index, word: text.words.count))
      }
    }

    /// The passage that stands at `starts`, unless one group alone has it or it begins earlier everywhere.
    func passage(at starts: ArraySlice<Int>, _ length: Int, _ texts: [PatternText]) -> SharedPassage? {
      guard let first = starts.first else { return nil }
      let group = texts[places[first].text].group
      guard starts.contains(where: { texts[places[$0].text].group != group }) else { return nil }
      // The first word of all has nothing before it, and counts as different from every other.
      let before = first > 0 ? words[first - 1] : nil
      let isMaximal = before == nil || starts.contains { $0 == 0 || words[$0 - 1] != before }
      guard isMaximal else { return nil }
      return SharedPassage(
        wordCount: length, places: starts.map { places[$0] }.sorted { ($0.text, $0.word) < ($1.text, $1.word) })
    }
  }
}
