internal import CSystem
internal import Glibc
internal import Primitives
internal import Wording

/// The terminal that the user sits at, whatever standard input and output are.
final class Terminal {
  private let descriptor: Int32

  /// Opens it for what is not secret; `sentence` says why it is needed, and `hint` what would do without it.
  init(for sentence: Phrase, hint: Phrase? = nil) throws {
    descriptor = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw UsageFault(sentence, hint: hint) }
  }

  /// Opens it for a passphrase; `option` would do without it.
  convenience init(insteadOf option: String) throws {
    try self.init(
      for: "a passphrase is needed and there is no terminal to ask at", hint: "say \(option) PATH; /dev/fd/3 works")
  }

  deinit { close(descriptor) }

  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  func write(_ text: String) {
    Progress.current.clear()
    write(Array(text.utf8).span)
  }

  func write(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { bytes in _ = unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
  }

  /// Reads one line without echo. Control characters are taken by hand meanwhile, so that the echo comes back whatever
  /// key is pressed.
  func readSecret(_ question: Phrase) throws -> SecretBytes {
    var saved = termios()
    guard unsafe tcgetattr(descriptor, &saved) == 0 else { throw UsageFault("the terminal cannot be asked") }
    var silent = saved
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    try setQuiet(silent)
    write(say(question))
    defer {
      unsafe tcsetattr(descriptor, TCSAFLUSH, &saved)
      write("\n")
    }
    var line = SecretBytes(count: PassphrasePrompt.maximumByteCount)
    var count = 0
    while let byte = try readByte(beforeEach: { if try keepQuiet(silent, question) { count = 0 } }) {
      switch byte {
      case 3, 4: throw ExitStatus.interrupted  // control-C, control-D
      case 10, 13: return SecretBytes(copying: line, in: 0..<count)
      case 8, 127: count = Self.lengthWithoutLastCharacter(line, count)
      case 21: count = 0
      default:
        guard count < line.count else { throw UsageFault("the passphrase is too long") }
        line[count] = byte
        count += 1
      }
    }
    throw ExitStatus.interrupted
  }

  /// Takes the echo away once more, and asks again: a shell that stopped the process and lets it go on has brought its
  /// own settings back. Whether it was so: nobody knows then what of the line was typed before.
  private func keepQuiet(_ silent: termios, _ question: Phrase) throws -> Bool {
    var present = termios()
    guard unsafe tcgetattr(descriptor, &present) == 0, present.c_lflag & tcflag_t(ECHO) != 0 else { return false }
    try setQuiet(silent)
    write(say(question))
    return true
  }

  private func setQuiet(_ silent: termios) throws {
    var silent = silent
    guard unsafe tcsetattr(descriptor, TCSAFLUSH, &silent) == 0 else {
      throw UsageFault("the terminal cannot be asked")
    }
  }

  /// Reads one line as the terminal edits and shows it; `nil` at the end of input and after control-C, which ends a
  /// line here and not the process, so that what was typed before can be kept.
  func readLine(_ question: String) throws -> String? {
    try whileLinesEndAtControlC {
      write(question)
      var line: [UInt8] = []
      while let byte = try readByte() {
        if byte == 3 { return nil }
        guard byte == 10 else {
          line.append(byte)
          continue
        }
        if let text = String(validating: line, as: UTF8.self) { return text }
        write("UTF-8!\n\(question)")
        line = []
      }
      return nil
    }
  }

  /// Shows lines, and says whether exactly `word` was typed then.
  func confirm(_ lines: [Phrase], typing word: String) throws -> Bool {
    for line in lines { write("\(say(line))\n") }
    guard let typed = try readLine("> ") else { return false }
    return typed.split(separator: " ").map { Array($0.utf8) } == [Array(word.utf8)]
  }

  /// Reads one line as the terminal edits and shows it, into guarded memory; `nil` at the end of input and after
  /// control-C. What the terminal shows and keeps of it is out of reach here.
  func readSecretLine(_ question: String) throws -> SecretBytes? {
    var line = SecretBytes(count: PassphrasePrompt.maximumByteCount)
    var count: Int? = 0
    try whileLinesEndAtControlC {
      write(question)
      while let length = count {
        let byte = try readByte()
        if byte == 10 { return }
        guard let byte, byte != 3, length < line.count else {
          count = nil
          return
        }
        line[length] = byte
        count = length + 1
      }
    }
    return count.map { SecretBytes(copying: line, in: 0..<$0) }
  }

  private func whileLinesEndAtControlC<Result>(_ body: () throws -> Result) throws -> Result {
    var saved = termios()
    guard unsafe tcgetattr(descriptor, &saved) == 0 else { throw UsageFault("the terminal cannot be asked") }
    var settings = saved
    // Otherwise a letter of two bytes would be erased by half.
    settings.c_iflag |= tcflag_t(IUTF8)
    settings.c_lflag &= ~tcflag_t(ISIG)
    settings.c_cc.11 = 3  // VEOL
    unsafe tcsetattr(descriptor, TCSANOW, &settings)
    defer { unsafe tcsetattr(descriptor, TCSANOW, &saved) }
    return try body()
  }

  /// The next byte; `nil` at the end of input. What asks the process to end is looked for again and again: it may come
  /// just before the wait for a key, which it would not end.
  private func readByte(beforeEach prepare: () throws -> Void = {}) throws -> UInt8? {
    while csystem_interrupt() == 0 {
      try prepare()
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&wait, 1, 200) > 0 else { continue }
      var byte: UInt8 = 0
      let count = unsafe read(descriptor, &byte, 1)
      if count == 1 { return byte }
      if count == 0 || errno != EINTR { return nil }
    }
    throw ExitStatus.interrupted
  }

  private static func lengthWithoutLastCharacter(_ line: borrowing SecretBytes, _ count: Int) -> Int {
    var end = count
    while end > 0 {
      end -= 1
      if line[end] & 0xc0 != 0x80 { break }
    }
    return end
  }
}
