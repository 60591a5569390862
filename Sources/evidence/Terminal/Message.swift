internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Glibc
internal import Streams
internal import Synchronization
internal import Wording

/// What goes to standard error.
enum Message {
  static func error(_ sentence: Phrase, hint: Phrase? = nil) {
    Progress.current.clear()
    raw("evidence: \(say("error: \(sentence)"))")
    if let hint { raw(say("hint: \(hint)")) }
  }

  static func note(_ sentence: Phrase) {
    Progress.current.clear()
    raw("evidence: \(say(sentence))")
  }

  static func raw(_ text: String) { StandardStream.write("\(withoutSecretKeys(text))\n", to: 2) }

  /// A secret key that was typed where something else belongs is not repeated.
  private static func withoutSecretKeys(_ text: String) -> String {
    let mark = "AGE-SECRET-KEY-"
    var (result, rest) = ("", text[...])
    while let start = rest.indices.first(where: { rest[$0...].prefix(mark.count).uppercased() == mark }) {
      let end = rest[start...].firstIndex { !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == "-") }
      result += "\(rest[..<start])\(mark)…"
      rest = rest[(end ?? rest.endIndex)...]
      if rest.hasPrefix("…") { rest = rest.dropFirst() }
    }
    return result + rest
  }

  /// Text from outside, escaped and short enough for one line.
  static func shown(_ text: String) -> String {
    let line = Printable.line(text)
    return line.count > 300 ? "\(line.prefix(300))…" : line
  }

  /// A title or purpose: spaces would move what follows to a line of its own, where it could pass for another.
  static func folded(_ text: String) -> String {
    shown(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
  }

  /// A phrase into which text from outside was put, made fit for one line as a whole.
  static func shown(_ phrase: Phrase) -> Phrase { Phrase(verbatim: shown(say(phrase))) }

  static func sentence(_ finding: Finding) -> Phrase {
    let detail = shown(finding.detail)
    let about: Phrase = if let path = finding.path { "\(shown(path)): \(detail)" } else { detail }
    return if let item = finding.item { "item \(item): \(about)" } else { about }
  }

  static func systemText(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

/// What goes to standard output: results only.
enum Output {
  static func line(_ phrase: Phrase = "") { write("\(say(phrase))\n") }

  /// A line that is the same in every language.
  static func line(data text: String) { write("\(text)\n") }

  /// Lines that end as they are to end.
  static func text(_ text: String) { write(text) }

  /// Text that comes bit by bit, written with few calls of the system.
  final class Pieces {
    private static let byteCount = 65_536

    private var pending: [UInt8] = []
    /// Whether nothing was added yet.
    private(set) var isEmpty = true

    func add(_ bytes: [UInt8]) {
      isEmpty = isEmpty && bytes.isEmpty
      pending += bytes
      if pending.count >= Self.byteCount { flush() }
    }

    func add(_ text: String) { add(Array(text.utf8)) }

    /// Writes what is left.
    func flush() {
      write(pending)
      pending.removeAll(keepingCapacity: true)
    }
  }

  private static func write(_ text: String) { write(Array(text.utf8)) }

  /// Whether this command has entered something into the vault.
  private static let isEntered = Mutex(false)

  /// Remembers that something was entered: whatever happens to the words about it, it must not be done twice.
  static func noteEntered() { isEntered.withLock { $0 = true } }

  private static func write(_ bytes: [UInt8]) {
    Progress.current.clear()
    switch (StandardStream.write(bytes, to: 1), isEntered.withLock { $0 }) {
    case (0, _), (EPIPE, _): return  // The reader of a pipe may have seen enough.
    case (EBADF, true): return  // Whoever closed it wants no words about what was done.
    case (let code, true):
      Message.error(
        """
        what was asked for was done and is in the vault; only the result could not be written to standard output: \
        \(Message.systemText(code))
        """, hint: "do not run the command again; evidence list --events shows what was entered")
      exit(ExitStatus.failure.rawValue)
    case (let code, false):
      Message.error("the result could not be written to standard output: \(Message.systemText(code))")
      exit(ExitStatus.failure.rawValue)
    }
  }
}
