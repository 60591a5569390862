@testable import EvidenceReport
import Testing
import Wording

/// Dates in words.
@Suite struct ReportDateTests {
  @Test(arguments: [
    ("2023-03-04", "4 March 2023", "4 марта 2023 года", "4 марти соли 2023"),
    ("2023-03", "March 2023", "март 2023 года", "моҳи марти соли 2023"),
    ("2023-03-XX", "March 2023", "март 2023 года", "моҳи марти соли 2023"),
    ("2023", "the year 2023", "2023 год", "соли 2023"), ("2023-99-01", "2023-99-01", "2023-99-01", "2023-99-01"),
    ("2023-XX", "the year 2023", "2023 год", "соли 2023"),
    ("202X", "2020 to 2029", "годы с 2020 по 2029", "солҳои 2020 то 2029"),
    ("19XX", "1900 to 1999", "годы с 1900 по 1999", "солҳои 1900 то 1999"),
    ("2023~", "about the year 2023", "приблизительно: 2023 год", "тақрибан: соли 2023"),
    ("2023-12?", "December 2023 (not certain)", "декабрь 2023 года (не точно)", "моҳи декабри соли 2023 (боварӣ нест)"),
    (
      "2022-09-12/2023", "from 12 September 2022 to the year 2023", "начало: 12 сентября 2022 года; конец: 2023 год",
      "оғоз: 12 сентябри соли 2022; анҷом: соли 2023"
    ),
    (
      "../2023", "until the year 2023", "конец: 2023 год; начало не ограничено",
      "анҷом: соли 2023; оғозаш маҳдуд нест"
    ),
    ("<b>", "<b>", "<b>", "<b>"),
  ])
  func aDateIsToldInWords(text: String, english: String, russian: String, tajik: String) {
    let phrase = ReportDate.phrase(text)
    #expect(Language.allCases.map { phrase.text(in: $0) } == [english, russian, tajik])
  }

  @Test func aMomentIsToldToTheMinute() {
    #expect(ReportDate.moment("2026-11-03T15:52:26Z").text(in: .en) == "3 November 2026, 15:52 UTC")
    #expect(ReportDate.moment("yesterday\u{202e}").text(in: .en) == "yesterday\\u{202e}")
  }
}
