@testable import EvidenceVault
import Testing

@Suite struct EDTFTests {
  @Test(arguments: [
    "2023", "2023-05", "2023-05-26", "0000", "2024-02-29", "2000-02-29", "2023-12-31", "2023?", "2022~", "2022%",
    "2023-05?", "2023-05-26~", "20XX", "202X", "2023-XX", "2023-XX-XX", "2023-05-XX", "202X-XX", "20XX-XX-XX",
    "2022/2023",
    "2022-09/2023-03", "2022-09-01/2023", "2022/..", "../2023", "2022/", "/2023", "2022~/2023?",
  ])
  func datesOfLevels0And1AreTaken(text: String) { #expect(EDTF.isValid(text)) }

  @Test(arguments: [
    "", "/", "..", "../..", "/..", "23", "20233", "2023-5", "2023-005", "2023-00", "2023-13", "2023-05-00",
    "2023-05-32",
    "2023-02-29", "1900-02-29", "2023-04-31", "2023-05-26-01", "2023-", "-2023", "2023?-05", "2023??", "?", "X", "XXXX",
    "2XXX", "20X3", "2023-X5", "2023-0X", "2023-05-2X", "20XX-05", "202X-05-26", "2023-XX-26", "2023/2024/2025",
    "2023/24",
    " 2023", "2023 ", "2023\n", "2023-05-26T10:00", "26.05.2023", "٢٠٢٣", "２０２３", "2023‑05", "2023-05-26/x",
  ])
  func everythingElseIsRefused(text: String) { #expect(!EDTF.isValid(text)) }

  @Test(arguments: [
    ("03/04/2023", "2023-04-03 for 3 April 2023 or 2023-03-04 for 4 March 2023: 03/04/2023 can be read both ways"),
    ("3.4.2023", "2023-04-03 for 3 April 2023 or 2023-03-04 for 4 March 2023: 3.4.2023 can be read both ways"),
    ("26.05.2023", "2023-05-26 for 26 May 2023"), ("05/26/2023", "2023-05-26 for 26 May 2023"),
    ("05-05-2023", "2023-05-05 for 5 May 2023"), ("31.02.2023", "a day that exists: February 2023 has 28 days"),
    ("2024-02-30", "a day that exists: February 2024 has 29 days"),
    ("2022-09-31/2023-03", "a day that exists: September 2022 has 30 days"),
    ("2023/2023-04-31", "a day that exists: April 2023 has 30 days"), ("2023-13-01", "a month from 01 to 12"),
    ("13.13.2023", "a month from 01 to 12"), ("2023-13", "a month from 01 to 12"),
    ("2023/05/26", "2023-05-26, with two digits each for month and day"),
    ("2023-5-6", "2023-05-06, with two digits each for month and day"),
    ("26.05.23", "a year of four digits, as in 2023-05-26"), ("05/2023", "2023-05 for May 2023"),
    ("yesterday", "a date such as 2023-05-26, 2023-05, 2023?, or 2022-09/2023-03"),
  ])
  func aRefusalSaysWhyAndGuessesNothing(text: String, expected: String) {
    #expect(EDTF.refusal(of: text)?.english == expected)
  }

  @Test(arguments: [
    "", "/", "//", "....", "99999999999999999999", "1.1", "00.00.0000", "999999999999", "0-0-0", "2023-02-30-01",
    "2023-XX-31", "2023-01-01T10:00", "31/02/2023/04",
  ])
  func anyTextThatIsNoDateHasARefusal(text: String) throws {
    #expect(try #require(EDTF.refusal(of: text)).english != "")
  }

  @Test(arguments: ["2023", "2023-05-26~", "2022-09/2023-03", "../2023"])
  func aDateHasNoRefusal(text: String) { #expect(EDTF.refusal(of: text) == nil) }
}
