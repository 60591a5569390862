/// A text in which names are looked for, in every way in which it may be meant.
struct NameSearchText {
  /// What was found, and in which line.
  struct Place {
    let word: String
    let line: Int
  }

  /// A word that stands in the text, once or more.
  struct Word {
    /// As it is folded.
    let text: String
    /// As it sounds.
    let sound: String
    /// The same, loosely.
    let looseSound: String
    /// The first line with it.
    let line: Int
    /// The first line in which it begins with a capital letter; in the name of a file it need not.
    var capitalLine: Int?
    /// The first line in which it does so as names do: not only because a sentence begins, or all are capital letters.
    var nameLine: Int?
  }

  /// A text in one of its readings: which word each is, and its line.
  private struct Reading {
    var words: [Int32] = []
    var lines: [Int32] = []
  }

  /// Whether the text is the name of a file, where words run together.
  let isFileName: Bool
  private var readings: [Reading] = []
  private var words: [Word] = []
  private var positions: [String: Int32] = [:]
  /// The words by their sound, loosely.
  private var bySound: [String: [Int32]] = [:]
  /// The words by the beginning of that.
  private var byBeginning: [String: [Int32]] = [:]
  /// All sounds, each once, with a space around each.
  private var allSounds: [UInt8] = [0x20]
  private var runs: [(digits: [UInt8], line: Int)] = []

  /// Prepares a text of a field, or the name of a file.
  init(_ text: String, isFileName: Bool = false) {
    self.init(readings: TextContent.readings(of: Array(text.utf8)), isFileName: isFileName)
  }

  /// Prepares one text that was read in several ways.
  init(readings texts: [String], isFileName: Bool = false) {
    self.isFileName = isFileName
    for text in texts {
      for isJoined in NameFold.hasJoints(text) ? [true, false] : [true] { read(text, isJoined: isJoined) }
      if isFileName { read(Self.parted(text), isJoined: true) }
      runs += DigitRuns.all(in: text).map { (Array($0.digits.utf8), $0.line) }
    }
    for (position, word) in words.enumerated() {
      bySound[word.looseSound, default: []].append(Int32(position))
      byBeginning[Self.beginning(word.looseSound), default: []].append(Int32(position))
    }
    for sound in bySound.keys.sorted() { allSounds += Array(sound.utf8) + [0x20] }
  }

  private mutating func read(_ text: String, isJoined: Bool) {
    var reading = Reading()
    var last = ""
    NameFold.forEachWord(text, isJoined: isJoined) { word in
      defer { last = word.text }
      guard !PublicNames.isOne(word.text, behind: last) else { return }
      reading.words.append(note(word))
      reading.lines.append(Int32(clamping: word.line))
      // A number beside a name does not hide it.
      guard word.text.utf8.contains(where: { ("0"..."9") ~= Unicode.Scalar($0) }) else { return }
      for letters in word.text.split(whereSeparator: \.isNumber) {
        var part = word
        part.text = String(letters)
        _ = note(part)
      }
    }
    readings.append(reading)
  }

  private mutating func note(_ word: FoldedWord) -> Int32 {
    let isCapitalized = word.isCapitalized || isFileName
    let isName = isFileName || word.isCapitalized && !word.isAllCapital && !word.isBeginning
    if let position = positions[word.text] {
      if isCapitalized, words[Int(position)].capitalLine == nil { words[Int(position)].capitalLine = word.line }
      if isName, words[Int(position)].nameLine == nil { words[Int(position)].nameLine = word.line }
      return position
    }
    let position = Int32(clamping: words.count)
    let sound = NameSpelling.sound(NameSpelling.latin(word.text))
    positions[word.text] = position
    words.append(
      Word(
        text: word.text, sound: sound, looseSound: NameSpelling.loose(sound), line: word.line,
        capitalLine: isCapitalized ? word.line : nil, nameLine: isName ? word.line : nil))
    return position
  }

  /// The name of a file with a space where a small letter is before a capital one.
  private static func parted(_ text: String) -> String {
    var parted = ""
    var isBehindSmall = false
    for character in text {
      if isBehindSmall, character.isUppercase { parted.append(" ") }
      parted.append(character)
      isBehindSmall = character.isLowercase
    }
    return parted
  }

  private static let beginningCount = 2

  private static func beginning(_ sound: String) -> String { String(sound.unicodeScalars.prefix(beginningCount)) }

  // MARK: - Finding

  /// The words that begin with a sound, loosely.
  func words(beginningWith sound: String) -> [Word] {
    (byBeginning[Self.beginning(sound)] ?? []).filter { words[Int($0)].looseSound.utf8.starts(with: sound.utf8) }
      .map { words[Int($0)] }
  }

  /// The line in which words follow one another that sound like these.
  func line(ofPhrase sounds: [String]) -> Int? {
    line(of: sounds.map { Set(bySound[NameSpelling.loose($0)] ?? []) })
  }

  /// The line in which words follow one another of which each fits.
  func line(ofWords areFitting: [(beginning: String, fits: (Word) -> Bool)]) -> Int? {
    line(
      of: areFitting.map { beginning, fits in
        Set((byBeginning[Self.beginning(beginning)] ?? []).filter { fits(words[Int($0)]) })
      })
  }

  private func line(of choices: [Set<Int32>]) -> Int? {
    guard let first = choices.first, choices.allSatisfy({ !$0.isEmpty }) else { return nil }
    for reading in readings {
      let starts = reading.words.indices.dropLast(choices.count - 1)
      let found = starts.first { start in
        first.contains(reading.words[start])
          && choices.indices.dropFirst().allSatisfy { choices[$0].contains(reading.words[start + $0]) }
      }
      if let found { return Int(reading.lines[found]) }
    }
    return nil
  }

  /// The line in which a number stands.
  func line(ofDigits digits: String) -> Int? {
    let digits = Array(digits.utf8)
    return runs.first { Self.firstPlace(of: digits, in: $0.digits) != nil }?.line
  }

  /// A word that has a sound, loosely, in it, and that counts.
  func place(inside sound: String, where counts: (Word) -> Bool) -> Place? {
    let needle = Array(sound.utf8)
    var rest = allSounds.indices
    while let found = Needle.firstPlace(of: needle, in: allSounds, rest) {
      let start = allSounds[..<found].lastIndex(of: 0x20).map { $0 + 1 } ?? 0
      let end = allSounds[found...].firstIndex(of: 0x20) ?? allSounds.endIndex
      let whole = String(decoding: allSounds[start..<end], as: UTF8.self)
      let places = (bySound[whole] ?? []).map { words[Int($0)] }.filter(counts)
      if let first = places.min(by: { ($0.line, $0.text) < ($1.line, $1.text) }) {
        return Place(word: first.text, line: first.line)
      }
      rest = end..<allSounds.endIndex
    }
    return nil
  }

  private static func firstPlace(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
    Needle.firstPlace(of: needle, in: bytes, bytes.indices)
  }
}
