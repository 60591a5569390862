import Testing

@testable import Wording

struct PhraseTests {
  private func items(_ count: Int) -> Phrase { .counted(count, one: "\(count) item", other: "\(count) items") }

  @Test func placesAreNumberedInTheKey() {
    let name = "a%1"
    let phrase: Phrase = "there is no \(name) among \(3), 100 %"
    #expect(phrase.key == "there is no %1 among %2, 100 %%")
    #expect(phrase.text(in: .en) == "there is no a%1 among 3, 100 %")
  }

  @Test func untranslatedPhraseIsEnglishInEveryLanguage() {
    for language in Language.allCases { #expect(Phrase("no such phrase").text(in: language) == "no such phrase") }
    #expect(Phrase(verbatim: "50 %1").text(in: .ru) == "50 %1")
  }

  @Test(arguments: [
    (0, "материалов"), (1, "материал"), (2, "материала"), (5, "материалов"), (11, "материалов"), (14, "материалов"),
    (21, "материал"), (22, "материала"), (112, "материалов"), (1001, "материал"),
  ])
  func russianWordsFollowTheNumber(count: Int, word: String) {
    #expect(items(count).text(in: .ru) == "\(count) \(word)")
  }

  @Test(arguments: [(0, "0 items"), (1, "1 item"), (2, "2 items"), (21, "21 items")])
  func englishWordsFollowTheNumber(count: Int, text: String) {
    #expect(items(count).text(in: .en) == text)
    #expect(items(count).text(in: .tg) == "\(count) мавод")
  }

  @Test func phraseInsideAPhraseIsTranslatedWithIt() {
    let phrase: Phrase = "untranslated: \(items(2))"
    #expect(phrase.text(in: .ru) == "untranslated: 2 материала")
  }

  @Test func enumerationsKeepTheirParts() {
    #expect(Phrase.list([]).text(in: .ru) == "")
    #expect(Phrase.list([items(1), "100 %", items(2)]).text(in: .ru) == "1 материал, 100 %, 2 материала")
    let many = Phrase.list((0..<50).map { "\($0)" }, separator: ";")
    #expect(many.text(in: .tg) == (0..<50).map(String.init).joined(separator: ";"))
  }

  @Test func languageIsThatOfTheSurroundings() {
    func preferred(_ variables: [String: String]) -> Language { .preferred { variables[$0] } }
    #expect(preferred([:]) == .en)
    #expect(preferred(["LANG": "tg_TJ.UTF-8"]) == .tg)
    #expect(preferred(["LANG": "tg_TJ.UTF-8", "LC_ALL": "", "LC_MESSAGES": "ru_RU"]) == .ru)
    #expect(preferred(["LANG": "ru_RU", "EVIDENCE_LANGUAGE": "en"]) == .en)
    #expect(preferred(["LANG": "de_DE"]) == .en)
  }
}
