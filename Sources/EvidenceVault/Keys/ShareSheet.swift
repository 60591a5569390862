public import Primitives
internal import SecretSharing

/// The sheet that a custodian keeps: the words of one share with their numbers, and what to do with it. It names no
/// vault, no person and no purpose.
///
/// Source: FORMAT section 2.
public enum ShareSheet {
  private static let columnCount = 3
  private static let gap = "   "

  /// What a sheet is called in its folder; `number` counts from 1.
  static func fileName(_ number: Int) -> String { "share-\(number).txt" }

  /// The sheet of a share; `number` counts from 1.
  static func text(of share: Share, number: Int) -> SecretBytes {
    let columns = share.columns()
    let width = ShareWords.maximumLetterCount
    var text = SecretText(capacity: 6_144 + share.wordCount * 2 * (width + gap.utf8.count))
    text.append("Sheet \(number) · Лист \(number) · Варақи \(number)\n\n")
    for word in 0..<share.wordCount {
      let isLast = (word + 1) % columnCount == 0 || word + 1 == share.wordCount
      text.append(word < 9 ? "  \(word + 1) " : " \(word + 1) ")
      text.append(columns, in: (word * width)..<((word + 1) * width))
      text.append(isLast ? "\n" : gap)
    }
    for paragraph in instructions { text.append("\n\(paragraph)\n") }
    return text.finish()
  }

  /// The words in what somebody wrote or typed, in lower case with one space between. If any line begins with a
  /// number, the words of such lines alone, without the numbers.
  public static func words(in text: borrowing SecretBytes) -> SecretBytes {
    let lines = lines(of: text)
    let numbered = lines.filter { isDigit(text[$0.lowerBound]) }
    var words = SecretText(capacity: text.count + 1)
    for line in numbered.isEmpty ? lines : numbered {
      for word in parts(of: text, in: line, endingAt: isGap) where !isDigit(text[word.lowerBound]) {
        if words.count > 0 { words.append(" ") }
        for place in word { words.append(lowerCase(text[place])) }
      }
    }
    return words.finish()
  }

  /// The lines that hold something, each from its first letter on.
  private static func lines(of text: borrowing SecretBytes) -> [Range<Int>] {
    parts(of: text, in: 0..<text.count, endingAt: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
      .compactMap { line in parts(of: text, in: line, endingAt: isGap).first.map { $0.lowerBound..<line.upperBound } }
  }

  private static func parts(
    of text: borrowing SecretBytes, in range: Range<Int>, endingAt isEnd: (UInt8) -> Bool
  ) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = range.lowerBound
    for place in range.lowerBound...range.upperBound {
      guard place == range.upperBound || isEnd(text[place]) else { continue }  // not secret: where a word ends
      if place > start { parts.append(start..<place) }
      start = place + 1
    }
    return parts
  }

  private static func isGap(_ byte: UInt8) -> Bool { " \t,.;:)".utf8.contains(byte) }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func lowerCase(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  /// No line may begin with a digit: those are the words.
  private static let instructions = [
    """
    English
    Keep this sheet where nobody but you sees it. Do not photograph it, copy it or send it to anyone.
    It is one part of several, and alone it is of no use to anybody.
    Read the words out only to the person who gave you this sheet, and only when you meet.
    The words are always these English ones: they are written letter by letter, in the order of the numbers.
    If the sheet is lost, or somebody else has seen it, tell the person who gave it to you.
    """,
    """
    Русский
    Храните этот лист там, где его не увидит никто, кроме вас.
    Не фотографируйте его, не копируйте и никому не пересылайте.
    Это одна часть из нескольких, и сама по себе она никому не поможет.
    Называйте слова только тому, кто дал вам этот лист, и только при личной встрече.
    Слова всегда эти, английские: их пишут буква в букву, по порядку номеров.
    Если лист потерян или его видел кто-то другой, скажите об этом тому, кто вам его дал.
    """,
    """
    Тоҷикӣ
    Ин варақро дар ҷое нигоҳ доред, ки ба ҷуз шумо касе онро набинад.
    Аксашро нагиред, нусха набардоред ва ба касе нафиристед.
    Ин як қисм аз чанд қисм аст ва танҳо худаш ба касе фоида надорад.
    Калимаҳоро танҳо ба касе гӯед, ки ин варақро ба шумо додааст, ва танҳо ҳангоми вохӯрии рӯ ба рӯ.
    Калимаҳо ҳамеша ҳамин калимаҳои англисӣ мебошанд: онҳоро ҳарф ба ҳарф ва бо тартиби рақамҳо менависанд.
    Агар варақ гум шавад ё онро каси дигар бинад, ба касе хабар диҳед, ки онро ба шумо додааст.
    """,
  ]
}
