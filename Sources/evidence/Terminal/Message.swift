internal import DurableStore
internal import EvidenceReport
internal import EvidenceVault
internal import Glibc
internal import Streams

/// What goes to standard error.
enum Message {
  static func error(_ sentence: String, hint: String? = nil) {
    Progress.current.clear()
    raw("evidence: error: \(sentence)")
    if let hint { raw("hint: \(hint)") }
  }

  static func note(_ sentence: String) {
    Progress.current.clear()
    raw("evidence: \(sentence)")
  }

  static func raw(_ text: String) { StandardStream.write("\(text)\n", to: 2) }

  /// Text from outside, escaped and short enough for one line.
  static func shown(_ text: String) -> String {
    let line = Printable.line(text)
    return line.count > 300 ? "\(line.prefix(300))…" : line
  }

  static func sentence(_ finding: Finding) -> String {
    let item = finding.item.map { "item \($0): " } ?? ""
    let path = finding.path.map { "\(shown($0)): " } ?? ""
    return "\(item)\(path)\(shown(finding.detail))"
  }

  static func systemText(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

/// What goes to standard output: results only.
enum Output {
  static func line(_ text: String = "") { write("\(text)\n") }

  /// Writes many lines, with few calls of the system.
  static func lines(_ texts: some Sequence<String>) {
    var piece = ""
    for text in texts {
      piece += text
      piece += "\n"
      guard piece.utf8.count >= pieceByteCount else { continue }
      write(piece)
      piece = ""
    }
    write(piece)
  }

  private static let pieceByteCount = 65_536

  private static func write(_ text: String) {
    Progress.current.clear()
    switch StandardStream.write(text, to: 1) {
    case 0, EPIPE: return  // The reader of a pipe may have seen enough.
    case let code:
      Message.error("the result could not be written to standard output: \(Message.systemText(code))")
      exit(ExitStatus.failure.rawValue)
    }
  }
}
