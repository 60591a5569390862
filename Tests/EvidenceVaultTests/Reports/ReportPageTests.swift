import CEmbedded
import Embedded
@testable import EvidenceReport
@testable import EvidenceVault
import Primitives
import StrictJSON
import TestFolders
import Testing
import Wording

/// `REPORT.html`.
@Suite struct ReportPageTests {
  private func text(_ page: ReportPage) -> String { String(decoding: page.bytes, as: UTF8.self) }

  private func occurrences(of part: String, in text: String) -> Int { text.split(separator: part).count - 1 }

  /// The markup of a page without what a text from evidence can stand in: between tags, and in these attributes. It is
  /// read byte by byte, as a browser reads it: to Swift, a mark with an accent is another character.
  private func markup(_ page: [UInt8]) -> [String] {
    page.split(separator: UInt8(ascii: "<")).dropFirst().map { piece in
      var tag = Array(piece.prefix { $0 != UInt8(ascii: ">") })
      for name in ["alt=\"", "href=\"data/"] {
        guard let start = tag.firstRange(of: Array(name.utf8))?.upperBound else { continue }
        tag.removeSubrange(start..<(tag[start...].firstIndex(of: UInt8(ascii: "\"")) ?? tag.endIndex))
      }
      return String(decoding: tag, as: UTF8.self)
    }
  }

  /// The phrases that stand in English in another language.
  private func untranslated(_ pages: [ReportPage]) -> [String] {
    let used = pages.reduce(into: Set<Phrase>()) { used, page in
      _ = page.bytes
      used.formUnion(page.say.used)
    }
    let missing = used.filter { phrase in
      phrase.key != "%1" && [.ru, .tg].contains { phrase.text(in: $0) == phrase.text(in: .en) }
    }
    return missing.map(\.key).sorted()
  }

  @Test func everyPhraseIsTranslated() throws {
    let report = try ReportFixture()
    let page = try report.page(of: report.plan(purpose: ""))
    #expect(untranslated([page]) == [])
    #expect(page.say.used.count > 100)
  }

  @Test func soAreThePhrasesOfRarePages() throws {
    let report = try ReportFixture()
    let plan = try report.plan(classes: ["un_special_procedures"])
    let time = TrustedTime(
      earliest: Timestamp(secondsSince1970: 1_685_093_400), latest: Timestamp(secondsSince1970: 1_685_093_400),
      authority: "An <b>authority</b>",
      authorityDigest: SHA256Hasher.digest(of: []), entryCount: 3, path: "")
    let stamped = ReportPage(plan.stamped([time]))
    #expect(text(stamped).contains("26 May 2023, 09:30 UTC"))
    #expect(text(stamped).contains("An &lt;b&gt;authority&lt;/b&gt;"))
    // What was sent before, more of it later, and a document without a case or a date.
    let bundle = try BundleFixture(withholding: ["title"])
    let reader = try bundle.fixture.reader()
    let desk = Audience.recipients([try reader.recipient("Desk")])
    let sent = try reader.plan([0], for: desk, purpose: "", choice: DisclosureChoice())
    let more = try reader.planDisclosure(
      of: ["title"], in: 1, to: reader.recipient("Desk"), purpose: "", choice: DisclosureChoice())
    #expect(text(ReportPage(sent)).contains("sent in a bundle"))
    #expect(untranslated([stamped, ReportPage(plan, limit: 60_000), ReportPage(sent), ReportPage(more)]) == [])
  }

