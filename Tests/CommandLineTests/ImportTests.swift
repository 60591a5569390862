import Foundation
import TestFolders
import Testing

/// Many records at once, from a file.
@Suite struct ImportTests {
  private static let header = "title,organisation.pseudonym,region,mode,date_decision"

  private func table(_ count: Int, at desk: Desk) throws -> String {
    let rows = (0..<count).map { "Closing \($0),Organisation Juniper \($0),gbao,court_ordered,26.05.2023\r\n" }
    return try desk.folder.write("\(Self.header)\r\n\(rows.joined())".utf8, to: "cases.csv")
  }

  private func importing(_ path: String, _ more: String...) -> [String] {
    ["import", path, "--kind", "dissolution_case"] + more
  }

  @Test func soundRowsBecomeItemsInOneCommit() throws {
    let desk = try Desk.withVault()
    let path = try table(20, at: desk)
    let entries = try #require(try desk.run("verify", "--json").json["entries"] as? Int)
    let dry = try desk.run(importing(path, "--dry-run"))
    #expect(dry.status == 0 && dry.output == "20 records, all sound; none added\n", "\(dry.errors)")
    let done = try desk.unlocked(importing(path, "--json"))
    #expect(done.status == 0, "\(done.errors)")
    #expect(try done.json["first_item"] as? Int == entries)
    #expect(try done.json["entries"] as? Int == entries + 20)
    let shown = try desk.unlocked("show", "\(entries + 19)")
    #expect(shown.output.contains("Closing 19") && shown.output.contains("2023-05-26"))
    #expect(try desk.unlocked("verify", "--deep").status == 0)
  }

  @Test func aTableOfTabsIsReadAsOne() throws {
    let desk = try Desk.withVault()
    let header = Self.header.replacingOccurrences(of: ",", with: "\t")
    let path = try desk.folder.write("\(header)\nClosing, one\tJuniper\tgbao\tunknown\t2023\n".utf8, to: "cases.tsv")
    let done = try desk.unlocked(importing(path, "--json"))
    let number = try #require(try done.json["first_item"] as? Int, "\(done.errors)")
    #expect(try desk.unlocked("show", "\(number)").output.contains("Closing, one"))
  }

  @Test func nothingIsAddedUnlessAllRowsAreSound() throws {
    let desk = try Desk.withVault()
    let before = try desk.vault
    let path = try desk.folder.write(
      "\(Self.header)\nA,B,gbao,court_orderd,\nA\u{1b}[2J,B,gbao,unknown,03/04/2023\nA,\"B\"x\n".utf8, to: "bad.csv")
    let refused = try desk.unlocked(importing(path))
    #expect(refused.status == 64)
    #expect(refused.output.contains("row 2, mode: no such value; did you mean court_ordered?"))
    #expect(refused.output.contains("row 3, date_decision: this date can be 2023-04-03"))
    #expect(refused.output.contains("--dates day-first or --dates month-first"))
    #expect(refused.output.contains("row 4, column 2: something follows the closing quotation mark"))
    #expect(refused.errors.hasPrefix("evidence: error: 3 faults in "))
    #expect(!refused.output.contains("\u{1b}"))
    let report = try desk.run(importing(path, "--json", "--dry-run"))
    #expect(report.status == 64)
    #expect(try report.json["fault_count"] as? Int == 3)
    let wide = try desk.folder.write([UInt8](repeating: 0x2c, count: 1_000_000), to: "wide.csv")
    #expect(try desk.run(importing(wide, "--dry-run")).output == "row 1: more than 1000 columns\n")
    let utf16 = try desk.folder.write([0xff, 0xfe, 0x61, 0], to: "utf16.csv")
    #expect(try desk.run(importing(utf16, "--dry-run")).output.contains("save it as \"CSV UTF-8\""))
    #expect(try desk.vault == before)
  }

  @Test(arguments: ["--dry-run", "--add-known", "--skip-known"])
  func numbersThatLeadNowhereAreToldByRow(option: String) throws {
    let desk = try Desk.withVault()
    let before = try desk.vaultWithoutCaches
    let path = try desk.folder.write(
      "title,code,picture\nA,Blue Heron,9000\nB,Grey Wren,\nC,Red Kite,9001\n".utf8, to: "people.csv")
    let refused = try desk.unlocked("import", path, "--kind", "person", option)
    #expect(refused.status == 64)
    let expected = "expected the number of an entry of this vault"
    #expect(refused.output == "row 2, picture: \(expected)\nrow 4, picture: \(expected)\n", "\(refused.output)")
    #expect(refused.errors.hasPrefix("evidence: error: 2 faults in "), "\(refused.errors)")
    #expect(try desk.vaultWithoutCaches == before)
  }

  @Test(arguments: ["incoming", "objects"]) func anImportThatIsKilledLeavesASoundVault(folder: String) throws {
    let desk = try Desk.withVault()
    let path = try table(2_000, at: desk)
    let words = importing(path) + ["--passphrase-file", desk["passphrase"]]
    let program = try desk.start(words.map { Array($0.utf8) })
    let before = Self.fileCount(desk["vault/\(folder)"])
    let killed = try program.wait {
      if Self.fileCount(desk["vault/\(folder)"]) > before + 100 { program.kill() }
    }
    #expect(killed.status == nil || killed.status == 0)
    #expect(try desk.run("verify").status == 0)
    #expect(try desk.unlocked(["add", desk["material/minutes.txt"]] + Desk.document).status == 0)
    #expect(Self.fileCount(desk["vault/incoming"]) == 0)
    let report = try desk.unlocked("verify", "--deep", "--json")
    #expect(report.status == 0)
    #expect((try report.json["findings"] as? [Any])?.isEmpty == true)
  }

  private static func fileCount(_ path: String) -> Int {
    guard let paths = FileManager.default.enumerator(atPath: path) else { return 0 }
    return paths.reduce(0) { count, _ in count + 1 }
  }

  @Test func addRefusesANameWhereItDoesNotBelong() throws {
    let desk = try Desk.withVault()
    let before = try desk.vault
    let words = ["add", desk["material/account.txt"]] + Desk.testimony + ["--set", "account=Намунаева said so"]
    let refused = try desk.unlocked(words)
    #expect(refused.status == 64)
    #expect(refused.errors.contains("words of witness.name also stand in account"))
    #expect(refused.errors.contains("--names-checked"))
    #expect(try desk.vault == before)
    #expect(try desk.unlocked(words + ["--names-checked"]).status == 0)
  }
}
