@testable import EvidenceVault
import StrictJSON
import Testing

/// What people write in tables and forms.
@Suite struct TypedTextTests {
  private func date(_ text: String, _ order: DateOrder? = nil) throws(TypedFault) -> String {
    try TypedDate.edtf(text, order: order)
  }

  @Test(arguments: [
    ("2023-05-26", "2023-05-26"), ("2022~", "2022~"), ("2022-09/2023-03", "2022-09/2023-03"),
    ("26.05.2023", "2023-05-26"), ("3.4.2023", "2023-04-03"), ("05.2023", "2023-05"), ("29.02.2024", "2024-02-29"),
    ("26/05/2023", "2023-05-26"), ("05/26/2023", "2023-05-26"), ("05/05/2023", "2023-05-05"),
  ]) func datesThatMeanOneDayAreTaken(text: String, expected: String) throws { #expect(try date(text) == expected) }

  @Test(arguments: [
    "31.02.2023", "29.02.2023", "00.05.2023", "26.13.2023", "31/02/2023", "13/13/2023", "2023-02-31", "26.05.23",
    "26.05", "26 May", "2023/05/26", "٢٦.٠٥.٢٠٢٣", "-1.05.2023", "",
  ]) func whatIsNoDayIsRefused(text: String) { #expect(throws: TypedFault.self) { try date(text) } }

  @Test func aDateThatCanBeTwoDaysIsRefusedUnlessTheOrderIsKnown() throws {
    #expect(throws: TypedFault.ambiguousDate(dayFirst: "2023-04-03", monthFirst: "2023-03-04")) {
      try date("03/04/2023")
    }
    #expect(try date("03/04/2023", .dayFirst) == "2023-04-03")
    #expect(try date("03/04/2023", .monthFirst) == "2023-03-04")
    #expect(throws: TypedFault.self) { try date("26/05/2023", .monthFirst) }
    #expect(try date("03.04.2023", .monthFirst) == "2023-04-03")
  }

  private func value(_ text: String, _ kind: String, _ field: String) throws -> JSON {
    try TypedText().value(text, of: #require(Schema.named(kind).field(field)))
  }

  @Test(arguments: ["yes", "TRUE", "Да", " ҳа ", "бале"]) func yesIsYesInThreeLanguages(text: String) throws {
    #expect(try value(text, "dissolution_case", "inspection.act_received") == true)
  }

  @Test(arguments: ["no", "False", "нет", "не"]) func noIsNo(text: String) throws {
    #expect(try value(text, "dissolution_case", "inspection.act_received") == false)
  }

  @Test func listsOfWordsArePartedByAnythingAndListsOfTextsByWhatIsClear() throws {
    for text in ["tax; court", "tax,court", "tax\ncourt", "tax\r\ncourt\n"] {
      #expect(try value(text, "dissolution_case", "authority") == ["tax", "court"])
    }
    let others = "interview.others_present"
    #expect(
      try value("a brother; an elder, of the village", "testimony", others) == [
        "a brother", "an elder, of the village",
      ])
    #expect(
      try value("a brother\nan elder; a friend\n".replacing(";", with: ","), "testimony", others).arrayValue?.count == 2
    )
    #expect(try value("one, with a comma;", "testimony", others) == ["one, with a comma"])
    #expect(throws: TypedFault.self) { try value("a brother, an elder", "testimony", others) }
    #expect(throws: TypedFault.self) { try value("a; b\nc", "testimony", others) }
  }

  @Test func aNumberIsWholeAndInItsRange() throws {
    func minutes(_ text: String) throws -> JSON { try value(text, "testimony", "interview.duration_minutes") }
    #expect(try minutes(" 90 ") == 90 && minutes("10000") == 10_000)
    for text in ["", "x", "9.5", "1e3", "9223372036854775808", "٩", "-1", "10001", "9223372036854775807"] {
      #expect("\(text)") { try minutes(text) } throws: {
        ($0 as? TypedFault)?.description.english == "expected a whole number from 0 to 10000"
      }
    }
  }

  @Test func aLabelStandsForItsWordInEveryLanguage() throws {
    let field = try #require(Schema.named("testimony").field("consent.name_to_government"))
    for label in ["yes", "Yes", "да", "ДА", "бале"] { #expect(try TypedText().value(label, of: field) == "yes") }
    #expect(throws: TypedFault.self) { try TypedText().value("perhaps", of: field) }
  }

  @Test func aWordThatIsNearlyOneIsNamed() throws {
    #expect { try value("Court_orderd", "dissolution_case", "mode") } throws: {
      ($0 as? TypedFault)?.description.english == "no such value; did you mean court_ordered?"
    }
  }

  @Test func aNumberChoosesFromTheListInAForm() throws {
    let mode = try #require(Schema.named("dissolution_case").field("mode"))
    #expect(try FormAnswer.value("1", of: mode) == "court_ordered")
    let authority = try #require(Schema.named("dissolution_case").field("authority"))
    #expect(try FormAnswer.value("1, court", of: authority) == ["department_of_justice", "court"])
    #expect(throws: TypedFault.self) { try FormAnswer.value("99", of: mode) }
  }
}
