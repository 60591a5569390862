internal import Wording

/// The words of the argument parser, which knows English alone: what it says is compared with its templates, and said
/// with a phrase of ours. What fits none of them stays as it is.
enum ParserWords {
  /// Why a command line was refused, in lower case and without a full stop.
  private static let refusals = [
    "unknown option '*'. Did you mean '*'?", "unknown option '*'", "missing value for '*'",
    "the option '*' does not take any value, but '*' was specified", "unexpected argument '*'",
    "* unexpected arguments: '*'", "value to be set with flag '*' had already been set with flag '*'",
    "missing expected argument '*'", "missing one of: '*'",
    "the value '*' is invalid for '*'. Please provide one of *", "the value '*' is invalid for '*'",
    "the value '*' is invalid", "missing required subcommand",
  ]

  /// Lines, or parts between a margin and the rest, of an explanation.
  private static let headings = [
    "OVERVIEW: *", "USAGE: *", "ARGUMENTS:", "OPTIONS:", "SUBCOMMANDS:", "* SUBCOMMANDS:",
    "See '*' for detailed help.",
  ]
  private static let endings = [
    "(values: *; default: *)", "(default: *)", "(values: *)", "Show the version.", "Show help information.",
    "(default) *",
  ]

  static func refusal(_ english: String) -> Phrase { fitted(english, to: refusals) ?? Phrase(verbatim: english) }

  static func explanation(_ english: String) -> String {
    guard Language.current != .en else { return english }
    return english.split(separator: "\n", omittingEmptySubsequences: false).map(line).joined(separator: "\n")
  }

  private static func line(_ line: Substring) -> String {
    let margin = line.prefix { $0 == " " }
    let text = String(line.dropFirst(margin.count))
    if margin.count <= 2, let phrase = fitted(text, to: headings) { return margin + say(phrase) }
    for start in text.indices where text[start] == "(" || text[start] == "S" {
      if let phrase = fitted(String(text[start...]), to: endings) { return margin + text[..<start] + say(phrase) }
    }
    return String(line)
  }

  /// The phrase of the first template that fits; what stands in its places is put into those of the translation.
  private static func fitted(_ text: String, to templates: [String]) -> Phrase? {
    for template in templates {
      if let values = values(in: text[...], template.split(separator: "*", omittingEmptySubsequences: false)[...]) {
        return Phrase(template: template, values)
      }
    }
    return nil
  }

  /// What stands between the parts of a template, each as short as can be and the last to the end.
  private static func values(in text: Substring, _ parts: ArraySlice<Substring>) -> [String]? {
    guard let first = parts.first, text.hasPrefix(first) else { return nil }
    var (values, rest) = ([String](), text.dropFirst(first.count))
    for (position, part) in zip(parts.indices, parts).dropFirst() {
      let isLast = position == parts.endIndex - 1
      guard let range = isLast ? ending(part, of: rest) : rest.firstRange(of: part) else { return nil }
      values.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return rest.isEmpty ? values : nil
  }

  private static func ending(_ part: Substring, of text: Substring) -> Range<Substring.Index>? {
    text.hasSuffix(part) ? text.index(text.endIndex, offsetBy: -part.count)..<text.endIndex : nil
  }
}

extension Phrase {
  /// A phrase whose places are marked with stars.
  fileprivate init(template: String, _ values: [String]) {
    var interpolation = StringInterpolation(literalCapacity: template.utf8.count, interpolationCount: values.count)
    for (position, part) in template.split(separator: "*", omittingEmptySubsequences: false).enumerated() {
      if position > 0 { interpolation.appendInterpolation(values[position - 1]) }
      interpolation.appendLiteral(String(part))
    }
    self.init(stringInterpolation: interpolation)
  }
}
