import Testing

@testable import Wording

/// What holds for every phrase of the lists.
struct TranslationTests {
  @Test func everyPhraseIsInEveryLanguage() {
    let russian = Set(Translations.forms(in: .ru).keys)
    let tajik = Set(Translations.forms(in: .tg).keys)
    #expect(!russian.isEmpty)
    #expect(russian.symmetricDifference(tajik).sorted() == [])
  }

  @Test(arguments: [Language.ru, .tg])
  func translationHasThePlacesOfThePhrase(language: Language) {
    for (key, forms) in Translations.forms(in: language) {
      for form in forms { #expect(Self.places(form) == Self.places(key), "\(key)") }
    }
  }

  @Test func formsAreAsManyAsTheLanguageHas() {
    for (key, forms) in Translations.forms(in: .ru) { #expect([1, 3].contains(forms.count), "\(key)") }
    for (key, forms) in Translations.forms(in: .tg) { #expect(forms.count == 1, "\(key)") }
  }

  @Test(arguments: [Language.ru, .tg])
  func translationStandsWhereThePhraseStands(language: Language) {
    func margin(_ text: String) -> Substring { text.prefix { $0 == " " || $0 == "\n" } }
    for (key, forms) in Translations.forms(in: language) {
      for form in forms {
        #expect(margin(form) == margin(key), "\(key)")
        #expect(form.hasSuffix(" ") == key.hasSuffix(" "), "\(key)")
        // Two alphabets in one word are a slip that nobody sees.
        for word in form.split(whereSeparator: { !$0.isLetter }) {
          #expect(Set(word.map(\.isASCII)).count == 1, "\(word) in \(form)")
        }
      }
    }
  }

  private static func places(_ text: String) -> Set<Character> {
    var places: Set<Character> = []
    var rest = Substring(text)
    while let sign = rest.firstIndex(of: "%") {
      rest = rest[sign...].dropFirst()
      if let next = rest.popFirst(), next != "%" { places.insert(next) }
    }
    return places
  }
}
