import Foundation
import TestFolders
import Testing

/// Scenes in which defenders, an officer of the United Nations and a counting office use the program as it was built.
@Suite struct AcceptanceTests {
  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  /// A recipient at the UN, and a testimony whose witness lets them know the code name and the region.
  private func addUnitedNations() throws {
    let settings = [
      "consent.un_special_procedures=code", "consent.name_to_government=no", "consent.place_detail=region",
    ]
    try #require(
      desk.unlocked(["amend", "1", "--reason", "consent"] + settings.flatMap { ["--set", $0] }).status == 0)
    let key = try desk.run("key", "generate", "--output", desk["un.key"]).output.trimmingCharacters(in: .newlines)
    let added = try desk.unlocked(
      "recipient", "add", "un", key, "--class", "un_special_procedures", "--words", desk.words(of: key))
    try #require(added.status == 0, "\(added.errors)")
  }

  private func addCase(_ settings: String...) throws -> String {
    let words = ["add", "--kind", "dissolution_case", "--title", "The closing", "--json"]
    let added = try desk.unlocked(words + settings.flatMap { ["--set", $0] })
    return "\(try #require(try added.json["item"] as? Int, "\(added.errors)"))"
  }

  private func opened(_ bundle: String) throws -> Tree {
    let words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    let outcome = try desk.run(
      "open", desk[bundle], "--identity", desk["un.key"], "--sender", words, "--output", desk["opened"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try Tree(of: desk["opened"])
  }

  @Test func theRegionGoesAndTheDistrictStays() throws {
    try addUnitedNations()
    let number = try addCase(
      "organisation.pseudonym=Lighthouse", "region=gbao", "district=Invented Valley", "mode=court_ordered",
      "consent.by=1")
    let made = try desk.unlocked("export", number, "1", "--to", "un", "--output", desk["un.age"])
    try #require(made.status == 0, "\(made.errors)")
    let tree = try opened("un.age")
    #expect(tree.holds("gbao") && tree.holds("Blue Heron") && !tree.holds("Invented Valley"))
  }

  @Test func oneChangedByteInAnyFileOfABundleIsFound() throws {
    try addUnitedNations()
    try #require(desk.unlocked("export", "0", "1", "--to", "un", "--output", desk["un.age"]).status == 0)
    let tree = try opened("un.age")
    #expect(tree["REPORT.html"] != nil && tree["VERIFY.html"] != nil)
    let words = try String(contentsOfFile: desk["my.words"], encoding: .utf8)
    func verify() throws -> Outcome { try desk.run("verify", "--bundle", desk["opened"], "--sender", words) }
    #expect(try verify().status == 0)
    for path in tree.files {
      var bytes = try #require(tree[path])
      guard !bytes.isEmpty else { continue }
      bytes[bytes.count / 2] ^= 1
      try Tree.replace(desk["opened/\(path)"], with: bytes)
      #expect(try [20, 22].contains(verify().status), "\(path)")
      try Tree.replace(desk["opened/\(path)"], with: try #require(tree[path]))
    }
    #expect(try verify().status == 0)
  }

  @Test func anIndexThatWasDeletedIsMadeAgainWithTheSameHead() throws {
    let head = try desk.run("head").output
    let before = try desk.vault
    let hashes = before.files.filter { $0.hasPrefix("tile/") && !$0.hasPrefix("tile/entries/") }
    try #require(!hashes.isEmpty)
    for path in hashes { try TemporaryFolder.remove(desk["vault/\(path)"]) }
    #expect(try desk.run("verify").status == 20)
    let repaired = try desk.run("repair")
    #expect(repaired.status == 0, "\(repaired.errors)")
    #expect(try desk.run("head").output == head && desk.run("verify").status == 0)
    for path in hashes { #expect(try desk.vault[path] == before[path], "\(path)") }
  }

  @Test func threeHundredCasesAreCountedAndFewAreHidden() throws {
    let modes = ["court_ordered", "self_dissolved_under_pressure", "suspended", "licence_withdrawn", "unknown"]
    var counts: [String: Int] = [:]
    let rows = (0..<300).map { number -> String in
      // Modes from common to rare, over twelve months.
      let mode = modes[min(number % 7, number % 11 / 2, modes.count - 1)]
      let month = "2023-\(number % 12 < 9 ? "0" : "")\(number % 12 + 1)"
      counts["\(mode),\(month)", default: 0] += 1
      return "Case \(number),Organisation \(number),gbao,\(mode),\(month)-15"
    }
    let table = "title,organisation.pseudonym,region,mode,date_decision\n\(rows.joined(separator: "\n"))\n"
    let path = try desk.folder.write(table.utf8, to: "cases.csv")
    try #require(desk.unlocked("import", path, "--kind", "dissolution_case").status == 0)
    #expect(try desk.unlocked("stats", "--where", "region=gbao", "--json").json["cases"] as? Int == 300)
    let counted = try desk.unlocked("stats", "--where", "region=gbao", "--by", "mode,month", "--format", "csv")
    let lines = counted.output.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    let shown = lines.filter { $0[0] != "all" }
    try #require(shown.count == counts.count && counts.values.contains { $0 < 5 } && counts.values.contains { $0 >= 5 })
    for line in shown {
      let count = try #require(counts["\(line[0]),\(line[1])"])
      #expect(line[2] == "hidden" || (count >= 5 && Int(line[2]) == count), "\(line): \(count)")
    }
    #expect(shown.contains { $0[2] != "hidden" } && shown.filter { $0[2] == "hidden" }.count >= 2)
  }
}
