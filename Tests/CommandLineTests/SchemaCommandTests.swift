import Foundation
import Testing

@Suite struct SchemaCommandTests {
  static let kinds = [
    "testimony", "document", "dissolution_case", "pressure_event", "person", "translation", "recipient",
    "recipient_revoked", "export", "disclosure", "withdrawal", "custody", "receipt", "salvage", "recovery",
    "intake", "intake_revoked", "collection",
    "readers", "reseal", "signing_key",
  ]

  @Test(arguments: [
    ("en", "How one organisation was closed"), ("ru", "Как одну организацию закрыли"),
    ("tg", "Чӣ гуна як созмон баста шуд"),
  ])
  func kindsAreNamedInThreeLanguages(language: String, words: String) throws {
    let lines = try Desk().run("schema", "--language", language).output.split(separator: "\n")
    #expect(lines.map { $0.prefix { $0 != ":" } } == Self.kinds.map { Substring($0) })
    #expect(lines.contains { $0.contains(words) })
  }

  @Test(arguments: [
    (
      "en", ["  title (restricted, required): Title", "paraphrase: retold only", "also for one class alone: "],
      "needed for hrd: witness.code"
    ),
    (
      "ru", ["  title (ограничено, обязательно): Название", "paraphrase: только пересказ"],
      "нужно для hrd: witness.code"
    ),
    ("tg", ["  title (маҳдуд, ҳатмӣ): Унвон", "paraphrase: танҳо бозгӯйӣ"], "лозим барои hrd: witness.code"),
  ])
  func fieldsAreExplainedInThreeLanguages(language: String, lines: [String], needed: String) throws {
    let output = try Desk().run("schema", "testimony", "--language", language).output
    for line in lines + [needed, "consent.CLASS.quotes"] { #expect(output.contains(line), "\(line)") }
    #expect(!output.contains("consent.media.quotes"))
  }

  @Test func jsonHasEverythingThatTheSchemaSays() throws {
    let kind = try Desk().run("schema", "testimony", "--json").json
    #expect((kind["summaries"] as? [String: String])?.keys.sorted() == ["en", "ru", "tg"])
    #expect((kind["needed_for"] as? [String: [String]])?.keys.sorted() == ["foaa", "hrd", "ohchr-communication"])
    let fields = try #require(kind["fields"] as? [[String: Any]])
    func field(_ name: String) throws -> [String: Any] {
      try #require(fields.first { $0["name"] as? String == name }, "\(name)")
    }
    #expect(try field("account")["consent"] as? String == "verbatim")
    #expect(try field("witness.person")["links"] as? [String] == ["person"])
    #expect(try field("amends")["set_by"] as? String == "program")
    #expect(try field("consent.quotes")["per_class"] as? Bool == true)
    #expect(try field("consent.media.quotes")["answers_for_one_class"] as? String == "consent.quotes")
    let values = try #require(try field("witness.role")["values"] as? [[String: Any]])
    #expect(values.first?["value"] as? String == "head")
    #expect((values.first?["labels"] as? [String: String])?.keys.sorted() == ["en", "ru", "tg"])
    for field in fields { #expect((field["help"] as? [String: String])?.count == 3) }
  }

  @Test func anotherLanguageIsRefused() throws { #expect(try Desk().run("schema", "--language", "de").status == 64) }
}
