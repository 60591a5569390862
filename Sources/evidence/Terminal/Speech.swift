internal import ArgumentParser
internal import Wording

extension Language {
  /// The language of this run.
  static let current = Language.preferred(Environment.value)
}

/// A phrase in the language of this run.
func say(_ phrase: Phrase) -> String { phrase.text(in: .current) }

/// What an argument or option is, in the language of this run.
func about(_ phrase: Phrase, valueName: String? = nil) -> ArgumentHelp {
  ArgumentHelp(say(phrase), valueName: valueName)
}
