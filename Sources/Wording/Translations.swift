internal import CEmbedded
internal import Embedded
internal import StrictJSON

/// The lists of phrases: `Translations/PART.LANGUAGE.json`, one for each part of the program and language.
///
/// A file is one object: the English phrase to its translation, or to a list of its forms where the words depend on a
/// number. Russian has three: for numbers as 1, as 2 and as 5. Tajik has one.
enum Translations {
  private static let russian = table([
    EmbeddedFile.report_ru_json.bytes, EmbeddedFile.terminal_ru_json.bytes, EmbeddedFile.help_ru_json.bytes,
    EmbeddedFile.submission_ru_json.bytes,
  ])
  private static let tajik = table([
    EmbeddedFile.report_tg_json.bytes, EmbeddedFile.terminal_tg_json.bytes, EmbeddedFile.help_tg_json.bytes,
    EmbeddedFile.submission_tg_json.bytes,
  ])

  static func text(for key: String, count: UInt64?, in language: Language) -> String? {
    guard let forms = forms(in: language)[key] else { return nil }
    return forms[min(count.map { form($0, in: language) } ?? 0, forms.count - 1)]
  }

  /// All phrases of a language with their forms.
  static func forms(in language: Language) -> [String: [String]] {
    switch language {
    case .en: [:]
    case .ru: russian
    case .tg: tajik
    }
  }

  /// Which form goes with a number.
  ///
  /// Source: Unicode CLDR, language plural rules, cardinal numbers.
  static func form(_ count: UInt64, in language: Language) -> Int {
    guard language == .ru else { return 0 }
    let isTeen = (11...14).contains(count % 100)
    return switch count % 10 {
    case 1 where !isTeen: 0
    case 2...4 where !isTeen: 1
    default: 2
    }
  }

  private static func table(_ files: [[UInt8]]) -> [String: [String]] {
    var table: [String: [String]] = [:]
    for file in files {
      // The files are part of the program, and the tests read them: one that cannot be read is never shipped.
      for member in (try? JSON.parse(file))?.objectValue?.members ?? [] {
        let forms = member.value.stringValue.map { [$0] } ?? member.value.arrayValue?.compactMap(\.stringValue) ?? []
        if !forms.isEmpty { table[member.name] = forms }
      }
    }
    return table
  }
}
