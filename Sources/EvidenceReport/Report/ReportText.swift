/// Text from evidence made fit for `REPORT.html`.
enum ReportText {
  /// The text on one line, as `Printable.line` has it, and such that the templates escape every mark of markup in it.
  ///
  /// Mustache escapes whole characters: a quotation mark that carries an accent is another character to it, and would
  /// end an attribute. What clings to such a mark is therefore written out.
  static func line(_ text: some StringProtocol) -> String {
    let line = Printable.line(String(text))
    guard line.utf8.contains(where: isMarkup) else { return line }
    var result = ""
    for character in line {
      guard character.unicodeScalars.count > 1, character.utf8.contains(where: isMarkup) else {
        result.append(character)
        continue
      }
      for scalar in character.unicodeScalars {
        result += scalar.isASCII ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result
  }

  /// The lines of the text that have something in them.
  static func lines(_ text: String) -> [String] {
    text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map { line(String($0)) }
  }

  private static func isMarkup(_ byte: UInt8) -> Bool { "<>&\"'".utf8.contains(byte) }
}
