import Foundation
import TestFolders
import Testing

/// `case`, `stats` and `phrases` with something to tell.
@Suite struct CaseCommandTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  private func require(_ words: [String]) throws {
    let outcome = try desk.unlocked(words)
    try #require(outcome.status == 0, "\(words): \(outcome.errors)")
  }

  private func addCase(_ code: String, region: String) throws {
    let fields = ["case=\(code)", "organisation.pseudonym=\(code)", "region=\(region)", "mode=court_ordered"]
    let more = ["official_ground=financial", "date_decision=2023-05-12"]
    try require(
      ["add", "--kind", "dissolution_case", "--title", "Closure of \(code)"]
        + (fields + more).flatMap { ["--set", $0] })
  }

  /// A case of three items, one of them sent: a record, a testimony with an answer of each sort, and a document that
  /// goes back to it.
  private func addJuniper() throws -> (record: Int, testimony: Int, document: Int) {
    let first = try #require(try desk.run("verify", "--json").json["entries"] as? Int)
    try addCase("juniper", region: "gbao")
    let consent = [
      "consent.partner_ngo=code", "consent.media=refused", "consent.until=2099", "consent.review_due=2098-03",
      "consent.lawyer.until=2098-06",
    ]
    try require(
      ["add", desk["material/account.txt"]] + Desk.testimony
        + (["case=juniper"] + consent).flatMap { ["--set", $0] })
    try require(
      ["add", desk["material/minutes.txt"], "--set", "case=juniper", "--set", "consent.by=\(first + 1)"] + Desk.document
    )
    try require(["withdraw", "\(first + 1)", "--class", "partner_ngo", "--reason", "asked", "--yes"])
    let items = (first..<first + 3).map(String.init)
    try require(["export"] + items + ["--to", "desk", "--purpose", "First submission", "--output", desk["out.age"]])
    return (first, first + 1, first + 2)
  }

  @Test func aCaseIsShownWithPeopleTimeProofGapsAndConsent() throws {
    let (record, testimony, document) = try addJuniper()
    let list = try desk.unlocked("case").output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(list.last?.first == "juniper" && list.last?.suffix(5).prefix(2) == ["gbao", "court_ordered"], "\(list)")
    #expect(list.last?.suffix(3).prefix(2) == ["1", "1"], "\(list)")

    let outcome = try desk.unlocked("case", "juniper")
    let shown = outcome.output
    #expect(outcome.status == 0 && shown.hasPrefix("case juniper: 3 items\n"), "\(outcome.errors)")
    #expect(
      shown.contains("  item \(record): Closure of juniper\n    region: gbao\n    mode: court_ordered\n"), "\(shown)")
    #expect(shown.contains("\npeople\n") && shown.contains("Blue Heron"), "\(shown)")
    #expect(shown.contains("\nin order of time\n"), "\(shown)")
    let sent = try #require(shown.split(separator: "\n").first { $0.hasSuffix("First submission") }, "\(shown)")
    #expect(sent.contains(#/  entry \d+ +export +entered /#), "\(sent)")
    let links = try #require(shown.split(separator: "\n").first { $0.contains("consent.by") }, "\(shown)")
    #expect(links.hasPrefix("item \(document)") && links.hasSuffix("item \(testimony)"), "\(links)")
    let consent = try #require(shown.split(separator: "\n").last { $0.contains("Blue Heron") }, "\(shown)")
    for part in [
      "given: lawyer;", "taken back: partner_ngo;", "refused: media;", "not asked: ",
      "; until 2099; until 2098-06 for lawyer;",
    ] {
      #expect(consent.contains(part), "\(consent)")
    }
    #expect(consent.hasSuffix("; ask again 2098-03"), "\(consent)")
  }

  @Test func theJSONOfACaseSaysTheSame() throws {
    let (record, testimony, document) = try addJuniper()
    let json = try desk.unlocked("case", "juniper", "--json").json
    #expect(json["items"] as? [Int] == [record, testimony, document])
    let people = try #require(json["people"] as? [[String: Any]])
    #expect(people.map { $0["code"] as? String } == ["Blue Heron"])
    #expect(people.first?["items"] as? [Int] == [testimony])
    let links = try #require(json["links"] as? [[String: Any]])
    #expect(links.map { $0["item"] as? Int } == [document] && links.map { $0["target"] as? Int } == [testimony])
    let moments = try #require(json["timeline"] as? [[String: Any]])
    let sent = try #require(moments.first { $0["field"] as? String == "added" })
    #expect(sent["title"] as? String == "First submission" && sent["item"] == nil)
    #expect(try #require(sent["entry"] as? Int) > document)
    let consent = try #require((json["consent"] as? [[String: Any]])?.first)
    #expect(consent["given"] as? [String] == ["lawyer"] && consent["taken_back"] as? [String] == ["partner_ngo"])
    #expect(consent["refused"] as? [String] == ["media"] && consent["item"] as? Int == testimony)
    #expect(consent["until"] as? String == "2099" && consent["review_due"] as? String == "2098-03")
    #expect(consent["until_for"] as? [String: String] == ["lawyer": "2098-06"])
    let cases = try #require(desk.unlocked("case", "--json").json["cases"] as? [[String: Any]])
    #expect(cases.map { $0["title"] as? String } == ["Closure of juniper"] && cases.first?["events"] != nil)
  }

  @Test func withoutCasesThatIsSaid() throws {
    let outcome = try desk.unlocked("case")
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.contains("no item belongs to a case"))
  }

  @Test func publishedFiguresStandBesideOursAndWhatIsHiddenStaysHidden() throws {
    try addCase("c0", region: "gbao")
    for number in 1...6 { try addCase("c\(number)", region: "sughd") }
    try desk.folder.write(
      "region,count,source\nsughd,4,Ministry\ngbao,3,Press\nkhatlon,2,Press\n".utf8, to: "published.csv")
    let reconcile = ["stats", "--reconcile", desk["published.csv"]]
    let table = try desk.unlocked(reconcile).output
    let rows = table.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    let hidden = ["region ours published difference source", "sughd hidden 4 Ministry", "gbao hidden 3 Press"]
    #expect(Array(rows.prefix(4)) == hidden + ["khatlon 0 2 +2 Press"], "\(table)")
    #expect(rows.contains("cases in this vault: hidden") && rows.last?.hasPrefix("Counts below 5") == true, "\(table)")
    let csv = try desk.unlocked(reconcile + ["--format", "csv"]).output
    #expect(csv.hasSuffix("\nsughd,hidden,4,,Ministry\ngbao,hidden,3,,Press\nkhatlon,0,2,+2,Press\n"), "\(csv)")
    let json = try desk.unlocked(reconcile + ["--minimum", "1", "--json"]).json
    let figures = try #require(json["figures"] as? [[String: Any]])
    #expect(figures.prefix(2).map { $0["ours"] as? Int } == [6, 1] && json["counts"] == nil, "\(json)")
    #expect(figures.prefix(3).map { $0["difference"] as? Int } == [-2, 2, 2] && json["cases"] as? Int == 7, "\(json)")
    #expect(figures.first?["values"] as? [String] == ["sughd"] && figures.first?["source"] as? String == "Ministry")
    let differing = try desk.unlocked(reconcile + ["--minimum", "1"]).output
    #expect(differing.contains("-2") && differing.contains("cases in this vault: 7"), "\(differing)")
    let hiddenJSON = try desk.unlocked(reconcile + ["--json"]).json
    #expect((hiddenJSON["figures"] as? [[String: Any]])?.first?["ours"] is NSNull && hiddenJSON["cases"] is NSNull)
  }

  @Test func aChartSaysWhatIsCounted() throws {
    for number in 0..<6 { try addCase("c\(number)", region: "sughd") }
    let chart = try desk.unlocked("stats", "--by", "region", "--where", "region=sughd", "--format", "svg").output
    #expect(chart.contains("Dissolution cases by region (region=sughd)"), "\(chart)")
    let json = try desk.unlocked("stats", "--by", "region", "--format", "json").json
    #expect((json["counts"] as? [[String: Any]])?.first?["count"] as? Int == 6, "\(json)")
    try desk.folder.write("region,count,source\n\"sughd,4,Ministry\n".utf8, to: "broken.csv")
    try desk.folder.write([UInt8](repeating: 0x61, count: 17 << 20), to: "long.csv")
    for (words, status, sentence) in [
      (["--by", "region,region"], 64, "a name was given twice"),
      (["--reconcile", desk["broken.csv"]], 64, "broken.csv cannot be read: row "),
      (["--reconcile", desk["long.csv"]], 64, "long.csv cannot be read: row 1: the file is longer than"),
      (["--reconcile", desk["nowhere.csv"]], 1, "nowhere.csv is not there"),
      (["--reconcile", desk["broken.csv"], "--format", "csv", "--by", "region"], 64, "cannot be read"),
    ] as [([String], Int32, String)] {
      let refused = try desk.unlocked(["stats"] + words)
      expectOneSentence(refused)
      #expect(refused.status == status && refused.errors.contains(sentence), "\(refused.errors)")
    }
    try desk.folder.write("region,count,source\nsughd,4,Ministry\n".utf8, to: "published.csv")
    for words in [["--by", "region"], ["--format", "svg"]] {
      let refused = try desk.unlocked(["stats", "--reconcile", desk["published.csv"]] + words)
      #expect(refused.status == 64 && refused.errors.contains("the columns of the file say"), "\(refused.errors)")
    }
  }

  @Test func wordingThatTwoCasesShareIsShownWithItsPlaces() throws {
    let shared = "решили добровольно прекратить деятельность в связи с отсутствием средств"
    for (number, text) in ["Мы \(shared) сегодня", "Собрание \(shared)"].enumerated() {
      let path = try desk.folder.write(text.utf8, to: "texts/\(number).txt")
      try require(
        ["add", path, "--kind", "document", "--title", "m\(number)", "--set", "case=c\(number)", "--set"]
          + ["document.kind=minutes"])
    }
    let words = ["phrases", "--minimum-words", "6", "--kind", "minutes"]
    let shown = try desk.unlocked(words)
    #expect(shown.output.hasPrefix("9 words in 2 cases:\n  \(shared)\n    item "), "\(shown.output)")
    #expect(shown.output.hasSuffix(" (c1), 1.txt, word 2\n"), "\(shown.output)")
    #expect(shown.errors.contains("compared 2 texts"), "\(shown.errors)")
    let phrase = try #require((try desk.unlocked(words + ["--json"]).json["phrases"] as? [[String: Any]])?.first)
    #expect(phrase["cases"] as? [String] == ["c0", "c1"] && phrase["words"] as? Int == 9)
    let places = try #require(phrase["places"] as? [[String: Any]])
    #expect(places.map { $0["source"] as? String } == ["0.txt", "1.txt"] && places.first?["word"] as? Int == 2)
  }
}
