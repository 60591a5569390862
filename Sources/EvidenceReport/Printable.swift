/// Text from evidence made fit for a terminal or a report: nothing in it can move the cursor, hide or reorder text.
public enum Printable {
  /// Every character that is not printable on one line becomes `\u{…}`.
  public static func line(_ text: String) -> String {
    guard !isPlain(text), text.unicodeScalars.contains(where: { !isPrintable($0) }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isPrintable(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result
  }

  /// The lines of a text that have something in them, each as `line` has it.
  static func lines(_ text: String) -> [String] {
    text.unicodeScalars.split { $0 == "\n" || $0 == "\r" }.map { line(String($0)) }
  }

  /// Adds the text as `line` has it. Most texts are plain letters, and of those each byte is looked at once.
  package static func append(_ text: String, to bytes: inout [UInt8]) {
    if isPlain(text) { bytes += text.utf8 } else { bytes += line(text).utf8 }
  }

  /// Whether there are only printable ASCII and the letters of U+0400 to U+04FF, all of which can be shown.
  private static func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { byte in
      // Of two bytes that stand for a letter from U+0400 on, the first is D0 to D3. No other byte from 80 to BF is
      // taken for the second: behind another first byte the text is not plain anyway.
      (0x20...0x7e).contains(byte) || (0x80...0xbf).contains(byte) || (0xd0...0xd3).contains(byte)
    }
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (0x20...0x7e).contains(scalar.value) }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
    default: return true
    }
  }
}
