/// The languages in which the program speaks to people.
public enum Language: String, CaseIterable, Sendable {
  /// English, in which phrases are written down.
  case en
  /// Russian.
  case ru
  /// Tajik.
  case tg

  /// The language of the surroundings, otherwise English.
  ///
  /// `EVIDENCE_LANGUAGE` comes first, then the variables of the locale in the order that POSIX gives them.
  /// - Parameter value: What a variable of the environment holds.
  public static func preferred(_ value: (String) -> String?) -> Language {
    let set = ["EVIDENCE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap(value).first { !$0.isEmpty }
    return set.flatMap { Language(rawValue: String($0.prefix(2))) } ?? .en
  }

  /// What the language calls itself.
  public var name: String {
    switch self {
    case .en: "English"
    case .ru: "Русский"
    case .tg: "Тоҷикӣ"
    }
  }
}
