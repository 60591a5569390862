import CEmbedded
import Embedded
import StrictJSON
import Testing
import Wording

@testable import EvidenceReport
@testable import EvidenceVault

/// A sheet as a function of what is disclosed and of the template.
@Suite struct SubmissionSheetTests {
  private static let hostile =
    "<script>alert('x')</script> & \"q\" \u{202e}rtl \u{1b}[31m \u{0d4e}<b>\u{0d4e}\" {{style}} ]]>"

  private static let testimony: JSONObject = [
    "witness.code": "Blue Heron", "consent.un_special_procedures": "code", "consent.name_to_government": "no",
    "consent.name_in_public_report": "none", "account": "Маро даъват карданд.", "account.language": "tg",
  ]

  private static let dissolution: JSONObject = [
    "organisation.pseudonym": "Lighthouse", "organisation.rights_work": "Legal aid.", "region": "gbao",
    "mode": "court_ordered", "date_decision": "2023-03-14", "pressure_summary": "Called six times.",
    "authority": ["department_of_justice"], "perpetrators": "The department.", "link_to_rights_work": "It said so.",
    "current_situation": "Closed.", "submission.request": "allegation_letter", "legal_form": "public_association",
    "official_ground": "financial", "texts.language": "en",
  ]

  private func item(
    _ number: UInt64, _ kind: String, _ fields: JSONObject, withheld: [String: WithheldReason] = [:]
  ) -> SubmissionItem {
    SubmissionItem(number: number, kind: kind, fields: fields, withheld: withheld, files: [], entries: [number])
  }

  private func sheet(_ template: String, _ items: [SubmissionItem]) throws -> SubmissionSheet {
    SubmissionSheet(try SubmissionTemplate.named(template), items: items, bundle: "b", created: "c")
  }

  @Test(arguments: SubmissionTemplate.names) func aCaseWithAllThatIsRequiredIsComplete(_ name: String) throws {
    let sheet = try sheet(name, [item(1, "testimony", Self.testimony), item(2, "dissolution_case", Self.dissolution)])
    #expect(sheet.isComplete, "\(sheet.gaps.filter(\.isBlocking).map(\.sentence.english))")
    #expect(!sheet.text.contains("INCOMPLETE"))
  }

  @Test(arguments: SubmissionTemplate.names) func eachRequiredFieldIsMissedAlone(_ name: String) throws {
    let template = try SubmissionTemplate.named(name)
    for answer in template.questions.flatMap(\.answers) where answer.need == .required {
      var testimony = Self.testimony
      var dissolution = Self.dissolution
      for field in answer.fields {
        if answer.kind == "testimony" { testimony[field] = nil } else { dissolution[field] = nil }
      }
      let sheet = try sheet(name, [item(1, "testimony", testimony), item(2, "dissolution_case", dissolution)])
      let blocking = sheet.gaps.filter(\.isBlocking)
      #expect(blocking.count == 1, "\(answer.field)")
      #expect(blocking.first?.sentence.english.contains(answer.field) == true)
      #expect(blocking.first?.remedy?.english.contains("--set \(answer.field)=") == true)
      #expect(sheet.text.contains("[NOT STATED]"))
    }
  }

  @Test func whatTheWitnessDidNotAgreeToMakesNoSheetIncomplete() throws {
    var fields = Self.dissolution
    fields["link_to_rights_work"] = nil
    for (reason, isComplete) in [
      (WithheldReason.consent(.verbatim), true), (.noConsent, false), (.identity, false), (.onPurpose, false),
    ] {
      let sheet = try sheet(
        "hrd",
        [
          item(1, "testimony", Self.testimony),
          item(2, "dissolution_case", fields, withheld: ["link_to_rights_work": reason]),
        ])
      #expect(sheet.isComplete == isComplete, "\(reason)")
      let gap = try #require(sheet.gaps.first { $0.fields == ["link_to_rights_work"] })
      #expect(gap.sentence.english.contains("is in the record and withheld"))
      // Only the sender learns that there is something.
      #expect(!sheet.text.lowercased().contains("withheld"))
      #expect(!sheet.text.contains("agree (no consent"))
    }
  }

