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

  /// The passphrase in the first line of `path`, or one asked for on the terminal.
  static func passphrase(_ path: String?, asking question: Phrase) throws -> Passphrase {
    try path.map(read) ?? ask(question)
  }

  /// A new passphrase: from `path`, or asked for twice, or generated when the user just presses return. `opening` is a
  /// whole sentence that says what it is for.
  static func newPassphrase(_ path: String?, opening: Phrase) throws -> Passphrase {
    if let path {
      let passphrase = try read(path)
      if passphrase.bytes.count < shortestSafeByteCount {
        Message.note("this passphrase is short: whoever has the file can guess it; eight words withstand that")
      }
      return passphrase
    }
    try Terminal().write(
      say("\(opening) Press return to have one made: eight words, easier to keep than to guess.") + "\n")
    let first = try secret("Passphrase: ")
    guard first.count > 0 else { return try generated() }
    guard first.count >= shortestSafeByteCount else {
      throw UsageFault(
        "the passphrase is too short to withstand guessing", hint: "take eight words, or let them be made")
    }
    let second = try secret("Once more: ")
    guard first.isEqual(to: second), let passphrase = Passphrase(first) else {
      throw UsageFault("the two passphrases differ", hint: "nothing was made; try again")
    }
    return passphrase
  }

  private static func generated() throws -> Passphrase {
    let words = WordList.passphrase(wordCount: 8)
    let terminal = try Terminal()
    terminal.write(say("Your passphrase. Write it down on paper now; it is not shown again:") + "\n\n    ")
    words.withSpan { terminal.write($0) }
    terminal.write("\n\n\(say("Type it to go on."))\n")
    let typed = try secret("Passphrase: ")
    guard typed.isEqual(to: words), let passphrase = Passphrase(words) else {
      throw UsageFault("that is not the passphrase that was shown", hint: "nothing was made; try again")
    }
    return passphrase
  }

  private static func ask(_ question: Phrase) throws -> Passphrase {
    guard let passphrase = Passphrase(try secret("\(question): ")) else {
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
    guard let passphrase = Passphrase(firstLineOf: text), passphrase.bytes.count <= maximumByteCount else {
      throw UsageFault("there is no passphrase in the first line of \(Message.shown(path))")
    }
    return passphrase
  }

  private static func secret(_ question: Phrase) throws -> SecretBytes {
    try Terminal().readSecret(question)
  }
}
