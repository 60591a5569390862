internal import Age
internal import DurableStore
internal import EvidenceVault
internal import Glibc
internal import Primitives
internal import Streams
internal import Wording

/// Where passphrases come from: a file or descriptor that the user names, or the terminal without echo.
enum PassphrasePrompt {
  static let maximumByteCount = 4_096
  /// A file with a passphrase in its first line is no longer, in bytes.
  static let maximumFileByteCount = 65_536
  /// Anything shorter is guessed, in bytes.
  static let shortestSafeByteCount = 10
  /// Words of a passphrase that is made here.
  private static let generatedWordCount = 8

  /// The option that names a file with a passphrase, where a command has no other.
  static let usualOption = "--passphrase-file"

  /// The passphrase in the first line of `path`, which `option` names, or one asked for on the terminal.
  static func passphrase(
    _ path: String?, asking question: Phrase, option: String = usualOption
  ) throws -> Passphrase {
    try path.map(read) ?? ask(question, option)
  }

  /// A new passphrase: from `path`, which `option` names, or asked for twice, or generated when the user just presses
  /// return. `opening` is a whole sentence that says what it is for.
  static func newPassphrase(
    _ path: String?, opening: Phrase, option: String = usualOption
  ) throws -> Passphrase {
    if let path {
      let passphrase = try read(path)
      if passphrase.bytes.count < shortestSafeByteCount {
        Message.note("this passphrase is short: whoever has the file can guess it; eight words withstand that")
      } else if case let strength = PassphraseStrength(of: passphrase), strength.isWeak {
        Message.note(sentence(strength))
      }
      return passphrase
    }
    let terminal = try Terminal(insteadOf: option)
    terminal.write(
      say("\(opening) Press return to have one made: eight words, easier to keep than to guess.") + "\n")
    let first = try terminal.readSecret("Passphrase: ")
    guard first.count > 0 else { return try generated(terminal) }
    guard first.count >= shortestSafeByteCount else {
      throw UsageFault(
        "the passphrase is too short to withstand guessing", hint: "take eight words, or let them be made")
    }
    let second = try terminal.readSecret("Once more: ")
    guard first.isEqual(to: second), let passphrase = Passphrase(first) else {
      throw UsageFault("the two passphrases differ", hint: "nothing was made; try again")
    }
    terminal.write("\(say(sentence(PassphraseStrength(of: passphrase))))\n")
    return passphrase
  }

  /// What a passphrase that somebody chose can be worth at most.
  private static func sentence(_ strength: PassphraseStrength) -> Phrase {
    let (bits, drawn) = (strength.bits, PassphraseStrength(drawnWords: generatedWordCount).bits)
    return strength.isWeak
      ? """
      this passphrase is weak: \(bits) bits at most if it was drawn at random, far fewer if somebody thought of it; \
      eight words that this program draws have \(drawn)
      """
      : "this passphrase has \(bits) bits at most if it was drawn at random, and far fewer if somebody thought of it"
  }

  private static func generated(_ terminal: Terminal) throws -> Passphrase {
    let words = WordList.passphrase(wordCount: generatedWordCount)
    let (count, bits) = (WordList.words.count, PassphraseStrength(drawnWords: generatedWordCount).bits)
    let worth: Phrase =
      """
      Eight of \(count) words, drawn at random: \(bits) bits. A million machines that make a million guesses a second \
      each, far more than this passphrase lets any machine make, would take almost five million years to try half of \
      all there are.
      """
    terminal.write("\(say(worth))\n")
    terminal.write(say("Your passphrase. Write it down on paper now; it is not shown again:") + "\n\n    ")
    words.withSpan { terminal.write($0) }
    terminal.write("\n\n\(say("Type it to go on."))\n")
    let typed = try terminal.readSecret("Passphrase: ")
    guard typed.isEqual(to: words), let passphrase = Passphrase(words) else {
      throw UsageFault("that is not the passphrase that was shown", hint: "nothing was made; try again")
    }
    return passphrase
  }

  private static func ask(_ question: Phrase, _ option: String) throws -> Passphrase {
    guard let passphrase = Passphrase(try Terminal(insteadOf: option).readSecret("\(question): ")) else {
      throw UsageFault("no passphrase was typed")
    }
    return passphrase
  }

  /// The first line of a file, in guarded memory from the start.
  private static func read(_ path: String) throws -> Passphrase {
    let text: SecretBytes
    do {
      text = try SecretBytes(reading: DescriptorStream(reading: path), limit: maximumFileByteCount)
    } catch is StreamError {
      throw UsageFault("\(Message.shown(path)) is too long for a passphrase file")
    } catch {
      throw VaultError(error)
    }
    guard !text.isWide else {
      throw UsageFault(
        "\(Message.shown(path)) is no text in UTF-8, which a passphrase file has to be",
        hint: "save it as UTF-8; some editors write UTF-16")
    }
    guard let passphrase = Passphrase(firstLineOf: text), passphrase.bytes.count <= maximumByteCount else {
      throw UsageFault("there is no passphrase in the first line of \(Message.shown(path))")
    }
    return passphrase
  }
}

extension SecretBytes {
  /// Whether it is text in UTF-16: with its mark, or with a byte that is zero, as half of them are in Latin letters.
  fileprivate var isWide: Bool {
    let isMarked = count >= 2 && (self[0] == 0xff && self[1] == 0xfe || self[0] == 0xfe && self[1] == 0xff)
    return isMarked || (0..<count).contains { self[$0] == 0 }
  }
}
