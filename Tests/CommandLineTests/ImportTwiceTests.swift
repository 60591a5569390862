import Foundation
import TestFolders
import Testing

/// The same records come a second time.
@Suite struct ImportTwiceTests {
  private static let header = "title,organisation.pseudonym,region,mode,date_decision"

  private let desk: Desk

  init() throws { desk = try Desk.withVault() }

  private func row(_ number: Int, mode: String = "court_ordered") -> String {
    "Closing \(number),Organisation Juniper \(number),gbao,\(mode),26.05.2023"
  }

  private func table(_ rows: [String]) throws -> String {
    try desk.folder.write("\(([Self.header] + rows).joined(separator: "\n"))\n".utf8, to: "cases.csv")
  }

  private func importing(_ rows: [String], _ more: String...) throws -> Outcome {
    try desk.unlocked(["import", table(rows), "--kind", "dissolution_case"] + more)
  }

  private func entries() throws -> Int { try #require(try desk.run("verify", "--json").json["entries"] as? Int) }

  @Test func aSecondImportIsRefusedAndSaysWhichRowsAreKnown() throws {
    let first = try entries()
    try #require(importing([row(0), row(1)]).status == 0)
    let before = try desk.vaultWithoutCaches
    let again = try importing([row(2), row(1), row(0)])
    #expect(again.status == 64)
    #expect(again.output == "row 3: item \(first + 1) has the same record\nrow 4: item \(first) has the same record\n")
    #expect(again.errors.hasPrefix("evidence: error: 2 records of "), "\(again.errors)")
    #expect(again.errors.contains("hint: --skip-known adds the others alone, --add-known all of them"))
    let json = try importing([row(2), row(1)], "--json").json
    let known = try #require(json["known"] as? [[String: Any]])
    #expect(known.map { $0["row"] as? Int } == [3] && known.map { $0["item"] as? Int } == [first + 1])
    #expect(json["added"] as? Bool == false)
    #expect(try importing([row(2), row(1)], "--dry-run").status == 64)
    #expect(try importing([row(1)], "--skip-known", "--add-known").status == 64)
    #expect(try desk.vaultWithoutCaches == before)
  }

  @Test func onlyWhatIsNewIsAddedIfThatIsSaid() throws {
    try #require(importing([row(0), row(1)]).status == 0)
    let first = try entries()
    let done = try importing([row(1), row(2), row(0), row(3)], "--skip-known", "--json")
    #expect(done.status == 0, "\(done.errors)")
    #expect(try done.json["first_item"] as? Int == first && entries() == first + 2)
    let nothing = try importing([row(1), row(0)], "--skip-known")
    #expect(nothing.status == 0 && nothing.output.hasSuffix("none added\n"), "\(nothing.output)")
    #expect(nothing.output.contains("known already, and left out: 2\n"))
    #expect(try entries() == first + 2)
    #expect(try importing([row(1), row(0)], "--add-known").status == 0)
    #expect(try entries() == first + 4)
  }

  @Test func aRecordIsKnownAsItWasAddedAndAsItWasAmended() throws {
    let item = try entries()
    try #require(importing([row(0)]).status == 0)
    try #require(desk.unlocked("amend", "\(item)", "--set", "mode=suspended", "--reason", "found out").status == 0)
    for mode in ["court_ordered", "suspended"] {
      #expect(try importing([row(0, mode: mode)]).output == "row 2: item \(item) has the same record\n", "\(mode)")
    }
    #expect(try importing([row(0, mode: "unknown")], "--dry-run").status == 0)
    try #require(desk.unlocked("withdraw", "\(item)", "--reason", "asked").status == 0)
    // What was destroyed is not there to be compared with.
    #expect(try importing([row(0)], "--dry-run").status == 0)
  }

  @Test func aRowThatStandsTwiceInTheFileIsKnownWithoutAVault() throws {
    let path = try table([row(0), row(1), row(0)])
    let words = ["import", path, "--kind", "dissolution_case", "--dry-run"]
    let refused = try desk.run(words)
    #expect(refused.status == 64 && refused.output == "row 4: the same record as row 2\n", "\(refused.output)")
    let skipped = try desk.run(words + ["--skip-known"])
    #expect(skipped.status == 0 && skipped.output.hasSuffix("2 records, all sound; none added\n"), "\(skipped.output)")
    #expect(skipped.errors.contains("whether the vault has them already was not looked at"))
  }

  @Test func aPersonIsKnownByTheCode() throws {
    func persons(_ rows: String...) throws -> Outcome {
      let path = try desk.folder.write("title,code,notes\n\(rows.joined(separator: "\n"))\n".utf8, to: "persons.csv")
      return try desk.unlocked("import", path, "--kind", "person")
    }
    let item = try entries()
    try #require(persons("The director,Grey Wolf,first").status == 0)
    let again = try persons("The director of the centre,Grey Wolf,second", "Another,Red Fox,", "Third,Red Fox,other")
    #expect(again.status == 64)
    #expect(again.output == "row 2: item \(item) has the same code\nrow 4: the same code as row 3\n", "\(again.output)")
  }

  @Test func whereTheVaultCannotBeReadItIsSaidThatNobodyLooked() throws {
    try TemporaryFolder.remove(desk["vault/keys/reading.age"])
    let done = try importing([row(0)])
    #expect(done.status == 0)
    #expect(done.errors.contains("whether the vault has them already cannot be told here"), "\(done.errors)")
  }
}
