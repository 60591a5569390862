internal import EvidenceVault
internal import Primitives
internal import SecretSharing
internal import Wording

enum ShareText {
  /// Words of a share of a reading key, which has 32 bytes.
  static let wordCount = 33
}

/// Asks for shares at the terminal, word by word as they stand on their sheets, and says at once what is wrong.
final class ShareDialogue {
  private let terminal: Terminal
  private let canClear: Bool

  /// Opens the terminal; `sentence` says what is missing if there is none.
  init(for sentence: Phrase, canClear: Bool) throws {
    terminal = try Terminal(for: sentence)
    self.canClear = canClear
  }

  /// Asks until enough shares are there.
  ///
  /// - Throws: `ExitStatus.interrupted` if the person leaves.
  func complete(_ shares: inout ShareCollection) throws {
    defer { clear() }
    tell(
      """
      Type the words of a share as they stand on its sheet, one line of it or more at a time. An empty line begins the
      share again; control-C leaves, and nothing is changed then.
      """)
    while shares.missingCount != 0 {
      tell("")
      let number = shares.shares.count + 1
      tell(shares.missingCount.map { "Share \(number) (\($0) more needed)" } ?? "Share \(number)")
      let share = try readShare()
      do throws(SharingError) {
        try shares.add(share)
        tell("This share is whole.")
      } catch {
        tell(Explanation(error))
      }
    }
  }

  /// Asks for one share until its words fit together.
  private func readShare() throws -> Share {
    var words = SecretBytes(count: 0)
    while true {
      words = try readWords(after: words)
      do throws(SharingError) {
        return try Share(words)
      } catch {
        tell(Explanation(error))
        if case .wrongChecksum(let suspect?) = error {
          words = try replaced(suspect, in: words)
        } else {
          words = SecretBytes(count: 0)
        }
      }
    }
  }

  /// Adds lines to `words` until there are as many as a share has.
  private func readWords(after words: consuming SecretBytes) throws -> SecretBytes {
    var words = words
    while true {
      let count = ShareWords.ranges(in: words).count
      guard count < ShareText.wordCount else { return words }
      let line = try readLine("Words \(count + 1) to \(ShareText.wordCount): ")
      let found = ShareWords.ranges(in: line)
      guard !found.isEmpty else {
        words = SecretBytes(count: 0)
        continue
      }
      guard count + found.count <= ShareText.wordCount else {
        let (count, missing) = (found.count, ShareText.wordCount - count)
        tell(
          .counted(
            count, one: "  these are \(count) word, and \(missing) are missing; type the line again",
            other: "  these are \(count) words, and \(missing) are missing; type the line again"))
        continue
      }
      let known = found.prefix { ShareWords.isWord(line, in: $0) }
      if known.count < found.count { explain(count + known.count, line, found[known.count]) }
      words = joined(words, line, upTo: known.last?.upperBound ?? 0)
    }
  }

  /// Asks for one word again.
  private func replaced(_ place: Int, in words: borrowing SecretBytes) throws -> SecretBytes {
    while true {
      let line = try readLine("Word \(place + 1): ")
      let found = ShareWords.ranges(in: line)
      guard found.count == 1 else { return SecretBytes(count: 0) }
      guard ShareWords.isWord(line, in: found[0]) else {
        explain(place, line, found[0])
        continue
      }
      let old = ShareWords.ranges(in: words)[place]
      let before = SecretBytes(copying: words, in: 0..<max(0, old.lowerBound - 1))
      let start = joined(before, line, upTo: found[0].upperBound)
      let rest = SecretBytes(copying: words, in: min(old.upperBound + 1, words.count)..<words.count)
      return joined(start, rest, upTo: rest.count)
    }
  }

  private func explain(_ place: Int, _ line: borrowing SecretBytes, _ range: Range<Int>) {
    let near = ShareWords.nearest(to: line, in: range)
    guard let first = near.first else {
      return tell("  word \(place + 1) is not in the list of words. Go on from there.")
    }
    let meant = near.dropFirst().reduce(Phrase(verbatim: first)) { "\($0), or \($1)" }
    tell("  word \(place + 1) is not in the list of words; is it \(meant)? Go on from there.")
  }

  private func readLine(_ question: Phrase) throws -> SecretBytes {
    guard let line = try terminal.readSecretLine(say(question)) else { throw ExitStatus.interrupted }
    return ShareSheet.words(in: line)
  }

  private func joined(_ one: borrowing SecretBytes, _ other: borrowing SecretBytes, upTo end: Int) -> SecretBytes {
    let gap = one.count > 0 && end > 0 ? 1 : 0
    var both = SecretBytes(count: one.count + gap + end)
    for place in 0..<one.count { both[place] = one[place] }
    if gap > 0 { both[one.count] = UInt8(ascii: " ") }
    for place in 0..<end { both[one.count + gap + place] = other[place] }
    return both
  }

  private func tell(_ phrase: Phrase) { terminal.write("\(say(phrase))\n") }

  private func tell(_ explanation: Explanation) {
    let sentence = explanation.sentence
    tell(explanation.hint.map { "  \(sentence); \($0)" } ?? "  \(sentence)")
  }

  /// The words are not left on the screen, nor above it.
  private func clear() {
    if canClear { terminal.write("\u{1b}[H\u{1b}[2J\u{1b}[3J") }
  }
}
