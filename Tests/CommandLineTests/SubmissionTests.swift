import Foundation
import TestFolders
import Testing

/// The submission sheet of an export, on the program as it was built.
@Suite struct SubmissionTests {
  private static let consent = [
    "consent.un_special_procedures=code", "consent.quotes=verbatim", "consent.name_to_government=no",
    "consent.name_in_public_report=initials", "consent.lawyer=code", "account=Маро даъват карданд.",
    "account.language=tg",
  ]
  private static let required = [
    "organisation.pseudonym=Lighthouse", "organisation.rights_work=Legal aid to families.", "region=gbao",
    "mode=self_dissolved_under_pressure", "date_decision=2023-03-14", "pressure_summary=Called in six times.",
    "authority=department_of_justice", "perpetrators=The department, which wrote the text.",
    "link_to_rights_work=The official named the cases on land.", "current_situation=Closed.",
    "submission.request=allegation_letter", "legal_form=public_association", "official_ground=financial",
    "texts.language=en",
  ]

  /// A desk with a recipient at the UN, testimony (item 1) and a case; the number of the case.
  private func desk(
    consent: [String] = consent, dissolution: [String] = required, by: String? = "1"
  ) throws -> (desk: Desk, item: String) {
    let desk = try Desk.withVault()
    let key = try desk.run("key", "generate", "--output", desk["un.key"]).output.trimmingCharacters(in: .newlines)
    let recipient = try desk.unlocked(
      "recipient", "add", "un", key, "--class", "un_special_procedures", "--words", desk.words(of: key))
    try #require(recipient.status == 0, "\(recipient.errors)")
    let amended = try desk.unlocked(
      ["amend", "1", "--reason", "consent"] + consent.flatMap { ["--set", $0] })
    try #require(amended.status == 0, "\(amended.errors)")
    let settings = (dissolution + (by.map { ["consent.by=\($0)"] } ?? [])).flatMap { ["--set", $0] }
    let added = try desk.unlocked(
      ["add", "--kind", "dissolution_case", "--title", "The closing", "--json"] + settings)
    try #require(added.status == 0, "\(added.errors)")
    let number = try #require(try added.json["item"] as? Int, "\(added.output)")
    return (desk, "\(number)")
  }

  private func export(_ desk: Desk, _ items: [String], _ words: String...) throws -> Outcome {
    try desk.unlocked(["export"] + items + ["--to", "un"] + words)
  }

