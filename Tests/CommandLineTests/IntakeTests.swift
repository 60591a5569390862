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
    #expect(list.output == "1 entry\n")
    #expect(list.errors.contains("titles need the reading key"))
    for narrowed in [
      ["--text", "minutes"], ["--kind", "document"], ["--since", "2020-01-01"], ["--where", "case=x"],
    ] {
      let outcome = try desk.run(["list"] + narrowed + field)
      expectOneSentence(outcome)
      #expect(outcome.status == 12, "\(narrowed)")
    }
  }
}