  @Test func whoeverIsWithheldAndWhoeverIsMissingLookAlikeToTheRecipient() throws {
    var fields = Self.dissolution
    fields["link_to_rights_work"] = nil
    let others = item(1, "testimony", Self.testimony)
    let missing = try sheet("hrd", [others, item(2, "dissolution_case", fields)])
    let withheld = try sheet(
      "hrd", [others, item(2, "dissolution_case", fields, withheld: ["link_to_rights_work": .onPurpose])])
    #expect(missing.pages.map(\.bytes) == withheld.pages.map(\.bytes))
  }

  /// Who speaks for what goes may have said no, also where another witness agreed.
  @Test func aWitnessWhoseTestimonyGoesAlongIsNotToBeNamedEither() throws {
    var open = Self.testimony
    open["consent.name_to_government"] = "yes"
    open["consent.name_in_public_report"] = "full"
    let asked = [item(1, "testimony", open), item(2, "dissolution_case", Self.dissolution)]
    #expect(try sheet("hrd", asked).warnings.isEmpty)
    let refused = item(3, "testimony", ["consent.un_special_procedures": "initials"])
    let sheet = SubmissionSheet(
      try SubmissionTemplate.named("hrd"), items: asked, along: [refused], bundle: "b", created: "c")
    #expect(
      sheet.warnings.map(\.english) == [
        """
        DO NOT NAME to the Government: the witness of item 3. Where the form asks whether the name may be given to \
        the Government, answer NO.
        """, "DO NOT NAME in public reports: the witness of item 3.",
      ])
  }

  @Test func withoutTestimonyTheSheetSaysThatNobodyAgreed() throws {
    var fields = Self.dissolution
    fields["consent.by"] = 7
    let sheet = try sheet("foaa", [item(2, "dissolution_case", fields)])
    #expect(!sheet.isComplete)
    #expect(sheet.text.contains("!! DO NOT NAME anybody"))
    let gap = try #require(sheet.gaps.first { $0.isBlocking })
    #expect(gap.fields.contains("consent.name_to_government"))
    #expect(gap.remedy?.english == "evidence export … 7")
  }

  @Test(arguments: [("no", true), ("ask", true), ("", true), ("yes", false)])
  func whoDidNotSayYesIsNotToBeNamed(_ answer: String, isWarned: Bool) throws {
    var fields = Self.testimony
    fields["consent.name_to_government"] = answer.isEmpty ? nil : .string(answer)
    let sheet = try sheet("hrd", [item(1, "testimony", fields), item(2, "dissolution_case", Self.dissolution)])
    #expect(sheet.text.contains("!! DO NOT NAME to the Government: Blue Heron (item 1)") == isWarned)
    #expect(
      sheet.pages.allSatisfy {
        String(decoding: $0.bytes, as: UTF8.self).contains("DO NOT NAME to the Government") == isWarned
      })
  }

  /// An answer for one class alone goes before the general one.
  @Test func theAnswerForTheClassCountsBeforeTheGeneralOne() throws {
    var fields = Self.testimony
    fields["consent.name_to_government"] = "yes"
    fields["consent.un_special_procedures.name_to_government"] = "no"
    let sheet = try sheet("hrd", [item(1, "testimony", fields), item(2, "dissolution_case", Self.dissolution)])
    #expect(sheet.text.contains("!! DO NOT NAME to the Government: Blue Heron"))
    #expect(sheet.text.contains("Name may go to the Government (UN Special Procedures): no"))
    #expect(!sheet.text.contains("Name may go to the Government: yes"))
  }

  @Test func aTranslationStandsBeforeTheOriginal() throws {
    let items = [
      item(1, "testimony", Self.testimony), item(2, "dissolution_case", Self.dissolution),
      item(3, "translation", ["of": 1, "field": "account", "language": "es", "text": "Me llamaron."]),
    ]
    let spanish = try sheet("hrd", items).text
    #expect(spanish.contains("Account (Spanish, translated item 3):\n  Me llamaron."))
    let translation: JSONObject = [
      "of": 1, "field": "account", "language": "en", "text": "I was called.", "method": "human",
    ]
    let english = try sheet("hrd", items + [item(4, "translation", translation)])
    let lines = english.text.split(separator: "\n")
    let start = try #require(lines.firstIndex(of: "Account (English, translated by a person, item 4):"))
    #expect(
      lines[start...].prefix(4) == [
        "Account (English, translated by a person, item 4):", "  I was called.", "Account (original, Tajik):",
        "  Маро даъват карданд.",
      ])
    let html = String(decoding: english.pages[1].bytes, as: UTF8.self)
    #expect(html.contains("<p lang=\"en\">I was called.</p>"))
    #expect(html.contains("<p lang=\"tg\">Маро даъват карданд.</p>"))
  }

  /// Only what this program wrote begins a line.
  @Test func noLineOfATextPassesForAHeading() throws {
    var testimony = Self.testimony
    testimony["account"] = "They came.\n\n9. Conclusion\n============\nAccount: another one"
    let text = try sheet("hrd", [item(1, "testimony", testimony), item(2, "dissolution_case", Self.dissolution)]).text
    #expect(text.contains("\n  They came.\n\n  9. Conclusion\n  ============\n  Account: another one\n"))
  }

  @Test func aTextWithoutTranslationIsReportedAndDoesNotRefuse() throws {
    let sheet = try sheet("hrd", [item(1, "testimony", Self.testimony), item(2, "dissolution_case", Self.dissolution)])
    let gap = try #require(sheet.gaps.first { $0.fields == ["account"] })
    #expect(gap.sentence.english.contains("account is in Tajik"))
    #expect(gap.remedy?.english.contains("--kind translation --set of=1 --set field=account") == true)
    #expect(!gap.isBlocking)
  }

  @Test func whatIsForThePortalIsLeftToThePortal() throws {
    let items = [item(1, "testimony", Self.testimony), item(2, "dissolution_case", Self.dissolution)]
    func own(_ items: [SubmissionItem]) throws -> String {
      String(decoding: try sheet("hrd", items).senderPages[0].bytes, as: UTF8.self)
    }
    #expect(try own(items).contains("filled in by hand at the portal:\n- Who submits it"))
    var fields = Self.dissolution
    fields["submission.submitted_by"] = "The Bridge"
    let named = try own([items[0], item(2, "dissolution_case", fields)])
    #expect(named.contains("Who submits it: The Bridge"))
    #expect(!named.contains("- Who submits it"))
  }

  /// Whatever stands in a field, the page has the tags of its template and no others, and no text moves a terminal.
  @Test(arguments: SubmissionTemplate.names) func noTextBecomesMarkup(_ name: String) throws {
    let plain = try page(name, text: "слово")
    let hostile = try page(name, text: Self.hostile)
    #expect(hostile.html.contains("&lt;script&gt;"))
    #expect(Self.tags(hostile.html) == Self.tags(plain.html))
    for page in [hostile.html, hostile.text] {
      #expect(page.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202e}" || $0 == "\n" })
    }
  }

  private func page(_ name: String, text: String) throws -> (html: String, text: String) {
    let items = Schema.itemKinds.enumerated().compactMap { number, kind -> SubmissionItem? in
      guard let schema = try? Schema.named(kind) else { return nil }
      var fields = JSONObject()
      for field in schema.fields { fields[field.name] = Self.value(field.type, text) }
      return SubmissionItem(
        number: UInt64(number), kind: kind, fields: fields, withheld: [:], files: ["data/\(text)"], entries: [])
    }
    let pages = try sheet(name, items).pages.map { String(decoding: $0.bytes, as: UTF8.self) }
    return (pages[1], pages[0])
  }

  /// Not what the schema allows: a sheet does not depend on anybody's having looked.
  private static func value(_ type: FieldType, _ text: String) -> JSON {
    switch type {
    case .boolean: true
    case .integer: 1
    case .list(let element): [value(element, text)]
    default: .string(text)
    }
  }

  /// Every `<` of a page with the name behind it, and every quotation mark: by scalars, as a browser reads.
  private static func tags(_ html: String) -> [String] {
    var tags: [String] = []
    var isInside = false
    for scalar in html.unicodeScalars {
      if scalar == "<" { (isInside, tags) = (true, tags + [""]) } else if scalar == "\"" { tags.append("\"") }
      if isInside, scalar == ">" || scalar == " " { isInside = false }
      if isInside { tags[tags.count - 1].unicodeScalars.append(scalar) }
    }
    return tags
  }

  @Test func theLettersThatHideAMarkFromTheLibraryDoNotHideItFromUs() {
    #expect(HTMLPage.escaped("\u{0d4e}<b>\u{0d4e}\"'&") == "\u{0d4e}&lt;b&gt;\u{0d4e}&quot;&#39;&amp;")
    let page = HTMLPage(["one": Array("{{#list}}{{>part}}{{/list}}".utf8), "part": Array("<i>{{.}}</i>".utf8)])
      .render("one", ["list": ["\u{0d4e}<b>"]])
    #expect(page == "<i>\u{0d4e}&lt;b&gt;</i>")
  }

  @Test func thePageFetchesNothingAndAllowsItsOwnStyleAlone() throws {
    let sheet = try sheet("hrd", [item(1, "testimony", Self.testimony)])
    let html = String(decoding: sheet.pages[1].bytes, as: UTF8.self)
    #expect(html.contains("content=\"default-src 'none'; style-src 'sha256-"))
    for word in ["<script", "src=", "href=", "url(", "@import", "style=\"", "http:", "https:"] {
      #expect(!html.contains(word), "\(word)")
    }
    let style = String(decoding: EmbeddedFile.submission_css.bytes, as: UTF8.self)
    #expect(style.utf8.allSatisfy { !Array("<>&\"'".utf8).contains($0) })
    #expect(html.contains("<style>\(style)</style>"))
  }

  @Test func datesAreSaidInWords() {
    #expect(SubmissionValue.date("2023-03-04") == "4 March 2023 (2023-03-04)")
    #expect(SubmissionValue.date("2022-11~") == "about November 2022 (2022-11~)")
    #expect(SubmissionValue.date("2022?/2023") == "from the year 2022 (not certain) to the year 2023 (2022?/2023)")
    #expect(SubmissionValue.date("2023-99-01") == "2023-99-01")
  }

  @Test func itemsOfTwoCasesAreToldApart() throws {
    let sheet = try sheet("hrd", [item(1, "document", ["case": "A"]), item(2, "document", ["case": "B"])])
    #expect(sheet.notes.map(\.english) == ["these items belong to 2 cases, and a submission is about one: A, B"])
  }

  @Test func whatItemsPointToAndIsNotExportedIsNamed() throws {
    let sheet = try sheet(
      "hrd",
      [
        item(1, "dissolution_case", ["pressure_events": [2, 9, 8], "consent.by": 3]), item(2, "pressure_event", [:]),
        item(3, "testimony", [:]),
      ])
    #expect(sheet.notes.map(\.english) == ["item 1 points to what is not in this export: item 8, 9"])
  }

  @Test func anAnswerThatIsTooLongForAFormIsNamed() throws {
    var fields = Self.testimony
    fields["account"] = .string(String(repeating: "слово ", count: 2_000))
    let sheet = try sheet("foaa", [item(1, "testimony", fields)])
    #expect(sheet.notes.count == 1)
    #expect(sheet.notes.first?.english.contains("Account has 12000 characters") == true)
  }
}
