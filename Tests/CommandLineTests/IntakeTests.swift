import Foundation
import Testing

/// A vault that takes evidence in and cannot read it.
struct IntakeTests {
  @Test func aListTellsHowMuchThereIsAndLooksForNothing() throws {
    let desk = try Desk.withVault()
    let key = try #require(desk.run("key", "generate", "--output", desk["away.key"]).output.split(separator: " ").last)
    let recipient = key.trimmingCharacters(in: .whitespacesAndNewlines)
    let made = try desk.run(
      "init", desk["field.vault"], "--reader", recipient, "--passphrase-file", desk["passphrase"])
    #expect(made.status == 0, "\(made.errors)")
    let field = ["--vault", desk["field.vault"], "--passphrase-file", desk["passphrase"]]
    #expect(try desk.run(["add", desk["material/minutes.txt"]] + Desk.document + field).status == 0)

    let list = try desk.run(["list"] + field)
    #expect(list.status == 0)
    let lines = list.output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].hasPrefix("1 entry, with sealed content: 1, "))
    #expect(lines[1].wholeMatch(of: #/ +0  \d{4}-\d\d-\d\dT\d\d:\d\d  [0-9.]+ KiB sealed/#) != nil)
    let json = try desk.run(["list", "--json"] + field).json
    let items = try #require(json["sealed_items"] as? [[String: Any]])
    #expect(json["items"] is NSNull && items.count == 1 && items[0]["item"] as? Int == 0)
    #expect((items[0]["sealed_bytes"] as? Int ?? 0) > 1000 && items[0]["withdrawn"] as? Bool == false)
    #expect(list.errors.contains("the reading key is not in this vault: titles need it"))
    #expect(try desk.run(["verify"] + field).status == 0)
    for narrowed in [
      ["--text", "minutes"], ["--kind", "document"], ["--since", "2020-01-01"], ["--where", "case=x"],
    ] {
      let outcome = try desk.run(["list"] + narrowed + field)
      expectOneSentence(outcome)
      #expect(outcome.status == 12, "\(narrowed)")
    }
  }

  @Test func whatIsEnteredAboutAnItemTheArchiveEnters() throws {
    let desk = try Desk.withVault()
    let made = try desk.unlocked(
      "intake", "create", desk["field"], "--name", "North valley", "--new-passphrase-file", desk["passphrase"])
    #expect(made.status == 0, "\(made.errors)")
    let field = ["--vault", desk["field"], "--passphrase-file", desk["passphrase"]]
    #expect(try desk.run(["add", desk["material/minutes.txt"]] + Desk.document + field).status == 0)
    #expect(try !desk.run(["verify"] + field).output.contains("notice: "))
    #expect(try desk.run(["list"] + field).errors.contains("this is an intake vault: titles need the reading key"))
    for words in [
      ["withdraw", "0", "--reason", "asked for"], ["amend", "0", "--set", "notes=x", "--reason", "asked for"],
      ["history", "0", "--enter", "copied", "--set", "reason=x"],
    ] {
      let refused = try desk.run(words + field)
      expectOneSentence(refused)
      #expect(refused.status == 12 && refused.errors.contains("tell whoever keeps the archive"), "\(refused.errors)")
      #expect(!refused.errors.contains("--identity"), "\(refused.errors)")
    }
    let shown = try desk.run(["show", "0"] + field)
    #expect(shown.status == 12 && shown.errors.contains("evidence collect"), "\(shown.errors)")
  }
}
