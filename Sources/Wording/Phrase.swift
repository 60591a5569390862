/// A fixed sentence or label with places for what varies, written in English and translated as a whole.
///
/// The English text with `%1`, `%2` … where something is put in is the key under which `Translations` has the phrase
/// in other languages. A translation may put the places in another order. What is put in is a name, a number, a date
/// or another whole phrase; words are never joined into a sentence, since no other language joins them alike.
public struct Phrase: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// What stands in a place.
  enum Argument: Hashable, Sendable {
    case text(String)
    case phrase(Phrase)
    case labels([String: String])
  }

  /// The English text with places.
  public let key: String
  let arguments: [Argument]
  /// The number that decides the form of the words, if there is one.
  let count: UInt64?

  private init(key: String, arguments: [Argument], count: UInt64?) {
    self.key = key
    self.arguments = arguments
    self.count = count
  }

  /// A text that is the same in every language: a name, a number, a path.
  public init(verbatim text: String) {
    self.init(key: "%1", arguments: [.text(text)], count: nil)
  }

  /// A label that comes with its own translations, by the codes of languages; English stands in for those it lacks.
  public init(labels: [String: String]) {
    self.init(key: "%1", arguments: [.labels(labels)], count: nil)
  }

  /// A phrase without places.
  public init(stringLiteral value: String) {
    self.init(key: Self.escaped(value), arguments: [], count: nil)
  }

  /// A phrase with places.
  public init(stringInterpolation: StringInterpolation) {
    self.init(key: stringInterpolation.key, arguments: stringInterpolation.arguments, count: nil)
  }

  /// A phrase whose words depend on a number: `one` is English for 1, `other` for all else. Both have the same places.
  public static func counted(_ count: some BinaryInteger, one: Phrase, other: Phrase) -> Phrase {
    let count = UInt64(clamping: count)
    // English chooses here; other languages have all their forms under the key of `other`.
    return Phrase(
      key: other.key, arguments: (count == 1 ? one : other).arguments + [.phrase(count == 1 ? one : other)],
      count: count)
  }

  /// The phrase in a language; in English where nobody translated it yet.
  public func text(in language: Language) -> String {
    if language != .en, let translation = Translations.text(for: key, count: count, in: language) {
      return filled(translation, in: language)
    }
    if count != nil, case .phrase(let english)? = arguments.last { return english.text(in: language) }
    return filled(key, in: language)
  }

  private func filled(_ template: String, in language: Language) -> String {
    var result = ""
    var rest = Substring(template)
    while let place = rest.firstIndex(of: "%") {
      result += rest[..<place]
      rest = rest[place...].dropFirst()
      guard let digit = rest.first?.wholeNumberValue, rest.first?.isASCII == true else {
        // `%%` is the sign itself.
        result += "%"
        rest = rest.dropFirst(rest.first == "%" ? 1 : 0)
        continue
      }
      rest = rest.dropFirst()
      guard digit >= 1, digit <= arguments.count else { continue }
      switch arguments[digit - 1] {
      case .text(let text): result += text
      case .phrase(let phrase): result += phrase.text(in: language)
      case .labels(let labels): result += labels[language.rawValue] ?? labels[Language.en.rawValue] ?? ""
      }
    }
    return result + rest
  }

  static func escaped(_ text: String) -> String {
    text.contains("%") ? text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%") : text
  }

  /// Takes a phrase apart into its key and what stands in its places; at most nine.
  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var key = ""
    fileprivate var arguments: [Argument] = []

    /// Makes room.
    public init(literalCapacity: Int, interpolationCount: Int) {
      key.reserveCapacity(literalCapacity + 2 * interpolationCount)
    }

    /// Words of the phrase itself.
    public mutating func appendLiteral(_ literal: String) { key += Phrase.escaped(literal) }

    /// A text as it is. What comes from outside has to be made printable before.
    public mutating func appendInterpolation(_ text: some StringProtocol) { append(.text(String(text))) }

    /// A number in digits.
    public mutating func appendInterpolation(_ number: some BinaryInteger) { append(.text("\(number)")) }

    /// A whole phrase of its own, in the same language.
    public mutating func appendInterpolation(_ phrase: Phrase) { append(.phrase(phrase)) }

    private mutating func append(_ argument: Argument) {
      precondition(arguments.count < 9, "a phrase has at most nine places")
      arguments.append(argument)
      key += "%\(arguments.count)"
    }
  }
}