  @Test func manyDatesAreCounted() throws {
    let report = try ReportFixture()
    let items = ReportItem.all(in: try report.plan())
    let say = ReportWords()
    let timeline = ReportTimeline((0..<500).flatMap { _ in items })
    let view = timeline.view(say, ReportFields(say: say, numbers: []))
    #expect(view["isCounted"] as? Bool == true)
    #expect(timeline.entries.count == ReportTimeline.maximumCount)
    let bars = ((view["chart"] as? [View])?.first?["rows"] as? [View]) ?? []
    #expect((2...40).contains(bars.count))
    // Only what begins nobody knows when has no bar.
    let unknown = timeline.entries.count { $0.span.first == .min }
    #expect(bars.compactMap { Int($0["count"] as? String ?? "") }.reduce(0, +) == timeline.entries.count - unknown)
    #expect(say.used.contains { $0.text(in: .en).contains("more dates are not in this table") })
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "&lt;b&gt; &amp;",
    "</style></title><h1>", "{{policy}} {{{image}}} {{>say}}", "javascript:alert(1)", "]]>--><!--<svg onload=x>",
    // What clings to a mark makes another character of it, which Mustache does not escape.
    "\"\u{301} onerror=alert(1) x=\"\u{301}", "<\u{483}b>\u{20dd}", "\u{d4e}\" onload=x \u{d4e}\"",
    ">\u{fe0f}<\u{fe0f}i",
  ])
  func textFromEvidenceIsNeverMarkup(hostile: String) throws {
    let harmless = try ReportFixture("x")
    let report = try ReportFixture(hostile)
    let expected = markup(try harmless.page(of: harmless.plan(purpose: "x")).bytes)
    let found = markup(try report.page(of: report.plan(purpose: hostile)).bytes)
    let first = zip(found, expected).first { $0 != $1 }
    #expect(found.count == expected.count && first == nil, "\(String(describing: first))")
  }

  @Test func whatCouldHideOrReorderTextIsMadeVisible() throws {
    let report = try ReportFixture("a\u{202e}b\u{200b}c\u{0}d")
    let page = text(try report.page(of: report.plan()))
    #expect(!page.unicodeScalars.contains { "\u{202e}\u{200b}\u{0}".unicodeScalars.contains($0) })
    #expect(page.contains("a\\u{202e}b\\u{200b}c\\u{0}d"))
  }

  @Test func linesAreKeptAsParagraphs() throws {
    let report = try ReportFixture("first\r\n\r\nsecond\nthird")
    #expect(text(try report.page(of: report.plan())).contains("<p>first</p><p>second</p><p>third</p>"))
  }

  @Test func theStyleIsTheOneThatThePolicyNames() throws {
    let report = try ReportFixture()
    let page = text(try report.page(of: report.plan()))
    let start = try #require(page.firstRange(of: "<style>")).upperBound
    let end = try #require(page.firstRange(of: "</style>")).lowerBound
    let digest = Base64.padded.encode(SHA256Hasher.digest(of: page[start..<end].utf8).bytes)
    #expect(
      page.contains(
        "content=\"default-src &#39;none&#39;; style-src &#39;sha256-\(digest)&#39;; img-src data:; "
          + "base-uri &#39;none&#39;; form-action &#39;none&#39;\""))
    for word in ["<script", " style=", "http:", "https:", "@import", "url("] { #expect(!page.contains(word)) }
  }

  @Test func whatIsWithheldIsCountedAndNotNamed() throws {
    let report = try ReportFixture()
    let plan = try report.plan(withheld: ["witness.name", "account", "witness.contact"])
    let page = text(try report.page(of: plan))
    #expect(page.contains("entry 0: 3 fields, 0 files"))
    for name in ["Name of the witness", "Имя свидетеля", "How to reach the witness", "witness.name"] {
      #expect(!page.contains(">\(name)<"), "\(name)")
    }
    #expect(page.contains(">Code name of the witness<"))
    #expect(!page.contains("withheld by you"))
    #expect(!page.contains("Desk"))
  }

  @Test func picturesAreShownAndNothingElse() throws {
    let report = try ReportFixture()
    let page = text(try report.page(of: report.plan()))
    #expect(page.contains("<img src=\"data:image/png;base64,\(Base64.padded.encode(ReportFixture.png))\""))
    #expect(occurrences(of: "<img ", in: page) == 1)
    #expect(page.contains("<a href=\"data/item-1/files/photo.png\">"))
    #expect(!page.contains("<a href=\"data/item-1/files/drawing.svg\">"))
    #expect(page.contains("data/item-1/files/drawing.svg"))
    #expect(!ReportImages.isImage(Array("RIFF1234WAVE".utf8), of: "image/webp"))
    #expect(ReportImages.isImage(Array("RIFF1234WEBP".utf8), of: "image/webp"))
    #expect(!ReportImages.isImage(Array("<svg>".utf8), of: "image/svg+xml"))
  }

  @Test func nothingIsPutInWithoutEscaping() {
    let templates = [
      EmbeddedFile.report_mustache.bytes, EmbeddedFile.report_kind_mustache.bytes,
      EmbeddedFile.report_item_mustache.bytes,
      EmbeddedFile.report_end_mustache.bytes, EmbeddedFile.report_left_out_mustache.bytes,
      EmbeddedFile.report_say_mustache.bytes, EmbeddedFile.report_say_in_chart_mustache.bytes,
      EmbeddedFile.report_value_mustache.bytes, EmbeddedFile.report_field_mustache.bytes,
      EmbeddedFile.report_timeline_mustache.bytes,
    ].map { String(decoding: $0, as: UTF8.self) }
    #expect(templates.map { occurrences(of: "{{{", in: $0) + occurrences(of: "{{&", in: $0) }.reduce(0, +) == 0)
    // A name without a full stop would be looked for in what is around, too.
    for tag in templates.flatMap({ $0.split(separator: "{{").dropFirst().map(String.init) }) {
      #expect([".", "#.", "/.", "^.", ">"].contains { tag.hasPrefix($0) }, "\(tag)")
    }
  }

  @Test func aTranslationStandsBesideItsOriginalAndOnlyThere() throws {
    let report = try ReportFixture("words")
    let page = text(try report.page(of: report.plan()))
    #expect(page.contains("translation: item 5"))
    #expect(!page.contains("translation: item 6"))
    let own = try #require(page.split(separator: "<article ").first { $0.hasPrefix("id=\"item-5\"") })
    #expect(own.contains("<a href=\"#item-0\">"))
  }

  @Test func anAmendedItemIsToldOnceAsItStands() throws {
    let report = try ReportFixture()
    let page = text(try report.page(of: report.plan()))
    #expect(occurrences(of: "<article ", in: page) == 7)
    #expect(page.contains("It stands as it was amended, by entry: 8"))
    #expect(page.contains(">transferred</span>"))
  }

  @Test func whatDoesNotFitIsNamedAndLinked() throws {
    let report = try ReportFixture(String(repeating: "long ", count: 36))
    let plan = try report.plan()
    let whole = ReportPage(plan).bytes.count
    let limit = whole * 3 / 4
    let page = String(decoding: ReportPage(plan, limit: limit).bytes, as: UTF8.self)
    #expect(page.utf8.count <= limit)
    #expect(page.contains("<a href=\"data/item-6/record.json\">"))
    #expect(occurrences(of: "<article ", in: page) == 7)
    #expect(page.hasSuffix("</html>\n"))
    let least = String(decoding: ReportPage(plan, limit: 60_000).bytes, as: UTF8.self)
    #expect(least.contains("more items are in this bundle and not on this page"))
  }

  @Test func ofSeveralClassesTheStrictestTermsAreToldAndNoneIsNamed() throws {
    let fixture = try VaultFixture()
    try fixture.addTestimony(more: [
      ("consent.lawyer", "full"), ("consent.media", "code"), ("consent.name_in_public_report", "full"),
      ("consent.name_to_government", "yes"), ("consent.media.quotes", "paraphrase"),
    ])
    _ = try fixture.addRecipient("Desk")
    let reader = try fixture.reader()
    let plan = try reader.plan(
      [0], for: .recipients([reader.recipient("Desk")]), purpose: "", choice: DisclosureChoice())
    let consent = ReportConsent(
      say: ReportWords(), fields: ReportFields(say: ReportWords(), numbers: []), item: ReportItem.all(in: plan)[0])
    func duties(_ classes: [String]) -> [String] {
      (consent.view(for: classes)["duties"] as? [View] ?? []).compactMap {
        ($0["duty"] as? [View])?.first?["text"] as? String
      }
    }
    #expect(duties(["lawyer"]) == ["You may know and use the name. What is said below limits where else it may go."])
    #expect(
      duties(["lawyer", "media"]) == [
        "Use the code name of the witness only, and do not try to find out who it is.",
        "Tell in your own words what the witness said; do not quote.",
      ])
    #expect(consent.view(for: ["lawyer", "media"])["hasFields"] as? Bool == false)
    #expect(
      duties(["public"]).first == "Do not use even the code name of the witness, and do not try to find out who it is.")
  }

  @Test func aSupplementSaysWhatItIs() throws {
    let bundle = try BundleFixture()
    let reader = try bundle.fixture.reader()
    let plan = try reader.planDisclosure(
      of: ["title"], in: 1, to: reader.recipient("Desk"), purpose: "more", choice: DisclosureChoice())
    let page = String(decoding: ReportPage(plan).bytes, as: UTF8.self)
    #expect(page.contains("This bundle adds fields to item 1, which you already hold."))
    #expect(!page.contains("id=\"custody-1\""))
  }
}