  private func opened(_ bundle: String, at desk: Desk) throws -> Tree {
    let words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    let outcome = try desk.run(
      "open", desk[bundle], "--identity", desk["un.key"], "--sender", words, "--output", desk["opened"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try Tree(of: desk["opened"])
  }

  private func text(_ tree: Tree, _ name: String) throws -> String {
    String(decoding: try #require(tree[name]), as: UTF8.self)
  }

  /// Acceptance: the case lacks the link to the work for human rights, and consent to be named.
  @Test(arguments: ["ohchr-communication", "hrd"])
  func aCaseWithoutLinkAndConsentToBeNamedIsRefusedAsIncomplete(_ template: String) throws {
    let (desk, item) = try desk(
      consent: Self.consent.filter { !$0.hasPrefix("consent.name_to_government") },
      dissolution: Self.required.filter { !$0.hasPrefix("link_to_rights_work") })
    let vault = try desk.vaultWithoutCaches
    let outcome = try export(desk, ["1", item], "--template", template, "--output", desk["un.age"])
    #expect(outcome.status == 31, "\(outcome.errors)")
    #expect(outcome.output.contains("item \(item): link_to_rights_work is not in the record"))
    #expect(outcome.output.contains("evidence amend \(item) --set link_to_rights_work=… --reason …"))
    #expect(outcome.output.contains("item 1: consent.name_to_government is not in the record"))
    #expect(outcome.output.contains("evidence amend 1 --set consent.name_to_government=… --reason …"))
    #expect(outcome.errors.contains("evidence: error: incomplete for \(template): 2 required answers missing"))
    #expect(outcome.errorLines.count == 2)
    #expect(!FileManager.default.fileExists(atPath: desk["un.age"]))
    #expect(try desk.vaultWithoutCaches == vault, "the vault was changed")
  }

  @Test(arguments: ["ohchr-communication", "hrd", "foaa"])
  func aCompleteCaseGoesWithItsSheet(_ template: String) throws {
    let (desk, item) = try desk()
    let outcome = try export(
      desk, ["1", item], "--template", template, "--output", desk["un.age"], "--sheet", desk["sheet"])
    #expect(outcome.status == 0, "\(outcome.errors)\(outcome.output)")
    #expect(outcome.output.contains("60 days"))
    #expect(outcome.output.contains("DO NOT NAME to the Government: Blue Heron (item 1)"))
    let bundle = try opened("un.age", at: desk)
    let sheet = try Tree(of: desk["sheet"])
    #expect(sheet.files == ["SUBMISSION.html", "SUBMISSION.txt"])
    for name in sheet.files {
      let (own, sent) = (try text(sheet, name), try text(bundle, name))
      for word in ["Before it is sent", "Hand in"] {
        #expect(own.contains(word) && !sent.contains(word), "\(name): \(word)")
      }
      #expect(!sent.contains("by hand") && sent.contains("The official named the cases on land."), "\(name)")
    }
    #expect(try text(bundle, "SUBMISSION.txt").contains("!! DO NOT NAME to the Government: Blue Heron (item 1)"))
    let pasted = try text(sheet, "SUBMISSION.txt")
    #expect(pasted.contains("!! DO NOT NAME to the Government: Blue Heron (item 1)"))
    #expect(pasted.contains("The official named the cases on land."))
    #expect(pasted.contains("Account (original, Tajik):\n  Маро даъват карданд."))
    #expect(!pasted.contains("INCOMPLETE"))
    for tree in [sheet, bundle] {
      for name in [Desk.witnessName] + Desk.witnessName.split(separator: " ").map(String.init) {
        #expect(!tree.holds(name), "\(name)")
      }
    }
    let verified = try desk.run(
      "verify", "--bundle", desk["opened"], "--sender", String(contentsOfFile: desk["my.words"], encoding: .utf8))
    #expect(verified.status == 0, "\(verified.errors)")
  }

  @Test func anIncompleteSheetGoesIfThatIsSaidAndMarksItsGaps() throws {
    let (desk, item) = try desk(dissolution: Self.required.filter { !$0.hasPrefix("link_to_rights_work") })
    let outcome = try export(
      desk, ["1", item], "--template", "hrd", "--allow-incomplete", "--output", desk["un.age"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let tree = try opened("un.age", at: desk)
    let pasted = try text(tree, "SUBMISSION.txt")
    #expect(pasted.contains("What the sender did not state is marked [NOT STATED].") && !pasted.contains("INCOMPLETE"))
    #expect(pasted.contains("Link to human rights work: [NOT STATED]"))
    #expect(try text(tree, "SUBMISSION.html").contains("<span class=\"gap\">not stated</span>"))
  }

  @Test func aPreviewShowsTheSheetAndEndsAsTheExportWould() throws {
    let (desk, item) = try desk(dissolution: Self.required.filter { !$0.hasPrefix("current_situation") })
    let outcome = try export(desk, ["1", item], "--template", "foaa", "--preview")
    #expect(outcome.status == 31)
    #expect(outcome.output.contains("REPORT ON DISCLOSED EVIDENCE"))
    #expect(outcome.output.contains("Present situation: [NOT STATED]"))
    #expect(outcome.output.contains("evidence amend \(item) --set current_situation="))
    #expect(try export(desk, ["1", item], "--template", "foaa", "--preview", "--allow-incomplete").status == 0)
    let json = try export(desk, ["1", item], "--template", "foaa", "--preview", "--json")
    #expect(json.status == 31)
    let submission = try #require(json.json["submission"] as? [String: Any])
    #expect(submission["complete"] as? Bool == false)
    let gaps = try #require(submission["gaps"] as? [[String: Any]])
    let required = gaps.filter { $0["required"] as? Bool == true }
    #expect(required.map { $0["fields"] as? [String] } == [["current_situation"]])
  }

  /// The witness allows no quotes: the sender is told so, nobody is pressed, and the recipient sees no more of it.
  @Test func whatTheWitnessDidNotAgreeToIsToldToTheSenderAlone() throws {
    let (desk, item) = try desk(
      consent: Self.consent.map { $0.hasPrefix("consent.quotes") ? "consent.quotes=none" : $0 })
    let outcome = try export(desk, ["1", item], "--template", "hrd", "--output", desk["un.age"])
    #expect(outcome.status == 0, "\(outcome.errors)\(outcome.output)")
    #expect(outcome.output.contains("account is in the record and withheld: the witness did not agree"))
    let tree = try opened("un.age", at: desk)
    #expect(!tree.holds("Маро даъват"))
    for name in ["SUBMISSION.txt", "SUBMISSION.html"] { #expect(try !text(tree, name).contains("withheld"), "\(name)") }
  }

  /// Nobody's consent speaks for the case: what is restricted is withheld, and only the sender can change that.
  @Test func whatIsWithheldForWantOfConsentCanBeDisclosedByName() throws {
    let (desk, item) = try desk(by: nil)
    let outcome = try export(desk, ["1", item], "--template", "foaa", "--output", desk["un.age"])
    #expect(outcome.status == 31)
    #expect(outcome.output.contains("evidence export … --disclose current_situation"))
    let disclosed = try export(
      desk, ["1", item], "--template", "foaa", "--disclose", "restricted", "--output", desk["un.age"])
    #expect(disclosed.status == 0, "\(disclosed.errors)\(disclosed.output)")
  }

  /// The case follows a witness who said no; the testimony that was asked for is of one who agreed.
  @Test func aWitnessOfWhomNothingElseWasAskedForIsNotToBeNamedEither() throws {
    let (desk, item) = try desk()
    let consent = [
      "consent.un_special_procedures=full", "consent.name_to_government=yes", "consent.name_in_public_report=full",
    ]
    let second = try desk.unlocked(
      ["add", desk["material/minutes.txt"], "--names-checked"] + Desk.testimony + consent.flatMap { ["--set", $0] }
        + ["--json"])
    let number = try #require(try second.json["item"] as? Int, "\(second.errors)")
    let shown = try export(desk, ["\(number)", item], "--template", "hrd", "--allow-incomplete", "--preview")
    #expect(shown.status == 0, "\(shown.errors)")
    #expect(shown.output.contains("DO NOT NAME to the Government: the witness of item 1."), "\(shown.output)")
  }

  @Test func hostileTextStaysText() throws {
    let hostile = "<script>alert(1)</script> & \"q\" 'a' \u{0d4e}<img src=x> \u{202e}x"
    let (desk, item) = try desk(
      dissolution: Self.required.map { $0.hasPrefix("current_situation") ? "current_situation=\(hostile)" : $0 })
    let outcome = try export(desk, ["1", item], "--template", "hrd", "--output", desk["un.age"])
    #expect(outcome.status == 0, "\(outcome.errors)\(outcome.output)")
    let tree = try opened("un.age", at: desk)
    let html = try text(tree, "SUBMISSION.html")
    #expect(
      html.contains(
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;q&quot; &#39;a&#39; \u{0d4e}&lt;img src=x&gt;"))
    #expect(html.contains("\\u{202e}x"))
    for mark in ["<script", "<img"] { #expect(!Self.holds(html, mark), "\(mark)") }
    #expect(try !text(tree, "SUBMISSION.txt").unicodeScalars.contains("\u{202e}"))
  }

  /// By bytes: `String` takes a letter and what joins it for one character.
  private static func holds(_ text: String, _ part: String) -> Bool {
    Data(text.utf8).range(of: Data(part.utf8)) != nil
  }

  @Test func theCommandLineIsHeldToItsOptions() throws {
    let (desk, item) = try desk()
    let output = ["--output", desk["output/un.age"]]
    let unknown = try export(desk, ["1", item], "--template", "hdr", "--output", desk["output/un.age"])
    #expect(unknown.errors.contains("did you mean hrd?"))
    for words in [
      ["--template", "hdr"] + output, ["--sheet", desk["output/sheet"]] + output, ["--allow-incomplete"] + output,
      ["--template", "hrd", "--preview", "--sheet", desk["output/sheet"]],
    ] {
      try expectRefusal(64, at: desk) { try desk.unlocked(["export", "1", item, "--to", "un"] + words) }
    }
    // Consent was asked for lawyers, and the sheet is not for them.
    try expectRefusal(64, at: desk) {
      try desk.unlocked(["export", "1", item, "--to", "lawyer", "--template", "hrd"] + output)
    }
    // What is there already stays, and nothing is exported or left behind.
    try expectRefusal(1, at: desk) {
      try desk.unlocked([
        "export", "1", item, "--to", "un", "--template", "hrd", "--sheet", desk["output/sheet"], "--output",
        desk["output/present/file.txt"],
      ])
    }
    try expectRefusal(1, at: desk) {
      try desk.unlocked(["export", "1", item, "--to", "un", "--template", "hrd", "--sheet", desk["output"]] + output)
    }
  }
}
