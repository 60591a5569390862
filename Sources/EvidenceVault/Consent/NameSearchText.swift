/// A text in which names are looked for, in every way in which it may be meant.
struct NameSearchText {
  /// What was found, and in which line.
  struct Place {
    let word: String
    let line: Int
  }

  /// Whether the text is the name of a file, where words run together.
  let isFileName: Bool
  /// The words in order, with a space around each, and the line of each.
  private let phrases: [(bytes: [UInt8], lines: [Int32])]
  private let firstLines: [String: Int]
  /// The words by their first letters.
  private let words: [String: [String]]
  /// All words, each once.
  private let allWords: [UInt8]
  private let runs: [(digits: [UInt8], line: Int)]

  /// Prepares a text of a field, or the name of a file.
  init(_ text: String, isFileName: Bool = false) {
    self.init(readings: TextContent.readings(of: Array(text.utf8)), isFileName: isFileName)
  }

  /// Prepares one text that was read in several ways.
  init(readings: [String], isFileName: Bool = false) {
    self.isFileName = isFileName
    var phrases: [(bytes: [UInt8], lines: [Int32])] = []
    var firstLines: [String: Int] = [:]
    var runs: [(digits: [UInt8], line: Int)] = []
    for text in readings {
      for isJoined in NameFold.hasJoints(text) ? [true, false] : [true] {
        var bytes: [UInt8] = [0x20]
        var lines: [Int32] = []
        NameFold.forEachWord(text, isJoined: isJoined) { word, line in
          bytes += word.utf8
          bytes.append(0x20)
          lines.append(Int32(clamping: line))
          if firstLines[word] == nil { firstLines[word] = line }
        }
        phrases.append((bytes, lines))
      }
      runs += DigitRuns.all(in: text).map { (Array($0.digits.utf8), $0.line) }
    }
    (self.phrases, self.firstLines, self.runs) = (phrases, firstLines, runs)
    words = Dictionary(grouping: firstLines.keys) { Self.beginning($0) }
    var all: [UInt8] = [0x20]
    for word in firstLines.keys.sorted() { all += Array(word.utf8) + [0x20] }
    allWords = all
  }

  private static func beginning(_ word: String) -> String { String(word.unicodeScalars.prefix(3)) }

  /// The line in which the words of a phrase follow one another.
  func line(ofPhrase phrase: [UInt8]) -> Int? {
    for (bytes, lines) in phrases {
      guard let found = Self.firstPlace(of: phrase, in: bytes) else { continue }
      let index = bytes[..<found].reduce(0) { $1 == 0x20 ? $0 + 1 : $0 }
      return lines.indices.contains(index) ? Int(lines[index]) : 1
    }
    return nil
  }

  /// The line in which a number stands.
  func line(ofDigits digits: String) -> Int? {
    let digits = Array(digits.utf8)
    return runs.first { Self.firstPlace(of: digits, in: $0.digits) != nil }?.line
  }

  /// The first word that begins with `stem` and is not too long.
  func place(ofStem stem: String, maximumCount: Int) -> Place? {
    first(
      of: (words[Self.beginning(stem)] ?? []).filter {
        $0.utf8.starts(with: stem.utf8) && $0.unicodeScalars.count <= maximumCount
      })
  }

  /// A word that has `part` in it.
  func place(inside part: String) -> Place? {
    guard let found = Self.firstPlace(of: Array(part.utf8), in: allWords) else { return nil }
    let start = allWords[..<found].lastIndex(of: 0x20).map { $0 + 1 } ?? 0
    let end = allWords[found...].firstIndex(of: 0x20) ?? allWords.endIndex
    return first(of: [String(decoding: allWords[start..<end], as: UTF8.self)])
  }

  private func first(of words: [String]) -> Place? {
    words.map { Place(word: $0, line: firstLines[$0] ?? 1) }.min { ($0.line, $0.word) < ($1.line, $1.word) }
  }

  private static func firstPlace(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
    Needle.firstPlace(of: needle, in: bytes, bytes.indices)
  }
}
